//! One Inception module: the inputs and outputs of its branches, drawn on one scale of channels.

use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use super::branches::BRANCHES;
use crate::fact::Fact;
use crate::text::dash;
use analysis::lesson::inception::InceptionModule;
use layerscope::app::wording::numbers::count;

/// The height of the drawing, in its own units.
const HEIGHT: f64 = 168.0;
/// The left edges: the input, the first layers of branches with two, the last layers, the concatenation.
const AT: [f64; 4] = [0.0, 70.0, 190.0, 296.0];
/// The widths of the input, the layers and the concatenation.
const WIDE: [f64; 4] = [14.0, 18.0, 18.0, 14.0];
/// The gap between branches.
const GAP: f64 = 10.0;
/// The least height of a branch, which leaves room for its name.
const MIN_HEIGHT: f64 = 15.0;

/// Returns the units per channel that make all modules fit.
pub(super) fn scale_of(modules: &[InceptionModule]) -> f64 {
    let sum = |module: &InceptionModule| {
        let max = |branch: usize| module.branch(branch).iter().map(|layer| layer.channels).max().unwrap_or(0);
        (0..4).map(max).sum::<usize>()
    };
    let max = modules.iter().map(sum).max().unwrap_or(1).max(1);
    (HEIGHT - 3.0 * GAP - MIN_HEIGHT) / max as f64
}

/// Returns the path of a band from one edge (x, top, height) to another.
fn band([x0, y0, h0]: [f64; 3], [x1, y1, h1]: [f64; 3]) -> String {
    let middle = f64::midpoint(x0, x1);
    let (bottom, low) = (y1 + h1, y0 + h0);
    format!(
        "M{x0:.1} {y0:.1}C{middle:.1} {y0:.1} {middle:.1} {y1:.1} {x1:.1} {y1:.1}L{x1:.1} {bottom:.1}\
         C{middle:.1} {bottom:.1} {middle:.1} {low:.1} {x0:.1} {low:.1}Z"
    )
}

/// Draws one branch. Returns it with the height it takes.
fn branch(module: &InceptionModule, place: usize, scale: f64, input: [f64; 3], top: f64, stack: f64) -> (AnyView, f64) {
    let layers = module.branch(place);
    let high = |channels: usize| (channels as f64 * scale).max(1.0);
    let slot = layers.iter().map(|layer| high(layer.channels)).fold(MIN_HEIGHT, f64::max);
    let middle = top + slot / 2.0;
    let (mut bands, mut boxes) = (Vec::new(), Vec::new());
    let mut from = input;
    for (i, layer) in layers.iter().enumerate() {
        let column = 3 - layers.len() + i;
        let (x, h) = (AT[column], high(layer.channels));
        bands.push(band(from, [x, middle - h / 2.0, h]));
        from = [x + WIDE[column], middle - h / 2.0, h];
        let side = layer.kernel;
        let name = if layer.pools { format!("max {side}×{side}") } else { format!("{side}×{side}") };
        let (what, number) = (format!("{name}: {}", layer.channels), format!("{name} · {}", layer.channels));
        boxes.push(view! {
            <g>
                <title>{what}</title>
                <rect
                    x=x
                    y=middle - h / 2.0
                    width=WIDE[column]
                    height=h
                    rx="1.5"
                    class=if layer.pools { "pools" } else { "" }
                ></rect>
                <text x=x + WIDE[column] + 4.0 y=middle + 3.5>
                    {number}
                </text>
            </g>
        });
    }
    let end = layers.last().map_or(0.0, |layer| high(layer.channels));
    bands.push(band(from, [AT[3], stack, end]));
    let bands = bands.into_iter().map(|d| view! { <path d=d></path> }).collect_view();
    let drawn = view! {
        <g class=BRANCHES[place].0>
            <g class="bands">{bands}</g>
            <rect x=AT[3] y=stack width=WIDE[3] height=end></rect>
            {boxes}
        </g>
    };
    (drawn.into_any(), slot)
}

/// Draws the branches of `module` at `scale` units per channel.
fn drawing(module: &InceptionModule, scale: f64) -> AnyView {
    let input_channels = module.branch(0).first().map_or(0, |layer| layer.from);
    let high = input_channels as f64 * scale;
    let input = [AT[0] + WIDE[0], (HEIGHT - high) / 2.0, high];
    let out = module.output().chw().0 as f64 * scale;
    let (mut top, mut stack) = (0.0, (HEIGHT - out) / 2.0);
    let branches = (0..4).map(|place| {
        let (drawn, slot) = branch(module, place, scale, input, top, stack);
        top += slot + GAP;
        stack += module.channels(place) as f64 * scale;
        drawn
    });
    let branches = branches.collect_view();
    view! {
        {branches}
        <rect class="ends" x=AT[0] y=input[1] width=WIDE[0] height=high></rect>
        <text x=AT[0] y=input[1] + high + 13.0>
            {input_channels}
        </text>
        <text x=AT[3] + WIDE[3] y=(HEIGHT + out) / 2.0 + 13.0 text-anchor="end">
            {module.output().chw().0}
        </text>
    }
    .into_any()
}

/// A module with its costs. A bar is full at `max` multiplications.
#[component]
pub(super) fn Module(
    /// The name of the module.
    #[prop(into)]
    name: Signal<String>,
    /// The module.
    module: Signal<Option<InceptionModule>>,
    /// Units per channel.
    scale: Signal<f64>,
    /// The multiplications of a full bar.
    max: Signal<u64>,
) -> impl IntoView {
    let words = use_i18n();
    let number_text = move |value_of: fn(&InceptionModule) -> u64| {
        Signal::derive(move || {
            let locale = words.get_locale();
            module.with(|module| module.as_ref().map_or_else(dash, |module| count(locale, value_of(module))))
        })
    };
    let drawn = move || module.with(|module| module.as_ref().map(|module| drawing(module, scale.get())));
    let drawing_name = move || {
        let maps = number_text(|module| module.output().chw().0 as u64).get();
        t_string!(words, inception.drawn, name = name.get(), maps = maps)
    };
    let bar = move || {
        let costs = module.with(|module| {
            module.as_ref().map(|module| std::array::from_fn::<u64, 4, _>(|branch| module.multiplications(branch)))
        });
        let part = |(branch, cost): (usize, u64)| {
            let width = format!("width:{}%", 100.0 * cost as f64 / max.get().max(1) as f64);
            view! { <i class=BRANCHES[branch].0 style=width></i> }
        };
        costs.unwrap_or_default().into_iter().enumerate().map(part).collect_view()
    };
    view! {
        <section class="inception-module" role="group" aria-label=move || name.get()>
            <h2 class="caps">{move || name.get()}</h2>
            <svg class="plot" viewBox=format!("0 0 310 {}", HEIGHT + 14.0) role="img" aria-label=drawing_name>
                {drawn}
            </svg>
            <div class="inception-cost" aria-hidden="true">
                {bar}
            </div>
            <div class="facts">
                <Fact
                    name=move || t_string!(words, inception.multiplications)
                    value=number_text(|module| module.graph().total_macs())
                />
                <Fact
                    name=move || t_string!(words, inception.parameters)
                    value=number_text(|module| module.graph().total_parameters())
                />
                <Fact
                    name=move || t_string!(words, inception.maps_out)
                    value=number_text(|module| module.output().chw().0 as u64)
                />
            </div>
        </section>
    }
}
