//! What is said of the papers' tables. Their words are in no language here: whoever shows them has the words.

use super::Table;

/// A word or a sentence of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phrase<'a> {
    /// What a table is called: the family's name and its number in the paper.
    Title(&'a str, &'a str),
    /// What a table says, in a sentence.
    Caption(Table),
    /// What stands above a column.
    Head(Head),
    /// What a row is called.
    Row(Named<'a>),
    /// Why a cell is not as printed.
    Note(Note),
    /// What a cell has, and what was printed of it.
    Printed(&'a str, &'a str),
}

/// What stands above a column, where it is no name and no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// A map of C3.
    MapOfC3,
    /// A layer and the size of its output.
    LayerAndSize,
    /// A configuration of VGG.
    Configuration,
    /// The type of a row of GoogLeNet.
    Type,
    /// A window and its step.
    Patch,
    /// The size of an output.
    OutputSize,
    /// Layers with weights.
    Depth,
    /// 1x1 convolutions before those of so many rows.
    Reduce(&'static str),
    /// 1x1 convolutions after the pooling of a module.
    PoolProjection,
    /// Weights.
    Parameters,
    /// Multiply-accumulates.
    Operations,
    /// A name or a formula, the same in every language.
    Plain(&'static str),
}

/// What a row is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named<'a> {
    /// A map of S2, by its number.
    MapOfS2(usize),
    /// Layers with weights.
    WeightLayers,
    /// The picture.
    Input,
    /// A pooling.
    Pooling,
    /// A full connection.
    FullConnection,
    /// The turning of scores into probabilities.
    Probabilities,
    /// Millions.
    Millions,
    /// To the last digit.
    Exactly,
    /// A convolution.
    Convolution,
    /// A max pooling.
    MaxPool,
    /// An average pooling.
    AveragePool,
    /// Dropout, with the part that it drops, in percent.
    Dropout(u8),
    /// A full connection, as GoogLeNet's paper calls it.
    Linear,
    /// A name, a size or a formula, the same in every language.
    Plain(&'a str),
}

/// Why a figure is not as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// A declaration is not that of the paper: of our making.
    Ours,
    /// So many parameters.
    Parameters(u64),
    /// The weights and the parameters that a row's widths make.
    Weights(u64, u64, WhyWeights),
    /// The multiply-accumulates that a row's widths make.
    Macs(u64, WhyMacs),
    /// So many multiply-accumulates, of which so many are those of projections, which the paper's option A does without.
    Projections(u64, u64),
    /// So many multiply-accumulates, since the maps are halved in the 3x3 convolution, and so many with the paper's strides,
    /// as the table has them.
    Strides(u64, u64),
    /// So many multiply-accumulates, since the maps are halved in the 3x3 convolution.
    Halved(u64),
}

/// Why weights are not as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyWeights {
    /// A separable convolution, which the authors' next network has here, would have so many.
    Separable(u64),
    /// The paper rounds the half down.
    Half,
    /// It would be as printed with biases.
    WithBiases,
    /// The paper is one off.
    OneOff,
    /// It does not follow.
    Unknown,
}

/// Why multiply-accumulates are not as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyMacs {
    /// The separable convolution would take so many.
    Separable(u64),
    /// They follow from the weights that are printed.
    OfPrinted,
    /// They do not follow.
    Unknown,
}

/// Gives the words for a phrase.
pub type Say<'a> = &'a dyn Fn(Phrase<'_>) -> String;

/// Words for tests: what is said, as the code has it.
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
