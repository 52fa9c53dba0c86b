//! Times and costs of passes: the figures of `layerscope bench` and of the page `/bench`.

use serde::Serialize;

use net::{Graph, NodeId, Operation};

/// Bytes of one F32 value.
const F32_BYTES: u64 = 4;

/// The number of passes in which each step is timed by itself. The median is reported.
pub const STEP_PASSES: usize = 5;

/// The distribution of the times of several passes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PassTimes {
    /// The number of timed passes.
    pub passes: usize,
    /// The median, in milliseconds.
    pub median_ms: f64,
    /// The 10th percentile, in milliseconds.
    pub p10_ms: f64,
    /// The 90th percentile, in milliseconds.
    pub p90_ms: f64,
}

impl PassTimes {
    /// Computes the distribution of `times` (milliseconds). All values are zero if there are none.
    pub fn of(mut times: Vec<f64>) -> Self {
        net::order::sort_by(&mut times, f64::total_cmp);
        let last = times.len().saturating_sub(1);
        let at = |part: f64| times.get((last as f64 * part).round() as usize).copied().unwrap_or(0.0);
        Self { passes: times.len(), median_ms: at(0.5), p10_ms: at(0.1), p90_ms: at(0.9) }
    }
}

/// The cost of one pass up to one output, whichever engine runs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PassCost {
    /// MACs of convolutions, fully connected layers and similar operations.
    pub macs: u64,
    /// Bytes of all tensors in F32. Each tensor is read once.
    pub weight_bytes: u64,
    /// Bytes of activations in F32: the inputs and the output of each node. Batch normalization, activation functions,
    /// dropout and concatenation count as zero, because an engine can fuse them with a node that reads or writes the
    /// values.
    pub activation_bytes: u64,
}

impl PassCost {
    /// Counts the nodes that `output` depends on. With the scores of the network as `output`, auxiliary classifiers are
    /// left out.
    pub fn of(graph: &Graph, output: NodeId) -> Self {
        let mut needed = vec![false; graph.nodes.len()];
        needed[output.0] = true;
        let mut cost = Self { macs: 0, weight_bytes: 0, activation_bytes: 0 };
        for id in (0..=output.0).rev().map(NodeId).filter(|id| id.0 < graph.nodes.len()) {
            if !needed[id.0] {
                continue;
            }
            let node = graph.node(id);
            node.inputs.iter().for_each(|input| needed[input.0] = true);
            cost.macs += graph.macs(id).value();
            let weights: usize =
                graph.tensors(id).iter().map(|(_, tensor)| tensor.dims.iter().product::<usize>()).sum();
            cost.weight_bytes += weights as u64 * F32_BYTES;
            if node.op.operation().is_some_and(Operation::moves_activations) {
                let read: usize = graph.input_shapes(id).iter().map(|shape| shape.elements()).sum();
                cost.activation_bytes += (read + node.shape.elements()) as u64 * F32_BYTES;
            }
        }
        cost
    }

    /// Returns GFLOP/s: 10^9 floating-point operations per second, two for each MAC.
    pub fn gflops(&self, milliseconds: f64) -> f64 {
        2.0 * self.macs as f64 / 1e6 / milliseconds
    }

    /// Returns GB/s: 10^9 bytes of weights and activations per second.
    pub fn gbytes(&self, milliseconds: f64) -> f64 {
        (self.weight_bytes + self.activation_bytes) as f64 / 1e6 / milliseconds
    }
}

/// The timing of one network on one engine.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BenchRow {
    /// The name of the network.
    pub network: &'static str,
    /// `cpu` or `gpu`.
    pub engine: &'static str,
    /// The name of the GPU. Empty on the CPU.
    pub adapter: String,
    /// The times of the passes.
    #[serde(flatten)]
    pub times: PassTimes,
    /// The cost of one pass.
    #[serde(flatten)]
    pub cost: PassCost,
    /// GFLOP/s at the median time.
    pub gflops: f64,
    /// GB/s at the median time.
    pub gbytes_per_second: f64,
    /// The time of each layer, in running order. Empty if it was not measured.
    pub layers: Vec<LayerTime>,
}

impl BenchRow {
    /// Computes the row for passes of `graph` up to its scores. `times` are in milliseconds.
    pub fn new(graph: &Graph, engine: &'static str, adapter: &str, times: Vec<f64>, layers: Vec<LayerTime>) -> Self {
        let (times, cost) = (PassTimes::of(times), PassCost::of(graph, graph.logits));
        Self {
            network: graph.name,
            engine,
            adapter: adapter.to_owned(),
            gflops: cost.gflops(times.median_ms),
            gbytes_per_second: cost.gbytes(times.median_ms),
            times,
            cost,
            layers,
        }
    }
}

/// One timed step: the node whose output it gives, the kernel that ran, and the time in milliseconds. There is no node
/// if the step measures extents.
pub type TimedStep = (Option<NodeId>, Option<&'static str>, f64);

/// The time of one step: a layer with everything that is fused into it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerTime {
    /// The node whose output the step gives.
    pub layer: String,
    /// The kernel that ran, if the engine has several for the operation.
    pub kernel: Option<&'static str>,
    /// The time of the step alone, in milliseconds.
    pub milliseconds: f64,
    /// The share of the sum over all steps, from 0 to 1.
    pub share: f64,
}

impl LayerTime {
    /// Computes the times of the layers from several passes with the same steps. The time of a step is its median.
    pub fn from_passes(graph: &Graph, runs: &[Vec<TimedStep>]) -> Vec<Self> {
        let Some(first) = runs.first() else { return Vec::new() };
        let median = |place: usize| {
            PassTimes::of(runs.iter().filter_map(|run| run.get(place)).map(|(_, _, ms)| *ms).collect()).median_ms
        };
        let steps = first.iter().enumerate().map(|(place, &(node, kernel, _))| {
            let name = node.map_or_else(|| "extents".to_owned(), |node| graph.node(node).name.clone());
            (node, (name, kernel, median(place)))
        });
        // The CPU engine has a step for the input, which does nothing.
        Self::shares(steps.filter(|(node, _)| *node != Some(NodeId(0))).map(|(_, step)| step).collect())
    }

    /// Computes the shares of steps, given as (name, kernel, milliseconds) in running order.
    fn shares(steps: Vec<(String, Option<&'static str>, f64)>) -> Vec<Self> {
        let sum: f64 = steps.iter().map(|(_, _, milliseconds)| milliseconds).sum();
        let share = |milliseconds: f64| if sum > 0.0 { milliseconds / sum } else { 0.0 };
        steps
            .into_iter()
            .map(|(layer, kernel, milliseconds)| Self { layer, kernel, milliseconds, share: share(milliseconds) })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::{Summary, network};

    #[test]
    fn quantiles_are_measured_times() {
        let times = PassTimes::of((1..=11).rev().map(f64::from).collect());
        assert_eq!((times.passes, times.p10_ms, times.median_ms, times.p90_ms), (11, 2.0, 6.0, 10.0));
        assert_eq!(PassTimes::of(vec![3.0]).p90_ms, 3.0);
        assert_eq!(PassTimes::of(Vec::new()).passes, 0);
    }

    #[test]
    fn the_work_of_lenet5_by_hand() {
        let graph = network("lenet5-modern").expect("should be declared");
        let cost = PassCost::of(&graph, graph.logits);
        assert_eq!((cost.macs, cost.weight_bytes), (416_520, 61_706 * 4));
        // Read and written values of conv1, pool1, conv2, pool2 and three fully connected layers.
        let values = [1024 + 4704, 4704 + 1176, 1176 + 1600, 1600 + 400, 400 + 120, 120 + 84, 84 + 10];
        assert_eq!(cost.activation_bytes, values.iter().sum::<u64>() * 4);
        // 416,520 MACs in one millisecond.
        assert!((cost.gflops(1.0) - 0.833_04).abs() < 1e-9);
        assert!((cost.gbytes(2.0) - (cost.weight_bytes + cost.activation_bytes) as f64 / 2e6).abs() < 1e-9);
    }

    #[test]
    fn auxiliary_classifiers_are_not_counted() {
        let graph = network("googlenet").expect("should be declared");
        let (cost, all) = (PassCost::of(&graph, graph.logits), Summary::of(&graph).totals);
        assert_eq!(cost.weight_bytes, 6_998_552 * 4);
        assert!(cost.macs < all.macs && cost.weight_bytes < all.weight_bytes);
    }

    #[test]
    fn layer_times_are_medians_without_the_input() {
        let graph = network("lenet5-modern").expect("should be declared");
        let run =
            |ms: f64| vec![(Some(NodeId(0)), None, 9.0), (Some(NodeId(1)), None, ms), (None, Some("extent_maps"), 1.0)];
        let layers = LayerTime::from_passes(&graph, &[run(3.0), run(100.0), run(1.0)]);
        let named: Vec<_> =
            layers.iter().map(|layer| (layer.layer.as_str(), layer.milliseconds, layer.share)).collect();
        assert_eq!(named, [("conv1", 3.0, 0.75), ("extents", 1.0, 0.25)]);
        assert!(LayerTime::from_passes(&graph, &[]).is_empty());
    }

    #[test]
    fn shares_sum_to_one() {
        let steps = vec![("a".to_owned(), None, 1.0), ("b".to_owned(), Some("conv2d_gemm"), 3.0)];
        let shares: Vec<f64> = LayerTime::shares(steps).iter().map(|layer| layer.share).collect();
        assert_eq!(shares, [0.25, 0.75]);
        assert_eq!(LayerTime::shares(vec![("a".to_owned(), None, 0.0)])[0].share, 0.0);
    }
}
