//! The input in the left column: the drawing pad or a photo.

mod pad;

use leptos_i18n::t_string;
use words::i18n::use_i18n;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::photo::{PhotoInput, open_sample};
use super::runner;
use super::state::{Medium, Page};
use input::Crop;
use messages::Explain as _;
use pad::Pad;

/// The name of the photo that is shown before a person chooses one.
pub(in crate::app) const FIRST_PHOTO: &str = "cat";

/// Loads the first photo as soon as photos are the input and none is shown.
fn begin_with_a_photo(page: Page) {
    Effect::new(move |_| {
        let is_missing = page.input.photo().read_untracked().is_none() && !page.input.photo_requests().is_awaited();
        if page.input.medium() == Medium::Photo && is_missing {
            let (name, crop) = page.input.first_photo().unwrap_or_else(|| (FIRST_PHOTO.to_owned(), None));
            load_sample(page, name, crop);
        }
    });
}

/// Shows a crop of a sample photo, or the crop in its middle.
pub(in crate::app) fn show_sample(page: Page, name: String, crop: Option<Crop>) {
    let is_shown = page.input.photo().read_untracked().as_ref().is_some_and(|photo| photo.name == name);
    if is_shown {
        page.input.photo_requests().begin();
        page.input.crop_photo(crop);
    } else {
        load_sample(page, name, crop);
    }
}

/// Loads a sample photo and shows it, unless another photo is requested meanwhile.
fn load_sample(page: Page, name: String, crop: Option<Crop>) {
    let request = page.input.photo_requests().begin_awaited();
    spawn_local(async move {
        let opened = open_sample(&name).await;
        let is_wanted = page.input.photo_requests().finish(request);
        // A pass that was requested meanwhile waited for the photo.
        runner::request_pass(page);
        match opened {
            // Another photo was requested meanwhile.
            _ if !is_wanted => {}
            Ok(photo) => page.input.show_photo(photo.with_crop(crop)),
            Err(error) => {
                page.notices.show(|locale| error.text(locale));
                // A link with an unknown photo still shows one.
                if page.input.photo().read_untracked().is_none() && name != FIRST_PHOTO {
                    load_sample(page, FIRST_PHOTO.to_owned(), None);
                }
            }
        }
    });
}

/// Returns the receptive field of the current cell in the input: left, top, width and height as shares of the input.
fn field(page: Page) -> Option<[f32; 4]> {
    let lit = page.selection.receptive_fields().read();
    let seen = lit.iter().find(|seen| seen.node.0 == 0)?;
    let (_, height, width) = page.network.graph().read().input.shape.chw();
    let (width, height) = (width as f32, height as f32);
    Some([
        seen.columns.start as f32 / width,
        seen.rows.start as f32 / height,
        seen.columns.len() as f32 / width,
        seen.rows.len() as f32 / height,
    ])
}

/// The pad or the photo, and the buttons that choose between them.
#[component]
pub(in crate::app) fn PictureInput() -> impl IntoView {
    let (words, page) = (use_i18n(), expect_context::<Page>());
    begin_with_a_photo(page);
    let medium = Memo::new(move |_| page.input.medium());
    let choose = move |wished: Medium| page.input.choose_medium(wished);
    let tab = move |wished: Medium| {
        let name = move || match wished {
            Medium::Drawing => t_string!(words, input.draw),
            Medium::Photo => t_string!(words, input.photo),
        };
        view! {
            <button aria-pressed=move || (medium.get() == wished).to_string() on:click=move |_| choose(wished)>
                {name}
            </button>
        }
    };
    let graph = Signal::derive(move || page.network.graph().get());
    let field = Signal::derive(move || field(page));
    let foreign = move || {
        let own = Medium::of(&page.network.graph().read());
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
                Medium::Drawing => view! { <Pad /> }.into_any(),
                Medium::Photo => {
                    view! {
                        <PhotoInput
                            cropped_photo=page.input.photo_signal()
                            requests=page.input.photo_requests()
                            graph
                            field
                            passes=page.run.passes()
                            notice=page.notices.signal()
                            restored=page.appearance.restored
                        />
                    }
                        .into_any()
                }
            }}
            {foreign}
        </div>
    }
}
