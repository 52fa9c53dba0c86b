//! Numbers as people of a language read them: the browser knows how.

use std::cell::RefCell;

use js_sys::{Array, Function, Intl};
use leptos_i18n::Locale as _;
use wasm_bindgen::{JsCast, JsValue};
use words::i18n::Locale;

/// How a number is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// As a whole number in groups.
    Whole,
    /// In few digits.
    Compact,
    /// With so many decimals.
    Decimals(u8),
    /// In percent with so many decimals.
    Percent(u8),
}

thread_local! {
    /// The browser's functions: to make one takes much longer than to call it, and a chart has hundreds of numbers.
    static KNOWN: RefCell<Vec<((Locale, Style), Function)>> = const { RefCell::new(Vec::new()) };
}

fn fraction(options: &Intl::NumberFormatOptions, least: u8, most: u8) {
    options.set_minimum_fraction_digits(least);
    options.set_maximum_fraction_digits(most);
}

fn made(locale: Locale, style: Style) -> Function {
    let options = Intl::NumberFormatOptions::new();
    match style {
        Style::Whole => {}
        Style::Compact => {
            options.set_notation(Intl::NumberFormatNotation::Compact);
            fraction(&options, 0, 1);
        }
        Style::Decimals(decimals) => fraction(&options, decimals, decimals),
        Style::Percent(decimals) => {
            options.set_style(Intl::NumberFormatStyle::Percent);
            fraction(&options, decimals, decimals);
        }
    }
    Intl::NumberFormat::new(&Array::of1(&locale.as_str().into()), options.unchecked_ref()).format()
}

fn localised(locale: Locale, value: f64, style: Style) -> String {
    let format = KNOWN.with_borrow_mut(|known| {
        if let Some((_, format)) = known.iter().find(|(key, _)| *key == (locale, style)) {
            return format.clone();
        }
        let format = made(locale, style);
        known.push(((locale, style), format.clone()));
        format
    });
    let text = format.call1(&JsValue::UNDEFINED, &value.into());
    // The browser's own function takes every number.
    text.ok().and_then(|text| text.as_string()).unwrap_or_else(|| value.to_string())
}

/// A whole number, in groups: `61,100,840`.
pub(super) fn count(locale: Locale, n: u64) -> String {
    localised(locale, n as f64, Style::Whole)
}

/// A large number in few digits: `120.4M`, `1.2亿`.
pub(super) fn compact(locale: Locale, n: f64) -> String {
    localised(locale, n, Style::Compact)
}

/// A number with so many decimals and a true minus sign.
pub(super) fn decimal(locale: Locale, value: f64, decimals: u8) -> String {
    // What is rounded to nothing has no sign.
    let shown = if value.abs() < 0.5 * 0.1_f64.powi(i32::from(decimals)) { 0.0 } else { value };
    localised(locale, shown, Style::Decimals(decimals)).replace('-', "−")
}

/// A share of one, in percent with so many decimals.
pub(super) fn percent(locale: Locale, share: f64, decimals: u8) -> String {
    localised(locale, share, Style::Percent(decimals))
}
