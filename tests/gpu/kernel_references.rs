//! The kernels and their tests, one row each.

use engine::gpu::Kernel;

use crate::support::gpu;
use crate::{ablations, convolutions, extents, kernels, maps};

macro_rules! kernel_references {
    ($($test:ident: $kernel:ident by $module:ident::$check:ident,)*) => {
        /// The kernels that a test compares with their reference.
        const COMPARED: &[Kernel] = &[$(Kernel::$kernel),*];

        $(
            #[test]
            fn $test() {
                $module::$check(&gpu(), Kernel::$kernel);
            }
        )*
    };
}

kernel_references! {
    activation: Activation by kernels::activation,
    add: Add by maps::add,
    avg_pool2d: AvgPool2d by maps::avg_pool2d,
    batch_norm: BatchNorm by maps::batch_norm,
    channel_affine: ChannelAffine by maps::channel_affine,
    conv2d: Conv2d by convolutions::conv2d,
    conv2d_deep: Conv2dDeep by convolutions::conv2d,
    conv2d_direct: Conv2dDirect by convolutions::conv2d,
    conv2d_gemm: Conv2dGemm by convolutions::conv2d,
    conv2d_pointwise: Conv2dPointwise by convolutions::conv2d,
    conv2d_points: Conv2dPoints by convolutions::conv2d,
    conv2d_rows: Conv2dRows by convolutions::conv2d,
    extent_reduce: ExtentReduce by extents::extents,
    extent_maps: ExtentMaps by extents::extents,
    linear: Linear by kernels::linear,
    lrn: Lrn by maps::lrn,
    max_pool2d: MaxPool2d by kernels::max_pool2d,
    pad_shortcut: PadShortcut by maps::pad_shortcut,
    rbf: Rbf by kernels::rbf,
    scale: Scale by ablations::scale,
    softmax: Softmax by kernels::softmax,
    subsample: Subsample by kernels::subsample,
}

/// A kernel without a row here, or with two, fails this test.
#[test]
fn every_kernel_is_compared_with_its_reference() {
    let mut compared = COMPARED.to_vec();
    compared.sort_unstable();
    assert_eq!(compared, Kernel::ALL);
}
