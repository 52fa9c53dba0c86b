//! The least and the greatest value of maps, layers and a network.

/// The least and the greatest finite value of a map, a layer or a network.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
pub struct Extent {
    /// The least value.
    pub min: f32,
    /// The greatest value.
    pub max: f32,
}

impl Extent {
    /// The extent of no values. Joined with another extent it leaves that one unchanged.
    pub const EMPTY: Self = Self { min: f32::MAX, max: f32::MIN };

    /// Returns the extent of the finite values among `values`.
    pub fn of(values: &[f32]) -> Self {
        let finite = values.iter().filter(|v| v.is_finite());
        finite.fold(Self::EMPTY, |all, &v| all.union(Self { min: v, max: v }))
    }

    /// Returns the extent that covers both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max) }
    }

    /// Returns whether there was no finite value.
    pub fn is_empty(self) -> bool {
        self.min > self.max
    }
}

/// The feature maps of one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeMaps {
    /// The index of its first map in the table.
    pub first: usize,
    /// The number of maps: one per channel, or one in all if each channel is a single value.
    pub maps: usize,
    /// The number of values of each map.
    pub values: usize,
}

/// A reduction of consecutive extents to one that covers them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExtentReduction {
    /// The index of the first extent to reduce.
    pub first: usize,
    /// The number of extents to reduce.
    pub count: usize,
    /// The index of the result.
    pub out: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_are_not_finite_have_no_extent() {
        assert!(Extent::of(&[f32::NAN, f32::INFINITY]).is_empty());
        assert_eq!(Extent::of(&[f32::NAN, 1.0, -2.0]), Extent { min: -2.0, max: 1.0 });
    }
}
