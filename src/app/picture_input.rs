//! The left column's upper half: what the network is given to look at, drawn or photographed.

use leptos_i18n::t_string;
use std::sync::Arc;
use words::i18n::use_i18n;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::lab::Lab;
use super::medium::Medium;
use super::pad::Pad;
use super::photo::{PhotoInput, open_sample};
use super::runner;
use super::said::photo::photo_fault;
use input::{Crop, Shot};

/// The photo that is there before a person chooses one.
pub(super) const FIRST_PHOTO: &str = "cat";

/// Has a photo on the page as soon as one is looked at.
fn begin_with_a_photo(lab: Lab) {
    Effect::new(move |_| {
        let none_there = lab.shot.read_untracked().is_none() && !lab.photo_comes.get_untracked();
        if lab.medium() != Medium::Photo || !none_there {
            return;
        }
        let (name, crop) = lab.first_photo.get_untracked().unwrap_or_else(|| (FIRST_PHOTO.to_owned(), None));
        lab.photo_comes.set(true);
        spawn_local(async move {
            let opened = open_sample(&name).await;
            lab.photo_comes.set(false);
            // Whatever was asked for meanwhile waited for it.
            runner::request_pass(lab);
            match opened {
                // Whoever was quicker with another photo keeps it.
                Ok(shot) if lab.shot.read_untracked().is_none() => lab.shot.set(Some(Arc::new(shot.with_crop(crop)))),
                Ok(_) => {}
                Err(error) => lab.notify(|locale| photo_fault(locale, &error)),
            }
        });
    });
}

/// Shows a sample in place of what is there, unless it is there.
pub(super) fn show_sample(lab: Lab, name: String, crop: Option<Crop>) {
    let there = lab.shot.get_untracked().filter(|shot| shot.name == name);
    if let Some(shot) = there {
        if shot.crop != crop {
            lab.shot.set(Some(Arc::new(Shot::clone(&shot).with_crop(crop))));
        }
        return;
    }
    spawn_local(async move {
        match open_sample(&name).await {
            Ok(shot) => lab.shot.set(Some(Arc::new(shot.with_crop(crop)))),
            Err(error) => lab.notify(|locale| photo_fault(locale, &error)),
        }
    });
}

/// What the value in focus sees of the input, in parts of it: left, top, width and height.
fn field(lab: Lab) -> Option<[f32; 4]> {
    let lit = lab.lit.read();
    let seen = lit.iter().find(|seen| seen.node.0 == 0)?;
    let (_, height, width) = lab.graph.read().input.shape.chw();
    let (width, height) = (width as f32, height as f32);
    Some([
        seen.columns.start as f32 / width,
        seen.rows.start as f32 / height,
        seen.columns.len() as f32 / width,
        seen.rows.len() as f32 / height,
    ])
}

/// The pad or the photo, and which.
#[component]
pub(super) fn PictureInput() -> impl IntoView {
    let (words, lab) = (use_i18n(), expect_context::<Lab>());
    begin_with_a_photo(lab);
    let medium = Memo::new(move |_| lab.medium());
    let choose = move |wished: Medium| {
        let own = Medium::of(&lab.graph.read_untracked());
        lab.wished_medium.set((wished != own).then_some(wished));
    };
    let tab = move |wished: Medium| {
        let name = move || match wished {
            Medium::Drawing => t_string!(words, input.draw),
            Medium::Photo => t_string!(words, input.photo),
        };
        view! {
            <button aria-pressed=move || (medium.get() == wished).to_string() on:click=move |_| choose(wished)>{name}</button>
        }
    };
    let graph = Signal::derive(move || lab.graph.get());
    let field = Signal::derive(move || field(lab));
    let foreign = move || {
        let own = Medium::of(&lab.graph.read());
        (medium.get() != own).then(|| {
            let text = move || match own {
                Medium::Drawing => t_string!(words, input.foreign_photo),
                Medium::Photo => t_string!(words, input.foreign_drawing),
            };
            view! { <p class="soft small">{text}</p> }
        })
    };
    view! {
        <div class="picture-input">
            <div class="media" role="group" aria-label=move || t_string!(words, input.from)>
                {tab(Medium::Drawing)}
                {tab(Medium::Photo)}
            </div>
            {move || match medium.get() {
                Medium::Drawing => view! { <Pad/> }.into_any(),
                Medium::Photo => view! {
                    <PhotoInput shot=lab.shot graph field passes=lab.passes notice=lab.notice restored=lab.restored/>
                }
                .into_any(),
            }}
            {foreign}
        </div>
    }
}
