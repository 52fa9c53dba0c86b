//! What the network sees: the square at its true resolution, and the numbers that its channels become.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;

use super::Desk;
use super::frame::rectangle;
use crate::app::format::decimal;
use crate::app::picture::put_photo;
use crate::input::{DIGIT_SIDE, Photo, Shot};
use crate::net::{Graph, InputKind};

/// The channels, as people call them.
const CHANNELS: [&str; 3] = ["Red", "Green", "Blue"];

/// What is done to the photo, in a sentence.
fn treatment(shot: Option<&Shot>, graph: &Graph) -> String {
    let (_, height, width) = graph.input.shape.chw();
    let crop = shot.and_then(|shot| shot.crop.map(|_| shot.square(graph)[2]));
    match (graph.input.kind, crop) {
        (InputKind::Photo { .. }, None) => {
            let shorter = Photo::shorter_for(graph);
            format!("Shorter side {shorter}, centre {width} × {height}, minus mean, over deviation.")
        }
        (InputKind::Photo { .. }, Some(side)) => {
            format!("Your square of {side:.0} × {side:.0} to {width} × {height}, minus mean, over deviation.")
        }
        (InputKind::Digit { scale, offset }, crop) => {
            let square = if crop.is_some() { "Your square" } else { "The middle square" };
            let places = if offset == 0.0 { 0 } else { 3 };
            format!(
                "{square} in grey, light and dark exchanged, {DIGIT_SIDE} × {DIGIT_SIDE} in {width} × {height}; white {}, black {}.",
                decimal(offset, places),
                decimal(offset + scale, places)
            )
        }
    }
}

/// Mean and deviation of each channel.
fn numbers(graph: &Graph) -> impl IntoView + use<> {
    let InputKind::Photo { mean, deviation } = graph.input.kind else { return None };
    let rows = CHANNELS.iter().zip(mean.iter().zip(deviation)).map(|(channel, (mean, deviation))| {
        view! { <tr><th scope="row">{*channel}</th><td>{decimal(*mean, 3)}</td><td>{decimal(deviation, 3)}</td></tr> }
    });
    Some(view! {
        <table class="photo-numbers">
            <thead>
                <tr><th scope="col">"Channel"</th><th scope="col">"Mean"</th><th scope="col">"Deviation"</th></tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    })
}

/// The step from the photo to the network's input.
#[component]
pub(super) fn Seen(desk: Desk) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let seen = Memo::new(move |_| {
        let shot = desk.shot.read();
        let shot = shot.as_ref()?;
        Some(shot.seen(&desk.graph.read()).map(Arc::new).map_err(|error| error.to_string()))
    });
    Effect::new(move |_| {
        desk.restored.track();
        if let (Some(canvas), Some(Ok(photo))) = (canvas.get(), seen.get()) {
            put_photo(&canvas, &photo);
        }
    });
    let none = move || !matches!(*seen.read(), Some(Ok(_)));
    let fault = move || seen.read().as_ref().and_then(|seen| seen.as_ref().err().cloned());
    let name = move || {
        let graph = desk.graph.read();
        let (_, height, width) = graph.input.shape.chw();
        format!("What {} sees, {width} × {height} pixels", graph.title)
    };
    let field =
        move || desk.field.get().map(|field| [rectangle(field, "photo-field-halo"), rectangle(field, "photo-field")]);
    view! {
        <section class="photo-seen" aria-labelledby="photo-seen-title">
            <h3 id="photo-seen-title" class="caps">"What the network sees"</h3>
            <div class="photo-frame" hidden=none>
                <canvas node_ref=canvas class="photo-pixels" role="img" aria-label=name></canvas>
                <svg class="photo-lines" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">{field}</svg>
            </div>
            {move || fault().map(|fault| view! { <p>{fault}</p> })}
            <p class="soft small">{move || treatment(desk.shot.read().as_deref(), &desk.graph.read())}</p>
            {move || numbers(&desk.graph.read())}
        </section>
    }
}
