//! The parameters of a network, layer by layer, and how many remain if the last maps are averaged first.

mod bars;
mod published;

use leptos::prelude::*;
use leptos_i18n::{t, t_string, td_string};
use words::i18n::{Locale, use_i18n};

use crate::controls::{ChoiceButtons, Slider, Toggle};
use crate::fact::Fact;
use crate::link::NumberRange;
use crate::settings::{NumberSetting, Settings};
use crate::text::{network_title, square};
use analysis::compare::LayerKind;
use analysis::lesson::parameters::{ClassifierLayers, LayerParameters, pooled};
use bars::{LayerBar, ParameterBars, class};
use layerscope::app::wording::numbers::{count, percent};
use net::network;
use published::PublishedNetwork;

/// The networks; the first is the default.
const NETWORKS: [(&str, &str); 7] = [
    ("vgg16", "vgg16"),
    ("vgg11", "vgg11"),
    ("vgg13", "vgg13"),
    ("vgg19", "vgg19"),
    ("alexnet", "alexnet"),
    ("googlenet", "googlenet"),
    ("resnet50", "resnet50"),
];
/// The layers between the maps and the scores.
const HEADS: [(&str, ClassifierLayers); 2] = [("own", ClassifierLayers::Own), ("single", ClassifierLayers::Single)];
/// The most layers with parameters in any network.
const MAX_LAYERS: usize = 200;
/// The largest side of maps before a fully connected layer.
const MAX_SIDE: usize = 7;

/// Returns the name of a kind of layer.
fn kind_name(locale: Locale, kind: LayerKind) -> &'static str {
    match kind {
        LayerKind::Convolution => td_string!(locale, parameters.convolution),
        LayerKind::FullyConnected => td_string!(locale, parameters.full_connection),
        LayerKind::BatchNorm => td_string!(locale, parameters.batch_norm),
        LayerKind::Other => td_string!(locale, parameters.other),
    }
}

/// The body of the lesson.
#[component]
pub(super) fn Parameters(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    let name = settings.choice("net", &NETWORKS);
    let log = settings.flag("log", false);
    // Counted from one. Zero, the default, is the largest layer.
    let layer = settings.whole("layer", 0, [0, MAX_LAYERS]);
    let (side, head) = (settings.whole("side", MAX_SIDE, [1, MAX_SIDE]), settings.choice("head", &HEADS));
    let graph = Memo::new(move |_| network(name.get()).ok());
    let opened = Memo::new(move |_| graph.with(|graph| graph.as_ref().map(PublishedNetwork::of)));
    let own_side = Memo::new(move |_| opened.with(|opened| opened.as_ref()?.maps).map(|maps| maps.chw().1));
    // The layers with the current settings.
    let now = Memo::new(move |_| {
        let side = side.whole().min(own_side.get()?);
        graph.with(|graph| pooled(graph.as_ref()?, side, head.get())?.ok())
    });
    let bars: Memo<Vec<LayerBar>> = Memo::new(move |_| {
        let locate = |row: &LayerParameters| {
            let after = |layers: &Vec<LayerParameters>| {
                layers.iter().find(|other| other.name == row.name).map_or(0, |other| other.parameters.value())
            };
            let was = row.parameters.value();
            let now = now.with(|now| now.as_ref().map_or(was, after));
            LayerBar { name: row.name.clone(), kind: LayerKind::of(&row.op), was, now }
        };
        opened
            .with(|opened| opened.as_ref().map(|opened| opened.layers.iter().map(locate).collect()))
            .unwrap_or_default()
    });
    let all = move || opened.with(|opened| opened.as_ref().map_or(1, |opened| opened.layers.len()));
    let chosen = Memo::new(move |_| {
        let largest = opened.with(|opened| opened.as_ref().map_or(0, PublishedNetwork::largest));
        layer.whole().checked_sub(1).map_or(largest, |place| place.min(all() - 1))
    });
    let range = NumberRange { min: 1.0, ..layer.range };
    let place = NumberSetting { value: RwSignal::new(chosen.get_untracked() as f64 + 1.0), range };
    Effect::new(move |_| place.value.set(chosen.get() as f64 + 1.0));
    Effect::new(move |first: Option<()>| {
        let moved = place.whole();
        if first.is_some() && moved != chosen.get_untracked() + 1 {
            layer.set(moved as f64);
        }
    });
    // Another network starts with its largest layer.
    Effect::new(move |before: Option<&'static str>| {
        let now = name.get();
        if before.is_some_and(|before| before != now) {
            layer.set(0.0);
        }
        now
    });
    // The chosen layer with the current settings; `None` if it is left out.
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
        view! {
            <span class=class(kind) hidden=move || !there()>
                <i></i>
                {text}
            </span>
        }
    };
    let options = NETWORKS.map(|(name, _)| (name, Signal::stored(network_title(name).to_owned()))).to_vec();
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
    let maps_side = move || square(side.whole().min(own_side.get().unwrap_or(1)));
    view! {
        <div class="lesson-text">
            <p>{t!(words, parameters.what)}</p>
            <p>{t!(words, parameters.why)}</p>
            <p>{t!(words, parameters.later)}</p>
            <p class="small soft">{t!(words, parameters.honest)}</p>
        </div>
        <div class="lesson-figure">
            <ChoiceButtons value=name name=move || t_string!(words, parameters.network) options />
            <div class="parameters-legend small">
                {LayerKind::ALL.map(legend).into_iter().collect_view()}
                <Toggle value=log name=move || t_string!(words, parameters.log) />
            </div>
            <ParameterBars
                bars
                chosen=chosen.into()
                choose=move |place: usize| layer.set(place as f64 + 1.0)
                log
                name=move || network_title(name.get()).to_owned()
            />
            {move || {
                let setting = place.up_to(all() as f64);
                view! { <Slider setting name=move || t_string!(words, parameters.layer) text=layer_shown /> }
            }}
            <div class="facts parameters-layer">
                <Fact
                    name=move || t_string!(words, parameters.of_layer)
                    value=number(|row| row.parameters.value())
                    how=how
                />
                <Fact name=move || t_string!(words, parameters.share) value=share />
                <Fact
                    name=move || t_string!(words, parameters.multiplications)
                    value=number(|row| row.multiplications)
                    how=shapes
                />
            </div>
            <h2 class="caps parameters-cut">{t!(words, parameters.instead)}</h2>
            <Show
                when=move || own_side.get().is_some()
                fallback=move || view! { <p class="small">{t!(words, parameters.averages)}</p> }
            >
                <div class="knobs">
                    {move || {
                        let setting = side.up_to(own_side.get().unwrap_or(MAX_SIDE) as f64);
                        view! { <Slider setting name=move || t_string!(words, parameters.side) text=maps_side /> }
                    }} <div class="parameters-head">
                        <ChoiceButtons
                            value=head
                            name=move || t_string!(words, parameters.head)
                            options=heads.clone()
                        />
                    </div>
                </div>
            </Show>
            <div class="facts parameters-layer">
                <Fact name=move || t_string!(words, parameters.first) value=first_value how=first_how />
                <Fact
                    name=move || t_string!(words, parameters.all)
                    value=move || count(words.get_locale(), sum.get())
                />
                <Fact
                    name=move || t_string!(words, parameters.saved)
                    value=move || percent(words.get_locale(), 1.0 - sum.get() as f64 / was.get().max(1) as f64, 1)
                />
            </div>
        </div>
    }
}
