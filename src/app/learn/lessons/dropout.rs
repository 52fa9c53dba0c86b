//! Dropout: masks over the units of AlexNet's first full connection, and what the layers behind them answer.

mod answers;
mod units;

use std::rc::Rc;

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::app::clock::yield_to_messages;
use crate::app::learn::address::Knobs;
use crate::app::learn::control::{Choice, Slider};
use crate::app::learn::figure::Fact;
use crate::app::learn::network::{LessonError, Trained, example};
use crate::app::learn::numbers::{count, decimal};
use crate::app::learn::picture::{PictureChooser, picture_knob};
use crate::app::learn::shown::{Shown, failure, refusal};
use crate::app::yielding::Yielder;
use analysis::lesson::dropout::{DropoutMask, LayersAfterDropout, PredictionSum, farthest};
use answers::AnswerTable;
use net::Graph;
use units::Units;

/// The network, the dropout that is shown, what that reads, and the answer.
const NETWORK: &str = "alexnet-cifar10";
const DROPOUT: &str = "drop6";
const BEFORE: &str = "relu6";
const AFTER: &str = "softmax";
/// How many masks can be asked for; the first is what is asked at first.
const MASKS: [(&str, usize); 9] =
    [("20", 20), ("1", 1), ("2", 2), ("5", 5), ("10", 10), ("50", 50), ("100", 100), ("200", 200), ("500", 500)];
/// The last seed before the first comes again.
const SEEDS: usize = 999;

/// How the answers to many masks become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mean {
    Arithmetic,
    Geometric,
}

impl Mean {
    const ALL: [(&str, Self); 2] = [("arithmetic", Self::Arithmetic), ("geometric", Self::Geometric)];

    fn of(self, answers: &PredictionSum) -> Vec<f64> {
        match self {
            Self::Arithmetic => answers.arithmetic(),
            Self::Geometric => answers.geometric(),
        }
    }
}

/// The layers behind the dropout, with their trained tensors.
async fn head() -> Result<Rc<LayersAfterDropout>, LessonError> {
    let network = Trained::open(NETWORK).await?;
    let graph: &Graph = &network.graph;
    let mut tensors = std::collections::BTreeMap::new();
    for (name, _) in LayersAfterDropout::graph(graph, DROPOUT)?.all_tensors() {
        let tensor = network.tensor(&name).await?;
        tensors.insert(name, tensor);
    }
    let head =
        LayersAfterDropout::new(graph, DROPOUT, tensors).map_err(|error| LessonError::Layer(error.to_string()))?;
    Ok(Rc::new(head))
}

/// The lesson.
#[component]
pub(super) fn Dropout(
    /// What can be moved.
    knobs: Knobs,
) -> impl IntoView {
    let words = use_i18n();
    let picture = picture_knob(knobs, 25);
    let rate = knobs.number("rate", 0.5, [0.0, 0.9], 0.05);
    let seed = knobs.whole("seed", 1, [1, SEEDS]);
    let masks = knobs.choice("masks", &MASKS);
    let mean = knobs.choice("mean", &Mean::ALL);
    let whole = Shown::new(move || {
        let index = picture.whole();
        async move {
            let network = Trained::open(NETWORK).await?;
            let example = example(&network.graph, index).await?;
            let mut outputs = network.pass(&example.input, &[BEFORE, AFTER], "").await?;
            let own = outputs.pop().unwrap_or_default();
            Ok((example, outputs.pop().unwrap_or_default(), own))
        }
    });
    let head = Shown::new(head);
    let units = Signal::derive(move || whole.with(|(_, units, _)| units.clone()));
    let own = Signal::derive(move || whole.with(|(.., own)| own.clone()));
    let mask = Memo::new(move |_| {
        let units = whole.with(|(_, units, _)| units.len())?;
        Some(DropoutMask::new(units, rate.get(), seed.whole() as u64, 0))
    });
    // What the layers behind answer to this mask.
    let single = Memo::new(move |_| {
        let (mask, units, head) = (mask.get()?, units.get()?, head.with(Rc::clone)?);
        Some(
            head.predict(&mask.apply(&units))
                .map(|prediction| prediction.probabilities)
                .map_err(|error| error.to_string()),
        )
    });
    let many = Shown::new(move || {
        let (units, head) = (units.get(), head.with(Rc::clone));
        let (rate, seed, count) = (rate.get(), seed.whole() as u64, masks.get());
        async move {
            let Some((units, head)) = units.zip(head) else { return Ok(None) };
            let (mut answers, yielder) =
                (PredictionSum::default(), Yielder::new(None, async || yield_to_messages().await));
            for pass in 0..count {
                let masked = DropoutMask::new(units.len(), rate, seed, pass).apply(&units);
                answers.add(&head.predict(&masked).map_err(|error| LessonError::Layer(error.to_string()))?);
                yielder.yield_if_due().await.map_err(|error| LessonError::Layer(error.to_string()))?;
            }
            Ok(Some(answers))
        }
    });
    let answers = Signal::derive(move || many.with(Option::clone).flatten());
    let means = Signal::derive(move || answers.get().map(|answers| mean.get().of(&answers)));
    let dash = || "–".to_owned();
    let kept = Signal::derive(move || {
        let locale = words.get_locale();
        mask.with(|mask| {
            let mask = mask.as_ref()?;
            Some(format!("{} / {}", count(locale, mask.count() as u64), count(locale, mask.kept.len() as u64)))
        })
        .unwrap_or_else(dash)
    });
    // The sums over all units, and over those of this mask as training scales them.
    let sums = Signal::derive(move || {
        let (mask, units, locale) = (mask.get()?, units.get()?, words.get_locale());
        let sum = |values: &[f32]| decimal(locale, values.iter().map(|value| f64::from(*value)).sum(), 2);
        Some((sum(&mask.apply(&units)), sum(&units)))
    });
    let apart = Signal::derive(move || {
        let (means, own) = (means.get()?, own.get()?);
        Some(decimal(words.get_locale(), farthest(&means, &own), 3))
    });
    // How many of the masks have the answer of the network in use.
    let agree = Signal::derive(move || {
        let (answers, own, locale) = (answers.get()?, own.get()?, words.get_locale());
        let class = (0..own.len()).max_by(|&a, &b| own[a].total_cmp(&own[b]))?;
        let votes = format!("{} / {}", count(locale, answers.votes[class] as u64), count(locale, answers.count as u64));
        Some(votes)
    });
    let another = move |_| {
        let next = seed.whole() % SEEDS + 1;
        seed.set(next as f64);
    };
    let mask_options = {
        let mut all = MASKS.map(|(_, count)| count);
        all.sort_unstable();
        all.map(|masks| (masks, Signal::derive(move || count(words.get_locale(), masks as u64)))).to_vec()
    };
    let mean_options = vec![
        (Mean::Arithmetic, Signal::derive(move || t_string!(words, dropout.arithmetic).to_owned())),
        (Mean::Geometric, Signal::derive(move || t_string!(words, dropout.geometric).to_owned())),
    ];
    view! {
        <div class="lesson-text">
            <p>{t!(words, dropout.what)}</p>
            <p>{t!(words, dropout.here, before = BEFORE)}</p>
            <p>{t!(words, dropout.scaling)}</p>
            <p>{t!(words, dropout.many)}</p>
        </div>
        <div class="lesson-figure">
            <div class="dropout-head">
                <Units values=units mask/>
                <div class="dropout-knobs">
                    <PictureChooser knob=picture example=Signal::derive(move || whole.with(|(example, ..)| example.clone()))/>
                    <div class="dropout-rate">
                    <Slider knob=rate name=Signal::derive(move || t_string!(words, dropout.rate).to_owned())
                        shown=Signal::derive(move || decimal(words.get_locale(), rate.get(), 2))/>
                    <button type="button" on:click=another>{t!(words, dropout.another)}</button>
                    </div>
                </div>
            </div>
            <div class="facts">
                <Fact name=Signal::derive(move || t_string!(words, dropout.kept).to_owned()) value=kept/>
                <Fact name=Signal::derive(move || t_string!(words, dropout.sum_kept).to_owned())
                    value=Signal::derive(move || sums.get().map_or_else(dash, |(kept, _)| kept))/>
                <Fact name=Signal::derive(move || t_string!(words, dropout.sum_all).to_owned())
                    value=Signal::derive(move || sums.get().map_or_else(dash, |(_, all)| all))/>
            </div>
            <div class="dropout-many">
                <span class="small soft">{t!(words, dropout.masks)}</span>
                <Choice value=masks name=Signal::derive(move || t_string!(words, dropout.masks).to_owned()) options=mask_options/>
                <span class="small soft">{t!(words, dropout.mean)}</span>
                <Choice value=mean name=Signal::derive(move || t_string!(words, dropout.mean).to_owned()) options=mean_options/>
            </div>
            <AnswerTable single=Signal::derive(move || single.get()?.ok()) means own count=Signal::derive(move || masks.get()) busy=many.busy()/>
            <div class="facts">
                <Fact name=Signal::derive(move || t_string!(words, dropout.agree).to_owned())
                    value=Signal::derive(move || agree.get().unwrap_or_else(dash))/>
                <Fact name=Signal::derive(move || t_string!(words, dropout.apart).to_owned())
                    value=Signal::derive(move || apart.get().unwrap_or_else(dash))/>
            </div>
            {failure(whole.error())}
            {failure(head.error())}
            {failure(many.error())}
            {move || single.get().and_then(Result::err).map(refusal)}
        </div>
    }
}
