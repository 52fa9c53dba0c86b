//! The settings that hold a table of connections.

use crate::settings::{NumberSetting, Settings};
use analysis::lesson::connections::Connections;

/// A table of connections in two numbers of the link: six bits for each map, eight maps in each number.
#[derive(Clone, Copy)]
pub(super) struct ConnectionSettings([NumberSetting; 2]);

impl ConnectionSettings {
    /// Adds the table, with the link parameters `reads` and `reads9`. The default is the paper's.
    pub(super) fn new(settings: Settings) -> Self {
        let [first, second] = Connections::table_one().halves();
        let max = Connections::all().halves()[0] as f64;
        let number = |name, default: u64| settings.number(name, default as f64, [0.0, max], 1.0);
        Self([number("reads", first), number("reads9", second)])
    }

    /// Returns the table.
    pub(super) fn get(self) -> Connections {
        Connections::from_halves(self.0.map(|half| half.get().round() as u64))
    }

    /// Sets the table.
    pub(super) fn set(self, table: Connections) {
        for (setting, half) in self.0.into_iter().zip(table.halves()) {
            setting.set(half as f64);
        }
    }
}
