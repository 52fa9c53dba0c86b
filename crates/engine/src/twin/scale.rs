/// Twin of `scale.wgsl`. `count` values from `first` on, `step` apart, are multiplied.
pub fn scale(factor: f32, (first, count, step): (usize, usize, usize), values: &mut [f32]) {
    for i in 0..count {
        let value = &mut values[first + i * step];
        *value = if factor == 0.0 { 0.0 } else { factor * *value };
    }
}
