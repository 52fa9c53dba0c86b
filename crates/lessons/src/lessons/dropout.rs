//! Dropout: masks over the units of AlexNet's first fully connected layer, and the predictions of the layers after it.

mod predictions;
mod units;

use std::rc::Rc;

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::controls::{ChoiceButtons, Slider};
use crate::error::LessonError;
use crate::examples::example;
use crate::fact::Fact;
use crate::latest::LatestResult;
use crate::network::TrainedNetwork;
use crate::notices::{error_notice, refusal_notice};
use crate::picture_chooser::{PictureChooser, picture_setting};
use crate::settings::Settings;
use crate::text::dash;
use analysis::lesson::dropout::{DropoutMask, LayersAfterDropout, PredictionSum, farthest};
use layerscope::app::browser::clock::yield_to_messages;
use layerscope::app::browser::yielding::Yielder;
use layerscope::app::wording::numbers::{count, decimal};
use net::Graph;
use predictions::PredictionTable;
use units::Units;

/// The network, the dropout layer, its input and the output.
const NETWORK: &str = "alexnet-cifar10";
const DROPOUT: &str = "drop6";
const BEFORE: &str = "relu6";
const AFTER: &str = "softmax";
/// The numbers of masks to choose from; the first is the default.
const MASKS: [(&str, usize); 9] =
    [("20", 20), ("1", 1), ("2", 2), ("5", 5), ("10", 10), ("50", 50), ("100", 100), ("200", 200), ("500", 500)];
/// The greatest seed.
const SEEDS: usize = 999;

/// The mean of the predictions with many masks.
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

/// Returns the layers after the dropout, with their trained tensors.
async fn head() -> Result<Rc<LayersAfterDropout>, LessonError> {
    let network = TrainedNetwork::open(NETWORK).await?;
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

/// The body of the lesson.
#[component]
pub(super) fn Dropout(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    let picture = picture_setting(settings, 25);
    let rate = settings.number("rate", 0.5, [0.0, 0.9], 0.05);
    let seed = settings.whole("seed", 1, [1, SEEDS]);
    let masks = settings.choice("masks", &MASKS);
    let mean = settings.choice("mean", &Mean::ALL);
    let whole = LatestResult::new(move || {
        let index = picture.whole();
        async move {
            let network = TrainedNetwork::open(NETWORK).await?;
            let example = example(&network.graph, index).await?;
            let mut outputs = network.pass(&example.input, &[BEFORE, AFTER], "").await?;
            let own = outputs.pop().unwrap_or_default();
            Ok((example, outputs.pop().unwrap_or_default(), own))
        }
    });
    let head = LatestResult::new(head);
    let units = Signal::derive(move || whole.with(|(_, units, _)| units.clone()));
    let own = Signal::derive(move || whole.with(|(.., own)| own.clone()));
    let mask = Memo::new(move |_| {
        let units = whole.with(|(_, units, _)| units.len())?;
        Some(DropoutMask::new(units, rate.get(), seed.whole() as u64, 0))
    });
    // The prediction with this mask.
    let single = Memo::new(move |_| {
        let (mask, units, head) = (mask.get()?, units.get()?, head.with(Rc::clone)?);
        Some(head.predict(&mask.apply(&units)).map(|answer| answer.probabilities).map_err(|error| error.to_string()))
    });
    let many = LatestResult::new(move || {
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
    let kept = Signal::derive(move || {
        let locale = words.get_locale();
        mask.with(|mask| {
            let mask = mask.as_ref()?;
            Some(format!("{} / {}", count(locale, mask.count() as u64), count(locale, mask.kept.len() as u64)))
        })
        .unwrap_or_else(dash)
    });
    // The sum over all units, and over the units of this mask as training scales them.
    let sums = Signal::derive(move || {
        let (mask, units, locale) = (mask.get()?, units.get()?, words.get_locale());
        let sum = |values: &[f32]| decimal(locale, values.iter().map(|value| f64::from(*value)).sum(), 2);
        Some((sum(&mask.apply(&units)), sum(&units)))
    });
    let difference = Signal::derive(move || {
        let (means, own) = (means.get()?, own.get()?);
        Some(decimal(words.get_locale(), farthest(&means, &own), 3))
    });
    // The number of masks with the same top class as the network without dropout.
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
                <Units values=units mask />
                <div class="dropout-knobs">
                    <PictureChooser
                        setting=picture
                        example=Signal::derive(move || whole.with(|(example, ..)| example.clone()))
                    />
                    <div class="dropout-rate">
                        <Slider
                            setting=rate
                            name=move || t_string!(words, dropout.rate)
                            text=move || decimal(words.get_locale(), rate.get(), 2)
                        />
                        <button type="button" on:click=another>
                            {t!(words, dropout.another)}
                        </button>
                    </div>
                </div>
            </div>
            <div class="facts">
                <Fact name=move || t_string!(words, dropout.kept) value=kept />
                <Fact
                    name=move || t_string!(words, dropout.sum_kept)
                    value=move || sums.get().map_or_else(dash, |(kept, _)| kept)
                />
                <Fact
                    name=move || t_string!(words, dropout.sum_all)
                    value=move || sums.get().map_or_else(dash, |(_, all)| all)
                />
            </div>
            <div class="dropout-many">
                <span class="small soft">{t!(words, dropout.masks)}</span>
                <ChoiceButtons value=masks name=move || t_string!(words, dropout.masks) options=mask_options />
                <span class="small soft">{t!(words, dropout.mean)}</span>
                <ChoiceButtons value=mean name=move || t_string!(words, dropout.mean) options=mean_options />
            </div>
            <PredictionTable
                single=Signal::derive(move || single.get()?.ok())
                means
                own
                count=Signal::derive(move || masks.get())
                busy=many.busy()
            />
            <div class="facts">
                <Fact name=move || t_string!(words, dropout.agree) value=move || agree.get().unwrap_or_else(dash) />
                <Fact
                    name=move || t_string!(words, dropout.apart)
                    value=move || difference.get().unwrap_or_else(dash)
                />
            </div>
            {error_notice(whole.error())}
            {error_notice(head.error())}
            {error_notice(many.error())}
            {move || single.get().and_then(Result::err).map(refusal_notice)}
        </div>
    }
}
