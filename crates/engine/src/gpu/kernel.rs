//! The kernels by name, with their WGSL.

/// A compute kernel: one file of `shaders/`, one twin of `engine::twin` (those of convolution share `conv2d`'s).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kernel {
    /// `activation.wgsl`
    Activation,
    /// `add.wgsl`
    Add,
    /// `avg_pool2d.wgsl`
    AvgPool2d,
    /// `batch_norm.wgsl`
    BatchNorm,
    /// `conv2d.wgsl`
    Conv2d,
    /// `conv2d_deep.wgsl`
    Conv2dDeep,
    /// `conv2d_direct.wgsl`
    Conv2dDirect,
    /// `conv2d_gemm.wgsl`
    Conv2dGemm,
    /// `conv2d_pointwise.wgsl`
    Conv2dPointwise,
    /// `conv2d_points.wgsl`
    Conv2dPoints,
    /// `conv2d_rows.wgsl`
    Conv2dRows,
    /// `extent_fold.wgsl`
    ExtentFold,
    /// `extent_maps.wgsl`
    ExtentMaps,
    /// `linear.wgsl`
    Linear,
    /// `lrn.wgsl`
    Lrn,
    /// `max_pool2d.wgsl`
    MaxPool2d,
    /// `pad_shortcut.wgsl`
    PadShortcut,
    /// `rbf.wgsl`
    Rbf,
    /// `scale.wgsl`
    Scale,
    /// `softmax.wgsl`
    Softmax,
    /// `subsample.wgsl`
    Subsample,
}

macro_rules! shader {
    ($name:literal) => {
        include_str!(concat!("../../../../shaders/", $name, ".wgsl"))
    };
}

/// What several kernels share; [`Kernel::source`] has it at its end.
pub const SHARED_SOURCE: &str = shader!("shared");

/// What all kernels of convolution share.
pub const CONV2D_COMMON_SOURCE: &str = shader!("conv2d_common");

/// The maps of those kernels of convolution that take them value by value.
pub const CONV2D_MAPS_SOURCE: &str = shader!("conv2d_maps");

/// A kernel's own file with what is shared behind it: the order of declarations means nothing in WGSL.
macro_rules! kernel {
    ($name:literal $(, $shared:literal)*) => {
        ($name, concat!(shader!($name), $(shader!($shared),)* shader!("shared")))
    };
}

impl Kernel {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::Activation,
        Self::Add,
        Self::AvgPool2d,
        Self::BatchNorm,
        Self::Conv2d,
        Self::Conv2dDeep,
        Self::Conv2dDirect,
        Self::Conv2dGemm,
        Self::Conv2dPointwise,
        Self::Conv2dPoints,
        Self::Conv2dRows,
        Self::ExtentFold,
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

    /// Invocations of a workgroup, in every kernel.
    pub const WORKGROUP: usize = 64;

    const fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::Activation => kernel!("activation"),
            Self::Add => kernel!("add"),
            Self::AvgPool2d => kernel!("avg_pool2d"),
            Self::BatchNorm => kernel!("batch_norm"),
            Self::Conv2d => kernel!("conv2d", "conv2d_common", "conv2d_maps"),
            Self::Conv2dDeep => kernel!("conv2d_deep", "conv2d_common", "conv2d_maps"),
            Self::Conv2dDirect => kernel!("conv2d_direct", "conv2d_common", "conv2d_maps"),
            Self::Conv2dGemm => kernel!("conv2d_gemm", "conv2d_common", "conv2d_maps"),
            Self::Conv2dPointwise => kernel!("conv2d_pointwise", "conv2d_common"),
            Self::Conv2dPoints => kernel!("conv2d_points", "conv2d_common", "conv2d_maps"),
            Self::Conv2dRows => kernel!("conv2d_rows", "conv2d_common", "conv2d_maps"),
            Self::ExtentFold => kernel!("extent_fold"),
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

    /// The name of its file and of its twin.
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// Its WGSL, complete.
    pub const fn source(self) -> &'static str {
        self.row().1
    }

    /// The kernel called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kernel| kernel.name() == name)
    }
}
