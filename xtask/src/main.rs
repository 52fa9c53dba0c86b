//! Sets up, serves, tests and benchmarks Layerscope.
fn main() {}
