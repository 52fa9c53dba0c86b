//! The editions for CIFAR-10: every layer of a family in its place, at the size of pictures of 32x32.
//!
//! One rule for all: such pictures are seven times smaller than those of 224x224, so the first convolution steps by 1
//! instead of 2 or 4 and has a kernel of 3x3 (AlexNet: 5x5), while all poolings stay. Convolutions have half the channels
//! (VGG three eighths), the full connections of AlexNet and VGG an eighth of the units, those of GoogLeNet's side
//! classifiers half, and there are ten scores. Pooling over all that is left (GoogLeNet's 7x7, and 5x5 in its side
//! classifiers) is 2x2. `training/networks.py` has the same networks in PyTorch.

/// Side of a picture of CIFAR-10 (Krizhevsky 2009).
pub(super) const SIDE: usize = 32;
/// Units of the full connections before the scores: an eighth of 4096.
pub(super) const UNITS: usize = 512;
