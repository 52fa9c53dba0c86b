//! Sizes shared by the CIFAR-10 variants: networks with every layer of their family, scaled to images of 32x32.
//!
//! One rule holds for all of them. The images are seven times smaller than 224x224, so the first convolution has stride
//! 1 instead of 2 or 4 and a kernel of 3x3 (AlexNet: 5x5). All poolings stay. Convolutions have half the
//! channels (VGG: three eighths). The fully connected layers of AlexNet and VGG have an eighth of the units, those of
//! GoogLeNet's auxiliary classifiers half. There are ten scores. GoogLeNet's average poolings at the end of the network
//! (7x7) and in its auxiliary classifiers (5x5) become 2x2. `training/networks.py` declares the same networks in
//! PyTorch.

/// Side of an image of CIFAR-10, in pixels (Krizhevsky 2009).
pub(super) const SIDE: usize = 32;
/// Units of each fully connected layer before the scores: an eighth of 4096.
pub(super) const UNITS: usize = 512;
