//! The order of networks, and the comparison of each with a baseline.

use std::cmp::Ordering;

use super::column::Column;
use super::measure::Measure;
use super::published::PublishedResult;
use super::text_table::TextTable;
use super::units::grouped;

/// The figure that networks are sorted by. Without one, they keep the order in which they were chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SortOrder {
    /// The figure.
    pub by: Option<Measure>,
    /// True if the greatest value comes first.
    pub descending: bool,
}

impl SortOrder {
    /// Returns the order after a click on the head of a figure's column. Clicks cycle through descending, ascending,
    /// and the original order.
    pub fn after_click(self, measure: Measure) -> Self {
        match (self.by == Some(measure), self.descending) {
            (true, true) => Self { by: Some(measure), descending: false },
            (true, false) => Self::default(),
            (false, _) => Self { by: Some(measure), descending: true },
        }
    }

    /// Formats the order for a link: `parameters`, or `-parameters` for descending order.
    pub fn to_link(self) -> Option<String> {
        self.by.map(|by| format!("{}{}", if self.descending { "-" } else { "" }, by.name()))
    }

    /// Parses the order of a link.
    pub fn from_link(text: &str) -> Option<Self> {
        let (descending, name) = text.strip_prefix('-').map_or((false, text), |name| (true, name));
        Measure::named(name).map(|by| Self { by: Some(by), descending })
    }
}

/// Returns the indices of `columns` in the given order. Networks without the figure come last; equal ones keep their
/// order.
pub fn sorted(columns: &[&Column], order: SortOrder) -> Vec<usize> {
    let mut places: Vec<usize> = (0..columns.len()).collect();
    if let Some(by) = order.by {
        let compare = |&a: &usize, &b: &usize| match (by.value(columns[a]), by.value(columns[b])) {
            (Some(a), Some(b)) if order.descending => b.total_cmp(&a),
            (Some(a), Some(b)) => a.total_cmp(&b),
            (a, b) => match (a.is_none(), b.is_none()) {
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                _ => Ordering::Equal,
            },
        };
        net::order::sort_by(&mut places, compare);
    }
    places
}

/// Compares a network with the baseline. Returns `None` if one of them has no such figure, if the figure is not a
/// quantity, or if their errors were measured on different data sets.
pub fn compare_with_baseline(measure: Measure, column: &Column, baseline: &Column) -> Option<BaselineComparison> {
    let pictures = |column| measure.result(column).map(PublishedResult::pictures);
    let comparable = measure.is_amount() && pictures(column) == pictures(baseline);
    let (value, other) = measure.value(column).zip(measure.value(baseline))?;
    comparable.then(|| BaselineComparison::of(value, other))
}

/// A value relative to that of the baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BaselineComparison {
    /// The value minus that of the baseline.
    pub difference: f64,
    /// The value divided by that of the baseline; `None` if the baseline is zero.
    pub ratio: Option<f64>,
}

impl BaselineComparison {
    /// Compares `value` with `baseline`.
    pub fn of(value: f64, baseline: f64) -> Self {
        Self { difference: value - baseline, ratio: (baseline != 0.0).then(|| value / baseline) }
    }

    /// Formats the comparison for reading: `+77.3 M, × 2.26`, `−77.3 M, ÷ 2.26`. `size` is the formatted magnitude of
    /// the difference.
    pub fn text(self, size: &str) -> String {
        let sign = match self.difference {
            d if d > 0.0 => "+",
            d if d < 0.0 => "−",
            _ => "±",
        };
        match self.ratio {
            Some(ratio) if ratio > 0.0 && ratio < 1.0 => format!("{sign}{size}, ÷ {}", times(1.0 / ratio)),
            Some(ratio) => format!("{sign}{size}, × {}", times(ratio)),
            None => format!("{sign}{size}"),
        }
    }
}

/// Formats a ratio with three significant digits.
fn times(ratio: f64) -> String {
    match ratio {
        r if r >= 99.95 => grouped(r.round() as u64),
        r if r >= 9.995 => format!("{r:.1}"),
        r => format!("{r:.2}"),
    }
}

/// Returns the comparison table for programs and documents: numbers without units, and the sources of published
/// figures.
pub fn table(columns: &[&Column]) -> TextTable {
    let mut heads = vec!["network", "title"];
    heads.extend(Measure::ALL.map(Measure::name));
    heads.extend(["top-1 on", "source of top-1", "top-5 on", "source of top-5", "source of the ensemble"]);
    let row = |column: &&Column| {
        let mut cells = vec![column.network.to_owned(), column.title.to_string()];
        let plain = |measure: Measure| measure.value(column).map(|value| measure.plain(value)).unwrap_or_default();
        cells.extend(Measure::ALL.map(plain));
        for result in [column.top1(), column.top5()] {
            cells.extend(
                [result.map(|result| result.on.english()), result.map(|result| result.source)]
                    .map(|text| text.unwrap_or_default().to_owned()),
            );
        }
        cells.push(column.ensemble().map(|result| result.source).unwrap_or_default().to_owned());
        cells
    };
    let numbers: Vec<usize> = (2..2 + Measure::ALL.len()).collect();
    TextTable::new(&heads, &numbers, columns.iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::super::TableFormat;
    use super::*;
    use net::network;

    fn columns(names: &[&str]) -> Vec<Column> {
        names.iter().map(|name| Column::of(&network(name).expect("should be declared"))).collect()
    }

    #[test]
    fn networks_without_the_figure_come_last() {
        let columns = columns(&["lenet5", "vgg16", "alexnet", "resnet50"]);
        let columns: Vec<&Column> = columns.iter().collect();
        let by = |measure, descending| sorted(&columns, SortOrder { by: Some(measure), descending });
        assert_eq!(by(Measure::Top5, false), [3, 1, 2, 0]);
        assert_eq!(by(Measure::Top5, true), [2, 1, 3, 0]);
        assert_eq!(by(Measure::Parameters, true), [1, 2, 3, 0]);
        assert_eq!(sorted(&columns, SortOrder::default()), [0, 1, 2, 3]);
    }

    #[test]
    fn three_clicks_cycle_through_the_orders() {
        let once = SortOrder::default().after_click(Measure::Macs);
        assert_eq!(once.to_link().as_deref(), Some("-macs"));
        let twice = once.after_click(Measure::Macs);
        assert_eq!(twice.to_link().as_deref(), Some("macs"));
        assert_eq!(SortOrder::from_link("-macs"), Some(once));
        assert_eq!(twice.after_click(Measure::Macs), SortOrder::default());
        assert_eq!(SortOrder::from_link("-beauty"), None);
    }

    #[test]
    fn differences_and_ratios() {
        let text = |value, baseline, measure: Measure| {
            let comparison = BaselineComparison::of(value, baseline);
            comparison.text(&measure.text(comparison.difference.abs()))
        };
        assert_eq!(text(138_357_544.0, 61_100_840.0, Measure::Parameters), "+77.3 M, × 2.26");
        assert_eq!(text(61_706.0, 138_357_544.0, Measure::Parameters), "−138.3 M, ÷ 2,242");
        assert_eq!(text(7.3, 15.3, Measure::Ensemble), "−8.00 %, ÷ 2.10");
        assert_eq!(text(16.0, 16.0, Measure::Depth), "±0, × 1.00");
    }

    #[test]
    fn errors_of_different_data_sets_are_not_compared() {
        let [lenet, alexnet, vgg] = &columns(&["lenet5", "alexnet", "vgg16"])[..] else {
            panic!("three were asked for")
        };
        assert_eq!(compare_with_baseline(Measure::Top1, lenet, vgg), None);
        assert_eq!(compare_with_baseline(Measure::Top5, lenet, vgg), None);
        assert_eq!(compare_with_baseline(Measure::Year, alexnet, vgg), None);
        assert_eq!(compare_with_baseline(Measure::Top5, alexnet, vgg), Some(BaselineComparison::of(18.2, 8.1)));
        assert!(compare_with_baseline(Measure::Parameters, lenet, vgg).is_some());
    }

    #[test]
    fn csv_has_numbers_without_units() {
        let columns = columns(&["vgg16"]);
        let csv = table(&columns.iter().collect::<Vec<_>>()).text(TableFormat::Csv);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let heads = reader.headers().expect("should have heads").clone();
        let row = reader.records().next().expect("should have a row").expect("should be readable");
        let cell = |name: &str| heads.iter().position(|head| head == name).and_then(|place| row.get(place));
        assert_eq!(cell("parameters"), Some("138357544"));
        assert_eq!(cell("top-5"), Some("8.10"));
        assert_eq!(cell("ensemble"), Some("7.30"));
    }
}
