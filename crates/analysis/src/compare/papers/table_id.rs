//! The tables that are reproduced.

use net::Family;

/// The tables that are reproduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableId {
    /// LeCun et al. 1998, table I.
    LeNet1,
    /// Simonyan and Zisserman 2014, table 1.
    Vgg1,
    /// Simonyan and Zisserman 2014, table 2.
    Vgg2,
    /// Szegedy et al. 2014, table 1.
    GoogLeNet1,
    /// He et al. 2015, table 1.
    ResNet1,
}

impl TableId {
    /// All tables, by year.
    pub const ALL: [Self; 5] = [Self::LeNet1, Self::Vgg1, Self::Vgg2, Self::GoogLeNet1, Self::ResNet1];

    /// Returns the name in file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::LeNet1 => "lenet-5-table-i",
            Self::Vgg1 => "vgg-table-1",
            Self::Vgg2 => "vgg-table-2",
            Self::GoogLeNet1 => "googlenet-table-1",
            Self::ResNet1 => "resnet-table-1",
        }
    }

    /// Returns the family of networks that the table is about.
    pub(super) fn family(self) -> Family {
        match self {
            Self::LeNet1 => Family::LeNet,
            Self::Vgg1 | Self::Vgg2 => Family::Vgg,
            Self::GoogLeNet1 => Family::GoogLeNet,
            Self::ResNet1 => Family::ResNet,
        }
    }

    /// Returns the number of the table in its paper.
    pub(super) fn number(self) -> &'static str {
        match self {
            Self::LeNet1 => "I",
            Self::Vgg2 => "2",
            _ => "1",
        }
    }
}
