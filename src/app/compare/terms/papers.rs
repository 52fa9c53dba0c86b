//! What is said of the papers' own tables.

use leptos_i18n::td_string;
use words::i18n::Locale;

use crate::app::numbers::{count, decimal};
use analysis::compare::papers::{Head, Named, Note, Phrase, Table, WhyMacs, WhyWeights, giga};

/// The words for a phrase of a table.
pub(in crate::app::compare) fn say(locale: Locale, phrase: Phrase<'_>) -> String {
    match phrase {
        Phrase::Title(family, number) => td_string!(locale, papers.title, family = family, number = number),
        Phrase::Caption(table) => caption(locale, table).to_owned(),
        Phrase::Head(head) => head_of(locale, head),
        Phrase::Row(row) => row_of(locale, row),
        Phrase::Note(note) => reason(locale, note),
        Phrase::Printed(ours, text) => td_string!(locale, papers.printed_beside, ours = ours, text = text),
    }
}

fn caption(locale: Locale, table: Table) -> &'static str {
    match table {
        Table::LeNet1 => td_string!(locale, papers.caption.lenet_1),
        Table::Vgg1 => td_string!(locale, papers.caption.vgg_1),
        Table::Vgg2 => td_string!(locale, papers.caption.vgg_2),
        Table::GoogLeNet1 => td_string!(locale, papers.caption.googlenet_1),
        Table::ResNet1 => td_string!(locale, papers.caption.resnet_1),
    }
}

fn head_of(locale: Locale, head: Head) -> String {
    let text = match head {
        Head::MapOfC3 => td_string!(locale, papers.head.map_of_c3),
        Head::LayerAndSize => td_string!(locale, papers.head.layer_and_size),
        Head::Configuration => td_string!(locale, papers.head.configuration),
        Head::Type => td_string!(locale, papers.head.kind),
        Head::Patch => td_string!(locale, papers.head.patch),
        Head::OutputSize => td_string!(locale, papers.head.output_size),
        Head::Depth => td_string!(locale, papers.head.depth),
        Head::Reduce(kernel) => return td_string!(locale, papers.head.reduce, kernel = kernel),
        Head::PoolProjection => td_string!(locale, papers.head.pool_projection),
        Head::Parameters => td_string!(locale, papers.head.parameters),
        Head::Operations => td_string!(locale, papers.head.operations),
        Head::Plain(text) => text,
    };
    text.to_owned()
}

fn row_of(locale: Locale, row: Named<'_>) -> String {
    let text = match row {
        Named::MapOfS2(map) => return td_string!(locale, papers.row.map_of_s2, map = map),
        Named::WeightLayers => td_string!(locale, papers.row.weight_layers),
        Named::Input => td_string!(locale, papers.row.input),
        Named::Pooling => td_string!(locale, papers.row.pooling),
        Named::FullConnection => td_string!(locale, papers.row.full_connection),
        Named::Probabilities => td_string!(locale, papers.row.probabilities),
        Named::Millions => td_string!(locale, papers.row.millions),
        Named::Exactly => td_string!(locale, papers.row.exactly),
        Named::Convolution => td_string!(locale, papers.row.convolution),
        Named::MaxPool => td_string!(locale, papers.row.max_pool),
        Named::AveragePool => td_string!(locale, papers.row.average_pool),
        Named::Dropout(percent) => return td_string!(locale, papers.row.dropout, percent = percent),
        Named::Linear => td_string!(locale, papers.row.linear),
        Named::Plain(text) => text,
    };
    text.to_owned()
}

/// A count in units of 1024.
fn kilo(locale: Locale, n: u64) -> String {
    decimal(locale, n as f64 / 1024.0, 1)
}

fn why_weights(locale: Locale, why: WhyWeights) -> String {
    let text = match why {
        WhyWeights::Separable(weights) => {
            return td_string!(locale, papers.note.separable_weights, count = count(locale, weights));
        }
        WhyWeights::Half => td_string!(locale, papers.note.half),
        WhyWeights::WithBiases => td_string!(locale, papers.note.with_biases),
        WhyWeights::OneOff => td_string!(locale, papers.note.one_off),
        WhyWeights::Unknown => td_string!(locale, papers.note.unknown),
    };
    text.to_owned()
}

fn why_macs(locale: Locale, why: WhyMacs) -> String {
    match why {
        WhyMacs::Separable(macs) => td_string!(locale, papers.note.separable_macs, count = count(locale, macs)),
        WhyMacs::OfPrinted => td_string!(locale, papers.note.of_printed).to_owned(),
        WhyMacs::Unknown => td_string!(locale, papers.note.unknown).to_owned(),
    }
}

fn reason(locale: Locale, note: Note) -> String {
    let number = |n: u64| count(locale, n);
    match note {
        Note::Ours => td_string!(locale, papers.note.ours).to_owned(),
        Note::Parameters(parameters) => td_string!(locale, papers.note.parameters, count = number(parameters)),
        Note::Weights(weights, parameters, why) => td_string!(
            locale,
            papers.note.weights,
            weights = number(weights),
            parameters = number(parameters),
            kilo = kilo(locale, weights),
            kilo_parameters = kilo(locale, parameters),
            why = why_weights(locale, why)
        ),
        Note::Macs(macs, why) => {
            td_string!(locale, papers.note.macs, macs = number(macs), why = why_macs(locale, why))
        }
        Note::Projections(macs, projections) => {
            td_string!(locale, papers.note.projections, macs = number(macs), projections = number(projections))
        }
        Note::Strides(macs, paper) => {
            td_string!(locale, papers.note.strides, macs = number(macs), paper = number(paper), rounded = giga(paper))
        }
        Note::Halved(macs) => td_string!(locale, papers.note.halved, macs = number(macs)),
    }
}
