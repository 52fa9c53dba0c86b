//! The folder of a desktop session, which the Vulkan loader looks for even where there is no desktop.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;
use std::{env, io};

/// The variable with the folder.
const VARIABLE: &str = "XDG_RUNTIME_DIR";

/// Starts this program again with the variable if it is missing. Returns only if it is there, or if the program cannot
/// be started again.
///
/// Mesa's Vulkan layer that chooses a device asks libwayland for a display. If the variable is missing, libwayland
/// prints an error, although a program without windows needs no display. A process can be given another environment
/// only when it starts, without unsafe code.
pub(crate) fn ensure() -> io::Result<()> {
    let is_there = env::var_os(VARIABLE).is_some_and(|folder| Path::new(&folder).is_absolute());
    if is_there {
        return Ok(());
    }
    let mut arguments = env::args_os();
    let mut command = Command::new(env::current_exe()?);
    if let Some(name) = arguments.next() {
        command.arg0(name);
    }
    Err(command.args(arguments).env(VARIABLE, env::temp_dir()).exec())
}
