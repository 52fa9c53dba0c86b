//! The language of the page: that of its address, or else the one that a person chose, or else the one that the browser
//! asks for. static/first/language.js finds it before anything is painted.

use leptos::ev;
use leptos::prelude::*;
use leptos_i18n::{I18nContext, Locale as _, t_string};
use messages::Language;
use web_sys::UrlSearchParams;
use words::i18n::{Locale, use_i18n};

/// The texts of the page in its language. Components get them from `use_i18n`.
pub(in crate::app) type Words = I18nContext<Locale>;

/// The key of the chosen language in the local storage.
const KEY: &str = "layerscope.language";
/// The name of the language's parameter in an address.
pub const PARAMETER: &str = "lang";
/// Returns the language with this code.
fn read(text: &str) -> Option<Locale> {
    Locale::get_all().iter().copied().find(|locale| locale.as_str() == text)
}

/// Returns the language in the address, if there is one.
fn linked() -> Option<Locale> {
    let search = window().location().search().ok()?;
    read(&UrlSearchParams::new_with_str(&search).ok()?.get(PARAMETER)?)
}

/// Returns the language of the document.
pub(in crate::app) fn shown() -> Locale {
    let lang = document().document_element().and_then(|root| root.get_attribute("lang"));
    lang.and_then(|lang| read(&lang)).unwrap_or_default()
}

/// Keeps the language of the document up to date. Returns the language for the address; `None` if no person or link
/// chose one.
pub fn follow() -> Signal<Option<String>> {
    let words = use_i18n();
    let chosen = RwSignal::new(linked());
    provide_context(Chosen(chosen));
    // A choice in another page of this origin, or in the page around this frame, holds here, too.
    let handle = window_event_listener(ev::storage, move |event| {
        if let (Some(KEY), Some(locale)) = (event.key().as_deref(), event.new_value().as_deref().and_then(read)) {
            words.set_locale(locale);
            chosen.set(Some(locale));
        }
    });
    on_cleanup(move || handle.remove());
    Effect::new(move |_| {
        if let Some(root) = document().document_element() {
            // If the attribute cannot be set, the old one stays.
            let _ = root.set_attribute("lang", words.get_locale().as_str());
        }
    });
    Signal::derive(move || chosen.get().map(|locale| locale.as_str().to_owned()))
}

/// The language that a person or a link has chosen.
#[derive(Clone, Copy)]
struct Chosen(RwSignal<Option<Locale>>);

/// The list to choose a language from.
#[component]
pub fn LanguageChoice() -> impl IntoView {
    let words = use_i18n();
    let Chosen(chosen) = expect_context();
    let choose = move |event| {
        let Some(locale) = read(&event_target_value(&event)) else { return };
        words.set_locale(locale);
        chosen.set(Some(locale));
        if let Ok(Some(storage)) = window().local_storage() {
            // If the storage fails, the address still has the language.
            let _ = storage.set_item(KEY, locale.as_str());
        }
    };
    let options = Locale::get_all().iter().map(|&locale| {
        let name = Language::from(locale).name();
        view! {
            <option value=locale.as_str() lang=locale.as_str() selected=move || words.get_locale() == locale>
                {name}
            </option>
        }
    });
    view! {
        <select class="language" aria-label=move || t_string!(words, learn.language) on:change=choose>
            {options.collect_view()}
        </select>
    }
}
