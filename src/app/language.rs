//! The language of the page: what its address says, else what a person chose, else what the browser asks for, which
//! static/first/language.js has found out before anything was painted.

use leptos::ev;
use leptos::prelude::*;
use leptos_i18n::{I18nContext, Locale as _, t_string};
use web_sys::UrlSearchParams;
use words::i18n::{Locale, use_i18n};

/// The words of the page in its language, for what is no component: `use_i18n` gives them to those.
pub(super) type Words = I18nContext<Locale>;

/// Where the language that a person chose is remembered.
const KEY: &str = "layerscope.language";
/// What it is called in an address.
pub(super) const PARAMETER: &str = "lang";
/// Each language by its own name.
const NAMES: [(Locale, &str); 2] = [(Locale::en, "English"), (Locale::zh, "中文")];

fn read(text: &str) -> Option<Locale> {
    NAMES.iter().map(|(locale, _)| *locale).find(|locale| locale.as_str() == text)
}

/// What the address says.
fn linked() -> Option<Locale> {
    let search = window().location().search().ok()?;
    read(&UrlSearchParams::new_with_str(&search).ok()?.get(PARAMETER)?)
}

/// The language that the document says it is in.
pub(super) fn shown() -> Locale {
    let lang = document().document_element().and_then(|root| root.get_attribute("lang"));
    lang.and_then(|lang| read(&lang)).unwrap_or_default()
}

/// Has the document say which language it is in, and gives what the address is to say of it: nothing where nobody has
/// chosen.
pub(super) fn follow() -> Signal<Option<String>> {
    let words = use_i18n();
    let chosen = RwSignal::new(linked());
    provide_context(Chosen(chosen));
    // What is chosen in another page of this origin, or in the page around this one's frame, is chosen here too.
    let handle = window_event_listener(ev::storage, move |event| {
        if let (Some(KEY), Some(locale)) = (event.key().as_deref(), event.new_value().as_deref().and_then(read)) {
            words.set_locale(locale);
            chosen.set(Some(locale));
        }
    });
    on_cleanup(move || handle.remove());
    Effect::new(move |_| {
        if let Some(root) = document().document_element() {
            // An attribute that cannot be set leaves the one that is there.
            let _ = root.set_attribute("lang", words.get_locale().as_str());
        }
    });
    Signal::derive(move || chosen.get().map(|locale| locale.as_str().to_owned()))
}

/// The language that a person or a link has chosen.
#[derive(Clone, Copy)]
struct Chosen(RwSignal<Option<Locale>>);

/// The list of languages.
#[component]
pub(super) fn LanguageChoice() -> impl IntoView {
    let words = use_i18n();
    let Chosen(chosen) = expect_context();
    let choose = move |event| {
        let Some(locale) = read(&event_target_value(&event)) else { return };
        words.set_locale(locale);
        chosen.set(Some(locale));
        if let Ok(Some(storage)) = window().local_storage() {
            // Where nothing can be kept, the address has it.
            let _ = storage.set_item(KEY, locale.as_str());
        }
    };
    let options = NAMES.map(|(locale, name)| {
        view! {
            <option value=locale.as_str() lang=locale.as_str() selected=move || words.get_locale() == locale>{name}</option>
        }
    });
    view! {
        <select class="language" aria-label=move || t_string!(words, learn.language) on:change=choose>{options.into_iter().collect_view()}</select>
    }
}
