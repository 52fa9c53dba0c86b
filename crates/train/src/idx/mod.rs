//! Reads IDX files, the format of MNIST (LeCun, Cortes, Burges), with or without gzip compression, under the names that
//! MNIST, torchvision, EMNIST (Cohen et al. 2017) and QMNIST (Yadav and Bottou 2019) give them.

mod digits;
mod error;
mod files;
mod parse;

pub use digits::Digits;
pub use error::IdxError;
pub use files::is_emnist;
pub use parse::{DIGIT_PIXELS, DIGIT_SIDE, read_images, read_labels};
