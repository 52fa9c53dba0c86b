//! The uniforms of the kernels, with the same fields as in WGSL. A test compares the layouts.

use bytemuck::{Pod, Zeroable};

use net::Activation;

/// Converts a size for a uniform.
pub(super) fn uniform_size(n: usize) -> u32 {
    u32::try_from(n).expect("should fit in 32 bits")
}

/// Returns the code of an activation in WGSL (`activate` in `shared.wgsl`).
pub(super) fn activation_code(activation: Activation) -> u32 {
    match activation {
        Activation::Identity => 0,
        Activation::ScaledTanh => 1,
        Activation::Relu => 2,
        Activation::Sigmoid => 3,
    }
}

macro_rules! params {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $kind:ty),* $(,)? }) => {
        $(#[$doc])*
        #[repr(C)]
        #[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
        pub struct $name {
            $(#[doc = concat!("The field `", stringify!($field), "` of the uniform.")] pub $field: $kind,)*
        }

        impl $name {
            /// The name of each field and its offset in bytes.
            pub const LAYOUT: &[(&str, usize)] = &[$((stringify!($field), std::mem::offset_of!($name, $field))),*];
        }
    };
}

params!(
    /// The uniform of all kernels of convolution (`conv2d_common.wgsl`).
    Conv2dParams {
        in_channels: u32,
        in_height: u32,
        in_width: u32,
        in_first: u32,
        out_channels: u32,
        out_height: u32,
        out_width: u32,
        out_first: u32,
        kernel: u32,
        stride: u32,
        padding: u32,
        groups: u32,
        activation: u32,
        block_first: u32,
        blocks: u32,
        residual: u32,
        residual_first: u32,
    }
);
params!(
    /// The uniform of `subsample.wgsl`.
    SubsampleParams {
        channels: u32,
        out_height: u32,
        out_width: u32,
        kernel: u32,
        activation: u32,
        in_first: u32,
        out_first: u32,
    }
);
params!(
    /// The uniform of `max_pool2d.wgsl`.
    MaxPool2dParams {
        channels: u32,
        in_height: u32,
        in_width: u32,
        out_height: u32,
        out_width: u32,
        kernel: u32,
        stride: u32,
        padding: u32,
        in_first: u32,
        out_first: u32,
    }
);
params!(
    /// The uniform of `avg_pool2d.wgsl`.
    AvgPool2dParams {
        channels: u32,
        in_height: u32,
        in_width: u32,
        out_height: u32,
        out_width: u32,
        kernel: u32,
        stride: u32,
        in_first: u32,
        out_first: u32,
    }
);
params!(
    /// The uniform of `pad_shortcut.wgsl`.
    PadShortcutParams {
        in_channels: u32,
        in_height: u32,
        in_width: u32,
        out_channels: u32,
        out_height: u32,
        out_width: u32,
        stride: u32,
        in_first: u32,
        out_first: u32,
    }
);
params!(
    /// The uniform of `linear.wgsl`.
    LinearParams { inputs: u32, unit_first: u32, units: u32, activation: u32, in_first: u32, out_first: u32 }
);
params!(
    /// The uniform of `rbf.wgsl`.
    RbfParams { inputs: u32, units: u32, in_first: u32, out_first: u32 }
);
params!(
    /// The uniform of `activation.wgsl`.
    ActivationParams { count: u32, activation: u32, in_first: u32, out_first: u32 }
);
params!(
    /// The uniform of `add.wgsl`.
    AddParams {
        count: u32,
        activation: u32,
        onto: u32,
        a_first: u32,
        b_first: u32,
        out_first: u32,
        a_factor: f32,
        b_factor: f32,
    }
);
params!(
    /// The uniform of `batch_norm.wgsl`.
    BatchNormParams { count: u32, area: u32, activation: u32, in_first: u32, out_first: u32 }
);
params!(
    /// The uniform of `channel_affine.wgsl`.
    ChannelAffineParams {
        count: u32,
        area: u32,
        in_first: u32,
        out_first: u32,
        scale_red: f32,
        scale_green: f32,
        scale_blue: f32,
        shift_red: f32,
        shift_green: f32,
        shift_blue: f32,
    }
);
params!(
    /// The uniform of `lrn.wgsl`.
    LrnParams { channels: u32, area: u32, size: u32, alpha: f32, beta: f32, k: f32, in_first: u32, out_first: u32 }
);
params!(
    /// The uniform of `scale.wgsl`.
    ScaleParams { count: u32, first: u32, step: u32, factor: f32 }
);
params!(
    /// The uniform of `softmax.wgsl`.
    SoftmaxParams { count: u32, scale: f32, in_first: u32, out_first: u32 }
);
params!(
    /// The uniform of `extent_maps.wgsl`.
    ExtentMapsParams { first: u32, maps: u32, values: u32, in_first: u32, counts_first: u32 }
);
params!(
    /// The uniform of `extent_reduce.wgsl`.
    ExtentReduceParams { first: u32, reductions: u32 }
);
