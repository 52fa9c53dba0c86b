//! Runs every check of the project in order, and counts the tests of each.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::Instant;

use clap::ValueEnum as _;

use crate::browser;
use crate::changed::Selection;
use crate::debian::WASM;
use crate::floors;
use crate::page;
use crate::process::{Result, TaskError, format_duration, output, print_line, run as run_command, tee};
use crate::serve::{LOCAL, Server};
use crate::setup;
use crate::size;
use crate::step::Step;
use crate::summary::{self, EndedStep, SlowestPart};
use crate::test_count::TestCount;
use crate::workspace::Workspace;

/// Selects the packages that are built natively: all except the words, which only the pages use.
const NATIVE: [&str; 3] = ["--workspace", "--exclude", WORDS];
/// The package of the words. It is built for the pages only.
const WORDS: &str = "layerscope-words";

/// The packages that the pages consist of, except the words, whose code is generated.
const OF_PAGES: [&str; 11] = [
    "layerscope",
    "layerscope-analysis",
    "layerscope-comparison",
    "layerscope-engine",
    "layerscope-input",
    "layerscope-kernels",
    "layerscope-lessons",
    "layerscope-logic",
    "layerscope-net",
    "layerscope-scene",
    "layerscope-weights",
];

/// The files with views. leptosfmt expands the patterns itself.
const VIEWS: [&str; 3] = ["src/**/*.rs", "crates/comparison/src/**/*.rs", "crates/lessons/src/**/*.rs"];

/// stylelint of `node_modules`, which expands the pattern itself; stylelint.config.mjs says what it checks.
const STYLELINT: [&str; 2] = ["node_modules/stylelint/bin/stylelint.mjs", "static/**/*.css"];

/// End-to-end tests that look at frames or measure: another page beside them, with a GPU that is software, leaves them
/// too few.
const RUN_ALONE: [&str; 5] = ["camera", "draw", "motion", "lighthouse", "bench-page"];

/// Runs one step.
fn run_step(step: Step, ws: &Workspace, all: bool, selection: &Selection) -> Result<StepOutcome> {
    match step {
        Step::Format => run_check(ws.command("cargo").args(["fmt", "--all", "--check"])),
        Step::Views => run_check(ws.command("leptosfmt").args(["--quiet", "--check"]).args(VIEWS)),
        Step::Style => run_check(ws.command("node").args(STYLELINT)),
        Step::Floors => floors::check(&ws.root).map(StepOutcome::from),
        Step::Clippy => {
            let mut command = ws.command("cargo");
            command.arg("clippy").args(native(selection)).args(["--all-targets", "--locked", "--", "-D", "warnings"]);
            run_check(&mut command)
        }
        Step::ClippyWasm => clippy_wasm(ws),
        Step::Deny => {
            run_check(ws.command("cargo-deny").args(["check", "--hide-inclusion-graph", "licenses", "bans", "sources"]))
        }
        Step::Advisories => advisories(ws),
        Step::Native => {
            let mut command = ws.command("cargo");
            browser::with_adapter(&mut command).arg("test").args(native(selection)).arg("--locked");
            // Run every test binary, so that the count is complete.
            command.arg("--no-fail-fast");
            if all {
                command.args(["--", "--include-ignored"]);
                if std::env::var_os("LAYERSCOPE_CHECKPOINTS").is_none() {
                    print_line("not checked: whole networks saved by PyTorch (LAYERSCOPE_CHECKPOINTS names no folder)");
                    command.args(["--skip", "whole_networks_hold_the_seeded_values"]);
                }
            }
            run_tests(&mut command)
        }
        Step::Wasm => {
            let mut command = ws.wasm_command("cargo");
            browser::with_wasm_runner(ws, &mut command)
                .args(["test", "--locked", "--no-fail-fast"])
                .args(page::packages().flat_map(|package| ["--package", package]))
                .args(["--target", WASM])
                .args(wasm_targets(ws));
            run_tests(&mut command)
        }
        Step::Page => page::build(ws).map(|()| TestCount::single(true).into()),
        Step::Size => size::check(ws).map(|fits| TestCount::single(fits).into()),
        Step::E2e => e2e(ws, selection.end_to_end.as_ref()),
    }
}

/// Returns the arguments that name the selected packages.
fn native(selection: &Selection) -> Vec<String> {
    match &selection.packages {
        None => NATIVE.map(str::to_owned).to_vec(),
        Some(packages) => {
            let built = packages.iter().filter(|name| *name != WORDS);
            built.flat_map(|name| ["--package".to_owned(), name.clone()]).collect()
        }
    }
}

/// Runs the selected steps to the end. Returns whether none failed.
pub(crate) fn run(ws: &mut Workspace, all: bool, selection: &Selection) -> Result<bool> {
    let chosen = |step: &&Step| selection.steps.as_ref().is_none_or(|steps| steps.contains(step));
    let steps: Vec<Step> = Step::value_variants().iter().filter(chosen).copied().collect();
    // `floors` reads sources alone.
    if steps.iter().any(|step| *step != Step::Floors) {
        setup::page(ws)?;
        setup::tests(ws)?;
    }
    let mut total = TestCount::default();
    let (mut failed, mut said, mut ended) = (Vec::new(), Vec::new(), Vec::new());
    // Most of the page's build (fat LTO, wasm-opt) keeps one core busy, so it runs in parallel to the steps before it.
    let mut page = (steps.contains(&Step::Page) && steps[0] != Step::Page).then(|| {
        let ws = ws.clone();
        thread::spawn(move || page::build_quietly(&ws))
    });
    for step in steps {
        print_line(&format!("\n== {}", step.title()));
        let start = Instant::now();
        let broken = [Step::Size, Step::E2e].contains(&step) && failed.contains(&Step::Page);
        let result = if broken {
            Err(TaskError::Other("not run, because the page was not built".to_owned()))
        } else if let Some(building) = page.take_if(|_| step == Step::Page) {
            let built = building.join().unwrap_or_else(|_| Err(TaskError::Other("its thread has panicked".to_owned())));
            built.map(|()| TestCount::single(true).into())
        } else {
            run_step(step, ws, all, selection)
        };
        let StepOutcome { count, last, slowest } = result.unwrap_or_else(|error| {
            print_line(&format!("error: {error}"));
            StepOutcome { last: [format!("error: {error}")].into(), ..TestCount::single(false).into() }
        });
        let time = start.elapsed();
        print_line(&format!("== {}: {}, {}", step.title(), verdict(count), format_duration(time)));
        total.add(count);
        ended.push(EndedStep { title: step.title(), time, count, slowest });
        if count.failed > 0 {
            failed.push(step);
            said.push((step, last));
        }
    }
    // Repeat the output of failed steps at the end, where people look first and where truncated logs start.
    for (step, last) in said.iter().filter(|(_, last)| !last.is_empty()) {
        print_line(&format!("\n== {}: last lines of output", step.title()));
        last.iter().for_each(|line| print_line(line));
    }
    let names: Vec<_> = failed.iter().map(|step| step.title()).collect();
    let failures = if names.is_empty() { String::new() } else { format!("failed: {}\n", names.join("; ")) };
    print_line(&format!("\n{}", summary::table(&ended)));
    print_line(&format!("\n{failures}{} passed, {} failed", total.passed, total.failed));
    Ok(total.failed == 0)
}

fn verdict(count: TestCount) -> String {
    let TestCount { passed, failed } = count;
    if failed == 0 { format!("ok ({passed})") } else { format!("FAILED ({failed} of {})", passed + failed) }
}

/// The outcome of a step.
struct StepOutcome {
    count: TestCount,
    /// The last lines that the step printed.
    last: Vec<String>,
    slowest: Option<SlowestPart>,
}

impl From<TestCount> for StepOutcome {
    fn from(count: TestCount) -> Self {
        Self { count, last: Vec::new(), slowest: None }
    }
}

/// Runs a command that is a single check.
fn run_check(command: &mut Command) -> Result<StepOutcome> {
    tee(command)
        .map(|outcome| StepOutcome { last: outcome.last_lines(), ..TestCount::single(outcome.succeeded).into() })
}

/// Runs a command that prints how many tests passed.
fn run_tests(command: &mut Command) -> Result<StepOutcome> {
    tee(command).map(|outcome| StepOutcome {
        count: TestCount::parse_output(&outcome.text, outcome.succeeded),
        last: outcome.last_lines(),
        slowest: SlowestPart::parse_output(&outcome.text),
    })
}

/// Returns the targets to test in the browser: the library and the integration tests tests/wasm_*.rs.
fn wasm_targets(ws: &Workspace) -> Vec<&'static str> {
    let mut targets = vec!["--lib"];
    if !files(ws, "tests", |name| name.starts_with("wasm") && name.ends_with(".rs")).is_empty() {
        targets.extend(["--test", "wasm*"]);
    }
    targets
}

fn clippy_wasm(ws: &Workspace) -> Result<StepOutcome> {
    let mut command = ws.wasm_command("cargo");
    // If the toolchain has no clippy, check the compiler's own warnings.
    if output(ws.wasm_command("cargo").args(["clippy", "--version"])).is_some() {
        command.arg("clippy");
    } else {
        print_line("this toolchain has no clippy: the compiler's own warnings are checked");
        command.arg("check");
    }
    command.args(OF_PAGES.iter().flat_map(|package| ["--package", package]));
    command.args(["--locked", "--target", WASM, "--bin", "page", "--bin", "compare", "--bin", "learn"]);
    run_check(command.args(wasm_targets(ws)))
}

/// Checks advisories. Their database is a separate repository: if it cannot be reached, the step reports that and does
/// not fail.
fn advisories(ws: &Workspace) -> Result<StepOutcome> {
    let mut command = ws.command("cargo-deny");
    let outcome = command.args(["check", "advisories"]).output();
    let outcome = outcome.map_err(|source| TaskError::Start { command: "cargo-deny".to_owned(), source })?;
    let text = String::from_utf8_lossy(&outcome.stderr);
    if outcome.status.success() {
        return Ok(TestCount::single(true).into());
    }
    if text.contains("failed to fetch advisory database") || text.contains("failed to load advisory database") {
        print_line("not checked: the advisory database cannot be fetched from here");
        return Ok(TestCount::default().into());
    }
    print_line(&text);
    Ok(TestCount::single(false).into())
}

/// Runs Node's test runner on tests/e2e, with the page served as to visitors.
fn e2e(ws: &Workspace, selected: Option<&BTreeSet<String>>) -> Result<StepOutcome> {
    // Use the command line as the native tests build it: a build of its own would give its dependencies other features.
    run_command(ws.command("cargo").arg("test").args(NATIVE).args(["--locked", "--no-run", "--quiet"]))?;
    let server = Server::start(ws.dist(), (LOCAL, 0).into(), false)?;
    let run = |at_once: &str, alone: bool| {
        let mut command = browser::node(ws, server.port);
        command.args(["--test", &format!("--test-concurrency={at_once}"), "--test-reporter=spec"]);
        let is_selected = |name: &str| selected.is_none_or(|selected| selected.contains(name));
        let fits = |name: &str| {
            name.strip_suffix(".test.mjs").is_some_and(|subject| RUN_ALONE.contains(&subject) == alone)
                && is_selected(name)
        };
        let files = files(ws, "tests/e2e", fits);
        // Without a file, Node would look for tests by itself.
        if files.is_empty() { Ok(TestCount::default().into()) } else { run_tests(command.args(files)) }
    };
    let (mut checked, rest) = (run("1", true)?, run("2", false)?);
    checked.count.add(rest.count);
    checked.last.extend(rest.last);
    checked.slowest = SlowestPart::slower(checked.slowest, rest.slowest);
    Ok(checked)
}

/// Returns the files of a folder whose names fit, sorted.
fn files(ws: &Workspace, folder: &str, fits: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(ws.root.join(folder)) else {
        return Vec::new();
    };
    let mut found: Vec<_> = entries
        .flatten()
        .filter(|entry| fits(&entry.file_name().to_string_lossy()))
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}
