//! Starts the command line.

/// A training step allocates and frees the same large tensors again and again. The system allocator returns that memory
/// each time, and fetching the pages again takes half of the training time. mimalloc keeps them.
#[cfg(not(target_arch = "wasm32"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    cli::run()
}

#[cfg(target_arch = "wasm32")]
fn main() {}
