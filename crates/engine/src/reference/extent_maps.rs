use crate::extent::{Extent, NodeMaps};

/// The reference of `extent_maps.wgsl`. `input` is the whole output of a node; the extents of its maps are written to
/// `extents`.
pub fn extent_maps(row: &NodeMaps, input: &[f32], extents: &mut [Extent]) {
    for map in 0..row.maps {
        extents[row.first + map] = Extent::of(&input[map * row.values..(map + 1) * row.values]);
    }
}
