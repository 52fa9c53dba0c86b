//! The phrases of the papers' tables. They are independent of the language: the caller supplies the words.

use super::Table;

/// A word or a sentence of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phrase<'a> {
    /// The title of a table: the title of the family and the table's number in the paper.
    Title(&'a str, &'a str),
    /// The subject of a table in one sentence.
    Caption(Table),
    /// The head of a column.
    Head(Head),
    /// The name of a row.
    Row(Named<'a>),
    /// The reason for a difference.
    Note(Note),
    /// The computed and the printed text of a cell.
    Printed(&'a str, &'a str),
}

/// The head of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
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
pub enum Named<'a> {
    /// A map of S2, by its number.
    MapOfS2(usize),
    /// The number of layers with weights.
    WeightLayers,
    /// The input.
    Input,
    /// A pooling.
    Pooling,
    /// A fully connected layer.
    FullConnection,
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
pub enum Note {
    /// Our declaration of the network deviates from the paper.
    Ours,
    /// The exact number of parameters.
    Parameters(u64),
    /// The weights and the parameters that follow from the widths of the row.
    Weights(u64, u64, WhyWeights),
    /// The MACs that follow from the widths of the row.
    Macs(u64, WhyMacs),
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
pub enum WhyWeights {
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
pub enum WhyMacs {
    /// The separable convolution would need this many MACs.
    Separable(u64),
    /// The printed MACs follow from the printed weights.
    OfPrinted,
    /// The reason is unknown.
    Unknown,
}

/// A function that gives the words for a phrase.
pub type Say<'a> = &'a dyn Fn(Phrase<'_>) -> String;

/// Words for tests: the debug format of the phrase.
#[cfg(test)]
pub(super) fn plainly(phrase: Phrase<'_>) -> String {
    match phrase {
        Phrase::Row(Named::Plain(text)) | Phrase::Head(Head::Plain(text)) => text.to_owned(),
        Phrase::Row(row) => format!("{row:?}"),
        Phrase::Head(head) => format!("{head:?}"),
        Phrase::Note(note) => format!("{note:?}"),
        other => format!("{other:?}"),
    }
}
