use crate::extent::{Extent, NodeMaps};

/// The reference of `extent_maps.wgsl`. `input` is the whole output of a node; the extents of its maps are written to
/// `extents`, and the counts of values that are not finite from index `counts_first` on.
pub fn extent_maps(row: &NodeMaps, counts_first: usize, input: &[f32], extents: &mut [Extent]) {
    for map in 0..row.maps {
        let values = &input[map * row.values..(map + 1) * row.values];
        extents[row.first + map] = Extent::of(values);
        let nan = values.iter().filter(|value| value.is_nan()).count();
        let infinite = values.iter().filter(|value| value.is_infinite()).count();
        extents[counts_first + map] = Extent { min: -(nan as f32), max: infinite as f32 };
    }
}
