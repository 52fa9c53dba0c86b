//! The compute kernels and their WGSL source.

/// A compute kernel. Each has one file in `shaders/` and one reference in `engine::reference`; those of convolution
/// share
/// `conv2d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kernel {
    /// `activation.wgsl`: an activation function as a node of its own, and copies.
    Activation,
    /// `add.wgsl`: addition of two outputs.
    Add,
    /// `avg_pool2d.wgsl`: average pooling.
    AvgPool2d,
    /// `batch_norm.wgsl`: batch normalisation.
    BatchNorm,
    /// `channel_affine.wgsl`: a fixed scale and shift of each channel.
    ChannelAffine,
    /// `conv2d.wgsl`: convolution, one pixel of four channels per invocation.
    Conv2d,
    /// `conv2d_deep.wgsl`: convolution of many input channels to few pixels.
    Conv2dDeep,
    /// `conv2d_direct.wgsl`: convolution with its sums in registers.
    Conv2dDirect,
    /// `conv2d_gemm.wgsl`: convolution as an implicit matrix product.
    Conv2dGemm,
    /// `conv2d_pointwise.wgsl`: 1x1 kernels at stride 1.
    Conv2dPointwise,
    /// `conv2d_points.wgsl`: 1x1 kernels at any stride.
    Conv2dPoints,
    /// `conv2d_rows.wgsl`: 3x3 kernels at stride 1.
    Conv2dRows,
    /// `extent_reduce.wgsl`: extents of layers and of the network.
    ExtentReduce,
    /// `extent_maps.wgsl`: extents of feature maps.
    ExtentMaps,
    /// `linear.wgsl`: a fully connected layer.
    Linear,
    /// `lrn.wgsl`: local response normalisation.
    Lrn,
    /// `max_pool2d.wgsl`: max pooling.
    MaxPool2d,
    /// `pad_shortcut.wgsl`: the shortcut without parameters.
    PadShortcut,
    /// `rbf.wgsl`: Euclidean radial basis functions.
    Rbf,
    /// `scale.wgsl`: ablation of maps or kernels.
    Scale,
    /// `softmax.wgsl`: softmax.
    Softmax,
    /// `subsample.wgsl`: LeNet-5's subsampling.
    Subsample,
}

macro_rules! shader {
    ($name:literal) => {
        include_str!(concat!("../../../../shaders/", $name, ".wgsl"))
    };
}

/// The WGSL that all kernels share. [`Kernel::source`] appends it.
pub const SHARED_SOURCE: &str = shader!("shared");

/// The WGSL that all kernels of convolution share.
pub const CONV2D_COMMON_SOURCE: &str = shader!("conv2d_common");

/// The bindings of the maps for those kernels of convolution that read and write single values.
pub const CONV2D_MAPS_SOURCE: &str = shader!("conv2d_maps");

/// Appends the shared sources to a kernel's own file. The order of declarations does not matter in WGSL.
macro_rules! kernel {
    ($name:literal $(, $shared:literal)*) => {
        ($name, concat!(shader!($name), $(shader!($shared),)* shader!("shared")))
    };
}

impl Kernel {
    /// All kernels.
    pub const ALL: [Self; 22] = [
        Self::Activation,
        Self::Add,
        Self::AvgPool2d,
        Self::BatchNorm,
        Self::ChannelAffine,
        Self::Conv2d,
        Self::Conv2dDeep,
        Self::Conv2dDirect,
        Self::Conv2dGemm,
        Self::Conv2dPointwise,
        Self::Conv2dPoints,
        Self::Conv2dRows,
        Self::ExtentReduce,
        Self::ExtentMaps,
        Self::Linear,
        Self::Lrn,
        Self::MaxPool2d,
        Self::PadShortcut,
        Self::Rbf,
        Self::Scale,
        Self::Softmax,
        Self::Subsample,
    ];

    /// The number of invocations per workgroup, in every kernel.
    pub const WORKGROUP: usize = 64;

    const fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::Activation => kernel!("activation"),
            Self::Add => kernel!("add"),
            Self::AvgPool2d => kernel!("avg_pool2d"),
            Self::BatchNorm => kernel!("batch_norm"),
            Self::ChannelAffine => kernel!("channel_affine"),
            Self::Conv2d => kernel!("conv2d", "conv2d_common", "conv2d_maps"),
            Self::Conv2dDeep => kernel!("conv2d_deep", "conv2d_common", "conv2d_maps"),
            Self::Conv2dDirect => kernel!("conv2d_direct", "conv2d_common", "conv2d_maps"),
            Self::Conv2dGemm => kernel!("conv2d_gemm", "conv2d_common", "conv2d_maps"),
            Self::Conv2dPointwise => kernel!("conv2d_pointwise", "conv2d_common"),
            Self::Conv2dPoints => kernel!("conv2d_points", "conv2d_common", "conv2d_maps"),
            Self::Conv2dRows => kernel!("conv2d_rows", "conv2d_common", "conv2d_maps"),
            Self::ExtentReduce => kernel!("extent_reduce"),
            Self::ExtentMaps => kernel!("extent_maps"),
            Self::Linear => kernel!("linear"),
            Self::Lrn => kernel!("lrn"),
            Self::MaxPool2d => kernel!("max_pool2d"),
            Self::PadShortcut => kernel!("pad_shortcut"),
            Self::Rbf => kernel!("rbf"),
            Self::Scale => kernel!("scale"),
            Self::Softmax => kernel!("softmax"),
            Self::Subsample => kernel!("subsample"),
        }
    }

    /// Returns the name of the kernel's file and reference.
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// Returns the complete WGSL of the kernel.
    pub const fn source(self) -> &'static str {
        self.row().1
    }

    /// Returns the kernel called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kernel| kernel.name() == name)
    }
}
