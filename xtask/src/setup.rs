//! Installs missing programs and packages. Whatever is installed in the wanted version stays as it is.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::Instant;

use serde_json::Value;

use crate::browser;
use crate::debian;
use crate::process::{Result, TaskError, format_duration, output, print_line, run};
use crate::progress::Piece;
use crate::python;
use crate::workspace::Workspace;

/// The newest Trunk that builds with this project's Rust version.
const TRUNK: &str = "0.21.14";
/// This version reads the newest advisory format; older ones fail on it.
const CARGO_DENY: &str = "0.20.2";
const LEPTOSFMT: &str = "0.1.33";

/// The options that install Trunk. Without the default features, Trunk and wasm-bindgen build in a fraction of the time.
/// The features are TLS, for downloads of tools that the set-up has installed and for browsers on other machines, and a
/// check for newer versions. One package has tables that take the compiler longer without optimization.
const TRUNK_OPTIONS: [&str; 4] =
    ["--locked", "--no-default-features", "--config", "profile.release.package.minify-html-common.opt-level=2"];

/// The options that install wasm-bindgen. The packages that go through megabytes of code are optimized.
const WASM_BINDGEN_OPTIONS: [&str; 7] = [
    "--no-default-features",
    "--config",
    "profile.release.package.walrus.opt-level=2",
    "--config",
    "profile.release.package.wasmparser.opt-level=2",
    "--config",
    "profile.release.package.wasm-encoder.opt-level=2",
];

/// Installs the programs that serving the page needs.
pub(crate) fn page(ws: &mut Workspace) -> Result<()> {
    compiler(ws)?;
    bundler(ws, run_with_progress)
}

/// Installs the programs that compile the page.
pub(crate) fn compiler(ws: &mut Workspace) -> Result<()> {
    node(ws)?;
    wasm_target(ws)
}

/// Installs the programs that make a page of compiled code. `install` runs the command that installs a tool. The
/// packages from npm are downloaded while cargo builds its tools.
pub(crate) fn bundler(ws: &Workspace, install: Install) -> Result<()> {
    thread::scope(|scope| {
        let packages = scope.spawn(|| node_packages(ws));
        bundlers(ws)?.iter().try_for_each(|tool| cargo_tool(ws, tool, install))?;
        packages
            .join()
            .unwrap_or_else(|_| Err(TaskError::Other("the thread that installs packages panicked".to_owned())))
    })
}

/// Returns the seconds that [`bundler`] takes on two cores; 0 if all tools are there.
pub(crate) fn bundler_seconds(ws: &Workspace) -> Result<u64> {
    Ok(bundlers(ws)?.iter().filter(|tool| !tool.is_installed(ws)).map(|tool| tool.piece.seconds).sum())
}

fn bundlers(ws: &Workspace) -> Result<[Tool; 2]> {
    let wasm_bindgen = Tool {
        piece: Piece { name: "wasm-bindgen-cli", seconds: 50 },
        program: "wasm-bindgen",
        version: locked_version(ws, "wasm-bindgen")?,
        // Without --locked: the lock file of that package names a package that was never published.
        options: &WASM_BINDGEN_OPTIONS,
    };
    // The packages of wasm-bindgen wait for each other. Those of Trunk fill all cores once the stage is compiled.
    Ok([wasm_bindgen, Tool::new(Piece { name: "trunk", seconds: 120 }, TRUNK, &TRUNK_OPTIONS)])
}

/// Installs the programs that testing needs in addition.
pub(crate) fn tests(ws: &mut Workspace) -> Result<()> {
    for (component, args) in [("rustfmt", ["fmt", "--version"]), ("clippy", ["clippy", "--version"])] {
        ensure_installed(
            component,
            "`rustup component add rustfmt clippy`, or your system's packages of them",
            || output(ws.command("cargo").args(args)).is_some(),
            || run(ws.command("rustup").args(["component", "add", component])),
        )?;
    }
    for tool in [
        Tool::new(Piece { name: "cargo-deny", seconds: 80 }, CARGO_DENY, &["--locked"]),
        Tool::new(Piece { name: "leptosfmt", seconds: 45 }, LEPTOSFMT, &["--locked"]),
    ] {
        cargo_tool(ws, &tool, run_with_progress)?;
    }
    ensure_installed(
        "a Vulkan driver",
        "install a driver of your graphics card, or lavapipe (Debian: mesa-vulkan-drivers)",
        || browser::has_gpu() || browser::lavapipe().is_some(),
        || debian::install(ws, &["mesa-vulkan-drivers"]),
    )?;
    ensure_installed(
        "Chromium",
        "install Chromium or Chrome, or set CHROMIUM to its program",
        || browser::chromium().is_some(),
        || debian::install(ws, &["chromium"]),
    )?;
    ensure_installed(
        "chromedriver",
        "install the chromedriver of your Chromium, or set CHROMEDRIVER to its program",
        || browser::chromedriver().is_some(),
        || debian::install(ws, &["chromium-driver"]),
    )?;
    python(ws)
}

/// Sets up a Python that can read the files which the page saves: packages in a folder of the project, or the system's
/// packages if pip cannot download them.
fn python(ws: &Workspace) -> Result<()> {
    let own = ws.target.join("python");
    ensure_installed(
        "Python with numpy, Pillow and safetensors",
        "`pip install -r tests/e2e/requirements.txt`, or set PYTHON to a Python that has them",
        || python::find(ws).is_some(),
        || {
            let make = || run(ws.command("python3").args(["-m", "venv"]).arg(&own));
            if make().is_err() {
                debian::install(ws, &["python3", "python3-venv"])?;
                make()?;
            }
            let pip = ["-m", "pip", "install", "--quiet", "-r", "tests/e2e/requirements.txt"];
            run(ws.command(&own.join("bin/python").to_string_lossy()).args(pip)).or_else(|error| {
                print_line(&format!("set-up: {error}; trying the system's packages"));
                debian::install(ws, &["python3", "python3-numpy", "python3-pil", "python3-safetensors"])
            })
        },
    )
}

/// Runs one step of the set-up: reports that the item is installed already, or installs it and reports the time that
/// this took.
fn ensure_installed(
    name: &str,
    advice: &str,
    is_installed: impl Fn() -> bool,
    install: impl FnOnce() -> Result<()>,
) -> Result<()> {
    if is_installed() {
        print_line(&format!("set-up: {name}: already there"));
        return Ok(());
    }
    print_line(&format!("set-up: {name}: installing"));
    let start = Instant::now();
    let failed = |reason: String| TaskError::Setup { step: name.to_owned(), reason, advice: advice.to_owned() };
    install().map_err(|error| failed(error.to_string()))?;
    if !is_installed() {
        return Err(failed("it was installed but cannot be found".to_owned()));
    }
    print_line(&format!("set-up: {name}: installed in {}", format_duration(start.elapsed())));
    Ok(())
}

fn node(ws: &Workspace) -> Result<()> {
    ensure_installed(
        "Node and npm",
        "install Node 20.19 or newer with npm",
        || {
            output(ws.command("node").arg("--version")).is_some()
                && output(ws.command("npm").arg("--version")).is_some()
        },
        || debian::install(ws, &["nodejs", "npm"]),
    )
}

/// Installs the standard library for wasm32: from rustup, otherwise from Debian's packages.
fn wasm_target(ws: &mut Workspace) -> Result<()> {
    if !has_wasm_std(ws) {
        // An earlier run may have linked Debian's toolchain.
        ws.uses_debian = debian::is_linked(ws);
    }
    let plain = ws.clone();
    if has_wasm_std(ws) {
        print_line("set-up: the wasm32 target: already there");
        return Ok(());
    }
    let rustup = ensure_installed(
        "the wasm32 target",
        "nothing yet: Debian's toolchain is tried next",
        || has_wasm_std(&plain),
        || run(plain.command("rustup").args(["target", "add", debian::WASM])),
    );
    let Err(error) = rustup else { return Ok(()) };
    print_line(&format!("{error}"));
    ws.uses_debian = true;
    let debian = ws.clone();
    ensure_installed(
        "the wasm32 target of Debian's toolchain",
        "`rustup target add wasm32-unknown-unknown` on a network that lets rustup through",
        || has_wasm_std(&debian),
        || debian::toolchain(&debian),
    )
}

fn has_wasm_std(ws: &Workspace) -> bool {
    let args = ["--print", "target-libdir", "--target", debian::WASM];
    let Some(folder) = output(ws.wasm_command("rustc").args(args)) else {
        return false;
    };
    let Ok(entries) = fs::read_dir(folder.trim()) else {
        return false;
    };
    let names: Vec<_> = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    ["libstd-", "libtest-"].iter().all(|library| names.iter().any(|name| name.starts_with(library)))
}

/// A program that cargo builds from a published package.
struct Tool {
    /// Its installation. The name is that of the package.
    piece: Piece,
    program: &'static str,
    version: String,
    /// The options of `cargo install`.
    options: &'static [&'static str],
}

impl Tool {
    /// Returns a tool whose program has the name of its package.
    fn new(piece: Piece, version: &str, options: &'static [&'static str]) -> Self {
        Self { piece, program: piece.name, version: version.to_owned(), options }
    }

    /// Returns what the installed program says of its version.
    fn installed(&self, ws: &Workspace) -> Option<String> {
        output(ws.command(self.program).arg("--version"))
    }

    /// Returns whether the program is installed in the wanted version.
    fn is_installed(&self, ws: &Workspace) -> bool {
        self.installed(ws).is_some_and(|text| text.split_whitespace().any(|word| word == self.version))
    }
}

/// Runs the command that installs a tool.
type Install = fn(&Workspace, Piece, &mut Command) -> Result<()>;

/// Runs a command with its output on the terminal, and says how much time is left.
fn run_with_progress(ws: &Workspace, piece: Piece, command: &mut Command) -> Result<()> {
    piece.run(ws, || run(command))
}

fn cargo_tool(ws: &Workspace, tool: &Tool, install: Install) -> Result<()> {
    let package = format!("{}@{}", tool.piece.name, tool.version);
    ensure_installed(
        &format!("{} {}", tool.piece.name, tool.version),
        &format!("`cargo install {package}`, and read what it says"),
        || tool.is_installed(ws),
        || {
            let mut command = ws.command("cargo");
            command.args(["install", &package]).args(tool.options);
            if tool.installed(ws).is_some() {
                // Another version is installed, perhaps for another project. Leave it alone and install ours in the
                // target folder.
                command.arg("--root").arg(ws.tools());
            }
            // The tools run for seconds and take minutes to build, so they are built without optimization, and they
            // share dependencies.
            command
                .env("CARGO_TARGET_DIR", ws.tools().join("build"))
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
                .env("CARGO_PROFILE_RELEASE_PANIC", "abort")
                .env("CARGO_PROFILE_RELEASE_LTO", "off")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "64")
                .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
            install(ws, tool.piece, &mut command)
        },
    )
}

/// Returns the version of `package` in Cargo.lock.
fn locked_version(ws: &Workspace, package: &str) -> Result<String> {
    let path = ws.root.join("Cargo.lock");
    let text = fs::read_to_string(&path).map_err(|source| TaskError::Io { path: path.clone(), source })?;
    version_in_lock(&text, package)
        .ok_or_else(|| TaskError::Other(format!("{} does not name {package}", path.display())))
}

fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"').map(str::to_owned)
}

/// Installs wasm-opt, the browser driver, the accessibility checker and stylelint, in the versions of package.json.
fn node_packages(ws: &Workspace) -> Result<()> {
    packages(ws, "wasm-opt, stylelint and the browser tests' packages", ".", "devDependencies")
}

/// Installs the libraries that the page is compared with, in the versions of bench/package.json.
pub(crate) fn contenders(ws: &Workspace) -> Result<()> {
    packages(ws, "onnxruntime-web and TensorFlow.js", "bench", "dependencies")
}

/// Installs the packages under the key `kind` in the package.json of `folder`.
fn packages(ws: &Workspace, name: &str, folder: &str, kind: &str) -> Result<()> {
    ensure_installed(
        name,
        &format!("`npm ci` in {folder} of the project, and read what it says"),
        || {
            wanted_packages(ws, folder, kind)
                .is_some_and(|wanted| wanted.iter().all(|(name, version)| has_package(ws, folder, name, version)))
        },
        || {
            let args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
            run(ws.command("npm").current_dir(ws.root.join(folder)).args(args))
        },
    )
}

fn wanted_packages(ws: &Workspace, folder: &str, kind: &str) -> Option<Vec<(String, String)>> {
    let manifest = json(ws, &format!("{folder}/package.json"))?;
    let wanted = manifest.get(kind)?.as_object()?;
    wanted.iter().map(|(name, version)| Some((name.clone(), version.as_str()?.to_owned()))).collect()
}

fn has_package(ws: &Workspace, folder: &str, name: &str, version: &str) -> bool {
    json(ws, &format!("{folder}/node_modules/{name}/package.json"))
        .is_some_and(|manifest| manifest.get("version").and_then(Value::as_str) == Some(version))
}

fn json(ws: &Workspace, path: &str) -> Option<Value> {
    serde_json::from_slice(&fs::read(ws.root.join(path)).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_found_by_the_exact_package_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-test\"\nversion = \"0.3.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in_lock(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in_lock(lock, "leptos"), None);
    }
}
