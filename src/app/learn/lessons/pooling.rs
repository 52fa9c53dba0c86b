//! Overlapping pooling: windows of a size and a stride over AlexNet's first maps.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::app::learn::address::Knobs;
use crate::app::learn::control::Slider;
use crate::app::learn::figure::{Fact, MapStrip, Maps};
use crate::app::learn::network::layer_for;
use crate::app::learn::numbers::{count, percent};
use crate::app::learn::picture::{PictureChooser, picture_knob};
use crate::app::learn::shown::{Shown, failure, refusal};
use analysis::lesson::PooledMaps;
use net::Shape;
use scene::paint::Ramp;

/// The network whose maps are pooled, and what its pooling reads.
const NETWORK: &str = "alexnet-cifar10";
const BEFORE: &str = "norm1";
/// So many of the maps are drawn.
const DRAWN: usize = 8;

/// The lesson.
#[component]
pub(super) fn Pooling(
    /// What can be moved.
    knobs: Knobs,
) -> impl IntoView {
    let words = use_i18n();
    let picture = picture_knob(knobs, 17);
    let (kernel, stride) = (knobs.whole("window", 3, [2, 6]), knobs.whole("stride", 2, [1, 6]));
    let maps = Shown::new(move || layer_for(NETWORK, BEFORE, picture.whole()));
    let pooled = Memo::new(move |_| {
        maps.with(|(_, values, shape)| {
            PooledMaps::new(values, *shape, kernel.whole(), stride.whole()).map_err(|error| error.to_string())
        })
    });
    let size = |shape: Shape| (shape.chw().1, shape.chw().2);
    let before = Signal::derive(move || {
        maps.with(|(_, values, shape)| Maps::new(values.clone(), size(*shape), Ramp::Rectified))
    });
    let after = Signal::derive(move || {
        let pooled = pooled.get()?.ok()?;
        Some(Maps::new(pooled.values, size(pooled.shape), Ramp::Rectified))
    });
    // A figure of what is pooled; a dash until it is there.
    let of = move |figure: fn(&PooledMaps) -> String| {
        Signal::derive(move || {
            words.get_locale();
            pooled.with(|pooled| pooled.as_ref()?.as_ref().ok().map(figure)).unwrap_or_else(|| "–".to_owned())
        })
    };
    let kept = Signal::derive(move || {
        let (pooled, all) = (pooled.get()?.ok()?, maps.with(|(_, values, _)| values.len())?);
        let locale = words.get_locale();
        let (survivors, share) = (pooled.survivors as u64, pooled.survivors as f64 / all as f64);
        Some((count(locale, survivors), count(locale, all as u64), percent(locale, share, 1)))
    });
    let shares = move || {
        if kernel.whole() > stride.whole() {
            t_string!(words, pooling.overlap, shared = of(|pooled| pooled.shared.to_string()).get())
        } else if kernel.whole() == stride.whole() {
            t_string!(words, pooling.touch).to_owned()
        } else {
            t_string!(words, pooling.gaps).to_owned()
        }
    };
    view! {
        <div class="lesson-text">
            <p>{t!(words, pooling.what)}</p>
            <p>{t!(words, pooling.paper_says)}</p>
            <p aria-live="polite">{shares}</p>
        </div>
        <div class="lesson-figure">
            <PictureChooser knob=picture example=Signal::derive(move || maps.with(|(example, ..)| example.clone()))/>
            <div class="knobs">
                <Slider knob=kernel name=Signal::derive(move || t_string!(words, pooling.window).to_owned())
                    shown=Signal::derive(move || { let k = kernel.whole(); format!("{k}×{k}") })/>
                <Slider knob=stride name=Signal::derive(move || t_string!(words, pooling.stride).to_owned())
                    shown=Signal::derive(move || count(words.get_locale(), stride.whole() as u64))/>
            </div>
            <h2 class="caps">{t!(words, pooling.before)}</h2>
            <MapStrip maps=before most=DRAWN side=80.0 name=Signal::derive(move || t_string!(words, pooling.before).to_owned())/>
            <h2 class="caps">{t!(words, pooling.after)}</h2>
            <MapStrip maps=after most=DRAWN side=80.0 name=Signal::derive(move || t_string!(words, pooling.after).to_owned())/>
            <div class="facts">
                <Fact name=Signal::derive(move || t_string!(words, pooling.size).to_owned()) value=of(|pooled| pooled.shape.to_string())/>
                <Fact name=Signal::derive(move || t_string!(words, pooling.survive).to_owned())
                    value=Signal::derive(move || kept.get().map_or_else(|| "–".to_owned(), |(.., share)| share))
                    how=Signal::derive(move || kept.get().map(|(some, all, _)| format!("{some} / {all}")).unwrap_or_default())/>
            </div>
            {failure(maps.error())}
            {move || pooled.get().and_then(Result::err).map(refusal)}
        </div>
    }
}
