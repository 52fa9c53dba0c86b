//! Degradation and the shortcut: our own curves, what the identity asks of a weight, and networks with parts cut.

mod chain;
mod curves;
mod live;
mod tally;

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use self::chain::Identity;
use self::curves::Training;
use self::live::Live;
use crate::app::fetch::fetch;
use crate::app::learn::address::Knobs;
use crate::app::learn::network::LessonError;
use crate::app::learn::numbers::percent;
use crate::app::learn::shown::{Shown, failure};
use analysis::lesson::{EpochErrors, epochs};

/// The networks that were trained by one recipe to be compared, plain ones first, the shallower of two first.
const NETWORKS: [&str; 4] = ["plain20-cifar", "plain56-cifar", "resnet20-cifar", "resnet56-cifar"];

/// How each was trained, in the order of [`NETWORKS`].
type Curves = Vec<Vec<EpochErrors>>;

async fn load() -> Result<Curves, LessonError> {
    let mut all = Vec::new();
    for name in NETWORKS {
        let file = format!("/weights/{name}.csv");
        let missing = |reason: String| LessonError::Missing { file: file.clone(), reason };
        let bytes = fetch(&file).await.map_err(missing)?;
        let text = String::from_utf8_lossy(&bytes);
        all.push(epochs(&text).map_err(|error| LessonError::Layer(error.to_string()))?);
    }
    Ok(all)
}

/// The lesson.
#[component]
pub(super) fn Shortcut(
    /// What can be moved.
    knobs: Knobs,
) -> impl IntoView {
    let words = use_i18n();
    let curves = Shown::new(load);
    // What the curves come to, said in words.
    let outcome = move || {
        let locale = words.get_locale();
        let ends =
            curves.with(|curves| curves.iter().filter_map(|epochs| epochs.last().copied()).collect::<Vec<_>>())?;
        let [plain20, plain56, resnet20, resnet56] = ends.try_into().ok()?;
        let said = |epoch: EpochErrors| percent(locale, epoch.training / 100.0, 2);
        let (plain20, plain56) = (said(plain20), said(plain56));
        let (resnet20, resnet56) = (said(resnet20), said(resnet56));
        Some(t_string!(
            words,
            shortcut.outcome,
            plain20 = plain20,
            plain56 = plain56,
            resnet20 = resnet20,
            resnet56 = resnet56
        ))
    };
    view! {
        <div class="lesson-text shortcut-left">
            <p>{t!(words, shortcut.what)}" "{outcome}</p>
            <p>{t!(words, shortcut.why)}</p>
            <div class="lesson-figure">
                <h2>{move || t_string!(words, shortcut.identity)}</h2>
                <Identity knobs/>
            </div>
            <p class="small soft">{t!(words, shortcut.seen)}</p>
        </div>
        <div class="shortcut-right">
            <div class="lesson-figure">
                <Training knobs curves/>
                {failure(curves.error())}
            </div>
            <div class="lesson-figure">
                <Live knobs/>
            </div>
        </div>
    }
}
