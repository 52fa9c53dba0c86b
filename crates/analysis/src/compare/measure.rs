//! The figures by which networks are compared.

use super::column::Column;
use super::published::Mark;
use super::units;

/// One figure of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Trainable parameters.
    Parameters,
    /// Multiply-accumulates of one pass over one picture.
    Macs,
    /// Bytes of all tensors in F32.
    WeightBytes,
    /// Bytes of all outputs of a pass in F32.
    ActivationBytes,
    /// Layers with weights on the longest way through.
    Depth,
    /// Rows of the picture, in pixels.
    Input,
    /// The year of the paper.
    Year,
    /// How often a single model's likeliest class is wrong, in percent.
    Top1,
    /// How often a single model's five likeliest classes are wrong, in percent.
    Top5,
    /// The same of an ensemble.
    Ensemble,
}

impl Measure {
    /// All of them, in the order of the table.
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

    /// Its name in links and exports.
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

    /// The measure of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.name() == name)
    }

    /// The figure; none where none was published.
    pub fn value(self, column: &Column) -> Option<f64> {
        match self {
            Self::Parameters => Some(column.totals.parameters as f64),
            Self::Macs => Some(column.totals.macs as f64),
            Self::WeightBytes => Some(column.totals.weight_bytes as f64),
            Self::ActivationBytes => Some(column.totals.activation_bytes as f64),
            Self::Depth => Some(column.depth as f64),
            Self::Input => column.input_shape.get(2).map(|&rows| rows as f64),
            Self::Year => Some(f64::from(column.year)),
            Self::Top1 => self.mark(column)?.top1,
            Self::Top5 | Self::Ensemble => self.mark(column)?.top5,
        }
    }

    /// Where a published figure stands.
    pub fn mark(self, column: &Column) -> Option<&'static Mark> {
        match self {
            Self::Top1 => column.top1(),
            Self::Top5 => column.top5(),
            Self::Ensemble => column.ensemble(),
            _ => None,
        }
    }

    /// Whether it is a size, of which a difference and a ratio to another say something.
    pub fn is_amount(self) -> bool {
        !matches!(self, Self::Year | Self::Input)
    }

    /// A value of it as people read it: `61.1 M`, `0.71 GMAC`, `7.30 %`.
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

    /// A value of it to the last digit, where [`Measure::text`] rounds it.
    pub fn exact(self, value: f64) -> Option<u64> {
        matches!(self, Self::Parameters | Self::Macs | Self::WeightBytes | Self::ActivationBytes)
            .then_some(value as u64)
    }

    /// A value of it for a program: digits alone.
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
    fn figures_are_those_of_the_column() {
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
    fn names_lead_back() {
        for measure in Measure::ALL {
            assert_eq!(Measure::named(measure.name()), Some(measure));
        }
        assert_eq!(Measure::named("beauty"), None);
    }
}
