//! A bar for each layer, as high as its number of parameters.

use leptos::prelude::*;
use leptos_i18n::t_string;
use words::i18n::use_i18n;

use analysis::compare::LayerKind;
use layerscope::app::wording::numbers::compact;

/// The drawing in its own units: the plot, and the margins for the numbers of the scale.
const SIZE: (f64, f64) = (700.0, 196.0);
const LEFT: f64 = 44.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 14.0;

/// The bar of a layer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LayerBar {
    /// The name of the layer.
    pub(super) name: String,
    /// The kind of the layer.
    pub(super) kind: LayerKind,
    /// Its parameters in the network as published.
    pub(super) was: u64,
    /// Its parameters with the current settings.
    pub(super) now: u64,
}

/// Returns the CSS class of a kind of layer.
pub(super) fn class(kind: LayerKind) -> &'static str {
    match kind {
        LayerKind::Convolution => "kind-convolution",
        LayerKind::FullyConnected => "kind-connection",
        LayerKind::BatchNorm | LayerKind::Other => "kind-other",
    }
}

/// A scale from numbers to heights between 0 and 1, with its marks.
#[derive(Clone, Copy)]
struct Scale {
    log: bool,
    max: f64,
    /// The distance between two marks of the linear scale.
    step: f64,
}

/// The most marks above zero.
const MAX_MARKS: f64 = 5.0;
/// The lower end of the logarithmic scale.
const MIN_LOG: f64 = 100.0;

impl Scale {
    fn new(log: bool, max: u64) -> Self {
        let max = max.max(1) as f64;
        let ten = 10_f64.powf(max.log10().floor());
        // The least round step with which five marks reach the maximum.
        let steps = [0.2, 0.25, 0.5, 1.0, 2.0].map(|step| step * ten);
        let step = steps.into_iter().find(|step| step * MAX_MARKS >= max).unwrap_or(ten * 2.0);
        Self { log, max: if log { 10_f64.powf(max.log10().ceil()) } else { (max / step).ceil() * step }, step }
    }

    fn part(self, value: u64) -> f64 {
        let value = value as f64;
        match (self.log, value > MIN_LOG) {
            (false, _) => value / self.max,
            (true, false) => 0.0,
            (true, true) => (value / MIN_LOG).log10() / (self.max / MIN_LOG).log10(),
        }
    }

    fn marks(self) -> Vec<u64> {
        if self.log {
            let decades = (self.max / MIN_LOG).log10().round() as i32;
            return (0..=decades).map(|i| (MIN_LOG * 10_f64.powi(i)) as u64).collect();
        }
        (0..=(self.max / self.step).round() as u64).map(|i| (self.step * i as f64).round() as u64).collect()
    }
}

/// The bars, one of them chosen.
#[component]
pub(super) fn ParameterBars(
    /// All layers with parameters.
    bars: Memo<Vec<LayerBar>>,
    /// The index of the chosen layer.
    chosen: Signal<usize>,
    /// Called with the index of a layer that is clicked.
    #[prop(into)]
    choose: Callback<usize>,
    /// True for a logarithmic scale.
    #[prop(into)]
    log: Signal<bool>,
    /// The name of the network.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    let words = use_i18n();
    let (width, height) = SIZE;
    let plot = height - TOP - BOTTOM;
    let y = move |part: f64| TOP + plot * (1.0 - part);
    let scale = Memo::new(move |_| {
        let max = bars.with(|bars| bars.iter().map(|bar| bar.was.max(bar.now)).max().unwrap_or(1));
        (log.get(), max)
    });
    let marks = move || {
        let (log, max) = scale.get();
        let (scale, locale) = (Scale::new(log, max), words.get_locale());
        let one = |mark: u64| {
            let at = y(scale.part(mark));
            view! {
                <line x1=LEFT x2=width y1=at y2=at></line>
                <text x=LEFT - 6.0 y=at + 3.5 text-anchor="end">
                    {compact(locale, mark as f64)}
                </text>
            }
        };
        scale.marks().into_iter().map(one).collect_view()
    };
    let drawn = move || {
        let (log, max) = scale.get();
        let scale = Scale::new(log, max);
        bars.with(|bars| {
            let step = (width - LEFT) / bars.len().max(1) as f64;
            let wide = (step * 0.72).clamp(1.0, 44.0);
            let one = |(i, bar): (usize, &LayerBar)| {
                let middle = LEFT + step * (i as f64 + 0.5);
                let rect = move |value: u64, class: &str| {
                    let high = (plot * scale.part(value)).max(if value > 0 { 1.0 } else { 0.0 });
                    let class = class.to_owned();
                    view! { <rect class=class x=middle - wide / 2.0 y=y(0.0) - high width=wide height=high></rect> }
                };
                let here = move || chosen.get() == i;
                let title = format!("{}: {}", bar.name, bar.now);
                view! {
                    <g class="parameters-bar" on:click=move |_| choose.run(i)>
                        <title>{title}</title>
                        <rect class="reach" class:here=here x=middle - step / 2.0 y=TOP width=step height=plot></rect>
                        {(bar.was != bar.now).then(|| rect(bar.was, "was"))}
                        {rect(bar.now, class(bar.kind))}
                        {move || {
                            here()
                                .then(|| {
                                    let (at, low) = (middle, y(0.0) + 3.0);
                                    view! { <path class="mark" d=format!("M{at} {low}l5 8h-10z")></path> }
                                })
                        }}
                    </g>
                }
            };
            bars.iter().enumerate().map(one).collect_view()
        })
    };
    let plot_name = move || {
        let layer = bars.with(|bars| bars.get(chosen.get()).map(|bar| bar.name.clone()).unwrap_or_default());
        t_string!(words, parameters.bars, name = name.get(), layer = layer)
    };
    view! {
        <svg class="plot parameters-plot" viewBox=format!("0 0 {width} {height}") role="img" aria-label=plot_name>
            <g class="grid">{marks}</g>
            {drawn}
        </svg>
    }
}
