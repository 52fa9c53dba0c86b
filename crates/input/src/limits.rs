//! The limits of an image file.

/// The longest file that is read, in bytes.
pub const MAX_BYTES: u64 = 64 << 20;
/// The most pixels that are decoded. As RGBA they take 200 MB.
pub const MAX_PIXELS: usize = 50_000_000;
/// The greatest ratio of the longer side to the shorter one. With the shorter side at 256 pixels, such an image still
/// takes only some megabytes.
pub const MAX_RATIO: usize = 20;
