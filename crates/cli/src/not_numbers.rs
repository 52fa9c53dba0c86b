//! Answers that are no numbers: they are an error, and never a class.

use super::error::CliError;
use net::Graph;

/// Checks that all scores are finite. `outputs` are those of every node, in the order of the graph.
///
/// # Errors
/// [`CliError::NotNumbers`] with the first layer whose output is not finite.
pub(super) fn check(graph: &Graph, outputs: &[Vec<f32>]) -> Result<(), CliError> {
    let wild = |values: &[f32]| values.iter().filter(|value| !value.is_finite()).count();
    if wild(&outputs[graph.logits.0]) == 0 {
        return Ok(());
    }
    let first = graph.iter().find(|(id, _)| wild(&outputs[id.0]) > 0);
    let (name, values) = first.map_or(("logits", &outputs[graph.logits.0]), |(id, node)| (&node.name, &outputs[id.0]));
    Err(CliError::NotNumbers {
        network: graph.name.to_owned(),
        layer: name.to_owned(),
        count: wild(values),
        of: values.len(),
    })
}
