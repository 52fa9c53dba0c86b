//! Tests of the GPU engine and the painter on the adapter at hand. They fail without an adapter: none is skipped.

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
