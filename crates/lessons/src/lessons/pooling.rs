//! Overlapping pooling: windows of any size and stride over AlexNet's first maps.

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::controls::Slider;
use crate::examples::layer_for;
use crate::fact::Fact;
use crate::latest::LatestResult;
use crate::maps::{MapStrip, Maps};
use crate::notices::{error_notice, refusal_notice};
use crate::picture_chooser::{PictureChooser, picture_setting};
use crate::settings::Settings;
use crate::text::{dash, square};
use analysis::lesson::PooledMaps;
use layerscope::app::wording::numbers::{count, percent};
use net::Shape;
use scene::paint::Ramp;

/// The network, and the input of its first pooling layer.
const NETWORK: &str = "alexnet-cifar10";
const BEFORE: &str = "norm1";
/// The number of maps shown.
const DRAWN: usize = 8;

/// The body of the lesson.
#[component]
pub(super) fn Pooling(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    let picture = picture_setting(settings, 17);
    let (kernel, stride) = (settings.whole("window", 3, [2, 6]), settings.whole("stride", 2, [1, 6]));
    let maps = LatestResult::new(move || layer_for(NETWORK, BEFORE, picture.whole()));
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
    // A number from the pooled maps, a dash before they are there.
    let of = move |figure: fn(&PooledMaps) -> String| {
        Signal::derive(move || {
            words.get_locale();
            pooled.with(|pooled| pooled.as_ref()?.as_ref().ok().map(figure)).unwrap_or_else(dash)
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
            <PictureChooser
                setting=picture
                example=Signal::derive(move || maps.with(|(example, ..)| example.clone()))
            />
            <div class="knobs">
                <Slider
                    setting=kernel
                    name=move || t_string!(words, pooling.window)
                    text=Signal::derive(move || square(kernel.whole()))
                />
                <Slider
                    setting=stride
                    name=move || t_string!(words, pooling.stride)
                    text=move || count(words.get_locale(), stride.whole() as u64)
                />
            </div>
            <h2 class="caps">{t!(words, pooling.before)}</h2>
            <MapStrip maps=before max=DRAWN side=80.0 name=move || t_string!(words, pooling.before) />
            <h2 class="caps">{t!(words, pooling.after)}</h2>
            <MapStrip maps=after max=DRAWN side=80.0 name=move || t_string!(words, pooling.after) />
            <div class="facts">
                <Fact name=move || t_string!(words, pooling.size) value=of(|pooled| pooled.shape.to_string()) />
                <Fact
                    name=move || t_string!(words, pooling.survive)
                    value=move || kept.get().map_or_else(dash, |(.., share)| share)
                    how=Signal::derive(move || {
                        kept.get().map(|(some, all, _)| format!("{some} / {all}")).unwrap_or_default()
                    })
                />
            </div>
            {error_notice(maps.error())}
            {move || pooled.get().and_then(Result::err).map(refusal_notice)}
        </div>
    }
}
