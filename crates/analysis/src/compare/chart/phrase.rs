//! The phrases of charts. They are independent of the language: the caller supplies the words.

use super::bubble::Bubble;
use crate::compare::{Cost, LayerCosts, LayerKind, Measure};

/// A text in a chart, or a description of one of its areas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ChartPhrase<'a> {
    /// A figure with few digits.
    Figure(Measure, f64),
    /// A cost with few digits.
    Cost(Cost, u64),
    /// A percentage at a line of the grid.
    Percent(f64),
    /// The title of the chart of one figure for so many networks.
    Totals(Measure, usize),
    /// The exact figure of a network: its title, the figure and its value.
    Total(&'a str, Measure, f64),
    /// The title of the chart of one cost along the depth of a network. The text is the title of the network.
    Along(&'a str, Cost),
    /// A layer and its exact cost.
    Layer(&'a LayerCosts, Cost),
    /// The title of the chart of the distribution of parameters in so many networks.
    ParametersByKind(usize),
    /// The layer with the most parameters: its name, its parameters and those of the whole network, with a comment on
    /// the fraction.
    Alone(&'a str, u64, u64),
    /// A shorter form of [`ChartPhrase::Alone`].
    Largest(&'a str, u64, u64),
    /// The parameters of one kind of layer in a network: the network's title, the kind, its parameters and those of the
    /// whole network.
    Kind(&'a str, LayerKind, u64, u64),
    /// The title of the chart of errors.
    Errors,
    /// The label of the MAC axis.
    Across,
    /// The exact error, MACs and parameters of a network.
    Bubble(&'a Bubble),
}

/// A function that gives the words for a phrase.
pub type ChartWording<'a> = &'a dyn Fn(ChartPhrase<'_>) -> String;

/// Words for tests: the debug format of the phrase.
#[cfg(test)]
pub(super) fn plainly(phrase: ChartPhrase<'_>) -> String {
    match phrase {
        ChartPhrase::Figure(measure, value) => measure.text(value),
        ChartPhrase::Cost(cost, value) => cost.text(value),
        other => format!("{other:?}"),
    }
}
