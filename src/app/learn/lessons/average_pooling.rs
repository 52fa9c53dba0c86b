//! Global average pooling: each of the last maps becomes its mean, and a class's score shows where it came from.

mod overlay;
mod shares;

use std::rc::Rc;

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::app::learn::address::Knobs;
use crate::app::learn::control::Choice;
use crate::app::learn::figure::{Fact, Maps};
use crate::app::learn::network::{Example, LessonError, Trained, example};
use crate::app::learn::numbers::{count, decimal};
use crate::app::learn::picture::{PictureChooser, picture_knob};
use crate::app::learn::shown::{Shown, failure};
use crate::app::said::classes::cifar10;
use analysis::evidence::ClassActivation;
use analysis::lesson::auxiliary::best;
use analysis::lesson::averaged::{AveragedScore, connection};
use net::{Graph, NetError, Shape, network};
use overlay::Overlay;
use scene::paint::Ramp;
use shares::Shares;

/// Networks that end in global average pooling; the maps of the second are finer.
const NETWORKS: [(&str, &str); 2] = [("googlenet-cifar10", "googlenet-cifar10"), ("resnet56-cifar", "resnet56-cifar")];
/// Classes of CIFAR-10; the number after the last stands for the network's own answer.
const CLASSES: usize = 10;
/// So many maps are drawn.
const DRAWN: usize = 10;

/// What a network says of a picture, and what its last layers are made of.
struct Seen {
    network: Rc<Trained>,
    example: Example,
    /// Its last maps, CHW, and their shape.
    maps: Vec<f32>,
    shape: Shape,
    scores: Vec<f32>,
    /// The last full connection: OI, and a bias a class.
    weights: Vec<f32>,
    biases: Vec<f32>,
}

impl Seen {
    async fn of(name: &'static str, picture: usize) -> Result<Self, LessonError> {
        let network = Trained::open(name).await?;
        let graph = &network.graph;
        let cam = ClassActivation::of(graph).ok_or(LessonError::Unlike { network: name })?;
        let name_of = |id| graph.node(id).name.as_str();
        let linear = name_of(cam.linear);
        let example = example(graph, picture).await?;
        let mut values = network.pass(&example.input, &[name_of(cam.maps), linear], "").await?;
        let (scores, maps) = (values.pop().unwrap_or_default(), values.pop().unwrap_or_default());
        let weights = network.tensor(&format!("{linear}.weight")).await?.values;
        let biases = network.tensor(&format!("{linear}.bias")).await?.values;
        let shape = graph.node(cam.maps).shape;
        Ok(Self { network, example, maps, shape, scores, weights, biases })
    }

    /// The score of a class as means.
    fn averaged(&self, class: usize) -> Option<AveragedScore> {
        let maps = self.shape.chw().0;
        let row = self.weights.get(class * maps..(class + 1) * maps)?;
        AveragedScore::new(&self.network.graph, &self.maps, row, *self.biases.get(class)?)
    }
}

/// Weights of a full connection in place of GoogLeNet's pooling, as arithmetic, and what the pooling itself has.
fn instead() -> Result<(String, u64, u64), NetError> {
    let graph: Graph = network("googlenet")?;
    let Some(cam) = ClassActivation::of(&graph) else { return Ok((String::new(), 0, 0)) };
    let maps = graph.node(cam.maps).shape;
    let (channels, height, width) = maps.chw();
    // A weight is multiplied once.
    let weights = connection(maps, channels)?.total_macs();
    Ok((format!("{height}×{width}×{channels}×{channels}"), weights, graph.parameters(cam.pool).value()))
}

/// The lesson.
#[component]
pub(super) fn AveragePooling(
    /// What can be moved.
    knobs: Knobs,
) -> impl IntoView {
    let words = use_i18n();
    let picture = picture_knob(knobs, 7);
    let name = knobs.choice("net", &NETWORKS);
    let (class, map) = (knobs.whole("class", CLASSES, [0, CLASSES]), knobs.whole("map", 0, [0, DRAWN - 1]));
    let seen = Shown::new(move || Seen::of(name.get(), picture.whole()));
    let answer = Memo::new(move |_| seen.with(|seen| best(&seen.scores)).flatten());
    let chosen = Memo::new(move |_| if class.whole() < CLASSES { class.whole() } else { answer.get().unwrap_or(0) });
    let averaged = Signal::derive(move || seen.with(|seen| seen.averaged(chosen.get())).flatten());
    let averaged = Memo::new(move |_| averaged.get());
    let shares = Signal::derive(move || {
        averaged.with(|averaged| averaged.as_ref().map(|one| one.greatest(DRAWN)).unwrap_or_default())
    });
    let maps = Memo::new(move |_| {
        seen.with(|seen| {
            let (_, height, width) = seen.shape.chw();
            Maps::new(seen.maps.clone(), (height, width), Ramp::Rectified)
        })
    });
    let example = Signal::derive(move || seen.with(|seen| seen.example.clone()));
    let class_called = Signal::derive(move || cifar10(words.get_locale(), chosen.get()));
    let figure = move |value: Option<f32>| {
        value.map_or_else(|| "–".to_owned(), |value| decimal(words.get_locale(), f64::from(value), 3))
    };
    let of = move |look: fn(&AveragedScore) -> f32| {
        Signal::derive(move || figure(averaged.with(|averaged| averaged.as_ref().map(look))))
    };
    let sum = move || {
        let number = |look: fn(&AveragedScore) -> f32| of(look).get();
        let bias = number(|one| one.bias);
        let added = bias.strip_prefix('−').map_or_else(|| format!("+ {bias}"), |bias| format!("− {bias}"));
        if averaged.with(Option::is_some) { format!("{} {added}", number(AveragedScore::mean)) } else { String::new() }
    };
    let engine = move || figure(seen.with(|seen| seen.scores.get(chosen.get()).copied()).flatten());
    // The scores as bars from nought, between the least and the greatest of them.
    let bar = move |place: usize| {
        let score = Signal::derive(move || seen.with(|seen| seen.scores.get(place).copied()).flatten());
        let width = move || {
            let ends = |scores: &[f32]| {
                scores.iter().fold((0.0_f32, 0.0_f32), |(low, high), &score| (low.min(score), high.max(score)))
            };
            let (low, high) = seen.with(|seen| ends(&seen.scores)).unwrap_or((0.0, 1.0));
            let (all, score) = ((high - low).max(f32::MIN_POSITIVE), score.get().unwrap_or(0.0));
            format!("margin-left:{}%;width:{}%", 100.0 * (score.min(0.0) - low) / all, 100.0 * score.abs() / all)
        };
        let pressed = move || if chosen.get() == place { "true" } else { "false" };
        let value = move || {
            score.get().map_or_else(|| "–".to_owned(), |score| decimal(words.get_locale(), f64::from(score), 2))
        };
        let below = move || score.get().is_some_and(|score| score < 0.0);
        view! {
            <button type="button" class="averaged-class" aria-pressed=pressed on:click=move |_| class.set(place as f64)>
                <span>{move || cifar10(words.get_locale(), place)}{move || (answer.get() == Some(place)).then_some(" ●")}</span>
                <span class="averaged-score" aria-hidden="true"><i class:below=below style=width></i></span>
                <span class="mono">{value}</span>
            </button>
        }
    };
    let title = |name: &'static str| network(name).map_or(name, |graph| graph.title);
    let called = move |name: &'static str| {
        let size = network(name).ok().and_then(|graph| Some(graph.node(ClassActivation::of(&graph)?.maps).shape.chw()));
        let size = size.map_or_else(String::new, |(_, height, width)| format!("{height}×{width}"));
        (
            name,
            Signal::derive(move || t_string!(words, average_pooling.option, name = title(name), size = size.clone())),
        )
    };
    let instead = instead().ok();
    let instead = StoredValue::new(instead);
    let weights = move || {
        instead
            .with_value(|found| found.as_ref().map(|found| count(words.get_locale(), found.1)))
            .unwrap_or_else(|| "–".to_owned())
    };
    let none = move || {
        instead
            .with_value(|found| found.as_ref().map(|found| count(words.get_locale(), found.2)))
            .unwrap_or_else(|| "–".to_owned())
    };
    let shape = move || instead.with_value(|found| found.as_ref().map(|found| found.0.clone())).unwrap_or_default();
    view! {
        <div class="lesson-text">
            <p>{t!(words, average_pooling.what)}</p>
            <div class="facts">
                <Fact name=Signal::derive(move || t_string!(words, average_pooling.connected).to_owned())
                    value=Signal::derive(weights) how=Signal::derive(shape)/>
                <Fact name=Signal::derive(move || t_string!(words, average_pooling.pooled).to_owned()) value=Signal::derive(none)/>
            </div>
            <p>{t!(words, average_pooling.paper_says)}</p>
            <p>{t!(words, average_pooling.where_from)}</p>
            <p class="small soft">{t!(words, average_pooling.honest)}</p>
        </div>
        <div class="lesson-figure">
            <Choice value=name name=Signal::derive(move || t_string!(words, average_pooling.network).to_owned())
                options=NETWORKS.map(|(name, _)| called(name)).to_vec()/>
            <div class="averaged">
                <div class="averaged-left">
                    <PictureChooser knob=picture example/>
                    <div class="averaged-pictures"><Overlay example averaged class=class_called/></div>
                </div>
                <div class="averaged-classes" role="group" aria-label=move || t_string!(words, average_pooling.class)>
                    <span class="caps">{t!(words, average_pooling.scores)}</span>
                    {(0..CLASSES).map(bar).collect_view()}
                </div>
            </div>
            <div class="facts">
                <Fact name=Signal::derive(move || t_string!(words, average_pooling.mean).to_owned()) value=of(AveragedScore::mean)/>
                <Fact name=Signal::derive(move || t_string!(words, average_pooling.bias).to_owned()) value=of(|one| one.bias)/>
                <Fact name=Signal::derive(move || t_string!(words, average_pooling.sum).to_owned()) value=of(AveragedScore::score)
                    how=Signal::derive(sum)/>
                <Fact name=Signal::derive(move || t_string!(words, average_pooling.engine).to_owned()) value=Signal::derive(engine)/>
            </div>
            <div class="averaged-head">
                <h2 class="caps">{move || t_string!(words, average_pooling.maps, class = class_called.get())}</h2>
                <p class="small soft">{t!(words, average_pooling.key)}</p>
            </div>
            <Shares shares maps chosen=map/>
            {failure(seen.error())}
        </div>
    }
}
