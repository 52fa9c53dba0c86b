//! Degradation and the shortcut: training curves, the identity with and without a shortcut, and ablations of blocks.

mod ablation;
mod accuracy;
mod curve_fact;
mod curves;
mod identity;
mod training_log;
mod unablated;

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use self::ablation::BlockAblation;
use self::curves::TrainingCurves;
use self::identity::Identity;
use self::training_log::load;
use crate::latest::LatestResult;
use crate::notices::error_notice;
use crate::settings::Settings;
use analysis::lesson::EpochErrors;
use layerscope::app::wording::numbers::percent;

/// The body of the lesson.
#[component]
pub(super) fn Shortcut(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    let curves = LatestResult::new(load);
    // The final errors of the curves, as a sentence.
    let outcome = move || {
        let locale = words.get_locale();
        let ends =
            curves.with(|curves| curves.iter().filter_map(|epochs| epochs.last().copied()).collect::<Vec<_>>())?;
        let [plain20, plain56, resnet20, resnet56] = ends.try_into().ok()?;
        let error = |epoch: EpochErrors| percent(locale, epoch.training / 100.0, 2);
        let (plain20, plain56) = (error(plain20), error(plain56));
        let (resnet20, resnet56) = (error(resnet20), error(resnet56));
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
                <Identity settings />
            </div>
            <p class="small soft">{t!(words, shortcut.seen)}</p>
        </div>
        <div class="shortcut-right">
            <div class="lesson-figure">
                <TrainingCurves settings curves />
                {error_notice(curves.error())}
            </div>
            <div class="lesson-figure">
                <BlockAblation settings />
            </div>
        </div>
    }
}
