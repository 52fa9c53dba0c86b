//! One module: what its lanes read and give, drawn to one scale of channels.

use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use super::LANES;
use crate::app::learn::figure::Fact;
use crate::app::learn::numbers::count;
use analysis::lesson::inception::InceptionModule;

/// The drawing, in its own units.
const HEIGHT: f64 = 168.0;
/// Where things stand across: the input, the first layers of lanes that have two, the last ones, the concatenation.
const AT: [f64; 4] = [0.0, 70.0, 190.0, 296.0];
/// The width of a layer, of the input and of the concatenation.
const WIDE: [f64; 4] = [14.0, 18.0, 18.0, 14.0];
/// Between lanes.
const GAP: f64 = 10.0;
/// No lane is lower, for its name.
const LEAST: f64 = 15.0;

/// The units that a channel is high if both modules are to fit.
pub(super) fn scale_of(modules: &[InceptionModule]) -> f64 {
    let sum = |module: &InceptionModule| {
        let most = |lane: usize| module.branch(lane).iter().map(|layer| layer.channels).max().unwrap_or(0);
        (0..4).map(most).sum::<usize>()
    };
    let most = modules.iter().map(sum).max().unwrap_or(1).max(1);
    (HEIGHT - 3.0 * GAP - LEAST) / most as f64
}

/// A band from one edge (x, top, height) to another.
fn band([x0, y0, h0]: [f64; 3], [x1, y1, h1]: [f64; 3]) -> String {
    let middle = f64::midpoint(x0, x1);
    let (bottom, low) = (y1 + h1, y0 + h0);
    format!(
        "M{x0:.1} {y0:.1}C{middle:.1} {y0:.1} {middle:.1} {y1:.1} {x1:.1} {y1:.1}L{x1:.1} {bottom:.1}\
         C{middle:.1} {bottom:.1} {middle:.1} {low:.1} {x0:.1} {low:.1}Z"
    )
}

/// What is drawn of a lane.
fn lane(module: &InceptionModule, place: usize, scale: f64, input: [f64; 3], top: f64, stack: f64) -> (AnyView, f64) {
    let layers = module.branch(place);
    let high = |channels: usize| (channels as f64 * scale).max(1.0);
    let slot = layers.iter().map(|layer| high(layer.channels)).fold(LEAST, f64::max);
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
                <rect x=x y=middle - h / 2.0 width=WIDE[column] height=h rx="1.5" class=if layer.pools { "pools" } else { "" }></rect>
                <text x=x + WIDE[column] + 4.0 y=middle + 3.5>{number}</text>
            </g>
        });
    }
    let end = layers.last().map_or(0.0, |layer| high(layer.channels));
    bands.push(band(from, [AT[3], stack, end]));
    let bands = bands.into_iter().map(|d| view! { <path d=d></path> }).collect_view();
    let drawn = view! {
        <g class=LANES[place].0>
            <g class="bands">{bands}</g>
            <rect x=AT[3] y=stack width=WIDE[3] height=end></rect>
            {boxes}
        </g>
    };
    (drawn.into_any(), slot)
}

/// The lanes of `module`, at `scale` units a channel.
fn drawing(module: &InceptionModule, scale: f64) -> AnyView {
    let input_channels = module.branch(0).first().map_or(0, |layer| layer.from);
    let high = input_channels as f64 * scale;
    let input = [AT[0] + WIDE[0], (HEIGHT - high) / 2.0, high];
    let out = module.output().chw().0 as f64 * scale;
    let (mut top, mut stack) = (0.0, (HEIGHT - out) / 2.0);
    let lanes = (0..4).map(|place| {
        let (drawn, slot) = lane(module, place, scale, input, top, stack);
        top += slot + GAP;
        stack += module.channels(place) as f64 * scale;
        drawn
    });
    let lanes = lanes.collect_view();
    view! {
        {lanes}
        <rect class="ends" x=AT[0] y=input[1] width=WIDE[0] height=high></rect>
        <text x=AT[0] y=input[1] + high + 13.0>{input_channels}</text>
        <text x=AT[3] + WIDE[3] y=(HEIGHT + out) / 2.0 + 13.0 text-anchor="end">{module.output().chw().0}</text>
    }
    .into_any()
}

/// A module with what it costs; bars of costs are as long as `most` multiplications say.
#[component]
pub(super) fn Module(
    /// What it is called.
    #[prop(into)]
    name: Signal<String>,
    /// The module.
    module: Signal<Option<InceptionModule>>,
    /// Units a channel.
    scale: Signal<f64>,
    /// The multiplications of the longest bar.
    most: Signal<u64>,
) -> impl IntoView {
    let words = use_i18n();
    let of = move |look: fn(&InceptionModule) -> u64| {
        Signal::derive(move || {
            let locale = words.get_locale();
            module.with(|module| module.as_ref().map_or_else(|| "–".to_owned(), |module| count(locale, look(module))))
        })
    };
    let drawn = move || module.with(|module| module.as_ref().map(|module| drawing(module, scale.get())));
    let named = move || {
        let maps = of(|module| module.output().chw().0 as u64).get();
        t_string!(words, inception.drawn, name = name.get(), maps = maps)
    };
    let bar = move || {
        let costs = module.with(|module| {
            module.as_ref().map(|module| std::array::from_fn::<u64, 4, _>(|lane| module.multiplications(lane)))
        });
        let part = |(lane, cost): (usize, u64)| {
            let width = format!("width:{}%", 100.0 * cost as f64 / most.get().max(1) as f64);
            view! { <i class=LANES[lane].0 style=width></i> }
        };
        costs.unwrap_or_default().into_iter().enumerate().map(part).collect_view()
    };
    view! {
        <section class="inception-module" role="group" aria-label=move || name.get()>
            <h2 class="caps">{move || name.get()}</h2>
            <svg class="plot" viewBox=format!("0 0 310 {}", HEIGHT + 14.0) role="img" aria-label=named>{drawn}</svg>
            <div class="inception-cost" aria-hidden="true">{bar}</div>
            <div class="facts">
                <Fact name=Signal::derive(move || t_string!(words, inception.multiplications).to_owned())
                    value=of(|module| module.graph().total_macs())/>
                <Fact name=Signal::derive(move || t_string!(words, inception.parameters).to_owned())
                    value=of(|module| module.graph().total_parameters())/>
                <Fact name=Signal::derive(move || t_string!(words, inception.maps_out).to_owned())
                    value=of(|module| module.output().chw().0 as u64)/>
            </div>
        </section>
    }
}
