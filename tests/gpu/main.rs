//! Tests of the GPU engine and the painter on the adapter at hand. They fail without an adapter: none is skipped.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod ablations;
mod branches;
mod convolutions;
mod errors;
mod extents;
mod fixture;
mod fusion;
mod kernel_references;
mod kernels;
mod limits;
mod maps;
mod networks;
mod painter;
mod pass_parts;
mod speed;
mod support;
mod tolerance;
mod tuning;
