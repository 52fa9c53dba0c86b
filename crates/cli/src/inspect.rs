//! `layerscope inspect`: prints what a file of weights holds, which network it fits, and why it fits no other.

use std::collections::BTreeMap;

use serde::Serialize;

use super::engine::open_checkpoint;
use super::error::CliError;
use super::output::{Format, print_json};
use messages::Language;
use net::network;
use weights::{Checkpoint, TensorSource, WeightsError, fitted_graph, network_of};

/// Arguments of `inspect`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The file, or FILE#PLACE for the tensors at one place in it
    #[arg(value_name = "FILE")]
    file: String,
    /// Hold the file against this network, instead of finding one that it fits
    #[arg(long, value_name = "NET")]
    network: Option<String>,
    /// Also list every tensor of the file
    #[arg(long)]
    verbose: bool,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// A tensor of the file.
#[derive(Debug, Serialize)]
struct Tensor {
    name: String,
    dtype: &'static str,
    dims: Vec<usize>,
}

/// What a file holds.
#[derive(Debug, Serialize)]
struct Report {
    file: String,
    format: &'static str,
    /// The keys that lead to the tensors. Empty if they are not in anything else.
    place: String,
    /// The places of other tensors of the same names.
    other_places: Vec<String>,
    /// The class of the module that holds the tensors.
    class: Option<String>,
    /// The name that the file gives its architecture.
    architecture: Option<String>,
    /// The number of values of all tensors.
    values: u64,
    types: Vec<&'static str>,
    /// The networks with these tensors.
    fits: Vec<String>,
    /// The network that was asked for or, if the file fits none, the one with the fewest differences.
    nearest: Option<String>,
    /// What differs from that network.
    differences: Vec<String>,
    /// How the file was read.
    reading: Vec<String>,
    metadata: BTreeMap<String, String>,
    tensors: Vec<Tensor>,
}

/// Prints the report on a file.
pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let checkpoint = open_checkpoint(&arguments.file)?;
    let report = report(arguments, checkpoint)?;
    match arguments.format {
        Format::Json => print_json(&report),
        Format::Text => print(&report, arguments.verbose),
    }
    Ok(())
}

fn report(arguments: &Arguments, checkpoint: Checkpoint) -> Result<Report, CliError> {
    let tensors: Vec<Tensor> = checkpoint
        .entries()
        .map(|(name, entry)| {
            let name = name.escape_debug().to_string();
            Tensor { name, dtype: entry.dtype().name(), dims: entry.dims().to_vec() }
        })
        .collect();
    let mut types: Vec<&'static str> = tensors.iter().map(|tensor| tensor.dtype).collect();
    types.sort_unstable();
    types.dedup();
    let place = checkpoint.place().clone();
    let mut report = Report {
        file: arguments.file.clone(),
        format: checkpoint.format(),
        place: place.path,
        other_places: place.others,
        class: place.class,
        architecture: place.architecture,
        values: tensors.iter().map(|tensor| tensor.dims.iter().map(|&dim| dim as u64).product::<u64>()).sum(),
        types,
        fits: Vec::new(),
        nearest: None,
        differences: Vec::new(),
        reading: Vec::new(),
        metadata: checkpoint.metadata().clone(),
        tensors,
    };
    let found = match &arguments.network {
        Some(name) => Ok((fitted_graph(&network(name)?, &checkpoint), Vec::new())),
        None => network_of(&checkpoint),
    };
    let source = found.and_then(|(graph, also)| Ok((TensorSource::checkpoint(&graph, checkpoint)?, graph, also)));
    match source {
        Ok((source, graph, also)) => {
            report.fits = std::iter::once(graph.name).chain(also).map(str::to_owned).collect();
            let sentences = source.reading().sentences();
            report.reading = sentences.iter().map(|sentence| sentence.text(Language::default())).collect();
        }
        Err(WeightsError::Unfit { network: nearest, faults, .. } | WeightsError::NoNetworkFits { nearest, faults }) => {
            report.nearest = Some(nearest);
            report.differences = faults.all().iter().map(ToString::to_string).collect();
        }
        Err(WeightsError::NothingInCommon { .. }) => {}
        Err(reason) => return Err(CliError::Checkpoint { path: arguments.file.clone(), reason }),
    }
    Ok(report)
}

fn print(report: &Report, verbose: bool) {
    let Report { file, format, values, types, tensors, .. } = report;
    println!("{file}: {format}, {} tensors, {values} values of {}", tensors.len(), types.join(", "));
    if let Some(architecture) = &report.architecture {
        println!("The file names its architecture {architecture}.");
    }
    match (report.fits.as_slice(), &report.nearest) {
        ([], Some(nearest)) => {
            println!("It does not fit {nearest}: {} tensors differ.", report.differences.len());
            report.differences.iter().for_each(|difference| println!("  {difference}"));
        }
        ([], None) => {
            println!("It fits none of the networks, and is near none of them.");
        }
        (fits, _) => println!("It fits {}.", fits.join(", ")),
    }
    report.reading.iter().for_each(|sentence| println!("{sentence}"));
    if verbose {
        for Tensor { name, dtype, dims } in tensors {
            println!("  {name} {dtype} {dims:?}");
        }
    }
}
