//! The command line: summary, run, eval, train, bench.

fn main() {}
