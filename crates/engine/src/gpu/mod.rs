//! The GPU engine: lowers a graph to WGSL kernels and runs them through wgpu, in the browser and natively.
//!
//! These modules need no device: `schedule` decides which nodes are computed and fused, `layout` where outputs are
//! stored, `plan` and `lower` which kernels run.
//!
//! `program` and `network` hold buffers, `pass` runs them, whole or in the parts of a `course`, and `device` is the GPU
//! itself.

mod aside;
mod clock;
mod conv;
mod course;
mod cut;
mod device;
mod error;
mod health;
mod kernel;
mod layout;
mod lower;
mod network;
mod pack;
mod params;
mod pass;
mod plan;
mod program;
mod schedule;
mod staging;
mod timer;
mod tune;
mod tuning;

pub use conv::{ConvShape, MOST_ROUNDS};
pub use course::{Course, Pace};
pub use device::{Gpu, GpuOptions};
pub use error::GpuError;
pub use kernel::{CONV2D_COMMON_SOURCE, CONV2D_MAPS_SOURCE, Kernel, SHARED_SOURCE};
pub use layout::{Layout, Place};
pub use network::{GpuNetwork, NetworkOptions};
pub use pack::{Pack, TensorRows};
pub use params::{
    ActivationParams, AddParams, AvgPool2dParams, BatchNormParams, Conv2dParams, ExtentFoldParams, ExtentMapsParams,
    LinearParams, LrnParams, MaxPool2dParams, PadShortcutParams, RbfParams, ScaleParams, SoftmaxParams,
    SubsampleParams,
};
pub use pass::{Part, Pending, Read, Reading};
pub use plan::{Binding, Dispatch, Plan, Tensor, Terms};
pub use schedule::{Keep, Schedule, Unit};
pub use tune::tune;
pub use tuning::Tuning;
