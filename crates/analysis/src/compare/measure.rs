//! The figures by which networks are compared.

use super::column::Column;
use super::published::PublishedResult;
use super::units;

/// A figure of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Trainable parameters.
    Parameters,
    /// MACs of one pass over one image.
    Macs,
    /// Bytes of all tensors in F32, or as a checkpoint stores them.
    WeightBytes,
    /// Bytes of all outputs of one pass in F32.
    ActivationBytes,
    /// Layers with weights on the longest path.
    Depth,
    /// Rows of the input, in pixels.
    Input,
    /// The year of the paper.
    Year,
    /// Top-1 error of a single model: how often the most likely class is wrong, in percent.
    Top1,
    /// Top-5 error of a single model: how often all of the five most likely classes are wrong, in percent.
    Top5,
    /// Top-5 error of an ensemble, in percent.
    Ensemble,
}

impl Measure {
    /// All measures, in the order of the table.
    pub const ALL: [Self; 10] = [
        Self::Parameters,
        Self::Macs,
        Self::WeightBytes,
        Self::ActivationBytes,
        Self::Depth,
        Self::Input,
        Self::Year,
        Self::Top1,
        Self::Top5,
        Self::Ensemble,
    ];

    /// Returns the name in links and exports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parameters => "parameters",
            Self::Macs => "macs",
            Self::WeightBytes => "weight-bytes",
            Self::ActivationBytes => "activation-bytes",
            Self::Depth => "depth",
            Self::Input => "input",
            Self::Year => "year",
            Self::Top1 => "top-1",
            Self::Top5 => "top-5",
            Self::Ensemble => "ensemble",
        }
    }

    /// Returns the measure with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.name() == name)
    }

    /// Returns the value for a network, or `None` if no value was published.
    pub fn value(self, column: &Column) -> Option<f64> {
        match self {
            Self::Parameters => Some(column.totals.parameters as f64),
            Self::Macs => Some(column.totals.macs as f64),
            Self::WeightBytes => Some(column.totals.weight_bytes as f64),
            Self::ActivationBytes => Some(column.totals.activation_bytes as f64),
            Self::Depth => Some(column.depth as f64),
            Self::Input => column.input_shape.get(2).map(|&rows| rows as f64),
            Self::Year => Some(f64::from(column.year)),
            Self::Top1 => self.result(column)?.top1,
            Self::Top5 | Self::Ensemble => self.result(column)?.top5,
        }
    }

    /// Returns the record that the value comes from, if it is a published value.
    pub fn result(self, column: &Column) -> Option<&'static PublishedResult> {
        match self {
            Self::Top1 => column.top1(),
            Self::Top5 => column.top5(),
            Self::Ensemble => column.ensemble(),
            _ => None,
        }
    }

    /// Returns whether the measure is a quantity, whose differences and ratios are meaningful.
    pub fn is_amount(self) -> bool {
        !matches!(self, Self::Year | Self::Input)
    }

    /// Formats a value for reading: `61.1 M`, `0.71 GMAC`, `7.30 %`.
    pub fn text(self, value: f64) -> String {
        match self {
            Self::Parameters => units::count(value as u64),
            Self::Macs => units::macs(value as u64),
            Self::WeightBytes | Self::ActivationBytes => units::bytes(value as u64),
            Self::Depth | Self::Year => format!("{value}"),
            Self::Input => format!("{value} × {value}"),
            Self::Top1 | Self::Top5 | Self::Ensemble => format!("{value:.2} %"),
        }
    }

    /// Returns the exact value if [`Measure::text`] rounds it.
    pub fn exact(self, value: f64) -> Option<u64> {
        matches!(self, Self::Parameters | Self::Macs | Self::WeightBytes | Self::ActivationBytes)
            .then_some(value as u64)
    }

    /// Formats a value for programs, as digits without a unit.
    pub fn plain(self, value: f64) -> String {
        match self {
            Self::Top1 | Self::Top5 | Self::Ensemble => format!("{value:.2}"),
            _ => format!("{value}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::network;

    #[test]
    fn values_come_from_the_column() {
        let vgg = Column::of(&network("vgg16").expect("should be declared"));
        let text = |measure: Measure| measure.value(&vgg).map(|value| measure.text(value));
        for (measure, expected) in [
            (Measure::Parameters, "138.4 M"),
            (Measure::Macs, "15.47 GMAC"),
            (Measure::WeightBytes, "554 MB"),
            (Measure::Depth, "16"),
            (Measure::Input, "224 × 224"),
            (Measure::Year, "2014"),
            (Measure::Ensemble, "7.30 %"),
        ] {
            assert_eq!(text(measure).as_deref(), Some(expected), "{measure:?}");
        }
        assert_eq!(Measure::Parameters.exact(138_357_544.0), Some(138_357_544));
        assert_eq!(Measure::Depth.exact(16.0), None);
        let lenet = Column::of(&network("lenet5").expect("should be declared"));
        assert_eq!(Measure::Top5.value(&lenet), None);
    }

    #[test]
    fn names_identify_measures() {
        for measure in Measure::ALL {
            assert_eq!(Measure::named(measure.name()), Some(measure));
        }
        assert_eq!(Measure::named("beauty"), None);
    }
}
