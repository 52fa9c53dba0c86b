//! The command line: summary, run, eval, train, bench, agreement.

/// A training step allocates and frees the same large tensors again and again; the system's allocator gives them back
/// each time, and half the time then goes into fetching the pages anew.
#[cfg(not(target_arch = "wasm32"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    cli::run()
}

#[cfg(target_arch = "wasm32")]
fn main() {}
