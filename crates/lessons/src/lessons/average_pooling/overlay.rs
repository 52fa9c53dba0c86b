//! The picture under its class activation map.

use leptos::html;
use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use crate::examples::Example;
use analysis::evidence::stretch;
use analysis::lesson::averaged::AveragedScore;
use engine::Extent;
use input::Photo;
use layerscope::app::components::picture::{Appearance, Cells, Picture, draw_rgba, theme};
use scene::paint::{Ramp, Theme, colour};

/// The side of the picture, in CSS pixels.
const SIDE: usize = 132;
/// Pixels of the overlay per pixel of the picture.
const FINE: usize = 4;
/// The opacity of the map where it is strongest.
const COVER: f32 = 0.75;

/// Returns the picture under the contribution of each cell: strong cells cover it with their colour.
fn covered(photo: &Photo, averaged: &AveragedScore, theme: Theme) -> (Vec<u8>, u32, u32) {
    let (width, height) = (photo.width() * FINE, photo.height() * FINE);
    let large = photo.nearest(width, height);
    let values = stretch(&averaged.places, averaged.size, (height, width));
    let max = extent(averaged).max;
    let mut rgba = large.rgba();
    for (pixel, &value) in rgba.chunks_exact_mut(4).zip(&values) {
        let scale = Extent { min: -max, max };
        let over = colour(Ramp::Signed, theme, if value < 0.0 { -max } else { max }, scale);
        let part = if max > 0.0 { COVER * (value.abs() / max).min(1.0) } else { 0.0 };
        for (under, over) in pixel.iter_mut().zip(over).take(3) {
            *under = (f32::from(*under) * (1.0 - part) + f32::from(over) * part).round() as u8;
        }
    }
    (rgba, width as u32, height as u32)
}

/// Returns the scale of the contributions, symmetric about zero.
fn extent(averaged: &AveragedScore) -> Extent {
    let max = averaged.places.iter().fold(0.0_f32, |max, value| max.max(value.abs()));
    Extent { min: -max, max }
}

/// The map cell by cell, and over the picture.
#[component]
pub(super) fn ActivationOverlay(
    /// The picture.
    #[prop(into)]
    example: Signal<Option<Example>>,
    /// The contributions.
    #[prop(into)]
    averaged: Signal<Option<AveragedScore>>,
    /// The class that they belong to.
    #[prop(into)]
    class: Signal<String>,
) -> impl IntoView {
    let (words, easel) = (use_i18n(), expect_context::<Appearance>());
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        easel.restored.track();
        let theme = theme(easel.dark.get());
        let (Some(canvas), Some(example), Some(averaged)) = (canvas.get(), example.get(), averaged.get()) else {
            return;
        };
        let (rgba, width, height) = covered(&example.photo, &averaged, theme);
        draw_rgba(&canvas, &rgba, (width, height));
    });
    let cells = Signal::derive(move || {
        averaged.with(|averaged| {
            let averaged = averaged.as_ref()?;
            let (values, columns) = (averaged.places.clone(), averaged.size.1);
            Some(Cells { values, columns, ramp: Ramp::Signed, extent: extent(averaged) })
        })
    });
    let scale = Signal::derive(move || {
        averaged.with(|averaged| SIDE as f32 / averaged.as_ref().map_or(1, |averaged| averaged.size.1.max(1)) as f32)
    });
    let places = move || t_string!(words, average_pooling.places, class = class.get());
    let over = move || t_string!(words, average_pooling.over, class = class.get());
    view! {
        <Picture cells name=places scale />
        <canvas
            node_ref=canvas
            class="picture averaged-over"
            role="img"
            aria-label=over
            style=format!("width:{SIDE}px;height:{SIDE}px")
        ></canvas>
    }
}
