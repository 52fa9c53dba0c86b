//! The browser, its driver and the graphics adapter that tests use.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::python;
use crate::workspace::{Workspace, on_path};

/// Folder in which Linux registers Vulkan drivers.
const VULKAN_DRIVERS: &str = "/usr/share/vulkan/icd.d";

/// Returns the browser that end-to-end tests drive: `CHROMIUM`, or the first on PATH.
pub(crate) fn chromium() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    named("CHROMIUM").or_else(|| names.iter().find_map(|name| on_path(name)))
}

/// Returns the driver that wasm-bindgen's test runner uses: `CHROMEDRIVER`, or the one on PATH.
pub(crate) fn chromedriver() -> Option<PathBuf> {
    named("CHROMEDRIVER").or_else(|| on_path("chromedriver"))
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|file| file.is_file())
}

/// Returns whether wgpu finds an adapter by itself: through Metal or DirectX, a driver that the caller chose, or the
/// device file of a graphics card.
pub(crate) fn has_gpu() -> bool {
    if cfg!(not(target_os = "linux")) || env::var_os("VK_ICD_FILENAMES").is_some() {
        return true;
    }
    Path::new("/dev/nvidia0").exists()
        || fs::read_dir("/dev/dri").is_ok_and(|entries| {
            entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("renderD"))
        })
}

/// Returns the registration file of lavapipe, Mesa's software adapter. The name of the file ends with the architecture.
pub(crate) fn lavapipe() -> Option<PathBuf> {
    let entries = fs::read_dir(VULKAN_DRIVERS).ok()?;
    entries
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("lvp_icd")))
}

/// Selects lavapipe for `command` if there is no GPU. Without any adapter, GPU tests fail; they are not skipped.
pub(crate) fn with_adapter(command: &mut Command) -> &mut Command {
    if !has_gpu()
        && let Some(driver) = lavapipe()
    {
        command.env("VK_ICD_FILENAMES", driver);
    }
    command
}

/// Makes `cargo test --target wasm32-unknown-unknown` run its tests in headless Chromium, with WebGPU.
pub(crate) fn with_wasm_runner<'a>(ws: &Workspace, command: &'a mut Command) -> &'a mut Command {
    command
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", ws.root.join("tests/webdriver.json"))
        // In seconds. Without a graphics card, shaders are compiled on the CPU, which takes longer.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300")
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60");
    if let Some(driver) = chromedriver() {
        command.env("CHROMEDRIVER", driver);
    }
    command
}

/// Returns Node with the environment variables that the scripts in tests/e2e read.
pub(crate) fn node(ws: &Workspace, port: u16) -> Command {
    let mut command = ws.command("node");
    command.env("LAYERSCOPE_URL", format!("http://127.0.0.1:{port}/"));
    if let Some(python) = python::find(ws) {
        command.env("PYTHON", python);
    }
    command.env("LAYERSCOPE_BIN", ws.target.join("debug").join(format!("layerscope{}", env::consts::EXE_SUFFIX)));
    if let Some(chromium) = chromium() {
        command.env("CHROMIUM", chromium);
    }
    command
}
