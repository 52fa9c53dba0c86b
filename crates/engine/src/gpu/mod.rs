//! The GPU engine: lowers a graph to WGSL kernels and runs them through wgpu, in the browser and natively.
//!
//! These modules need no device:
//!
//! - `schedule` decides which nodes are computed and which are fused.
//! - `layout` decides where outputs are stored.
//! - `plan` holds dispatches as data. `lower`, `unit_dispatches`, `scaling` and `extent_plan` make them.
//!
//! These modules run them:
//!
//! - `device` is the GPU, `buffers`, `device_tensors` and `staging` are its memory.
//! - `program` binds dispatches to buffers.
//! - `network` holds the programs of a network, `ablation` those of its ablated nodes.
//! - `pass` and `detached` submit passes, whole or in the parts of a `pass_schedule`. `readback` waits for them.
//!
//! A graph becomes a pass in four stages. Only the last needs a device.
//!
//! 1. The *schedule* decides which nodes to compute. Nodes that do not lead to a kept output are left out, as are
//!    auxiliary classifiers if nobody asks for them. Dropout and the identity pass on the buffer of their input. If the
//!    output of a node is not kept and has one reader, the reader is fused into it: batch normalization, an addition
//!    and an activation into a convolution; an activation also into a fully connected layer, an addition or a batch
//!    normalization.
//! 2. The *layout* gives each output a buffer and an offset. The branches of a concatenation lie in its buffer, unless
//!    a kernel would then read and write the same buffer; such a branch is copied. The buffer of an output that is not
//!    kept is reused after its last reader: the free buffer that fits best.
//! 3. The *plan* lowers each unit of the schedule to dispatches as data: kernel, uniform, bindings, workgroups. For the
//!    colours of the stage it also measures the extent of each map of the kept nodes, and reduces them to the extents
//!    of layers and of the network. The input, the scores and the probabilities do not count for the network's extent.
//! 4. The *program* makes buffers, puts all uniforms into one and binds everything. Pipelines are made on first use and
//!    shared by all networks on the device. Weights are uploaded once, 4 MiB at a time.
//!
//! A network that keeps some outputs only can compute the others on demand: a second, unfused schedule computes them
//! from the kept ones in the same submit. The tensors of the single nodes are uploaded for it, and the last such
//! program is remembered.
//!
//! A dropped network destroys its buffers at once. A browser would free them with its garbage, and it does not know how
//! large they are.

mod ablation;
mod buffers;
mod callback;
mod conv;
mod detached;
mod device;
mod device_health;
mod device_tensors;
mod error;
mod extent_plan;
mod extra_program;
mod kernel;
mod layout;
mod lower;
mod network;
mod node_locations;
mod node_tensors;
mod pack;
mod params;
mod pass;
mod pass_schedule;
mod plan;
mod program;
mod readback;
mod scaling;
mod schedule;
mod staging;
mod throughput;
mod timer;
mod tune;
mod tuning;
mod unit_dispatches;

pub use conv::{ConvShape, MAX_LOOP_ROUNDS};
pub use device::{Gpu, GpuOptions};
pub use error::GpuError;
pub use kernel::{CONV2D_COMMON_SOURCE, CONV2D_MAPS_SOURCE, Kernel, SHARED_SOURCE};
pub use network::{GpuNetwork, NetworkOptions};
pub use pack::TensorRows;
pub use params::{
    ActivationParams, AddParams, AvgPool2dParams, BatchNormParams, ChannelAffineParams, Conv2dParams, ExtentMapsParams,
    ExtentReduceParams, LinearParams, LrnParams, MaxPool2dParams, PadShortcutParams, RbfParams, ScaleParams,
    SoftmaxParams, SubsampleParams,
};
pub use pass::PassPart;
pub use pass_schedule::PassSchedule;
pub use readback::{PassReadback, PendingPass, ReadbackRequest};
pub use throughput::Throughput;
pub use tune::tune;
pub use tuning::Tuning;
