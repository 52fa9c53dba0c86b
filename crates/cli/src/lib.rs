//! The command line: one module per command.
//!
//! `docs/command-line.md` describes the commands. The library also has [`fixture`], which the tests of all networks
//! use: the activations that another framework computed, and the test of agreement with them.
#![allow(clippy::print_stdout, reason = "printing is what a command line does")]

mod agreement;
mod bench;
mod class_folders;
mod decode;
mod digits;
mod draw;
mod engine;
mod error;
mod eval;
mod explain;
pub mod fixture;
mod graph_arguments;
mod input;
mod inspect;
mod not_numbers;
mod output;
mod pass_arguments;
mod run;
#[cfg(target_os = "linux")]
mod runtime_dir;
mod summary;
mod train;

use clap::{Parser, Subcommand};

/// Show what classic convolutional networks compute for a picture
#[derive(Debug, Parser)]
#[command(name = "layerscope", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print the table of layers and the totals
    Summary(summary::Arguments),
    /// Draw a network's architecture, as an SVG
    Draw(draw::Arguments),
    /// Pass one picture through a network
    Run(run::Arguments),
    /// Print which regions of a picture are evidence for a class
    Explain(explain::Arguments),
    /// Print what a file of weights holds, and which network it fits
    Inspect(inspect::Arguments),
    /// Print the error over all test pictures
    Eval(eval::Arguments),
    /// Train a network on digits, in candle
    Train(train::Arguments),
    /// Time passes
    Bench(bench::Arguments),
    /// Print how far both engines deviate from a reference
    Agreement(agreement::Arguments),
    /// Pack test digits for the page
    #[command(hide = true)]
    Digits(digits::Arguments),
}

/// Parses the arguments, runs the command and returns the exit status of the process.
pub fn run() -> std::process::ExitCode {
    // If that fails, the only loss is a line of libwayland that looks like an error.
    #[cfg(target_os = "linux")]
    let _ = runtime_dir::ensure();
    let result = match Cli::parse().command {
        Command::Summary(arguments) => summary::run(&arguments),
        Command::Draw(arguments) => draw::run(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Eval(arguments) => eval::run(&arguments),
        Command::Train(arguments) => train::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Agreement(arguments) => agreement::run(&arguments),
        Command::Digits(arguments) => digits::run(&arguments),
    };
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("layerscope: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}
