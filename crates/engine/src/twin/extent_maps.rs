use crate::{Extent, NodeMaps};

/// Twin of `extent_maps.wgsl`. Input one node's output; of `extents` those of its maps are written.
pub fn extent_maps(row: &NodeMaps, input: &[f32], extents: &mut [Extent]) {
    for map in 0..row.maps {
        extents[row.first + map] = Extent::of(&input[map * row.values..(map + 1) * row.values]);
    }
}
