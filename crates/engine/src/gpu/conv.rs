//! The kernels of convolution: which of them can serve a layer, which is the default, and how many workgroups it takes.
//!
//! All kernels take the same uniform and bindings. They compute sum, factor and term, residual and activation in one
//! dispatch.
//!
//! | kernel | serves | an invocation computes |
//! | --- | --- | --- |
//! | `conv2d` | any convolution; made for few values | one pixel of 4 channels |
//! | `conv2d_direct` | any window and stride | 7 pixels of a row for 16 channels |
//! | `conv2d_rows` | 3x3 at stride 1 | 7 pixels of two rows for 8 channels |
//! | `conv2d_pointwise` | 1x1 at stride 1, if the number of pixels is a multiple of 4 | 16 pixels of 16 channels |
//! | `conv2d_points` | 1x1 at any stride, without padding | 14 pixels of 16 channels |
//! | `conv2d_gemm` | any; a matrix product with 16 taps at a time in workgroup memory | 4 pixels of 8 channels |
//! | `conv2d_deep` | 64 or more input channels per group | a share of the sums for 7 pixels of 8 channels |
//!
//! The files in `shaders/` have the same names and describe their layouts. The default without a measurement depends on
//! the sizes and on whether the adapter is software: [`ConvShape::default_kernel`].

use std::fmt;

use super::kernel::Kernel;
use super::pack::{BLOCK, blocks};
use super::params::{Conv2dParams, uniform_size};
use net::{Conv2d, Graph, NodeId, Window};

/// The sizes of a convolution. The choice of its kernel depends on nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConvShape {
    /// Input (channels, height, width).
    pub input: (usize, usize, usize),
    /// Output (channels, height, width).
    pub output: (usize, usize, usize),
    /// Kernel, stride and padding.
    pub window: Window,
    /// Groups of channels.
    pub groups: usize,
}

/// Formats the shape as the key of the tuning table: `64x56x56 k3 s1 p1 g1 64x56x56`.
impl fmt::Display for ConvShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((c, h, w), (o, y, x)) = (self.input, self.output);
        let Window { kernel, stride, padding } = self.window;
        write!(f, "{c}x{h}x{w} k{kernel} s{stride} p{padding} g{} {o}x{y}x{x}", self.groups)
    }
}

/// Pixels of a row that one invocation of `conv2d_direct`, `conv2d_rows` or `conv2d_deep` computes.
const PIXELS: usize = 7;
/// Pixels that one invocation of `conv2d_points` computes.
const POINTS_PIXELS: usize = 14;
/// Pixels that one workgroup of `conv2d_gemm` computes.
const GEMM_PIXELS: usize = 128;
/// Taps that `conv2d_gemm` holds in workgroup memory at once.
const GEMM_TAPS: usize = 16;

/// The greatest number of rounds that one invocation may run, over all its loops.
///
/// Mesa's llvmpipe silently breaks off every loop after 65,535 rounds. Compilers differ in how they unroll loops and
/// count the last round, so this limit is half of that. It holds on every adapter, because not every browser tells
/// which adapter it uses.
pub const MAX_LOOP_ROUNDS: usize = 1 << 15;

impl ConvShape {
    /// Returns the shape of a convolution in its graph.
    pub fn of(graph: &Graph, node: NodeId, conv: &Conv2d) -> Self {
        let (input, output) = (graph.input_shape(node).chw(), graph.node(node).shape.chw());
        Self { input, output, window: conv.window, groups: conv.groups }
    }

    /// Returns whether the convolution is a plain product of matrices: 1x1 kernels at stride 1 without padding.
    fn is_pointwise(&self) -> bool {
        self.window == Window::PIXEL
    }

    /// Returns the same convolution with each map laid out as a single row, if rows have no meaning for it (1x1 kernels
    /// at stride 1). Other convolutions stay as they are.
    #[must_use]
    pub fn flattened(mut self) -> Self {
        if self.is_pointwise() {
            let flat = |(c, h, w): (usize, usize, usize)| (c, 1, h * w);
            (self.input, self.output) = (flat(self.input), flat(self.output));
        }
        self
    }

    /// Returns the uniform for all blocks, without activation and residual, with input and output at the start of their
    /// buffers.
    pub(super) fn params(&self) -> Conv2dParams {
        let ((in_channels, in_height, in_width), (out_channels, out_height, out_width)) = (self.input, self.output);
        Conv2dParams {
            in_channels: uniform_size(in_channels),
            in_height: uniform_size(in_height),
            in_width: uniform_size(in_width),
            in_first: 0,
            out_channels: uniform_size(out_channels),
            out_height: uniform_size(out_height),
            out_width: uniform_size(out_width),
            out_first: 0,
            kernel: uniform_size(self.window.kernel),
            stride: uniform_size(self.window.stride),
            padding: uniform_size(self.window.padding),
            groups: uniform_size(self.groups),
            activation: 0,
            block_first: 0,
            blocks: uniform_size(self.blocks()),
            residual: 0,
            residual_first: 0,
        }
    }

    /// Returns the number of blocks of sixteen output channels.
    pub fn blocks(&self) -> usize {
        blocks(self.output.0, self.groups)
    }

    /// Returns the number of products in one output value.
    pub fn taps(&self) -> usize {
        self.input.0 / self.groups * self.window.kernel * self.window.kernel
    }

    /// Returns the number of multiply-accumulates of one block.
    pub fn macs_per_block(&self) -> usize {
        let (_, h, w) = self.output;
        self.taps() * h * w * BLOCK
    }

    /// Returns the rounds of all loops that one invocation of `kernel` runs before its sums are complete.
    ///
    /// Counts as llvmpipe does: the last check of a loop is a round too.
    fn rounds(&self, kernel: Kernel) -> usize {
        let (channels, side) = (self.input.0 / self.groups, self.window.kernel);
        let of_window = (side + 1) * (side + 1) + 2;
        match kernel {
            Kernel::Conv2dPointwise | Kernel::Conv2dPoints => channels,
            Kernel::Conv2dRows => channels * (1 + side + 1),
            Kernel::Conv2dGemm => self.taps().div_ceil(GEMM_TAPS) * (1 + GEMM_TAPS / 2 + 1 + GEMM_TAPS + 1),
            Kernel::Conv2dDeep => channels.div_ceil(Kernel::WORKGROUP) * of_window + Kernel::WORKGROUP + 1,
            _ => channels * of_window,
        }
    }

    /// Returns the kernels that can serve the convolution. There is at least one.
    pub fn candidates(&self) -> Vec<Kernel> {
        let (_, height, width) = self.output;
        let mut kernels = vec![Kernel::Conv2d, Kernel::Conv2dDirect, Kernel::Conv2dGemm];
        if self.is_pointwise() && (height * width).is_multiple_of(4) {
            kernels.push(Kernel::Conv2dPointwise);
        }
        if self.window.kernel == 1 && self.window.padding == 0 {
            kernels.push(Kernel::Conv2dPoints);
        }
        if self.window.kernel == 3 && self.window.stride == 1 {
            kernels.push(Kernel::Conv2dRows);
        }
        kernels.retain(|kernel| self.rounds(*kernel) <= MAX_LOOP_ROUNDS);
        // `conv2d_deep` divides the input channels among the invocations of a workgroup and therefore has the shortest
        // sums. It serves where no other kernel can.
        if self.input.0 / self.groups >= Kernel::WORKGROUP || kernels.is_empty() {
            kernels.push(Kernel::Conv2dDeep);
        }
        kernels
    }

    /// Returns the kernel to use where nothing was measured.
    ///
    /// On a CPU, barriers are expensive: choose kernels that hold sums in registers. On a GPU, choose kernels that give
    /// it enough parallel work.
    pub fn default_kernel(&self, software: bool) -> Kernel {
        let candidates = self.candidates();
        let (channels, height, width) = self.output;
        let area = height * width;
        let small = channels / self.groups < BLOCK / 2 || area < PIXELS;
        let wanted: &[Kernel] = match software {
            _ if small => &[Kernel::Conv2d],
            true => &[Kernel::Conv2dPointwise, Kernel::Conv2dPoints, Kernel::Conv2dRows, Kernel::Conv2dDirect],
            false if area <= 64 => &[Kernel::Conv2dDeep, Kernel::Conv2dGemm],
            false => &[Kernel::Conv2dGemm],
        };
        // If none of the preferred kernels can serve, the last candidate has the shortest sums.
        let found = wanted.iter().copied().find(|kernel| candidates.contains(kernel));
        found.or(candidates.last().copied()).unwrap_or(Kernel::Conv2dDeep)
    }

    /// Returns the number of workgroups for `blocks` of the convolution's blocks.
    pub fn workgroups(&self, kernel: Kernel, blocks: usize) -> usize {
        let (_, height, width) = self.output;
        let area = height * width;
        let segments = width.div_ceil(PIXELS);
        match kernel {
            Kernel::Conv2dDirect => (blocks * height * segments).div_ceil(Kernel::WORKGROUP),
            Kernel::Conv2dRows => (blocks * 2 * height.div_ceil(2) * segments).div_ceil(Kernel::WORKGROUP),
            Kernel::Conv2dPointwise => (blocks * (area / 4).div_ceil(4)).div_ceil(Kernel::WORKGROUP),
            Kernel::Conv2dPoints => (blocks * area.div_ceil(POINTS_PIXELS)).div_ceil(Kernel::WORKGROUP),
            Kernel::Conv2dGemm => blocks * area.div_ceil(GEMM_PIXELS),
            Kernel::Conv2dDeep => blocks * 2 * height * segments,
            _ => (blocks * 4 * area).div_ceil(Kernel::WORKGROUP),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::{Op, names, network};

    fn five_by_five(channels: usize) -> ConvShape {
        let window = Window { kernel: 5, stride: 1, padding: 2 };
        ConvShape { input: (channels, 14, 14), output: (64, 14, 14), window, groups: 1 }
    }

    #[test]
    fn long_sums_use_the_kernel_with_short_loops() {
        // 38 rounds per channel: the limit is 862 channels.
        assert_eq!(five_by_five(862).default_kernel(true), Kernel::Conv2dDirect);
        assert_eq!(five_by_five(863).default_kernel(true), Kernel::Conv2dDeep);
        // 27 rounds per 16 taps: the limit is 776 channels.
        assert_eq!(five_by_five(776).default_kernel(false), Kernel::Conv2dGemm);
        assert_eq!(five_by_five(777).candidates(), [Kernel::Conv2d, Kernel::Conv2dDirect, Kernel::Conv2dDeep]);
        assert_eq!(five_by_five(2176).candidates(), [Kernel::Conv2dDeep]);
        for software in [false, true] {
            assert_eq!(five_by_five(2176).default_kernel(software), Kernel::Conv2dDeep);
        }
    }

    #[test]
    fn no_network_exceeds_the_limit_of_rounds() {
        for name in names() {
            let graph = network(name).expect("should be declared");
            for (id, node) in graph.iter() {
                let Op::Conv2d(conv) = &node.op else { continue };
                let shape = ConvShape::of(&graph, id, conv).flattened();
                for kernel in shape.candidates() {
                    let rounds = shape.rounds(kernel);
                    assert!(rounds <= MAX_LOOP_ROUNDS, "{name}, {}: {rounds} by {}", node.name, kernel.name());
                }
            }
        }
    }
}
