//! The accuracy of the three classifiers on many test pictures.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use super::classifiers::{CLASSIFIERS, NETWORK, classifier_name, probabilities};
use crate::controls::Slider;
use crate::error::LessonError;
use crate::examples::example;
use crate::fact::Fact;
use crate::network::TrainedNetwork;
use crate::notices::error_notice;
use crate::settings::Settings;
use crate::text::dash;
use analysis::lesson::auxiliary::best;
use layerscope::app::wording::numbers::{count, percent};

/// The counts so far.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct AccuracyCounts {
    done: usize,
    all: usize,
    right: [usize; CLASSIFIERS],
}

/// Runs the network over test pictures until the chosen number is reached or the reader stops it.
#[component]
pub(super) fn AccuracyTest(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    let many = settings.number("pictures", 100.0, [50.0, 300.0], 50.0);
    let (counted, error) = (RwSignal::new(AccuracyCounts::default()), RwSignal::new(None::<LessonError>));
    // The number of the latest run. A run stops when it is no longer the latest or the lesson is left.
    let (run, running) = (StoredValue::new(0_u32), RwSignal::new(false));
    let count_all = move |number: u32, all: usize| async move {
        let network = TrainedNetwork::open(NETWORK).await?;
        for index in 0..all {
            let example = example(&network.graph, index).await?;
            let answers = network.pass(&example.input, &probabilities(&network.graph), "").await?;
            if run.try_get_value() != Some(number) {
                return Ok::<(), LessonError>(());
            }
            let was = |values: &Vec<f32>| best(values) == Some(example.class);
            counted.try_update(|counted| {
                counted.done += 1;
                for (right, values) in counted.right.iter_mut().zip(&answers) {
                    *right += usize::from(was(values));
                }
            });
        }
        Ok(())
    };
    let press = move |_| {
        run.update_value(|number| *number += 1);
        if running.get_untracked() {
            running.set(false);
            return;
        }
        let (number, all) = (run.get_value(), many.whole());
        counted.set(AccuracyCounts { all, ..AccuracyCounts::default() });
        error.set(None);
        running.set(true);
        spawn_local(async move {
            let outcome = count_all(number, all).await;
            if run.try_get_value() == Some(number) {
                error.try_set(outcome.err());
                running.try_set(false);
            }
        });
    };
    let label = move || {
        if running.get() { t_string!(words, side_classifiers.stop) } else { t_string!(words, side_classifiers.start) }
    };
    let status = move || {
        let (locale, AccuracyCounts { done, all, .. }) = (words.get_locale(), counted.get());
        let (done, all) = (count(locale, done as u64), count(locale, all as u64));
        (all != "0").then(|| t_string!(words, side_classifiers.progress, done = done, all = all))
    };
    let right = move |place: usize| {
        let value = move || {
            let AccuracyCounts { done, right, .. } = counted.get();
            if done == 0 { dash() } else { percent(words.get_locale(), right[place] as f64 / done as f64, 1) }
        };
        let how = move || {
            let (locale, AccuracyCounts { done, right, .. }) = (words.get_locale(), counted.get());
            if done == 0 {
                String::new()
            } else {
                format!("{} / {}", count(locale, right[place] as u64), count(locale, done as u64))
            }
        };
        let name = move || t_string!(words, side_classifiers.right, name = classifier_name(words.get_locale(), place));
        view! { <Fact name=name value=value how=how /> }
    };
    view! {
        <h2 class="caps side-part">{t!(words, side_classifiers.how_often)}</h2>
        <div class="side-run">
            <Slider
                setting=many
                name=move || t_string!(words, side_classifiers.pictures)
                text=move || count(words.get_locale(), many.whole() as u64)
            />
            <button type="button" on:click=press>
                {label}
            </button>
            <div class="side-progress">
                <progress
                    max=move || counted.get().all.max(1)
                    value=move || counted.get().done
                    aria-label=move || t_string!(words, side_classifiers.how_often)
                ></progress>
                <p class="small soft" role="status">
                    {status}
                </p>
            </div>
        </div>
        <div class="facts side-three">{(0..CLASSIFIERS).map(right).collect_view()}</div>
        {error_notice(error.into())}
    }
}
