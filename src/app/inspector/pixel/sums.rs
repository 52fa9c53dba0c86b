//! The lines under the grids of a cell: the sum, the bias and the activation function.

use leptos::prelude::*;
use leptos_i18n::td_string;
use words::i18n::Locale;

use super::patches::{MAX_MAPS, SUM_DECIMALS};
use crate::app::wording::format::decimal;
use net::Activation;
use scene::{Arithmetic, Formula};

/// Renders the line that applies the activation function to the sum.
fn activation_line(locale: Locale, activation: Activation, total: f32, output: f32) -> AnyView {
    let total = decimal(total, SUM_DECIMALS);
    let result = view! { <b data-pixel="output">{decimal(output, SUM_DECIMALS)}</b> };
    match activation {
        Activation::ScaledTanh => view! { <p class="mono">"1.7159 tanh(⅔ · " {total} ") = " {result}</p> }.into_any(),
        Activation::Sigmoid => view! { <p class="mono">"1 / (1 + exp(−" {total} ")) = " {result}</p> }.into_any(),
        Activation::Relu => view! { <p class="mono">"max(0, " {total} ") = " {result}</p> }.into_any(),
        Activation::Identity => {
            view! { <p class="mono">{td_string!(locale, pixel.sum.output)}" " {result}</p> }.into_any()
        }
    }
}

/// Renders the lines under the grids: the sum, the bias and the activation function.
pub(super) fn sums(locale: Locale, arithmetic: &Arithmetic) -> AnyView {
    let Arithmetic { patches, formula, sum, total, output, ablation } = arithmetic;
    let number = |value: f32| decimal(value, SUM_DECIMALS);
    let count: usize = patches.iter().map(|patch| patch.values.len()).sum();
    let parts = (2..=MAX_MAPS).contains(&patches.len()).then(|| {
        let parts: Vec<String> = patches.iter().map(|patch| decimal(patch.sum(), 2)).collect();
        view! {
            <p class="mono parts">
                {td_string!(locale, pixel.sum.by_map)}" " {parts.join(" + ").replace("+ −", "− ")}
            </p>
        }
    });
    let signed = |value: f32| format!("{} {}", if value < 0.0 { "−" } else { "+" }, number(value.abs()));
    // The total is for screen readers and scripts: on the screen it equals the output.
    let result = || {
        view! {
            <span data-pixel="sum" class="hidden-text">
                {number(*total)}
            </span>
            <b data-pixel="output">{number(*output)}</b>
        }
    };
    let lines = match *formula {
        Formula::WeightedSum { bias, activation } => view! {
            <p class="mono">
                "Σ " {number(*sum)} " " {signed(bias)} " " {td_string!(locale, pixel.sum.bias)} " = "
                <span data-pixel="sum">{number(*total)}</span>
            </p>
            {activation_line(locale, activation, *total, *output)}
        }
        .into_any(),
        Formula::Subsampled { coefficient, bias, activation } => view! {
            <p class="mono">
                "Σ " {number(*sum)} " · " {number(coefficient)} " " {signed(bias)} " = "
                <span data-pixel="sum">{number(*total)}</span>
            </p>
            {activation_line(locale, activation, *total, *output)}
        }
        .into_any(),
        Formula::Maximum { .. } => {
            view! { <p class="mono">{td_string!(locale, pixel.sum.greatest)} " " {result()}</p> }.into_any()
        }
        Formula::Distance => {
            view! { <p class="mono">{td_string!(locale, pixel.sum.distance)} " " {result()}</p> }.into_any()
        }
        Formula::Mean => {
            view! { <p class="mono">{td_string!(locale, pixel.sum.mean, count = count)} " " {result()}</p> }.into_any()
        }
        Formula::BatchNormalized { mean, deviation, scale, shift } => view! {
            <p class="mono">
                "(" {number(*sum)} " " {td_string!(locale, pixel.sum.minus_mean)} " " {number(mean)} ") / "
                {number(deviation)} " · " {number(scale)} " " {signed(shift)} " = " {result()}
            </p>
        }
        .into_any(),
        Formula::ScaledAndShifted { scale, shift } => {
            let terms = format!("{} · {} {} = ", number(*sum), number(scale), signed(shift));
            view! { <p class="mono">{terms} {result()}</p> }.into_any()
        }
        Formula::ResponseNormalized { value, squares, divisor } => view! {
            <p class="mono">
                {number(value)} " / (k + α · " {number(squares)} ")^β = " {number(value)} " / " {number(divisor)}
                " = " {result()}
            </p>
        }
        .into_any(),
        Formula::Added => view! { <p class="mono">{td_string!(locale, pixel.sum.sum)} " " {result()}</p> }.into_any(),
        Formula::Unchanged => {
            view! { <p class="mono">{td_string!(locale, pixel.sum.unchanged)} " " {result()}</p> }.into_any()
        }
        Formula::Activated(activation) => view! {
            <p class="mono hidden-text">
                <span data-pixel="sum">{number(*total)}</span>
            </p>
            {activation_line(locale, activation, *total, *output)}
        }
        .into_any(),
    };
    let ablation = ablation.map(|(factor, left)| {
        view! {
            <p class="mono ablation-note">
                "× " {decimal(factor, 2)} " " {td_string!(locale, pixel.sum.cut)} " "
                <b data-pixel="left">{number(left)}</b>
            </p>
        }
    });
    view! { <div class="sums">{parts}{lines}{ablation}</div> }.into_any()
}
