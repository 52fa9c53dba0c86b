//! What classes are called. Those of CIFAR-10 are words of the page; digits need none, and ImageNet's thousand names stay
//! as they were published.

use leptos_i18n::td_string;
use words::i18n::Locale;

use net::Classes;

/// What a class of CIFAR-10 is called; nothing where there is no such class.
pub(in crate::app) fn cifar10(locale: Locale, class: usize) -> &'static str {
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

/// What a class is called; one that has no name, by its number.
pub(in crate::app) fn class_name(locale: Locale, classes: Classes, class: usize) -> String {
    match classes {
        Classes::Cifar10 if class < classes.count() => cifar10(locale, class).to_owned(),
        Classes::Digits | Classes::Cifar10 | Classes::ImageNet => classes.called(class),
    }
}

/// The names of all classes, one after the other as a language lists them.
pub(in crate::app) fn listed(locale: Locale, classes: Classes) -> String {
    let names: Vec<String> = (0..classes.count()).map(|class| class_name(locale, classes, class)).collect();
    names.join(td_string!(locale, answer.comma))
}
