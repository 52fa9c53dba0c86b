//! Arguments that `run` and `explain` share: a network with ablations, its weights, a picture and an engine.

use std::path::PathBuf;

use super::engine::{build, engine_parser};
use super::error::CliError;
use super::graph_arguments::{ClassArguments, GraphArguments, NamedClasses};
use super::input::{Resample, load};
use engine::{EngineKind, LocalEngine};
use net::{Ablations, Graph};
use weights::TensorSource;

/// The network, its weights and the picture that passes through it.
#[derive(Debug, clap::Args)]
pub(super) struct PassArguments {
    /// The network
    #[arg(value_name = "NET")]
    network: String,
    /// `bundled`, `seed:N`, or a .safetensors or .pth file
    #[arg(long, default_value = "bundled")]
    pub(super) weights: String,
    #[command(flatten)]
    graph: GraphArguments,
    #[command(flatten)]
    classes: ClassArguments,
    /// A PNG, JPEG, WebP, GIF, BMP or TIFF; for a network of digits, also an IDX file (.gz or not)
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// The picture of an IDX file to use, counted from 0
    #[arg(long, default_value_t = 0)]
    index: usize,
    /// How to resample a picture whose size is not the network's input size
    #[arg(long, value_enum)]
    resample: Option<Resample>,
    /// Switches a part off, or scales it with =SCALE: NODE, NODE:MAP, NODE:FIRST-LAST, NODE:MAP/INPUTMAP (a kernel),
    /// BLOCK/branch, BLOCK/shortcut, BLOCK/laneN or towerN. May be given several times
    #[arg(long, value_name = "PART[=SCALE]", value_delimiter = ',')]
    cut: Vec<String>,
    /// The engine
    #[arg(long, value_parser = engine_parser(), default_value_t = EngineKind::Cpu)]
    pub(super) engine: EngineKind,
}

/// Everything that a pass needs.
pub(super) struct PreparedPass {
    pub(super) graph: Graph,
    pub(super) classes: NamedClasses,
    pub(super) ablations: Ablations,
    /// The input of the network, `[channels, height, width]`.
    pub(super) input: Vec<f32>,
    pub(super) source: TensorSource,
    pub(super) engine: LocalEngine,
}

impl PassArguments {
    /// Reads the picture and the weights, and builds the network on the engine.
    pub(super) fn open(&self) -> Result<PreparedPass, CliError> {
        let (graph, source) = self.graph.open(&self.network, &self.weights)?;
        let classes = self.classes.read(&graph)?;
        let ablations = Ablations::read(&graph, &self.cut.join(","))?;
        let input = load(&graph, &self.input, self.index, self.resample)?;
        let engine = build(self.engine, &graph, &source, &self.weights)?;
        Ok(PreparedPass { graph, classes, ablations, input, source, engine })
    }
}
