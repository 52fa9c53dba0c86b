//! The kernels of convolution: which can serve a layer, which is a sensible choice, and how many workgroups it takes.

use std::fmt;

use super::kernel::Kernel;
use super::pack::{BLOCK, blocks};
use super::params::Conv2dParams;
use super::plan::size;
use crate::net::{Conv2d, Graph, NodeId, Window};

/// All that the choice of a kernel depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConvShape {
    /// Input channels, height and width.
    pub input: (usize, usize, usize),
    /// Output channels, height and width.
    pub output: (usize, usize, usize),
    /// Kernel, stride and padding.
    pub window: Window,
    /// Groups of channels.
    pub groups: usize,
}

/// As the tuning table has it: `64x56x56 k3 s1 p1 g1 64x56x56`.
impl fmt::Display for ConvShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((c, h, w), (o, y, x)) = (self.input, self.output);
        let Window { kernel, stride, padding } = self.window;
        write!(f, "{c}x{h}x{w} k{kernel} s{stride} p{padding} g{} {o}x{y}x{x}", self.groups)
    }
}

/// Pixels of a row that one invocation of the kernels that work on rows gives.
const PIXELS: usize = 7;
/// Pixels that a workgroup of `conv2d_gemm` gives.
const GEMM_PIXELS: usize = 128;

impl ConvShape {
    /// That of a convolution in its graph.
    pub fn of(graph: &Graph, node: NodeId, conv: &Conv2d) -> Self {
        let (input, output) = (graph.input_shape(node).chw(), graph.node(node).shape.chw());
        Self { input, output, window: conv.window, groups: conv.groups }
    }

    /// Whether it is a product of matrices: one pixel in, one pixel out.
    fn is_pointwise(&self) -> bool {
        self.window == Window::PIXEL
    }

    /// The same convolution with its maps laid out as one row each, where rows mean nothing.
    #[must_use]
    pub fn flattened(mut self) -> Self {
        if self.is_pointwise() {
            let flat = |(c, h, w): (usize, usize, usize)| (c, 1, h * w);
            (self.input, self.output) = (flat(self.input), flat(self.output));
        }
        self
    }

    /// The uniform that gives all of it, without bias, normalisation and residual, from the first value of its buffers.
    pub(super) fn params(&self) -> Conv2dParams {
        let ((in_channels, in_height, in_width), (out_channels, out_height, out_width)) = (self.input, self.output);
        Conv2dParams {
            in_channels: size(in_channels),
            in_height: size(in_height),
            in_width: size(in_width),
            in_first: 0,
            out_channels: size(out_channels),
            out_height: size(out_height),
            out_width: size(out_width),
            out_first: 0,
            kernel: size(self.window.kernel),
            stride: size(self.window.stride),
            padding: size(self.window.padding),
            groups: size(self.groups),
            activation: 0,
            block_first: 0,
            blocks: size(self.blocks()),
            residual: 0,
            residual_first: 0,
        }
    }

    /// Blocks of sixteen output channels.
    pub fn blocks(&self) -> usize {
        blocks(self.output.0, self.groups)
    }

    /// Multiply-accumulates of one block.
    pub fn macs_of_block(&self) -> usize {
        let ((c, ..), (_, h, w)) = (self.input, self.output);
        c / self.groups * self.window.kernel * self.window.kernel * h * w * BLOCK
    }

    /// The kernels that can serve it.
    pub fn candidates(&self) -> Vec<Kernel> {
        let (_, height, width) = self.output;
        let mut kernels = vec![Kernel::Conv2d, Kernel::Conv2dDirect, Kernel::Conv2dGemm];
        if self.is_pointwise() && (height * width).is_multiple_of(4) {
            kernels.push(Kernel::Conv2dPointwise);
        }
        if self.window.kernel == 3 && self.window.stride == 1 {
            kernels.push(Kernel::Conv2dRows);
        }
        if self.input.0 / self.groups >= Kernel::WORKGROUP {
            kernels.push(Kernel::Conv2dDeep);
        }
        kernels
    }

    /// The kernel that serves where nothing was measured: registers on the CPU, where barriers are dear; on a GPU
    /// what gives it enough to do.
    pub fn default_kernel(&self, software: bool) -> Kernel {
        let candidates = self.candidates();
        let (channels, height, width) = self.output;
        let area = height * width;
        let first = |wanted: &[Kernel]| {
            wanted.iter().copied().find(|kernel| candidates.contains(kernel)).unwrap_or(Kernel::Conv2d)
        };
        let small = channels / self.groups < BLOCK / 2 || area < PIXELS;
        match software {
            _ if small => Kernel::Conv2d,
            true => first(&[Kernel::Conv2dPointwise, Kernel::Conv2dRows, Kernel::Conv2dDirect]),
            false if area <= 64 => first(&[Kernel::Conv2dDeep, Kernel::Conv2dGemm]),
            false => Kernel::Conv2dGemm,
        }
    }

    /// Workgroups for `blocks` of its blocks.
    pub fn workgroups(&self, kernel: Kernel, blocks: usize) -> usize {
        let (_, height, width) = self.output;
        let area = height * width;
        let segments = width.div_ceil(PIXELS);
        match kernel {
            Kernel::Conv2dDirect => (blocks * height * segments).div_ceil(Kernel::WORKGROUP),
            Kernel::Conv2dRows => (blocks * 2 * height.div_ceil(2) * segments).div_ceil(Kernel::WORKGROUP),
            Kernel::Conv2dPointwise => (blocks * (area / 4).div_ceil(4)).div_ceil(Kernel::WORKGROUP),
            Kernel::Conv2dGemm => blocks * area.div_ceil(GEMM_PIXELS),
            Kernel::Conv2dDeep => blocks * 2 * height * segments,
            _ => (blocks * 4 * area).div_ceil(Kernel::WORKGROUP),
        }
    }
}
