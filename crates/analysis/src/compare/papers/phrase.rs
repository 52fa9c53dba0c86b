//! The phrases of the papers' tables. They are independent of the language: the caller supplies the words.

use super::table_id::TableId;

/// A word or a sentence of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TablePhrase<'a> {
    /// The title of a table: the title of the family and the table's number in the paper.
    Title(&'a str, &'a str),
    /// The subject of a table in one sentence.
    Caption(TableId),
    /// The head of a column.
    Head(ColumnHead),
    /// The name of a row.
    Row(RowName<'a>),
    /// The reason for a difference.
    Reason(DifferenceReason),
    /// The computed and the printed text of a cell.
    Printed(&'a str, &'a str),
}

/// The head of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnHead {
    /// The maps of C3.
    MapOfC3,
    /// A layer and the size of its output.
    LayerAndSize,
    /// A configuration of VGG.
    Configuration,
    /// The type of a row in GoogLeNet's table.
    Type,
    /// The size of the window and the stride.
    Patch,
    /// The size of the output.
    OutputSize,
    /// The number of layers with weights.
    Depth,
    /// The 1x1 convolutions before the convolutions of this kernel size.
    Reduce(&'static str),
    /// The 1x1 convolution after the pooling of a module.
    PoolProjection,
    /// The number of weights.
    Parameters,
    /// The number of MACs.
    Operations,
    /// A name or a formula that is the same in every language.
    Plain(&'static str),
}

/// The name of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowName<'a> {
    /// A map of S2, by its number.
    MapOfS2(usize),
    /// The number of layers with weights.
    WeightLayers,
    /// The input.
    Input,
    /// A pooling.
    Pooling,
    /// A fully connected layer.
    FullyConnected,
    /// The softmax.
    Probabilities,
    /// Parameters in millions.
    Millions,
    /// The exact number of parameters.
    Exactly,
    /// A convolution.
    Convolution,
    /// A max pooling.
    MaxPool,
    /// An average pooling.
    AveragePool,
    /// Dropout, with its rate in percent.
    Dropout(u8),
    /// A fully connected layer, in the words of GoogLeNet's paper.
    Linear,
    /// A name, a size or a formula that is the same in every language.
    Plain(&'a str),
}

/// The reason for a difference between a computed and a printed figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DifferenceReason {
    /// Our declaration of the network deviates from the paper.
    Ours,
    /// The exact number of parameters.
    Parameters(u64),
    /// The weights and the parameters that follow from the widths of the row.
    Weights(u64, u64, WeightsReason),
    /// The MACs that follow from the widths of the row.
    Macs(u64, MacsReason),
    /// The MACs, and how many of them belong to projections, which the paper's option A does not have.
    Projections(u64, u64),
    /// The MACs of our network, which halves the maps in the 3x3 convolution, and the MACs with the strides that the
    /// paper's table gives.
    Strides(u64, u64),
    /// The MACs of our network, which halves the maps in the 3x3 convolution.
    Halved(u64),
}

/// The reason for a difference of weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeightsReason {
    /// A separable convolution, which the authors' next network has here, would have this many weights.
    Separable(u64),
    /// The exact figure ends in one half, which the paper rounds down.
    Half,
    /// The printed figure includes the biases.
    WithBiases,
    /// The printed figure is off by one.
    OneOff,
    /// The reason is unknown.
    Unknown,
}

/// The reason for a difference of MACs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MacsReason {
    /// The separable convolution would need this many MACs.
    Separable(u64),
    /// The printed MACs follow from the printed weights.
    OfPrinted,
    /// The reason is unknown.
    Unknown,
}

/// A function that gives the words for a phrase.
pub type TableWording<'a> = &'a dyn Fn(TablePhrase<'_>) -> String;

/// Words for tests: the debug format of the phrase.
#[cfg(test)]
pub(super) fn plainly(phrase: TablePhrase<'_>) -> String {
    match phrase {
        TablePhrase::Row(RowName::Plain(text)) | TablePhrase::Head(ColumnHead::Plain(text)) => text.to_owned(),
        TablePhrase::Row(row) => format!("{row:?}"),
        TablePhrase::Head(head) => format!("{head:?}"),
        TablePhrase::Reason(note) => format!("{note:?}"),
        other => format!("{other:?}"),
    }
}
