//! Where the parameters are, layer by layer, and what would be left of them if the last maps were averaged first.

mod bars;

use leptos::prelude::*;
use leptos_i18n::{t, t_string, td_string};
use words::i18n::{Locale, use_i18n};

use crate::app::learn::address::{Knob, Knobs};
use crate::app::learn::control::{Choice, Slider, Toggle};
use crate::app::learn::figure::Fact;
use crate::app::learn::numbers::{count, percent};
use analysis::compare::LayerKind;
use analysis::lesson::parameters::{ClassifierLayers, LayerParameters, last_maps, layers_with_parameters, pooled};
use bars::{Bar, Bars, class};
use net::{Graph, Shape, network};

/// The networks, the first to begin with.
const NETWORKS: [(&str, &str); 7] = [
    ("vgg16", "vgg16"),
    ("vgg11", "vgg11"),
    ("vgg13", "vgg13"),
    ("vgg19", "vgg19"),
    ("alexnet", "alexnet"),
    ("googlenet", "googlenet"),
    ("resnet50", "resnet50"),
];
/// How the maps are connected to the scores.
const HEADS: [(&str, ClassifierLayers); 2] = [("own", ClassifierLayers::Own), ("single", ClassifierLayers::Single)];
/// No network has more layers with parameters.
const MOST: usize = 200;
/// The largest side that maps before a full connection have.
const SIDE: usize = 7;

/// A network as it is published.
#[derive(Clone, PartialEq)]
struct Opened {
    layers: Vec<LayerParameters>,
    total: u64,
    /// The maps that are fully connected; none where they are averaged already.
    maps: Option<Shape>,
}

fn total(layers: &[LayerParameters]) -> u64 {
    layers.iter().map(|row| row.parameters.value()).sum()
}

impl Opened {
    fn of(graph: &Graph) -> Self {
        let layers = layers_with_parameters(graph);
        Self { total: total(&layers), layers, maps: last_maps(graph) }
    }

    /// The place of the layer with most parameters.
    fn largest(&self) -> usize {
        let layers = self.layers.iter().enumerate();
        layers.max_by_key(|(_, row)| row.parameters.value()).map_or(0, |(place, _)| place)
    }
}

fn kind_name(locale: Locale, kind: LayerKind) -> &'static str {
    match kind {
        LayerKind::Convolution => td_string!(locale, parameters.convolution),
        LayerKind::FullyConnected => td_string!(locale, parameters.full_connection),
        LayerKind::BatchNorm => td_string!(locale, parameters.batch_norm),
        LayerKind::Other => td_string!(locale, parameters.other),
    }
}

/// The lesson.
#[component]
pub(super) fn Parameters(
    /// What can be moved.
    knobs: Knobs,
) -> impl IntoView {
    let words = use_i18n();
    let name = knobs.choice("net", &NETWORKS);
    let log = knobs.flag("log", false);
    // Counted from one: none is chosen at first, and then it is the largest.
    let layer = knobs.whole("layer", 0, [0, MOST]);
    let (side, head) = (knobs.whole("side", SIDE, [1, SIDE]), knobs.choice("head", &HEADS));
    let graph = Memo::new(move |_| network(name.get()).ok());
    let opened = Memo::new(move |_| graph.with(|graph| graph.as_ref().map(Opened::of)));
    let own_side = Memo::new(move |_| opened.with(|opened| opened.as_ref()?.maps).map(|maps| maps.chw().1));
    // The layers as the sliders have them.
    let now = Memo::new(move |_| {
        let side = side.whole().min(own_side.get()?);
        graph.with(|graph| pooled(graph.as_ref()?, side, head.get())?.ok())
    });
    let bars: Memo<Vec<Bar>> = Memo::new(move |_| {
        let locate = |row: &LayerParameters| {
            let after = |layers: &Vec<LayerParameters>| {
                layers.iter().find(|other| other.name == row.name).map_or(0, |other| other.parameters.value())
            };
            let was = row.parameters.value();
            let now = now.with(|now| now.as_ref().map_or(was, after));
            Bar { name: row.name.clone(), kind: LayerKind::of(&row.op), was, now }
        };
        opened
            .with(|opened| opened.as_ref().map(|opened| opened.layers.iter().map(locate).collect()))
            .unwrap_or_default()
    });
    let all = move || opened.with(|opened| opened.as_ref().map_or(1, |opened| opened.layers.len()));
    let chosen = Memo::new(move |_| {
        let largest = opened.with(|opened| opened.as_ref().map_or(0, Opened::largest));
        layer.whole().checked_sub(1).map_or(largest, |place| place.min(all() - 1))
    });
    let place = Knob { value: RwSignal::new(chosen.get_untracked() as f64 + 1.0), least: 1.0, ..layer };
    Effect::new(move |_| place.value.set(chosen.get() as f64 + 1.0));
    Effect::new(move |first: Option<()>| {
        let moved = place.whole();
        if first.is_some() && moved != chosen.get_untracked() + 1 {
            layer.set(moved as f64);
        }
    });
    // Another network opens with its largest layer.
    Effect::new(move |before: Option<&'static str>| {
        let now = name.get();
        if before.is_some_and(|before| before != now) {
            layer.set(0.0);
        }
        now
    });
    // The chosen layer as it is now; none where the head leaves it out.
    let row = Memo::new(move |_| {
        let was = opened.with(|opened| opened.as_ref()?.layers.get(chosen.get()).cloned())?;
        let same = |layers: &Vec<LayerParameters>| layers.iter().find(|other| other.name == was.name).cloned();
        now.with(|now| now.as_ref().map_or(Some(was.clone()), same))
    });
    let sum = Memo::new(move |_| bars.with(|bars| bars.iter().map(|bar| bar.now).sum::<u64>()));
    let was = Memo::new(move |_| opened.with(|opened| opened.as_ref().map_or(0, |opened| opened.total)));
    let number = move |look: fn(&LayerParameters) -> u64| {
        Signal::derive(move || count(words.get_locale(), row.with(|row| row.as_ref().map_or(0, look))))
    };
    let layer_shown = move || {
        let locale = words.get_locale();
        bars.with(|bars| bars.get(chosen.get()).map(|bar| format!("{} · {}", bar.name, kind_name(locale, bar.kind))))
            .unwrap_or_default()
    };
    let how = move || row.with(|row| row.as_ref().map_or_else(String::new, LayerParameters::arithmetic));
    let shapes =
        move || row.with(|row| row.as_ref().map(|row| format!("{} → {}", row.input, row.output)).unwrap_or_default());
    let share = move || {
        let parameters = row.with(|row| row.as_ref().map_or(0, |row| row.parameters.value()));
        percent(words.get_locale(), parameters as f64 / sum.get().max(1) as f64, 1)
    };
    let legend = move |kind: LayerKind| {
        let there = move || bars.with(|bars| bars.iter().any(|bar| bar.kind == kind));
        let text = move || kind_name(words.get_locale(), kind);
        view! { <span class=class(kind) hidden=move || !there()><i></i>{text}</span> }
    };
    let title = |name: &'static str| network(name).map_or(name, |graph| graph.title);
    let options = NETWORKS.map(|(name, _)| (name, Signal::stored(title(name).to_owned()))).to_vec();
    let heads = vec![
        (ClassifierLayers::Own, Signal::derive(move || t_string!(words, parameters.own).to_owned())),
        (ClassifierLayers::Single, Signal::derive(move || t_string!(words, parameters.single).to_owned())),
    ];
    let first =
        move || bars.with(|bars| bars.iter().find(|bar| bar.kind == LayerKind::FullyConnected && bar.now > 0).cloned());
    let first_value = move || count(words.get_locale(), first().map_or(0, |bar| bar.now));
    let first_how = move || {
        let name = first().map(|bar| bar.name).unwrap_or_default();
        now.with(|now| now.as_ref()?.iter().find(|row| row.name == name).map(LayerParameters::arithmetic))
            .unwrap_or_default()
    };
    let maps_side = move || {
        let side = side.whole().min(own_side.get().unwrap_or(1));
        format!("{side}×{side}")
    };
    view! {
        <div class="lesson-text">
            <p>{t!(words, parameters.what)}</p>
            <p>{t!(words, parameters.why)}</p>
            <p>{t!(words, parameters.later)}</p>
            <p class="small soft">{t!(words, parameters.honest)}</p>
        </div>
        <div class="lesson-figure">
            <Choice value=name name=Signal::derive(move || t_string!(words, parameters.network).to_owned()) options/>
            <div class="parameters-legend small">
                {LayerKind::ALL.map(legend).into_iter().collect_view()}
                <Toggle value=log name=Signal::derive(move || t_string!(words, parameters.log).to_owned())/>
            </div>
            <Bars bars chosen=chosen.into() choose=move |place: usize| layer.set(place as f64 + 1.0) log
                name=Signal::derive(move || title(name.get()).to_owned())/>
            {move || {
                let knob = Knob { most: all() as f64, ..place };
                view! { <Slider knob name=Signal::derive(move || t_string!(words, parameters.layer).to_owned()) shown=Signal::derive(layer_shown)/> }
            }}
            <div class="facts parameters-layer">
                <Fact name=Signal::derive(move || t_string!(words, parameters.of_layer).to_owned())
                    value=number(|row| row.parameters.value()) how=Signal::derive(how)/>
                <Fact name=Signal::derive(move || t_string!(words, parameters.share).to_owned()) value=Signal::derive(share)/>
                <Fact name=Signal::derive(move || t_string!(words, parameters.multiplications).to_owned())
                    value=number(|row| row.multiplications) how=Signal::derive(shapes)/>
            </div>
            <h2 class="caps parameters-cut">{t!(words, parameters.instead)}</h2>
            <Show when=move || own_side.get().is_some() fallback=move || view! { <p class="small">{t!(words, parameters.averages)}</p> }>
                <div class="knobs">
                    {move || {
                        let knob = Knob { most: own_side.get().unwrap_or(SIDE) as f64, ..side };
                        view! { <Slider knob name=Signal::derive(move || t_string!(words, parameters.side).to_owned()) shown=Signal::derive(maps_side)/> }
                    }}
                    <div class="parameters-head"><Choice value=head name=Signal::derive(move || t_string!(words, parameters.head).to_owned()) options=heads.clone()/></div>
                </div>
            </Show>
            <div class="facts parameters-layer">
                <Fact name=Signal::derive(move || t_string!(words, parameters.first).to_owned())
                    value=Signal::derive(first_value) how=Signal::derive(first_how)/>
                <Fact name=Signal::derive(move || t_string!(words, parameters.all).to_owned())
                    value=Signal::derive(move || count(words.get_locale(), sum.get()))/>
                <Fact name=Signal::derive(move || t_string!(words, parameters.saved).to_owned())
                    value=Signal::derive(move || percent(words.get_locale(), 1.0 - sum.get() as f64 / was.get().max(1) as f64, 1))/>
            </div>
        </div>
    }
}
