//! Local response normalization: AlexNet's first maps, the constants, and the order of the layers around it.

mod bars;
mod constants;
mod vgg;

use leptos::prelude::*;
use leptos_i18n::{t, t_string};
use words::i18n::use_i18n;

use crate::cell::{CellMap, CellSettings, CellSliders};
use crate::controls::{ChoiceButtons, Slider};
use crate::examples::layer_for;
use crate::fact::Fact;
use crate::latest::LatestResult;
use crate::maps::Maps;
use crate::notices::{error_notice, refusal_notice};
use crate::picture_chooser::{PictureChooser, picture_setting};
use crate::settings::Settings;
use crate::text::dash;
use analysis::lesson::response_norm::{LayerOrder, NormalizationStage, ValueDifference, squares};
use bars::{CellBars, CellValues};
use constants::NormConstants;
use layerscope::app::wording::numbers::{count, decimal, percent};
use net::Shape;
use scene::paint::Ramp;
use vgg::{small, vgg};

/// The network, and the layer before both orders.
const NETWORK: &str = "alexnet-cifar10";
const BEFORE: &str = "conv1";
/// The number of maps of that layer, and the side of a map in pixels.
const CHANNELS: usize = 48;
const SIDE: usize = 32;
/// The number of maps shown: the chosen one and its neighbours.
const DRAWN: usize = 3;
/// The orders, the paper's first.
const ORDERS: [(&str, LayerOrder); 2] = [("relu-first", LayerOrder::ReluFirst), ("relu-last", LayerOrder::ReluLast)];

/// The body of the lesson.
#[component]
pub(super) fn Normalisation(
    /// The settings of the lesson.
    settings: Settings,
) -> impl IntoView {
    let words = use_i18n();
    let picture = picture_setting(settings, 12);
    let constants = NormConstants::new(settings);
    let order = settings.choice("order", &ORDERS);
    let channel = settings.whole("map", 11, [0, CHANNELS - 1]);
    let pixel = CellSettings::new(settings, [12, 16], SIDE);
    let maps = LatestResult::new(move || layer_for(NETWORK, BEFORE, picture.whole()));
    // Both orders, the paper's first.
    let both = Memo::new(move |_| {
        let norm = constants.get();
        maps.with(|(_, values, shape)| {
            let run = |order| NormalizationStage::new(order, values, *shape, norm).map_err(|error| error.to_string());
            Ok::<_, String>([run(LayerOrder::ReluFirst)?, run(LayerOrder::ReluLast)?])
        })
    });
    // Applies `look` to the chosen order.
    let chosen_stage = move |look: &dyn Fn(&NormalizationStage) -> Maps| {
        both.with(|both| {
            let both = both.as_ref()?.as_ref().ok()?;
            Some(look(&both[usize::from(order.get() == LayerOrder::ReluLast)]))
        })
    };
    let ramp = move || if order.get() == LayerOrder::ReluLast { Ramp::Signed } else { Ramp::Rectified };
    let side = (SIDE, SIDE);
    let before = Signal::derive(move || chosen_stage(&|stage| Maps::new(stage.before.clone(), side, ramp())));
    let after = Signal::derive(move || chosen_stage(&|stage| Maps::new(stage.after.clone(), side, ramp())));
    let difference_maps = Signal::derive(move || {
        both.with(|both| {
            let [first, last] = both.as_ref()?.as_ref().ok()?;
            let (_, height, width) = Shape::chw(first.shape);
            let difference = first.out.iter().zip(&last.out).map(|(first, last)| first - last).collect();
            Some(Maps::new(difference, (height, width), Ramp::Signed))
        })
    });
    let difference = Memo::new(move |_| {
        both.with(|both| {
            let [first, last] = both.as_ref()?.as_ref().ok()?;
            Some(ValueDifference::new(&first.out, &last.out))
        })
    });
    // The factors that remain: the least and the mean.
    let left = Memo::new(move |_| {
        both.with(|both| both.as_ref()?.as_ref().ok()?[usize::from(order.get() == LayerOrder::ReluLast)].left())
    });
    let values_at = move |maps: Signal<Option<Maps>>| {
        maps.with(|maps| {
            let values = &maps.as_ref()?.values;
            Some(values.iter().skip(pixel.place()).step_by(SIDE * SIDE).copied().collect::<Vec<f32>>())
        })
    };
    let cell = Signal::derive(move || {
        let (before, after) = (values_at(before)?, values_at(after)?);
        let reach = constants.get().neighbours(channel.whole(), before.len());
        Some(CellValues { before, after, channel: channel.whole(), reach })
    });
    let arithmetic = move || {
        let (cell, norm, locale) = (cell.get()?, constants.get(), words.get_locale());
        let (value, result) = (*cell.before.get(cell.channel)?, *cell.after.get(cell.channel)?);
        let sum = squares(&cell.before, norm, cell.channel);
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
    let neighbours = move || {
        let (least, _) = left.get()?;
        let taken = (1.0 - least / alone()).max(0.0);
        Some(t_string!(words, normalisation.neighbours, most = percent(words.get_locale(), taken, 2)))
    };
    let map_name = move |map: usize| t_string!(words, learn.map, number = count(words.get_locale(), map as u64 + 1));
    let strip = move |maps: Signal<Option<Maps>>, caption: Signal<String>, pixel: Option<CellSettings>| {
        let one = (0..DRAWN).map(|place| {
            let map = Signal::derive(move || channel.whole().saturating_sub(1).min(CHANNELS - DRAWN) + place);
            let name = Signal::derive(move || format!("{}: {}", caption.get(), map_name(map.get())));
            match pixel {
                Some(pixel) => view! { <CellMap maps map side=64.0 name pixel /> }.into_any(),
                None => view! { <CellMap maps map side=64.0 name /> }.into_any(),
            }
        });
        view! {
            <div>
                <h2 class="caps">{move || caption.get()}</h2>
                <div class="maps">{one.collect_view()}</div>
            </div>
        }
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
                <PictureChooser
                    setting=picture
                    example=Signal::derive(move || maps.with(|(example, ..)| example.clone()))
                />
                <ChoiceButtons value=order name=move || t_string!(words, normalisation.order) options=order_options />
            </div>
            <div class="knobs norm-knobs">
                <Slider setting=constants.k name="k" text=move || decimal(words.get_locale(), constants.k.get(), 1) />
                <Slider
                    setting=constants.n
                    name="n"
                    text=move || count(words.get_locale(), constants.n.whole() as u64)
                />
                <Slider
                    setting=constants.alpha
                    name="α"
                    text=move || small(words.get_locale(), constants.get().alpha)
                />
                <Slider
                    setting=constants.beta
                    name="β"
                    text=move || decimal(words.get_locale(), constants.beta.get(), 2)
                />
            </div>
            <div class="norm-maps">
                {strip(before, Signal::derive(move || t_string!(words, normalisation.before).to_owned()), Some(pixel))}
                {strip(after, Signal::derive(move || t_string!(words, normalisation.after).to_owned()), Some(pixel))}
                {strip(
                    difference_maps,
                    Signal::derive(move || t_string!(words, normalisation.apart_maps).to_owned()),
                    None,
                )}
            </div>
            <div class="knobs norm-knobs">
                <CellSliders pixel />
                <Slider
                    setting=channel
                    name=move || t_string!(words, normalisation.channel)
                    text=move || count(words.get_locale(), channel.whole() as u64 + 1)
                />
            </div>
            <CellBars cell channel />
            <p class="mono">
                <output aria-label=move || {
                    t_string!(words, normalisation.arithmetic)
                }>{move || arithmetic().unwrap_or_else(dash)}</output>
            </p>
            <div class="facts">
                <Fact name=move || t_string!(words, normalisation.alone) value=move || factor(alone()) />
                <Fact
                    name=move || t_string!(words, normalisation.mean)
                    value=move || left.get().map_or_else(dash, |(_, mean)| factor(mean))
                />
                <Fact
                    name=move || t_string!(words, normalisation.strongest)
                    value=move || left.get().map_or_else(dash, |(least, _)| factor(least))
                />
                <Fact
                    name=move || t_string!(words, normalisation.apart)
                    value=move || {
                        difference
                            .get()
                            .map_or_else(dash, |difference| percent(words.get_locale(), difference.share, 1))
                    }
                    how=Signal::derive(move || {
                        let greatest = difference
                            .get()
                            .map(|difference| small(words.get_locale(), f64::from(difference.greatest)));
                        greatest.map(|by| t_string!(words, normalisation.at_most, by = by)).unwrap_or_default()
                    })
                />
            </div>
            {error_notice(maps.error())}
            {move || both.get().and_then(Result::err).map(refusal_notice)}
        </div>
    }
}
