//! Feature maps side by side, on one colour scale.

use leptos::prelude::*;

use engine::Extent;
use layerscope::app::components::picture::{Cells, Picture};
use scene::paint::Ramp;

/// Feature maps of one size and one colour scale.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Maps {
    /// The values, `[map, row, column]`.
    pub(super) values: Vec<f32>,
    /// Rows and columns of one map.
    pub(super) size: (usize, usize),
    pub(super) ramp: Ramp,
    pub(super) extent: Extent,
}

impl Maps {
    /// Creates maps of `size` (rows, columns), on the scale of all their values.
    pub(super) fn new(values: Vec<f32>, size: (usize, usize), ramp: Ramp) -> Self {
        let extent = extent(&values);
        Self { values, size, ramp, extent }
    }

    /// Returns the number of maps.
    pub(super) fn count(&self) -> usize {
        self.values.len() / (self.size.0 * self.size.1).max(1)
    }

    /// Returns one map, on the scale of all.
    pub(super) fn cells(&self, map: usize) -> Option<Cells> {
        let area = self.size.0 * self.size.1;
        let values = self.values.get(map * area..(map + 1) * area)?.to_vec();
        Some(Cells { values, columns: self.size.1, ramp: self.ramp, extent: self.extent })
    }
}

/// Returns the least and the greatest value, and 0 if neither side reaches it.
pub(super) fn extent(values: &[f32]) -> Extent {
    let zero = Extent { min: 0.0, max: 0.0 };
    values.iter().fold(zero, |extent, &value| Extent { min: extent.min.min(value), max: extent.max.max(value) })
}

/// The first maps of a layer, each a picture with a name.
#[component]
pub(super) fn MapStrip(
    /// The maps.
    #[prop(into)]
    maps: Signal<Option<Maps>>,
    /// The number of maps to show at most.
    max: usize,
    /// The width of one map, in CSS pixels.
    side: f32,
    /// The name of the layer; each map adds its number.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    let count = Memo::new(move |_| maps.with(|maps| maps.as_ref().map_or(0, |maps| maps.count().min(max))));
    let scale =
        Signal::derive(move || side / maps.with(|maps| maps.as_ref().map_or(1, |maps| maps.size.1.max(1))) as f32);
    let one = move |map: usize| {
        let cells = Signal::derive(move || maps.with(|maps| maps.as_ref()?.cells(map)));
        view! { <Picture cells name=Signal::derive(move || format!("{} {}", name.get(), map + 1)) scale /> }
    };
    view! { <div class="maps">{move || (0..count.get()).map(one).collect_view()}</div> }
}
