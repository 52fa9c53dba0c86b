//! Starts other programs, prints progress, and defines the errors of tasks.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::workspace::on_path;

/// Lines of a command's output that are kept to be shown again. Node repeats its failed tests at the end.
const LAST_LINES: usize = 60;

/// The error that stopped a task.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TaskError {
    /// The program does not exist or cannot be executed.
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
        /// The item to install.
        step: String,
        /// Reason for the failure.
        reason: String,
        /// Advice for the person at the terminal.
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
    /// A built page was not compressed.
    #[error(transparent)]
    Compress(#[from] layerscope_compress::CompressError),
    /// Anything else, as a sentence.
    #[error("{0}")]
    Other(String),
}

/// Result of a task or of a part of it.
pub(crate) type Result<T> = std::result::Result<T, TaskError>;

/// Returns the same command for a time when something else is more urgent: it takes the cores that are left over. Where
/// there is no `nice`, the command shares them.
pub(crate) fn in_background(command: &Command) -> Command {
    let mut background = match on_path("nice") {
        Some(nice) => {
            let mut background = Command::new(nice);
            background.args(["-n", "19"]).arg(command.get_program());
            background
        }
        None => Command::new(command.get_program()),
    };
    background.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => background.env(name, value),
            None => background.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        background.current_dir(folder);
    }
    background
}

/// Prints a line and ignores errors: a closed pipe (`cargo xtask test | head`) is no reason to panic.
pub(crate) fn print_line(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

/// Returns the command line as a person would type it.
pub(crate) fn command_line(command: &Command) -> String {
    let mut line = command.get_program().to_string_lossy().into_owned();
    for arg in command.get_args() {
        let _ = write!(line, " {}", arg.to_string_lossy());
    }
    line
}

/// Runs a command to its end, with its output on the terminal.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|source| TaskError::Start { command: command_line(command), source })?;
    if status.success() { Ok(()) } else { Err(TaskError::Failed { command: command_line(command), status }) }
}

/// Returns the text that a command prints to stdout, or `None` if it cannot start or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The outcome of a command.
#[derive(Debug, Default)]
pub(crate) struct CommandOutcome {
    /// True if the exit status is success.
    pub(crate) succeeded: bool,
    /// The text written to stdout and stderr, in order of arrival.
    pub(crate) text: String,
}

impl CommandOutcome {
    /// Returns the last lines of the text.
    pub(crate) fn last_lines(&self) -> Vec<String> {
        let lines: Vec<&str> = self.text.lines().collect();
        lines[lines.len().saturating_sub(LAST_LINES)..].iter().map(|line| line.trim_end().to_owned()).collect()
    }
}

/// Runs a command to its end, with its output on the terminal, and returns the outcome.
pub(crate) fn tee(command: &mut Command) -> Result<CommandOutcome> {
    let failed = |command: &Command, source| TaskError::Start { command: command_line(command), source };
    let started = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = started.map_err(|source| failed(command, source))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let printed = Mutex::new(String::new());
    thread::scope(|scope| {
        scope.spawn(|| stderr.map(|stderr| echo(stderr, std::io::stderr(), &printed)));
        stdout.map(|stdout| echo(stdout, std::io::stdout(), &printed))
    });
    let status = child.wait().map_err(|source| failed(command, source))?;
    let text = printed.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(CommandOutcome { succeeded: status.success(), text })
}

/// Copies `from` to `to` line by line, and adds it to `printed`.
fn echo(from: impl Read, mut to: impl Write, printed: &Mutex<String>) {
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        let shown = String::from_utf8_lossy(&line);
        let _ = to.write_all(shown.as_bytes());
        let _ = to.flush();
        printed.lock().unwrap_or_else(PoisonError::into_inner).push_str(&shown);
        line.clear();
    }
}

/// Formats a duration for people.
pub(crate) fn format_duration(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_is_kept_and_its_last_lines_separately() {
        let said: String = (1..=100).map(|line| format!("line {line}\n")).collect();
        let (printed, mut shown) = (Mutex::new(String::new()), Vec::new());
        echo(said.as_bytes(), &mut shown, &printed);
        echo("ended badly".as_bytes(), std::io::sink(), &printed);
        assert_eq!(shown, said.as_bytes());
        let text = printed.into_inner().expect("should not be poisoned");
        assert_eq!(text, format!("{said}ended badly"));
        let last = CommandOutcome { succeeded: false, text }.last_lines();
        assert_eq!(last.len(), LAST_LINES);
        assert_eq!(last.first().map(String::as_str), Some("line 42"));
        assert_eq!(last.last().map(String::as_str), Some("ended badly"));
    }
    #[test]
    #[cfg(unix)]
    fn a_command_in_the_background_is_the_same_command() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo $PLACE; pwd; nice"]).env("PLACE", "here").current_dir("/");
        let outcome = in_background(&command).output().expect("should run");
        let text = String::from_utf8_lossy(&outcome.stdout).into_owned();
        let [place, folder, niceness] = text.lines().collect::<Vec<_>>()[..] else { panic!("{text}") };
        assert_eq!((place, folder), ("here", "/"));
        assert!(niceness.parse::<u8>().is_ok_and(|niceness| niceness > 0), "{niceness}");
    }
}
