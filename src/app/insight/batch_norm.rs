//! Batch normalization after training: a linear function a · x + b of each channel.

use leptos::prelude::*;
use leptos_i18n::{t, t_string, td_string};
use words::i18n::{Locale, use_i18n};

use super::parts::{Found, ONE_OF_TWO, added, bracketed, cells, extent_of, figure, number};
use scene::{Affine, BatchNorm, Insight};

fn with<R>(found: Found, look: impl FnOnce(&BatchNorm) -> R) -> Option<R> {
    found.with(|insight| match insight {
        Some(Insight::BatchNorm(norm)) => Some(look(norm)),
        _ => None,
    })
}

/// Returns a sentence with the linear function of the channel.
fn sentence(locale: Locale, norm: &BatchNorm) -> String {
    match norm.affine {
        Some(Affine { a, b, .. }) => {
            td_string!(locale, insight.line.says, a = number(a), b = added(b))
        }
        None => td_string!(locale, insight.line.none).to_owned(),
    }
}

/// Renders the four numbers of the channel and the linear function that they amount to.
fn line(locale: Locale, affine: &Affine) -> AnyView {
    let Affine { scale, shift, mean, variance, epsilon, a, b } = *affine;
    let [scale, shift, mean, variance] = [scale, shift, mean, variance].map(f64::from);
    let slope = format!("a = γ / √(σ² + ε) = {} / √({} + {epsilon}) = ", number(scale), number(variance));
    let offset = format!("b = β − a · μ = {} − {} · {} = ", number(shift), bracketed(a), bracketed(mean));
    view! {
        <dl class="facts">
            <dt>{td_string!(locale, insight.line.scale)}</dt>
            <dd>{number(scale)}</dd>
            <dt>{td_string!(locale, insight.line.shift)}</dt>
            <dd>{number(shift)}</dd>
            <dt>{td_string!(locale, insight.line.mean)}</dt>
            <dd>{number(mean)}</dd>
            <dt>{td_string!(locale, insight.line.variance)}</dt>
            <dd>{number(variance)}</dd>
        </dl>
        <div class="sums">
            <p class="mono">{slope}<b>{number(a)}</b></p>
            <p class="mono">{offset}<b>{number(b)}</b></p>
        </div>
    }
    .into_any()
}

/// Renders the insight into a batch normalization.
pub(super) fn view(found: Found, columns: usize) -> AnyView {
    let words = use_i18n();
    let picture = move |of: fn(&BatchNorm) -> &Vec<f32>| {
        Signal::derive(move || with(found, |n| cells(of(n), n.columns, extent_of(&[of(n)]))))
    };
    // The linear function changes with the map, but not with the input.
    let affine = Memo::new(move |_| with(found, |n| n.affine).flatten());
    let title = move || with(found, |n| t_string!(words, insight.map, map = n.map + 1));
    view! {
        <h3 class="caps">{t!(words, insight.line.title)}" " <span>{title}</span></h3>
        <p>{move || with(found, |n| sentence(words.get_locale(), n))}</p>
        <div class="insight-maps">
            {figure(picture(|n| &n.before), columns, ONE_OF_TWO, |locale| td_string!(locale, insight.line.before))}
            {figure(picture(|n| &n.after), columns, ONE_OF_TWO, |locale| td_string!(locale, insight.line.after))}
        </div>
        {move || affine.read().as_ref().map(|affine| line(words.get_locale(), affine))}
    }
    .into_any()
}
