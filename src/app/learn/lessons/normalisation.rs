//! Local response normalisation: AlexNet's first maps, the constants, and the order of the layers around it.

mod bars;
mod told;

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::app::learn::address::{Knob, Knobs};
use crate::app::learn::control::{Choice, Slider};
use crate::app::learn::figure::{Fact, Maps};
use crate::app::learn::network::layer_for;
use crate::app::learn::numbers::{count, decimal, percent};
use crate::app::learn::picture::{PictureChooser, picture_knob};
use crate::app::learn::pixel::{PixelKnobs, PixelMap, PixelSliders};
use crate::app::learn::shown::{Shown, failure, refusal};
use analysis::lesson::response_norm::{LayerOrder, NormalizationStage, ValueDifference, squares};
use bars::{Bars, Pixel};
use net::{LocalResponseNorm, Shape};
use scene::paint::Ramp;
use told::{small, vgg};

/// The network whose maps these are, and what both orders read.
const NETWORK: &str = "alexnet-cifar10";
const BEFORE: &str = "conv1";
/// Maps there, and pixels of a side.
const CHANNELS: usize = 48;
const SIDE: usize = 32;
/// Maps that are drawn: the chosen one with one on either side.
const DRAWN: usize = 3;
/// The orders, the paper's first.
const ORDERS: [(&str, LayerOrder); 2] = [("relu-first", LayerOrder::ReluFirst), ("relu-last", LayerOrder::ReluLast)];

/// The constants of the normalisation. Alpha is moved by its power of ten.
#[derive(Clone, Copy)]
struct Constants {
    k: Knob,
    n: Knob,
    alpha: Knob,
    beta: Knob,
}

impl Constants {
    fn new(knobs: Knobs) -> Self {
        Self {
            k: knobs.number("k", 2.0, [0.5, 5.0], 0.5),
            n: knobs.whole("n", 5, [1, 15]),
            alpha: knobs.number("alpha", -4.0, [-5.0, 0.0], 0.5),
            beta: knobs.number("beta", 0.75, [0.0, 1.5], 0.05),
        }
    }

    fn get(self) -> LocalResponseNorm {
        let alpha = 10f64.powf(self.alpha.get());
        LocalResponseNorm { size: self.n.whole(), alpha, beta: self.beta.get(), k: self.k.get() }
    }
}

/// The lesson.
#[component]
pub(super) fn Normalisation(
    /// What can be moved.
    knobs: Knobs,
) -> impl IntoView {
    let words = use_i18n();
    let picture = picture_knob(knobs, 12);
    let constants = Constants::new(knobs);
    let order = knobs.choice("order", &ORDERS);
    let channel = knobs.whole("map", 11, [0, CHANNELS - 1]);
    let pixel = PixelKnobs::new(knobs, [12, 16], SIDE);
    let maps = Shown::new(move || layer_for(NETWORK, BEFORE, picture.whole()));
    // Both orders, the paper's first.
    let both = Memo::new(move |_| {
        let norm = constants.get();
        maps.with(|(_, values, shape)| {
            let run = |order| NormalizationStage::new(order, values, *shape, norm).map_err(|error| error.to_string());
            Ok::<_, String>([run(LayerOrder::ReluFirst)?, run(LayerOrder::ReluLast)?])
        })
    });
    // What `look` sees of the order that is chosen.
    let staged = move |look: &dyn Fn(&NormalizationStage) -> Maps| {
        both.with(|both| {
            let both = both.as_ref()?.as_ref().ok()?;
            Some(look(&both[usize::from(order.get() == LayerOrder::ReluLast)]))
        })
    };
    let ramp = move || if order.get() == LayerOrder::ReluLast { Ramp::Signed } else { Ramp::Rectified };
    let side = (SIDE, SIDE);
    let before = Signal::derive(move || staged(&|staged| Maps::new(staged.before.clone(), side, ramp())));
    let after = Signal::derive(move || staged(&|staged| Maps::new(staged.after.clone(), side, ramp())));
    let apart_maps = Signal::derive(move || {
        both.with(|both| {
            let [first, last] = both.as_ref()?.as_ref().ok()?;
            let (_, height, width) = Shape::chw(first.shape);
            let apart = first.out.iter().zip(&last.out).map(|(first, last)| first - last).collect();
            Some(Maps::new(apart, (height, width), Ramp::Signed))
        })
    });
    let apart = Memo::new(move |_| {
        both.with(|both| {
            let [first, last] = both.as_ref()?.as_ref().ok()?;
            Some(ValueDifference::new(&first.out, &last.out))
        })
    });
    // The factors that are left: the least, and the mean.
    let left = Memo::new(move |_| {
        both.with(|both| both.as_ref()?.as_ref().ok()?[usize::from(order.get() == LayerOrder::ReluLast)].left())
    });
    let values_at = move |maps: Signal<Option<Maps>>| {
        maps.with(|maps| {
            let values = &maps.as_ref()?.values;
            Some(values.iter().skip(pixel.place()).step_by(SIDE * SIDE).copied().collect::<Vec<f32>>())
        })
    };
    let shown = Signal::derive(move || {
        let (before, after) = (values_at(before)?, values_at(after)?);
        let reach = constants.get().neighbours(channel.whole(), before.len());
        Some(Pixel { before, after, channel: channel.whole(), reach })
    });
    let arithmetic = move || {
        let (shown, norm, locale) = (shown.get()?, constants.get(), words.get_locale());
        let (value, result) = (*shown.before.get(shown.channel)?, *shown.after.get(shown.channel)?);
        let sum = squares(&shown.before, norm, shown.channel);
        let number = |value: f64, decimals| decimal(locale, value, decimals);
        Some(format!(
            "{} / ({} + {} · {})^{} = {}",
            number(f64::from(value), 3),
            number(norm.k, 1),
            small(locale, norm.alpha),
            number(sum, 3),
            number(norm.beta, 2),
            number(f64::from(result), 3),
        ))
    };
    let alone = move || {
        let norm = constants.get();
        norm.k.powf(-norm.beta)
    };
    let factor = move |value: f64| format!("×{}", decimal(words.get_locale(), value, 4));
    let dash = || "–".to_owned();
    let neighbours = move || {
        let (least, _) = left.get()?;
        let taken = (1.0 - least / alone()).max(0.0);
        Some(t_string!(words, normalisation.neighbours, most = percent(words.get_locale(), taken, 2)))
    };
    let map_name = move |map: usize| t_string!(words, learn.map, number = count(words.get_locale(), map as u64 + 1));
    let strip = move |maps: Signal<Option<Maps>>, caption: Signal<String>, pixel: Option<PixelKnobs>| {
        let one = (0..DRAWN).map(|place| {
            let map = Signal::derive(move || channel.whole().saturating_sub(1).min(CHANNELS - DRAWN) + place);
            let name = Signal::derive(move || format!("{}: {}", caption.get(), map_name(map.get())));
            match pixel {
                Some(pixel) => view! { <PixelMap maps map side=64.0 name pixel/> }.into_any(),
                None => view! { <PixelMap maps map side=64.0 name/> }.into_any(),
            }
        });
        view! { <div><h2 class="caps">{move || caption.get()}</h2><div class="maps">{one.collect_view()}</div></div> }
    };
    let order_options = vec![
        (LayerOrder::ReluFirst, Signal::derive(move || t_string!(words, normalisation.relu_first).to_owned())),
        (LayerOrder::ReluLast, Signal::derive(move || t_string!(words, normalisation.relu_last).to_owned())),
    ];
    view! {
        <div class="lesson-text">
            <p>{t!(words, normalisation.what)}</p>
            <p aria-live="polite">{move || neighbours().unwrap_or_default()}" "{t!(words, normalisation.small)}</p>
            <p>{t!(words, normalisation.order_says)}</p>
            <p>{move || vgg(words)}</p>
        </div>
        <div class="lesson-figure">
            <div class="norm-head">
                <PictureChooser knob=picture example=Signal::derive(move || maps.with(|(example, ..)| example.clone()))/>
                <Choice value=order name=Signal::derive(move || t_string!(words, normalisation.order).to_owned()) options=order_options/>
            </div>
            <div class="knobs norm-knobs">
                <Slider knob=constants.k name=Signal::derive(|| "k".to_owned()) shown=Signal::derive(move || decimal(words.get_locale(), constants.k.get(), 1))/>
                <Slider knob=constants.n name=Signal::derive(|| "n".to_owned()) shown=Signal::derive(move || count(words.get_locale(), constants.n.whole() as u64))/>
                <Slider knob=constants.alpha name=Signal::derive(|| "α".to_owned()) shown=Signal::derive(move || small(words.get_locale(), constants.get().alpha))/>
                <Slider knob=constants.beta name=Signal::derive(|| "β".to_owned()) shown=Signal::derive(move || decimal(words.get_locale(), constants.beta.get(), 2))/>
            </div>
            <div class="norm-maps">
                {strip(before, Signal::derive(move || t_string!(words, normalisation.before).to_owned()), Some(pixel))}
                {strip(after, Signal::derive(move || t_string!(words, normalisation.after).to_owned()), Some(pixel))}
                {strip(apart_maps, Signal::derive(move || t_string!(words, normalisation.apart_maps).to_owned()), None)}
            </div>
            <div class="knobs norm-knobs">
                <PixelSliders pixel/>
                <Slider knob=channel name=Signal::derive(move || t_string!(words, normalisation.channel).to_owned())
                    shown=Signal::derive(move || count(words.get_locale(), channel.whole() as u64 + 1))/>
            </div>
            <Bars pixel=shown channel/>
            <p class="mono"><output aria-label=move || t_string!(words, normalisation.arithmetic)>{move || arithmetic().unwrap_or_else(dash)}</output></p>
            <div class="facts">
                <Fact name=Signal::derive(move || t_string!(words, normalisation.alone).to_owned()) value=Signal::derive(move || factor(alone()))/>
                <Fact name=Signal::derive(move || t_string!(words, normalisation.mean).to_owned())
                    value=Signal::derive(move || left.get().map_or_else(dash, |(_, mean)| factor(mean)))/>
                <Fact name=Signal::derive(move || t_string!(words, normalisation.strongest).to_owned())
                    value=Signal::derive(move || left.get().map_or_else(dash, |(least, _)| factor(least)))/>
                <Fact name=Signal::derive(move || t_string!(words, normalisation.apart).to_owned())
                    value=Signal::derive(move || apart.get().map_or_else(dash, |apart| percent(words.get_locale(), apart.share, 1)))
                    how=Signal::derive(move || {
                        let greatest = apart.get().map(|apart| small(words.get_locale(), f64::from(apart.greatest)));
                        greatest.map(|by| t_string!(words, normalisation.at_most, by = by)).unwrap_or_default()
                    })/>
            </div>
            {failure(maps.error())}
            {move || both.get().and_then(Result::err).map(refusal)}
        </div>
    }
}
