//! Running other programs, saying what happens, and what can go wrong on the way.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

/// What stopped a task.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The program is not there, or may not be run.
    #[error("`{command}` could not be started: {source}")]
    Start {
        /// The command line.
        command: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The program ran and failed.
    #[error("`{command}` failed ({status})")]
    Failed {
        /// The command line.
        command: String,
        /// Its exit status.
        status: std::process::ExitStatus,
    },
    /// A step of the set-up failed.
    #[error("set-up of {step} failed: {reason}\n  what to do: {advice}")]
    Setup {
        /// What was to be installed.
        step: String,
        /// Why it was not.
        reason: String,
        /// What the person can do about it.
        advice: String,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Anything else, as a sentence.
    #[error("{0}")]
    Other(String),
}

/// The result of a task or of a part of it.
pub(crate) type Result<T> = std::result::Result<T, Error>;

/// Prints a line. A closed pipe (`cargo xtask test | head`) is no reason to panic.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

/// The command line as a person would type it.
pub(crate) fn shown(command: &Command) -> String {
    let mut line = command.get_program().to_string_lossy().into_owned();
    for arg in command.get_args() {
        let _ = write!(line, " {}", arg.to_string_lossy());
    }
    line
}

/// Runs a command to its end with its output on screen.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|source| Error::Start { command: shown(command), source })?;
    if status.success() { Ok(()) } else { Err(Error::Failed { command: shown(command), status }) }
}

/// What a command prints to stdout, or nothing where it is not there or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command with its output on screen, and returns whether it succeeded and what it wrote to stdout.
pub(crate) fn tee(command: &mut Command) -> Result<(bool, String)> {
    let started = command.stdout(Stdio::piped()).spawn();
    let mut child = started.map_err(|source| Error::Start { command: shown(command), source })?;
    let mut text = String::new();
    if let Some(stdout) = child.stdout.take() {
        let mut reader = BufReader::new(stdout);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            let shown = String::from_utf8_lossy(&line);
            let mut out = std::io::stdout().lock();
            let _ = out.write_all(shown.as_bytes());
            let _ = out.flush();
            text.push_str(&shown);
            line.clear();
        }
    }
    let status = child.wait().map_err(|source| Error::Start { command: shown(command), source })?;
    Ok((status.success(), text))
}

/// A duration as a person says it.
pub(crate) fn took(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}
