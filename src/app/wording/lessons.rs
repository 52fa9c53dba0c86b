//! The titles and summaries of the lessons, in the language of the page.

use leptos_i18n::td_string;
use words::i18n::Locale;

/// Returns the title of a lesson.
pub fn title(locale: Locale, slug: &str) -> &'static str {
    match slug {
        "convolution" => td_string!(locale, convolution.title),
        "relu" => td_string!(locale, relu.title),
        "pooling" => td_string!(locale, pooling.title),
        "normalisation" => td_string!(locale, normalisation.title),
        "dropout" => td_string!(locale, dropout.title),
        "small-kernels" => td_string!(locale, small_kernels.title),
        "parameters" => td_string!(locale, parameters.title),
        "inception" => td_string!(locale, inception.title),
        "one-by-one" => td_string!(locale, one_by_one.title),
        "average-pooling" => td_string!(locale, average_pooling.title),
        "side-classifiers" => td_string!(locale, side_classifiers.title),
        "shortcut" => td_string!(locale, shortcut.title),
        "residual-blocks" => td_string!(locale, residual_blocks.title),
        "halving" => td_string!(locale, halving.title),
        _ => "",
    }
}

/// Returns the summary of a lesson, in one or two sentences.
pub fn lead(locale: Locale, slug: &str) -> &'static str {
    match slug {
        "convolution" => td_string!(locale, convolution.lead),
        "relu" => td_string!(locale, relu.lead),
        "pooling" => td_string!(locale, pooling.lead),
        "normalisation" => td_string!(locale, normalisation.lead),
        "dropout" => td_string!(locale, dropout.lead),
        "small-kernels" => td_string!(locale, small_kernels.lead),
        "parameters" => td_string!(locale, parameters.lead),
        "inception" => td_string!(locale, inception.lead),
        "one-by-one" => td_string!(locale, one_by_one.lead),
        "average-pooling" => td_string!(locale, average_pooling.lead),
        "side-classifiers" => td_string!(locale, side_classifiers.lead),
        "shortcut" => td_string!(locale, shortcut.lead),
        "residual-blocks" => td_string!(locale, residual_blocks.lead),
        "halving" => td_string!(locale, halving.lead),
        _ => "",
    }
}
