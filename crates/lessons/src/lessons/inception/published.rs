//! GoogLeNet's first module as published, and settings for other widths.

use crate::settings::{NumberSetting, Settings};
use analysis::lesson::inception::Widths;
use net::{Graph, NetError, Shape, network};

/// GoogLeNet's first module.
#[derive(Clone, Copy)]
pub(super) struct PublishedModule {
    /// The maps that it reads.
    pub(super) input: Shape,
    pub(super) widths: Widths,
    /// The number of maps that leave the last module, with reductions and without.
    pub(super) last_maps: [usize; 2],
}

impl PublishedModule {
    /// Reads the module from the graphs of GoogLeNet.
    ///
    /// # Errors
    /// [`NetError`] if a layer is missing.
    pub(super) fn new() -> Result<Self, NetError> {
        let (built, naive) = (network("googlenet")?, network("googlenet-naive")?);
        let shape = |graph: &Graph, name: &str| Ok::<_, NetError>(graph.node(graph.find(name)?).shape);
        let last_maps = [shape(&built, "inception5b")?.chw().0, shape(&naive, "inception5b")?.chw().0];
        Ok(Self { input: shape(&built, "pool2")?, widths: Widths::of(&built, "inception3a")?, last_maps })
    }
}

/// A width that the reader sets.
#[derive(Clone, Copy)]
pub(super) struct WidthSetting {
    pub(super) setting: NumberSetting,
    /// The index of its branch.
    pub(super) branch: usize,
    /// Its name in the paper's table.
    pub(super) name: &'static str,
}

/// The widths of a module, in the order of the paper's table.
#[derive(Clone, Copy)]
pub(super) struct WidthSettings(pub(super) [WidthSetting; 6]);

impl WidthSettings {
    /// Adds all widths. The defaults are the published ones.
    pub(super) fn new(settings: Settings, published: Widths) -> Self {
        let Widths { one, three_reduce, three, five_reduce, five, pool } = published;
        let width = |link, default: usize, range: [f64; 2], branch, name| {
            // The narrowest width is the step as well.
            let setting = settings.number(link, default as f64, range, range[0]);
            WidthSetting { setting, branch, name }
        };
        Self([
            width("one", one, [8.0, 256.0], 0, "#1×1"),
            width("three-reduce", three_reduce, [8.0, 256.0], 1, "#3×3 reduce"),
            width("three", three, [8.0, 256.0], 1, "#3×3"),
            width("five-reduce", five_reduce, [4.0, 96.0], 2, "#5×5 reduce"),
            width("five", five, [8.0, 128.0], 2, "#5×5"),
            width("pool", pool, [8.0, 192.0], 3, "pool proj"),
        ])
    }

    /// Returns the widths.
    pub(super) fn get(self) -> Widths {
        let [one, three_reduce, three, five_reduce, five, pool] = self.0.map(|width| width.setting.whole());
        Widths { one, three_reduce, three, five_reduce, five, pool }
    }

    /// Sets every width to its default.
    pub(super) fn reset(self) {
        for width in self.0 {
            width.setting.set(width.setting.range.default);
        }
    }
}
