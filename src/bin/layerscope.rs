//! The command line: summary, run, eval, train, bench.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    layerscope::cli::run()
}

#[cfg(target_arch = "wasm32")]
fn main() {}
