//! Global average pooling: each of the last maps becomes its mean, and a class score can be traced back to the maps.

mod class_scores;
mod contributions;
mod overlay;
mod replaced_layer;
mod scored_picture;

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::{Locale, use_i18n};

use crate::controls::ChoiceButtons;
use crate::examples::CIFAR10_CLASSES;
use crate::fact::Fact;
use crate::latest::LatestResult;
use crate::maps::Maps;
use crate::notices::error_notice;
use crate::picture_chooser::{PictureChooser, picture_setting};
use crate::settings::Settings;
use crate::text::{dash, network_title};
use analysis::evidence::ClassActivation;
use analysis::lesson::auxiliary::best;
use analysis::lesson::averaged::AveragedScore;
use class_scores::ClassScores;
use contributions::MapContributions;
use layerscope::app::wording::classes::cifar10;
use layerscope::app::wording::numbers::{count, decimal};
use net::network;
use overlay::ActivationOverlay;
use replaced_layer::ReplacedLayer;
use scene::paint::Ramp;
use scored_picture::ScoredPicture;

/// Networks that end in global average pooling; the maps of the second are finer.
const NETWORKS: [(&str, &str); 2] = [("googlenet-cifar10", "googlenet-cifar10"), ("resnet56-cifar", "resnet56-cifar")];
/// The value of the class setting that stands for the network's own answer.
const OWN_ANSWER: usize = CIFAR10_CLASSES;
/// The number of maps shown.
const DRAWN: usize = 10;

/// The body of the lesson.
#[component]
pub(super) fn AveragePooling(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    let picture = picture_setting(settings, 7);
    let name = settings.choice("net", &NETWORKS);
    let (class, map) = (settings.whole("class", OWN_ANSWER, [0, OWN_ANSWER]), settings.whole("map", 0, [0, DRAWN - 1]));
    let scored = LatestResult::new(move || ScoredPicture::load(name.get(), picture.whole()));
    let answer = Memo::new(move |_| scored.with(|scored| best(&scored.scores)).flatten());
    let chosen = Memo::new(move |_| if class.whole() < OWN_ANSWER { class.whole() } else { answer.get().unwrap_or(0) });
    let averaged = Signal::derive(move || scored.with(|scored| scored.averaged(chosen.get())).flatten());
    let averaged = Memo::new(move |_| averaged.get());
    let shares = Signal::derive(move || {
        averaged.with(|averaged| averaged.as_ref().map(|one| one.greatest(DRAWN)).unwrap_or_default())
    });
    let maps = Memo::new(move |_| {
        scored.with(|scored| {
            let (_, height, width) = scored.shape.chw();
            Maps::new(scored.maps.clone(), (height, width), Ramp::Rectified)
        })
    });
    let scores = Signal::derive(move || scored.with(|scored| scored.scores.clone()));
    let example = Signal::derive(move || scored.with(|scored| scored.example.clone()));
    let class_name = Signal::derive(move || cifar10(words.get_locale(), chosen.get()));
    let number_text =
        move |value: Option<f32>| value.map_or_else(dash, |value| decimal(words.get_locale(), f64::from(value), 3));
    let part_text = move |part: fn(&AveragedScore) -> f32| {
        Signal::derive(move || number_text(averaged.with(|averaged| averaged.as_ref().map(part))))
    };
    let sum = move || {
        let number = |part: fn(&AveragedScore) -> f32| part_text(part).get();
        let bias = number(|one| one.bias);
        let added = bias.strip_prefix('−').map_or_else(|| format!("+ {bias}"), |bias| format!("− {bias}"));
        if averaged.with(Option::is_some) { format!("{} {added}", number(AveragedScore::mean)) } else { String::new() }
    };
    let engine = move || number_text(scored.with(|scored| scored.scores.get(chosen.get()).copied()).flatten());
    let network_option = move |name: &'static str| {
        let size = network(name).ok().and_then(|graph| Some(graph.node(ClassActivation::of(&graph)?.maps).shape.chw()));
        let size = size.map_or_else(String::new, |(_, height, width)| format!("{height}×{width}"));
        (
            name,
            Signal::derive(move || {
                t_string!(words, average_pooling.option, name = network_title(name), size = size.clone())
            }),
        )
    };
    let replaced = StoredValue::new(ReplacedLayer::new().ok().flatten());
    let replaced_text = move |text: fn(Locale, &ReplacedLayer) -> String| {
        let locale = words.get_locale();
        replaced.with_value(|layer| layer.as_ref().map_or_else(dash, |layer| text(locale, layer)))
    };
    view! {
        <div class="lesson-text">
            <p>{t!(words, average_pooling.what)}</p>
            <div class="facts">
                <Fact
                    name=move || t_string!(words, average_pooling.connected)
                    value=move || replaced_text(|locale, layer| count(locale, layer.weights))
                    how=move || replaced_text(|_, layer| layer.arithmetic.clone())
                />
                <Fact
                    name=move || t_string!(words, average_pooling.pooled)
                    value=move || replaced_text(|locale, layer| count(locale, layer.pooling_parameters))
                />
            </div>
            <p>{t!(words, average_pooling.paper_says)}</p>
            <p>{t!(words, average_pooling.where_from)}</p>
            <p class="small soft">{t!(words, average_pooling.honest)}</p>
        </div>
        <div class="lesson-figure">
            <ChoiceButtons
                value=name
                name=move || t_string!(words, average_pooling.network)
                options=NETWORKS.map(|(name, _)| network_option(name)).to_vec()
            />
            <div class="averaged">
                <div class="averaged-left">
                    <PictureChooser setting=picture example />
                    <div class="averaged-pictures">
                        <ActivationOverlay example averaged class=class_name />
                    </div>
                </div>
                <ClassScores scores answer chosen class />
            </div>
            <div class="facts">
                <Fact name=move || t_string!(words, average_pooling.mean) value=part_text(AveragedScore::mean) />
                <Fact name=move || t_string!(words, average_pooling.bias) value=part_text(|one| one.bias) />
                <Fact
                    name=move || t_string!(words, average_pooling.sum)
                    value=part_text(AveragedScore::score)
                    how=sum
                />
                <Fact name=move || t_string!(words, average_pooling.engine) value=engine />
            </div>
            <div class="averaged-head">
                <h2 class="caps">{move || t_string!(words, average_pooling.maps, class = class_name.get())}</h2>
                <p class="small soft">{t!(words, average_pooling.key)}</p>
            </div>
            <MapContributions shares maps chosen=map />
            {error_notice(scored.error())}
        </div>
    }
}
