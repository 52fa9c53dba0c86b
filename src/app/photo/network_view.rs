//! The network's view of the photo: the crop at the resolution of the input, and the normalization of its channels.

use leptos_i18n::{t, t_string, td_string};
use std::sync::Arc;
use words::i18n::Locale;

use leptos::html;
use leptos::prelude::*;

use super::frame::rectangle;
use super::state::PhotoState;
use crate::app::components::picture::draw_photo;
use crate::app::wording::format::decimal;
use input::{CroppedPhoto, DIGIT_SIDE, Photo};
use messages::Explain as _;
use net::{Graph, InputKind};

/// Describes the preprocessing of the photo in a sentence.
fn treatment(locale: Locale, cropped_photo: Option<&CroppedPhoto>, graph: &Graph) -> String {
    let (_, height, width) = graph.input.shape.chw();
    let crop = cropped_photo.and_then(|cropped_photo| cropped_photo.crop.map(|_| cropped_photo.square(graph)[2]));
    match (graph.input.kind, crop) {
        (InputKind::Photo { .. }, None) => {
            let shorter = Photo::prepared_shorter_side(graph);
            td_string!(locale, photo.seen.centre, shorter = shorter, width = width, height = height)
        }
        (InputKind::Photo { .. }, Some(side)) => {
            td_string!(locale, photo.seen.own, side = format!("{side:.0}"), width = width, height = height)
        }
        (InputKind::Digit { scale, offset }, crop) => {
            let places = if offset == 0.0 { 0 } else { 3 };
            let (paper, ink, side) = (decimal(offset, places), decimal(offset + scale, places), DIGIT_SIDE);
            let is_dark = cropped_photo.is_some_and(CroppedPhoto::has_dark_paper);
            let (white, black) = if is_dark { (ink, paper) } else { (paper, ink) };
            // All sentences have the same arguments.
            macro_rules! said {
                ($($key:ident).+) => {
                    td_string!(
                        locale,
                        $($key).+,
                        side = side,
                        width = width,
                        height = height,
                        white = white,
                        black = black
                    )
                };
            }
            match (crop.is_some(), is_dark) {
                (true, false) => said!(photo.seen.digit_own),
                (false, false) => said!(photo.seen.digit_middle),
                (true, true) => said!(photo.seen.dark_own),
                (false, true) => said!(photo.seen.dark_middle),
            }
        }
    }
}

/// The mean and the standard deviation of each channel.
fn normalization(locale: Locale, graph: &Graph) -> impl IntoView + use<> {
    let InputKind::Photo { mean, deviation } = graph.input.kind else { return None };
    let channels =
        [td_string!(locale, photo.seen.red), td_string!(locale, photo.seen.green), td_string!(locale, photo.seen.blue)];
    let rows = channels.into_iter().zip(mean.iter().zip(deviation)).map(|(channel, (mean, deviation))| {
        view! {
            <tr>
                <th scope="row">{channel}</th>
                <td>{decimal(*mean, 3)}</td>
                <td>{decimal(deviation, 3)}</td>
            </tr>
        }
    });
    Some(view! {
        <table class="photo-numbers">
            <thead>
                <tr>
                    <th scope="col">{td_string!(locale, photo.seen.channel)}</th>
                    <th scope="col">{td_string!(locale, photo.seen.mean)}</th>
                    <th scope="col">{td_string!(locale, photo.seen.deviation)}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    })
}

/// The section that shows the network's input.
#[component]
pub(super) fn NetworkView(shared: PhotoState) -> impl IntoView {
    let words = shared.words;
    let canvas = NodeRef::<html::Canvas>::new();
    let seen = Memo::new(move |_| {
        let cropped_photo = shared.cropped_photo.read();
        let cropped_photo = cropped_photo.as_ref()?;
        Some(cropped_photo.network_view(&shared.graph.read()).map(Arc::new))
    });
    Effect::new(move |_| {
        shared.restored.track();
        if let (Some(canvas), Some(Ok(photo))) = (canvas.get(), seen.get()) {
            draw_photo(&canvas, &photo);
        }
    });
    let none = move || !matches!(*seen.read(), Some(Ok(_)));
    let fault = move || {
        let seen = seen.read();
        let error = seen.as_ref()?.as_ref().err()?;
        Some(error.text(words.get_locale()))
    };
    let name = move || {
        let graph = shared.graph.read();
        let (_, height, width) = graph.input.shape.chw();
        t_string!(words, photo.seen.name, network = graph.title, width = width, height = height)
    };
    let field =
        move || shared.field.get().map(|field| [rectangle(field, "photo-field-halo"), rectangle(field, "photo-field")]);
    view! {
        <section class="photo-seen" aria-labelledby="photo-seen-title">
            <h3 id="photo-seen-title" class="caps">
                {t!(words, photo.seen.title)}
            </h3>
            <div class="photo-frame" hidden=none>
                <canvas node_ref=canvas class="photo-pixels" role="img" aria-label=name></canvas>
                <svg class="photo-lines" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
                    {field}
                </svg>
            </div>
            {move || fault().map(|fault| view! { <p>{fault}</p> })}
            <p class="soft small">
                {move || treatment(words.get_locale(), shared.cropped_photo.read().as_deref(), &shared.graph.read())}
            </p>
            {move || normalization(words.get_locale(), &shared.graph.read())}
        </section>
    }
}
