//! What is shown: maps side by side, and figures in words.

use leptos::prelude::*;

use crate::app::picture::{Cells, Picture};
use engine::Extent;
use scene::paint::Ramp;

/// Feature maps, all of one size and coloured by one scale.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Maps {
    /// CHW.
    pub(super) values: Vec<f32>,
    /// Rows and columns of one.
    pub(super) size: (usize, usize),
    pub(super) ramp: Ramp,
    pub(super) extent: Extent,
}

impl Maps {
    /// Maps of which each is `size` (rows, columns), on the scale of all of them.
    pub(super) fn new(values: Vec<f32>, size: (usize, usize), ramp: Ramp) -> Self {
        let extent = extent(&values);
        Self { values, size, ramp, extent }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.values.len() / (self.size.0 * self.size.1).max(1)
    }

    /// One of them, on the scale of all.
    pub(super) fn cells(&self, map: usize) -> Option<Cells> {
        let area = self.size.0 * self.size.1;
        let values = self.values.get(map * area..(map + 1) * area)?.to_vec();
        Some(Cells { values, columns: self.size.1, ramp: self.ramp, extent: self.extent })
    }
}

/// The least and the greatest of some values.
pub(super) fn extent(values: &[f32]) -> Extent {
    let none = Extent { min: 0.0, max: 0.0 };
    values.iter().fold(none, |extent, &value| Extent { min: extent.min.min(value), max: extent.max.max(value) })
}

/// The first maps of several, each a picture with a name, `side` CSS pixels wide.
#[component]
pub(super) fn MapStrip(
    /// What is shown.
    #[prop(into)]
    maps: Signal<Option<Maps>>,
    /// How many at most.
    most: usize,
    /// The width of one, in CSS pixels.
    side: f32,
    /// What they are, to which the number of each is added.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    let count = Memo::new(move |_| maps.with(|maps| maps.as_ref().map_or(0, |maps| maps.count().min(most))));
    let scale =
        Signal::derive(move || side / maps.with(|maps| maps.as_ref().map_or(1, |maps| maps.size.1.max(1))) as f32);
    let one = move |map: usize| {
        let cells = Signal::derive(move || maps.with(|maps| maps.as_ref()?.cells(map)));
        view! { <Picture cells name=Signal::derive(move || format!("{} {}", name.get(), map + 1)) scale/> }
    };
    view! { <div class="maps">{move || (0..count.get()).map(one).collect_view()}</div> }
}

/// A figure: its name, and its value in large type.
#[component]
pub(super) fn Fact(
    /// What it is.
    #[prop(into)]
    name: Signal<String>,
    /// Its value as people read it.
    #[prop(into)]
    value: Signal<String>,
    /// The arithmetic behind it, if there is one.
    #[prop(into, optional)]
    how: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="fact" role="group" aria-label=move || name.get()>
            <span class="fact-name">{move || name.get()}</span>
            <output class="fact-value">{move || value.get()}</output>
            {move || (!how.read().is_empty()).then(|| view! { <span class="mono soft">{how.get()}</span> })}
        </div>
    }
}
