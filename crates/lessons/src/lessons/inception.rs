//! Inception: the naive module and the module with dimension reductions, at any width.

mod branch_maps;
mod branches;
mod module;
mod published;

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::controls::Slider;
use crate::error::LessonError;
use crate::fact::Fact;
use crate::notices::error_notice;
use crate::picture_chooser::picture_setting;
use crate::settings::Settings;
use analysis::lesson::inception::{BranchLayer, InceptionModule};
use branch_maps::BranchMaps;
use branches::BRANCHES;
use layerscope::app::wording::numbers::count;
use module::{Module, scale_of};
use published::{PublishedModule, WidthSetting, WidthSettings};

/// Returns the multiplications of a layer over maps of `side` (rows, columns), as arithmetic.
fn arithmetic((height, width): (usize, usize), layer: &BranchLayer) -> String {
    let BranchLayer { kernel, from, channels, .. } = layer;
    if *kernel == 1 {
        format!("{height}·{width}·{channels}·{from}")
    } else {
        format!("{height}·{width}·{channels}·{kernel}·{kernel}·{from}")
    }
}

/// The body of the lesson.
#[component]
pub(super) fn Inception(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    match PublishedModule::new() {
        Ok(published) => view! { <Experiment settings published /> }.into_any(),
        Err(error) => error_notice(Signal::derive(move || Some(LessonError::Net(error.clone())))).into_any(),
    }
}

/// The two modules with the sliders of their widths.
#[component]
fn Experiment(
    /// The settings of the lesson.
    settings: Settings,
    /// GoogLeNet's module.
    published: PublishedModule,
) -> impl IntoView {
    let words = use_i18n();
    let picture = picture_setting(settings, 17);
    let widths = WidthSettings::new(settings, published.widths);
    let modules = Memo::new(move |_| {
        let widths = widths.get();
        Some([
            InceptionModule::naive(published.input, widths).ok()?,
            InceptionModule::reduced(published.input, widths).ok()?,
        ])
    });
    let module = move |place: usize| {
        Signal::derive(move || modules.with(|modules| modules.as_ref().map(|modules| modules[place].clone())))
    };
    let scale =
        Signal::derive(move || modules.with(|modules| modules.as_ref().map_or(0.0, |modules| scale_of(modules))));
    let max = Signal::derive(move || {
        let total = |modules: &[InceptionModule; 2]| modules.iter().map(|module| module.graph().total_macs()).max();
        modules.with(|modules| modules.as_ref().and_then(total)).unwrap_or(1)
    });
    let (_, height, width) = published.input.chw();
    // The 5x5 branch of one of the two modules.
    let third = move |place: usize| {
        let values_of =
            move |modules: &[InceptionModule; 2]| (modules[place].multiplications(2), modules[place].branch(2));
        Memo::new(move |_| modules.with(|modules| modules.as_ref().map(values_of)).unwrap_or_default())
    };
    let (direct, through) = (third(0), third(1));
    let value = move |branch: Memo<(u64, Vec<BranchLayer>)>| {
        Signal::derive(move || count(words.get_locale(), branch.with(|branch| branch.0)))
    };
    let how = move |branch: Memo<(u64, Vec<BranchLayer>)>| {
        Signal::derive(move || {
            branch.with(|branch| {
                branch.1.iter().map(|layer| arithmetic((height, width), layer)).collect::<Vec<_>>().join(" + ")
            })
        })
    };
    let number = move |n: usize| move || count(words.get_locale(), n as u64);
    let input = number(published.input.chw().0);
    let grows = move || {
        let [built, naive] = published.last_maps.map(|n| number(n)());
        t_string!(words, inception.grows, from = input(), naive = naive, built = built)
    };
    let first_name = move || t_string!(words, inception.direct, maps = input());
    let [.., five_reduce, _, _] = widths.0;
    let second_name = move || {
        t_string!(words, inception.through, maps = count(words.get_locale(), five_reduce.setting.whole() as u64))
    };
    let sliders = widths.0.map(|WidthSetting { setting, branch, name }| {
        view! {
            <div class=BRANCHES[branch].0>
                <Slider setting name text=move || count(words.get_locale(), setting.whole() as u64) />
            </div>
        }
    });
    let is_changed = move || widths.get() != published.widths;
    view! {
        <div class="lesson-text">
            <p>{t!(words, inception.what)}</p>
            <p>{t!(words, inception.price)}</p>
            <div class="facts inception-third">
                <Fact name=first_name value=value(direct) how=how(direct) />
                <Fact name=second_name value=value(through) how=how(through) />
            </div>
            <p>{grows}</p>
            <p>{t!(words, inception.hebb)}</p>
            <p class="small soft">{t!(words, inception.honest)}</p>
        </div>
        <div class="lesson-figure inception">
            <div class="knobs">{sliders.into_iter().collect_view()}</div>
            <div class="inception-note">
                <p class="small soft">{t!(words, inception.counted)}</p>
                <button type="button" disabled=move || !is_changed() on:click=move |_| widths.reset()>
                    {t!(words, inception.back)}
                </button>
            </div>
            <div class="inception-pair">
                <Module name=move || t_string!(words, inception.naive) module=module(0) scale max />
                <Module name=move || t_string!(words, inception.reduced) module=module(1) scale max />
            </div>
            <BranchMaps picture />
        </div>
    }
}
