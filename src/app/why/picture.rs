//! The input of the network in grey, with the evidence over it.

use leptos::html;
use leptos::prelude::*;

use super::state::Evidence;
use crate::app::components::picture::{draw_rgba, theme};
use crate::app::state::Page;
use engine::Extent;
use net::{Graph, InputKind};
use scene::paint::{Ramp, Theme, colour};

/// The opacity of the strongest evidence.
const STRONGEST: f32 = 0.85;
/// The weights of red, green and blue in the luminance (ITU-R BT.709).
const LUMINANCE: [f32; 3] = [0.2126, 0.7152, 0.0722];

/// Returns the lightness of each pixel of an input, from 0 to 1, row-major.
fn light(graph: &Graph, input: &[f32]) -> Vec<f32> {
    let (_, height, width) = graph.input.shape.chw();
    let area = height * width;
    (0..area)
        .map(|pixel| match graph.input.kind {
            InputKind::Digit { scale, offset } => (input[pixel] - offset) / scale,
            InputKind::Photo { mean, deviation } => {
                let channel = |c: usize| input[c * area + pixel] * deviation[c] + mean[c];
                (0..3).map(|c| LUMINANCE[c] * channel(c)).sum()
            }
        })
        .map(|light: f32| light.clamp(0.0, 1.0))
        .collect()
}

/// Returns the pixels of the picture as RGBA bytes, row-major.
fn pixels(graph: &Graph, input: &[f32], evidence: &Evidence, theme: Theme) -> Vec<u8> {
    let most = evidence.pixels.iter().fold(0.0_f32, |most, value| most.max(value.abs())).max(f32::MIN_POSITIVE);
    let extent = Extent { min: -most, max: most };
    let mixed = light(graph, input).into_iter().zip(&evidence.pixels).flat_map(|(light, &value)| {
        let (tint, part) = (colour(Ramp::Signed, theme, value, extent), STRONGEST * (value.abs() / most).min(1.0));
        let mix = |channel: usize| (255.0 * light * (1.0 - part) + f32::from(tint[channel]) * part).round() as u8;
        [mix(0), mix(1), mix(2), 255]
    });
    mixed.collect()
}

/// The evidence over the input.
#[component]
pub(super) fn EvidencePicture(
    /// The accessible name.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    let page = expect_context::<Page>();
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        page.appearance.restored.track();
        let theme = theme(page.appearance.dark.get());
        let (Some(canvas), Some(evidence), Some(input)) =
            (canvas.get(), page.why.current(page), page.input.values().get())
        else {
            return;
        };
        let graph = page.network.graph().get();
        let (_, height, width) = graph.input.shape.chw();
        draw_rgba(&canvas, &pixels(&graph, &input, &evidence, theme), (width as u32, height as u32));
    });
    view! { <canvas node_ref=canvas class="why-picture" role="img" aria-label=name></canvas> }
}
