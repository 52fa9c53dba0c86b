//! The GPU engine and the painter, on the adapter at hand. No adapter is a failure: nothing here is skipped.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod convolutions;
mod cuts;
mod fixture;
mod fusion;
mod kernels;
mod lanes;
mod limits;
mod lost;
mod maps;
mod measures;
mod painter;
mod parts;
mod reference;
mod speed;
mod support;
mod tolerance;
mod tuning;
mod twins;
