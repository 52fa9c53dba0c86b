//! `layerscope draw`: draws the architecture of a network as an SVG, for slides and papers.

use std::path::PathBuf;

use super::error::{CliError, write};
use super::graph_arguments::GraphArguments;
use net::{Ablations, Graph};
use scene::architecture_svg::{ArchitectureOptions, svg};
use scene::{Folds, Scene};

/// Arguments of `draw`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The network
    #[arg(value_name = "NET")]
    network: String,
    #[command(flatten)]
    graph: GraphArguments,
    /// Unfolds these blocks and the blocks that contain them, or `all`; otherwise every Inception module, residual
    /// block, auxiliary classifier and unit is folded
    #[arg(long, value_name = "BLOCK", value_delimiter = ',')]
    unfold: Vec<String>,
    /// Crosses out the parts that are switched off or scaled; takes the same values as `run`. May be given several
    /// times
    #[arg(long, value_name = "PART[=SCALE]", value_delimiter = ',')]
    cut: Vec<String>,
    /// Writes to this .svg file instead of printing
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Draws the network and writes or prints the SVG.
pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let graph = arguments.graph.graph(&arguments.network, None)?;
    let effects = Ablations::read(&graph, &arguments.cut.join(","))?.effects(&graph);
    let scene = Scene::of(&graph, &folds(&graph, &arguments.unfold)?);
    let drawing = svg(&graph, &scene, &ArchitectureOptions { effects: &effects });
    match &arguments.output {
        Some(path) => write(path, drawing.as_bytes()),
        None => {
            print!("{drawing}");
            Ok(())
        }
    }
}

/// Returns the folds of the drawing: the initial ones without the blocks in `unfold` and the blocks that contain them.
fn folds(graph: &Graph, unfold: &[String]) -> Result<Folds, CliError> {
    let mut folds = Scene::initial_folds(graph);
    for name in unfold.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        if name == "all" {
            return Ok(Folds::new());
        }
        let block = graph.blocks.iter().position(|block| block.name == name).ok_or_else(|| {
            let known: Vec<&str> = graph.blocks.iter().map(|block| block.name.as_str()).collect();
            let known = if known.is_empty() {
                "it has none".to_owned()
            } else {
                format!("its blocks are: {}", known.join(", "))
            };
            CliError::Argument(format!("{} has no block named '{name}'; {known}", graph.name))
        })?;
        folds.remove(&block);
        graph.block_and_enclosing(graph.blocks[block].parent).for_each(|around| {
            folds.remove(&around.0);
        });
    }
    Ok(folds)
}
