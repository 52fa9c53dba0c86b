//! Starts the page `/learn`. Trunk builds this binary for wasm32; the native build only prints a hint.

#[cfg(target_arch = "wasm32")]
fn main() {
    lessons::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("the page runs in a browser: use `cargo xtask serve`");
    std::process::exit(2);
}
