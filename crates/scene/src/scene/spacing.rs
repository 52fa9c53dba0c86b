//! How far apart things stand: on the page for maps to be seen, on a plate for words to be read.

/// What is written around a tile, in units.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Words {
    /// How much width the tile has at least.
    pub wide: f32,
    /// What it takes above the maps.
    pub above: f32,
    /// What it takes below them.
    pub below: f32,
}

/// How far apart things stand, in units.
#[derive(Debug, Clone, PartialEq)]
pub struct Spacing {
    /// Between two tiles of a run.
    pub gap: f32,
    /// What more there is before a tile whose sign stands at its left edge.
    pub sign: f32,
    /// Between two lanes.
    pub lanes: f32,
    /// From what a shortcut passes to its arch.
    pub arch: f32,
    /// Around the items of a block, and above them for its name.
    pub frame: (f32, f32),
    /// Whether there is room for frames around what stands in lanes or hangs under the line, and what hangs there does so side
    /// by side where it can.
    pub neat: bool,
    /// What is written around each tile; of tiles that are not named, nothing.
    pub words: Vec<Words>,
}

impl Spacing {
    /// What is written around the tile at `place`.
    pub(super) fn words(&self, place: usize) -> Words {
        self.words.get(place).copied().unwrap_or_default()
    }
}
