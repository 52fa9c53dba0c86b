//! The names of classes. Those of CIFAR-10 are translated. Digits need no translation, and the thousand names of
//! ImageNet stay as they were published.

use leptos_i18n::td_string;
use words::i18n::Locale;

use net::Classes;

/// Returns the name of a class of CIFAR-10, or an empty text if there is no such class.
pub fn cifar10(locale: Locale, class: usize) -> &'static str {
    match class {
        0 => td_string!(locale, classes.cifar10.airplane),
        1 => td_string!(locale, classes.cifar10.automobile),
        2 => td_string!(locale, classes.cifar10.bird),
        3 => td_string!(locale, classes.cifar10.cat),
        4 => td_string!(locale, classes.cifar10.deer),
        5 => td_string!(locale, classes.cifar10.dog),
        6 => td_string!(locale, classes.cifar10.frog),
        7 => td_string!(locale, classes.cifar10.horse),
        8 => td_string!(locale, classes.cifar10.ship),
        9 => td_string!(locale, classes.cifar10.truck),
        _ => "",
    }
}

/// Returns the name of a class, or its number if it has no name.
pub(in crate::app) fn class_name(locale: Locale, classes: Classes, class: usize) -> String {
    match classes {
        Classes::Cifar10 if class < classes.count() => cifar10(locale, class).to_owned(),
        Classes::Digits | Classes::Cifar10 | Classes::ImageNet | Classes::Numbered(_) => classes.name_or_number(class),
    }
}

/// Returns the names of all classes, separated as the language separates the items of a list.
pub(in crate::app) fn listed(locale: Locale, classes: Classes) -> String {
    let names: Vec<String> = (0..classes.count()).map(|class| class_name(locale, classes, class)).collect();
    names.join(td_string!(locale, answer.comma))
}
