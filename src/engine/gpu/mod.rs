//! The GPU engine: a graph lowered to WGSL kernels, run through wgpu in the browser and natively.
//!
//! `plan` says what to run, without a device; `network` holds buffers and runs it; `device` is the GPU itself.

mod clock;
mod device;
mod error;
mod health;
mod kernel;
mod network;
mod pack;
mod params;
mod pass;
mod plan;
mod staging;

pub use device::{Gpu, GpuOptions};
pub use error::GpuError;
pub use kernel::{Kernel, SHARED_SOURCE};
pub use network::GpuNetwork;
pub use pack::Pack;
pub use params::{
    ActivationParams, Conv2dParams, ExtentFoldParams, ExtentMapsParams, LinearParams, MaxPool2dParams, RbfParams,
    SoftmaxParams, SubsampleParams,
};
pub use pass::{Pending, Read, Reading};
pub use plan::{Binding, Dispatch, Plan};
