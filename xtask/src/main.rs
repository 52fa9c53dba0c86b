//! Sets up, serves, tests, benchmarks and counts Layerscope: `cargo xtask setup | serve | test | bench | count`.

mod bench;
mod browser;
mod changed;
mod count;
mod debian;
mod floors;
mod offline;
mod page;
mod process;
mod progress;
mod python;
mod serve;
mod setup;
mod size;
mod step;
mod structure;
mod summary;
mod test;
mod test_count;
mod workspace;

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::changed::Selection;
use crate::count::Form;
use crate::process::{Result, print_line};
use crate::workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Sets up, serves, tests, benchmarks and counts Layerscope")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install the programs that serving and testing need, if they are missing.
    Setup,
    /// Build the release page and serve it.
    Serve {
        /// The port.
        #[arg(long, default_value_t = serve::PORT)]
        port: u16,
        /// The address; 0.0.0.0 serves everyone who can reach this machine, as in a classroom.
        #[arg(long, default_value_t = serve::LOCAL)]
        address: IpAddr,
        /// Serve the existing contents of `dist/`.
        #[arg(long)]
        no_build: bool,
    },
    /// Run every check, as continuous integration does.
    Test {
        /// Also run the tests marked `#[ignore]`, which take long.
        #[arg(long)]
        all: bool,
        /// Run only what the changes since a commit can touch: by default those that are not committed.
        #[arg(long, value_name = "COMMIT", num_args = 0..=1, default_missing_value = "HEAD", require_equals = true)]
        changed: Option<String>,
        /// Run only these steps; `size` and `e2e` use the result of `page`.
        #[arg(value_enum, conflicts_with = "changed")]
        only: Vec<step::Step>,
    },
    /// Measure the time from a pointer move to pixels, and the memory over 10,000 passes, in headless Chromium.
    Bench {
        /// Measure the existing contents of `dist/`.
        #[arg(long)]
        no_build: bool,
        /// Compare passes with onnxruntime-web and TensorFlow.js instead, with the models in this folder; missing
        /// models are exported from PyTorch.
        #[arg(long, value_name = "FOLDER")]
        peers: Option<PathBuf>,
        /// Compare passes with those of another build of the page instead: the folder of its `dist/`.
        #[arg(long, value_name = "FOLDER", conflicts_with = "peers")]
        before: Option<PathBuf>,
        /// Arguments for bench/compare.mjs with `--peers`, or for bench/before.mjs with `--before`.
        #[arg(last = true)]
        options: Vec<OsString>,
    },
    /// Count what shows how the code reads: circles between modules, fields of the state, long lines.
    Count {
        /// The checkout to count in, instead of this one.
        #[arg(long, value_name = "FOLDER")]
        root: Option<PathBuf>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
        /// List every circle between modules, with the names that tie them.
        #[arg(long, conflicts_with = "json")]
        circles: bool,
    },
}

fn run(task: Task) -> Result<bool> {
    let mut ws = Workspace::find();
    match task {
        Task::Setup => {
            setup::page(&mut ws)?;
            setup::tests(&mut ws)?;
            print_line("everything is installed");
            Ok(true)
        }
        Task::Serve { port, address, no_build } => {
            if no_build {
                serve::serve_forever(&ws, address, port)?;
            } else {
                setup::compiler(&mut ws)?;
                serve::build_and_serve(&ws, address, port)?;
            }
            Ok(true)
        }
        Task::Test { all, changed, only } => {
            let selection = match changed {
                Some(commit) => changed::since(&ws, &commit)?,
                None => {
                    Selection { steps: (!only.is_empty()).then(|| only.into_iter().collect()), ..Selection::default() }
                }
            };
            test::run(&mut ws, all, &selection)
        }
        Task::Bench { no_build, peers, before, options } => {
            match (peers, before) {
                (Some(models), _) => bench::compare(&mut ws, no_build, &models, &options)?,
                (_, Some(before)) => bench::compare_builds(&mut ws, no_build, &before, &options)?,
                (None, None) => bench::measure(&mut ws, no_build)?,
            }
            Ok(true)
        }
        Task::Count { root, json, circles } => {
            let form = match (json, circles) {
                (true, _) => Form::Json,
                (_, true) => Form::Circles,
                _ => Form::Table,
            };
            count::run(root.as_deref().unwrap_or(&ws.root), form)?;
            Ok(true)
        }
    }
}

fn main() -> ExitCode {
    match run(Cli::parse().task) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
