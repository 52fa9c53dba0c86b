/// The reference of `scale.wgsl`. Multiplies `count` values in place, beginning at `first` and `step` apart. A factor
/// of 0 writes zeros.
pub fn scale(factor: f32, (first, count, step): (usize, usize, usize), values: &mut [f32]) {
    for i in 0..count {
        let value = &mut values[first + i * step];
        *value = if factor == 0.0 { 0.0 } else { factor * *value };
    }
}
