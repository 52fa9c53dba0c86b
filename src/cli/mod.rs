//! The command line.
#![allow(clippy::print_stdout, reason = "printing is what a command line does")]

mod train;

use clap::{Parser, Subcommand};

/// See what classic convolutional networks do to what they are shown.
#[derive(Debug, Parser)]
#[command(name = "layerscope", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Train a network on digits, in candle
    Train(train::Arguments),
}

/// Runs the command line; the exit status of the process.
pub fn run() -> std::process::ExitCode {
    let result = match Cli::parse().command {
        Command::Train(arguments) => train::run(&arguments),
    };
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("layerscope: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}

/// What ends a command: one line for a person.
#[derive(Debug, thiserror::Error)]
enum CliError {
    /// No such network or layer.
    #[error(transparent)]
    Net(#[from] crate::net::NetError),
    /// The digits cannot be used.
    #[error(transparent)]
    Digits(#[from] crate::train::IdxError),
    /// The training failed.
    #[error(transparent)]
    Train(#[from] crate::train::TrainError),
    /// The engine failed.
    #[error(transparent)]
    Cpu(#[from] crate::engine::cpu::CpuError),
    /// The weights cannot be used.
    #[error(transparent)]
    Weights(#[from] crate::weights::WeightsError),
    /// A file cannot be written.
    #[error("{path} cannot be written ({reason})")]
    Write {
        /// Which file.
        path: String,
        /// Why.
        reason: std::io::Error,
    },
}
