//! Matching of the tensors of a checkpoint with those of a graph.
//!
//! Three rules do it, one after the other. [`offers`] takes what wrappers add out of names, and puts pairs of tensors
//! together. [`names`] finds the convention and the prefix under which most tensors of the graph are there. The last
//! fully connected layer may have any name, if only one layer of the file has its shape.

mod assignment;
mod names;
mod offers;
mod reading;
mod recipe;

use net::{Graph, network};

use super::checkpoint::Checkpoint;
use super::error::{Nearest, WeightsError};
use super::mismatch::TensorMismatch;
use assignment::Assignment;
use offers::Offers;

pub(super) use assignment::TensorNames;
pub use names::Convention;
pub use reading::Reading;

/// Returns `graph` with the number of classes and the auxiliary classifiers that a checkpoint has. A file that does not
/// have the last layer of this network changes nothing.
pub fn fitted_graph(graph: &Graph, checkpoint: &Checkpoint) -> Graph {
    fit(graph, &Offers::of(checkpoint)).0
}

/// Returns `graph` with the options that `offers` ask for, and their assignment to it.
fn fit<'a>(graph: &Graph, offers: &'a Offers) -> (Graph, Assignment<'a>) {
    // What another file asked for before does not count.
    let declared = graph.with_options(graph.options.chosen()).unwrap_or_else(|_| graph.clone());
    let assignment = Assignment::of(&declared, offers);
    let options = declared.options_for(|name| assignment.offer(name).map(|offer| offer.dims.clone()));
    if options == declared.options {
        return (declared, assignment);
    }
    let fitted = declared.with_options(options).unwrap_or(declared);
    let assignment = Assignment::of(&fitted, offers);
    (fitted, assignment)
}

/// Finds every tensor of `graph` in `checkpoint`, and says how it was read.
///
/// # Errors
/// [`WeightsError::Unfit`] with every tensor that is missing or extra, or that has the wrong shape or type.
pub(super) fn match_checkpoint(graph: &Graph, checkpoint: &Checkpoint) -> Result<(TensorNames, Reading), WeightsError> {
    let offers = Offers::of(checkpoint);
    let assignment = Assignment::of(graph, &offers);
    match assignment.names() {
        Ok(names) => Ok((names, Reading::of(graph, checkpoint, &assignment))),
        Err(faults) => {
            let survey = Survey::of(&offers);
            let nearest = match (survey.fits.first(), survey.nearest) {
                (Some(other), _) => Some(Nearest { network: other.name.to_owned(), differences: 0 }),
                (None, Some((_, other, theirs))) => {
                    Some(Nearest { network: other.to_owned(), differences: theirs.len() })
                }
                (None, None) => None,
            };
            let nearest = nearest.filter(|nearest| nearest.network != graph.name);
            Err(WeightsError::Unfit { network: graph.name.to_owned(), faults: faults.into(), nearest })
        }
    }
}

/// The networks of the declarations, held against one checkpoint.
#[derive(Default)]
struct Survey {
    /// The networks whose tensors are those of the checkpoint.
    fits: Vec<Graph>,
    /// The other network of which most tensors fit: their number, its name and its mismatches. `None` if there is no
    /// network of which a third does.
    nearest: Option<(usize, &'static str, Vec<TensorMismatch>)>,
}

impl Survey {
    fn of(offers: &Offers) -> Self {
        let mut survey = Self::default();
        // Every name of the table builds a network, so nothing is skipped.
        for declared in net::names().filter_map(|name| network(name).ok()) {
            let (graph, assignment) = fit(&declared, offers);
            match assignment.names() {
                Ok(_) => survey.fits.push(graph),
                Err(faults) => {
                    let fit = assignment.fitting();
                    if fit * 3 < assignment.count() {
                        continue;
                    }
                    let (most, least) =
                        survey.nearest.as_ref().map_or((0, usize::MAX), |(most, _, least)| (*most, least.len()));
                    if fit > most || fit == most && faults.len() < least {
                        survey.nearest = Some((fit, graph.name, faults));
                    }
                }
            }
        }
        survey
    }
}

/// Returns the first network of the declarations whose tensors are those of a checkpoint, and the names of the other
/// networks with the same tensors.
///
/// # Errors
/// [`WeightsError::NoNetworkFits`] if there is none, with the mismatches of the network of which most tensors fit, and
/// [`WeightsError::NothingInCommon`] if less than a third of the tensors of every network is there.
pub fn network_of(checkpoint: &Checkpoint) -> Result<(Graph, Vec<&'static str>), WeightsError> {
    let Survey { fits, nearest } = Survey::of(&Offers::of(checkpoint));
    let mut fits = fits.into_iter();
    if let Some(graph) = fits.next() {
        return Ok((graph, fits.map(|other| other.name).collect()));
    }
    Err(match nearest {
        Some((_, nearest, faults)) => {
            WeightsError::NoNetworkFits { nearest: nearest.to_owned(), faults: faults.into() }
        }
        None => {
            let names = checkpoint.entries().map(|(name, _)| name.escape_debug().to_string()).collect();
            WeightsError::NothingInCommon { names }
        }
    })
}
