//! Batch normalisation once trained: a line.

use leptos::prelude::*;

use super::parts::{Found, ONE_OF_TWO, added, bracketed, cells, extent_of, figure, number};
use crate::stage::{Affine, BatchNorm, Insight};

fn with<R>(found: Found, look: impl FnOnce(&BatchNorm) -> R) -> Option<R> {
    found.with(|insight| match insight {
        Some(Insight::BatchNorm(norm)) => Some(look(norm)),
        _ => None,
    })
}

fn sentence(norm: &BatchNorm) -> String {
    match norm.affine {
        Some(Affine { a, b, .. }) => {
            format!(
                "With the statistics of training this is one line for the whole map: y = {} x {}.",
                number(a),
                added(b)
            )
        }
        None => "The numbers of this map are not here yet.".to_owned(),
    }
}

/// The four numbers of the channel, and what they come to.
fn line(affine: &Affine) -> AnyView {
    let Affine { scale, shift, mean, variance, epsilon, a, b } = *affine;
    let [scale, shift, mean, variance] = [scale, shift, mean, variance].map(f64::from);
    let slope = format!("a = γ / √(σ² + ε) = {} / √({} + {epsilon}) = ", number(scale), number(variance));
    let offset = format!("b = β − a · μ = {} − {} · {} = ", number(shift), bracketed(a), bracketed(mean));
    view! {
        <dl class="facts">
            <dt>"scale γ"</dt><dd>{number(scale)}</dd>
            <dt>"shift β"</dt><dd>{number(shift)}</dd>
            <dt>"mean μ"</dt><dd>{number(mean)}</dd>
            <dt>"variance σ²"</dt><dd>{number(variance)}</dd>
        </dl>
        <div class="sums">
            <p class="mono">{slope}<b>{number(a)}</b></p>
            <p class="mono">{offset}<b>{number(b)}</b></p>
        </div>
    }
    .into_any()
}

pub(super) fn view(found: Found, columns: usize) -> AnyView {
    let picture = move |of: fn(&BatchNorm) -> &Vec<f32>| {
        Signal::derive(move || with(found, |n| cells(of(n), n.columns, extent_of(&[of(n)]))))
    };
    // The line changes with the map, not with the picture that is passed.
    let affine = Memo::new(move |_| with(found, |n| n.affine).flatten());
    let title = move || with(found, |n| format!("· map {}", n.map + 1));
    view! {
        <h3 class="caps">"One line " <span>{title}</span></h3>
        <p>{move || with(found, sentence)}</p>
        <div class="insight-maps">
            {figure(picture(|n| &n.before), columns, ONE_OF_TWO, "before, x")}
            {figure(picture(|n| &n.after), columns, ONE_OF_TWO, "after, y")}
        </div>
        {move || affine.read().as_ref().map(line)}
    }
    .into_any()
}
