//! The words of the papers' tables.

use leptos_i18n::td_string;
use words::i18n::Locale;

use analysis::compare::papers::{
    ColumnHead, DifferenceReason, MacsReason, RowName, TableId, TablePhrase, WeightsReason, format_flops,
};
use layerscope::app::wording::numbers::{count, decimal};

/// Words a phrase of a table.
pub(crate) fn say(locale: Locale, phrase: TablePhrase<'_>) -> String {
    match phrase {
        TablePhrase::Title(family, number) => td_string!(locale, papers.title, family = family, number = number),
        TablePhrase::Caption(table) => caption(locale, table).to_owned(),
        TablePhrase::Head(head) => head_of(locale, head),
        TablePhrase::Row(row) => row_of(locale, row),
        TablePhrase::Reason(note) => reason(locale, note),
        TablePhrase::Printed(ours, text) => td_string!(locale, papers.printed_beside, ours = ours, text = text),
    }
}

fn caption(locale: Locale, table: TableId) -> &'static str {
    match table {
        TableId::LeNet1 => td_string!(locale, papers.caption.lenet_1),
        TableId::Vgg1 => td_string!(locale, papers.caption.vgg_1),
        TableId::Vgg2 => td_string!(locale, papers.caption.vgg_2),
        TableId::GoogLeNet1 => td_string!(locale, papers.caption.googlenet_1),
        TableId::ResNet1 => td_string!(locale, papers.caption.resnet_1),
    }
}

fn head_of(locale: Locale, head: ColumnHead) -> String {
    let text = match head {
        ColumnHead::MapOfC3 => td_string!(locale, papers.head.map_of_c3),
        ColumnHead::LayerAndSize => td_string!(locale, papers.head.layer_and_size),
        ColumnHead::Configuration => td_string!(locale, papers.head.configuration),
        ColumnHead::Type => td_string!(locale, papers.head.kind),
        ColumnHead::Patch => td_string!(locale, papers.head.patch),
        ColumnHead::OutputSize => td_string!(locale, papers.head.output_size),
        ColumnHead::Depth => td_string!(locale, papers.head.depth),
        ColumnHead::Reduce(kernel) => return td_string!(locale, papers.head.reduce, kernel = kernel),
        ColumnHead::PoolProjection => td_string!(locale, papers.head.pool_projection),
        ColumnHead::Parameters => td_string!(locale, papers.head.parameters),
        ColumnHead::Operations => td_string!(locale, papers.head.operations),
        ColumnHead::Plain(text) => text,
    };
    text.to_owned()
}

fn row_of(locale: Locale, row: RowName<'_>) -> String {
    let text = match row {
        RowName::MapOfS2(map) => return td_string!(locale, papers.row.map_of_s2, map = map),
        RowName::WeightLayers => td_string!(locale, papers.row.weight_layers),
        RowName::Input => td_string!(locale, papers.row.input),
        RowName::Pooling => td_string!(locale, papers.row.pooling),
        RowName::FullyConnected => td_string!(locale, papers.row.full_connection),
        RowName::Probabilities => td_string!(locale, papers.row.probabilities),
        RowName::Millions => td_string!(locale, papers.row.millions),
        RowName::Exactly => td_string!(locale, papers.row.exactly),
        RowName::Convolution => td_string!(locale, papers.row.convolution),
        RowName::MaxPool => td_string!(locale, papers.row.max_pool),
        RowName::AveragePool => td_string!(locale, papers.row.average_pool),
        RowName::Dropout(percent) => return td_string!(locale, papers.row.dropout, percent = percent),
        RowName::Linear => td_string!(locale, papers.row.linear),
        RowName::Plain(text) => text,
    };
    text.to_owned()
}

/// Writes a count in units of 1024.
fn kilo(locale: Locale, n: u64) -> String {
    decimal(locale, n as f64 / 1024.0, 1)
}

fn why_weights(locale: Locale, why: WeightsReason) -> String {
    let text = match why {
        WeightsReason::Separable(weights) => {
            return td_string!(locale, papers.note.separable_weights, count = count(locale, weights));
        }
        WeightsReason::Half => td_string!(locale, papers.note.half),
        WeightsReason::WithBiases => td_string!(locale, papers.note.with_biases),
        WeightsReason::OneOff => td_string!(locale, papers.note.one_off),
        WeightsReason::Unknown => td_string!(locale, papers.note.unknown),
    };
    text.to_owned()
}

fn why_macs(locale: Locale, why: MacsReason) -> String {
    match why {
        MacsReason::Separable(macs) => td_string!(locale, papers.note.separable_macs, count = count(locale, macs)),
        MacsReason::OfPrinted => td_string!(locale, papers.note.of_printed).to_owned(),
        MacsReason::Unknown => td_string!(locale, papers.note.unknown).to_owned(),
    }
}

fn reason(locale: Locale, note: DifferenceReason) -> String {
    let number = |n: u64| count(locale, n);
    match note {
        DifferenceReason::Ours => td_string!(locale, papers.note.ours).to_owned(),
        DifferenceReason::Parameters(parameters) => {
            td_string!(locale, papers.note.parameters, count = number(parameters))
        }
        DifferenceReason::Weights(weights, parameters, why) => td_string!(
            locale,
            papers.note.weights,
            weights = number(weights),
            parameters = number(parameters),
            kilo = kilo(locale, weights),
            kilo_parameters = kilo(locale, parameters),
            why = why_weights(locale, why)
        ),
        DifferenceReason::Macs(macs, why) => {
            td_string!(locale, papers.note.macs, macs = number(macs), why = why_macs(locale, why))
        }
        DifferenceReason::Projections(macs, projections) => {
            td_string!(locale, papers.note.projections, macs = number(macs), projections = number(projections))
        }
        DifferenceReason::Strides(macs, paper) => {
            td_string!(
                locale,
                papers.note.strides,
                macs = number(macs),
                paper = number(paper),
                rounded = format_flops(paper)
            )
        }
        DifferenceReason::Halved(macs) => td_string!(locale, papers.note.halved, macs = number(macs)),
    }
}
