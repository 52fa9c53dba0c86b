//! Numbers in the notation of the page's language, by the browser's `Intl.NumberFormat`.

use std::cell::RefCell;

use js_sys::{Array, Function, Intl};
use leptos_i18n::Locale as _;
use wasm_bindgen::{JsCast, JsValue};
use words::i18n::Locale;

/// A notation of numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Notation {
    /// A whole number in groups.
    Whole,
    /// A few digits with a prefix.
    Compact,
    /// A fixed number of decimals.
    Decimals(u8),
    /// Percent with a fixed number of decimals.
    Percent(u8),
}

thread_local! {
    /// The formatters: creating one takes much longer than calling it, and a chart has hundreds of numbers.
    static FORMATTERS: RefCell<Vec<((Locale, Notation), Function)>> = const { RefCell::new(Vec::new()) };
}

fn set_decimals(options: &Intl::NumberFormatOptions, min: u8, max: u8) {
    options.set_minimum_fraction_digits(min);
    options.set_maximum_fraction_digits(max);
}

fn formatter(locale: Locale, notation: Notation) -> Function {
    let options = Intl::NumberFormatOptions::new();
    match notation {
        Notation::Whole => {}
        Notation::Compact => {
            options.set_notation(Intl::NumberFormatNotation::Compact);
            set_decimals(&options, 0, 1);
        }
        Notation::Decimals(decimals) => set_decimals(&options, decimals, decimals),
        Notation::Percent(decimals) => {
            options.set_style(Intl::NumberFormatStyle::Percent);
            set_decimals(&options, decimals, decimals);
        }
    }
    Intl::NumberFormat::new(&Array::of1(&locale.as_str().into()), options.unchecked_ref()).format()
}

fn write(locale: Locale, value: f64, notation: Notation) -> String {
    let format = FORMATTERS.with_borrow_mut(|known| {
        if let Some((_, format)) = known.iter().find(|(key, _)| *key == (locale, notation)) {
            return format.clone();
        }
        let format = formatter(locale, notation);
        known.push(((locale, notation), format.clone()));
        format
    });
    let text = format.call1(&JsValue::UNDEFINED, &value.into());
    // The browser's formatter accepts every number.
    text.ok().and_then(|text| text.as_string()).unwrap_or_else(|| value.to_string())
}

/// Writes a whole number in groups: `61,100,840`.
pub fn count(locale: Locale, n: u64) -> String {
    write(locale, n as f64, Notation::Whole)
}

/// Writes a large number in few digits: `120.4M`, `1.2亿`.
pub fn compact(locale: Locale, n: f64) -> String {
    write(locale, n, Notation::Compact)
}

/// Writes a number with a fixed number of decimals and a true minus sign.
pub fn decimal(locale: Locale, value: f64, decimals: u8) -> String {
    // A value that rounds to zero has no sign.
    let shown = if value.abs() < 0.5 * 0.1_f64.powi(i32::from(decimals)) { 0.0 } else { value };
    write(locale, shown, Notation::Decimals(decimals)).replace('-', "−")
}

/// Writes a fraction of one as percent with a fixed number of decimals.
pub fn percent(locale: Locale, share: f64, decimals: u8) -> String {
    write(locale, share, Notation::Percent(decimals))
}
