//! The kernels by name, with their WGSL.

/// A compute kernel: one file of `shaders/`, one twin of `engine::twin`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kernel {
    /// `activation.wgsl`
    Activation,
    /// `conv2d.wgsl`
    Conv2d,
    /// `extent_fold.wgsl`
    ExtentFold,
    /// `extent_maps.wgsl`
    ExtentMaps,
    /// `linear.wgsl`
    Linear,
    /// `max_pool2d.wgsl`
    MaxPool2d,
    /// `rbf.wgsl`
    Rbf,
    /// `softmax.wgsl`
    Softmax,
    /// `subsample.wgsl`
    Subsample,
}

/// What several kernels share; [`Kernel::source`] has it at its end.
pub const SHARED_SOURCE: &str = include_str!("../../../shaders/shared.wgsl");

/// A kernel's own file with what is shared behind it: the order of declarations means nothing in WGSL.
macro_rules! kernel {
    ($name:literal) => {
        (
            $name,
            concat!(
                include_str!(concat!("../../../shaders/", $name, ".wgsl")),
                include_str!("../../../shaders/shared.wgsl")
            ),
        )
    };
}

impl Kernel {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Activation,
        Self::Conv2d,
        Self::ExtentFold,
        Self::ExtentMaps,
        Self::Linear,
        Self::MaxPool2d,
        Self::Rbf,
        Self::Softmax,
        Self::Subsample,
    ];

    /// Invocations of a workgroup, in every kernel.
    pub const WORKGROUP: usize = 64;

    const fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::Activation => kernel!("activation"),
            Self::Conv2d => kernel!("conv2d"),
            Self::ExtentFold => kernel!("extent_fold"),
            Self::ExtentMaps => kernel!("extent_maps"),
            Self::Linear => kernel!("linear"),
            Self::MaxPool2d => kernel!("max_pool2d"),
            Self::Rbf => kernel!("rbf"),
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
}
