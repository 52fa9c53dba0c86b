//! Arguments of the commands that open a network: the step before it, and the names of its classes.

use std::path::{Path, PathBuf};

use super::engine::open_source;
use super::error::{CliError, read};
use net::{Graph, GraphOptions, network};
use weights::{ClassNames, MAX_CLASS_NAMES_BYTES, TensorSource, transforms_input};

/// The options of a graph that can be chosen.
#[derive(Debug, clap::Args)]
pub(super) struct GraphArguments {
    /// Begins with the step from the mean and deviation of ImageNet to 0.5 each, as torchvision's GoogLeNet does
    /// (`transform_input`); by default, for torchvision's published file googlenet-1378be20.pth only
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    transform_input: Option<bool>,
}

impl GraphArguments {
    /// Returns the network called `name`. `weights` is the text that names its weights, if there are any.
    pub(super) fn graph(&self, name: &str, weights: Option<&str>) -> Result<Graph, CliError> {
        let graph = network(name)?;
        let file = weights.and_then(|weights| Path::new(weights).file_name()?.to_str());
        let transform_input =
            self.transform_input.unwrap_or_else(|| file.is_some_and(|file| transforms_input(graph.name, file)));
        Ok(graph.with_options(GraphOptions { transform_input, ..GraphOptions::default() })?)
    }

    /// Returns the network called `name` as its weights ask for it, and these weights.
    pub(super) fn open(&self, name: &str, weights: &str) -> Result<(Graph, TensorSource), CliError> {
        open_source(&self.graph(name, Some(weights))?, weights)
    }
}

/// The names of the classes.
#[derive(Debug, clap::Args)]
pub(super) struct ClassArguments {
    /// The names of the classes of these weights: a text with one name per line, or JSON
    #[arg(long, value_name = "FILE")]
    classes: Option<PathBuf>,
}

/// The names of the classes of a network: those of a file, or else those of its declaration.
pub(super) struct NamedClasses {
    declared: net::Classes,
    given: Option<ClassNames>,
}

impl ClassArguments {
    /// Reads the file, if there is one.
    pub(super) fn read(&self, graph: &Graph) -> Result<NamedClasses, CliError> {
        let given = self.classes.as_deref().map(|path| {
            let bytes = read(path, MAX_CLASS_NAMES_BYTES)?;
            let fault = |reason| CliError::ClassNames { path: path.display().to_string(), reason };
            ClassNames::read(&bytes, graph.classes.count()).map_err(fault)
        });
        Ok(NamedClasses { declared: graph.classes, given: given.transpose()? })
    }
}

impl NamedClasses {
    /// Returns the name of a class, or `None` if it has none.
    pub(super) fn name(&self, class: usize) -> Option<String> {
        match &self.given {
            Some(names) => names.get(class).map(str::to_owned),
            None => self.declared.name(class).map(str::to_owned),
        }
    }
}
