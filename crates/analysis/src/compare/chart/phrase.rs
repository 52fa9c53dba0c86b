//! What charts say. They know no language: whoever has them drawn has the words.

use super::Bubble;
use crate::compare::{Cost, Kind, Layer, Measure};

/// Something that stands in a chart or is said of a place in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Phrase<'a> {
    /// A figure in as few digits as there is room for.
    Figure(Measure, f64),
    /// A cost, likewise.
    Cost(Cost, u64),
    /// A share, in percent as it is: at a line of the grid.
    Percent(f64),
    /// The title of the chart of a figure of so many networks.
    Totals(Measure, usize),
    /// A network's figure, to the last digit: the name people read, the figure and its value.
    Total(&'a str, Measure, f64),
    /// The title of the chart of a cost along the depth of a network, by the name people read.
    Along(&'a str, Cost),
    /// A layer with what it costs, to the last digit.
    Layer(&'a Layer, Cost),
    /// The title of the chart of where the parameters of so many networks live.
    Homes(usize),
    /// The layer that has most parameters, these, and those of all, with a word on how many that is.
    Alone(&'a str, u64, u64),
    /// The same in fewer words.
    Largest(&'a str, u64, u64),
    /// The parameters of a kind of layer of a network (the name people read), and those of all.
    Home(&'a str, Kind, u64, u64),
    /// The title of the chart of errors.
    Errors,
    /// The axis of MACs.
    Across,
    /// A network's error, its MACs and its parameters, to the last digit.
    Bubble(&'a Bubble),
}

/// Gives the words for a phrase.
pub type Say<'a> = &'a dyn Fn(Phrase<'_>) -> String;

/// Words for tests: what is said, as the code has it.
#[cfg(test)]
pub(super) fn plainly(phrase: Phrase<'_>) -> String {
    match phrase {
        Phrase::Figure(measure, value) => measure.text(value),
        Phrase::Cost(cost, value) => cost.text(value),
        other => format!("{other:?}"),
    }
}
