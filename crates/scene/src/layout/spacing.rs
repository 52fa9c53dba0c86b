//! The distances between tiles. On the page feature maps need the space; in the architecture drawing words do.

/// The space for the words around a tile, in scene units.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct WordSpace {
    /// The least width of the tile.
    pub wide: f32,
    /// Space above the feature maps.
    pub above: f32,
    /// Space below the feature maps.
    pub below: f32,
}

/// The distances between tiles, in scene units.
#[derive(Debug, Clone, PartialEq)]
pub struct Spacing {
    /// Distance between two tiles of a sequence.
    pub gap: f32,
    /// Extra distance before a tile that has a sign at its left edge.
    pub sign: f32,
    /// Distance between two branches.
    pub branches: f32,
    /// Distance from the bypassed nodes to the arch of their shortcut.
    pub arch: f32,
    /// Margin around the tiles of a block, and above them for its name.
    pub frame: (f32, f32),
    /// True if frames on branches and below the line get space of their own, and branches that end are placed side by
    /// side where they fit.
    pub neat: bool,
    /// The words around each tile. Tiles past the end of the vector have none.
    pub words: Vec<WordSpace>,
}

impl Spacing {
    /// Returns the space for the words around tile number `place`.
    pub(super) fn words(&self, place: usize) -> WordSpace {
        self.words.get(place).copied().unwrap_or_default()
    }
}
