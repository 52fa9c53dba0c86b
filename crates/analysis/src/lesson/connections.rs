//! An editable version of LeCun et al. 1998, table I (the maps of S2 that each map of C3 reads), and its consequences.

use super::mini_network::MiniNetwork;
use super::sharing::connections;
use net::{Activation, C3_INPUTS, Conv2d, NetError, NodeId, Op, Shape, network};

/// Number of feature maps of S2.
pub const S2_MAPS: usize = 6;
/// Number of feature maps of C3.
pub const C3_MAPS: usize = 16;

/// A table of connections: for each map of C3 the set of the maps of S2 that it reads, as bits. Bit 0 is the first map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections([u8; C3_MAPS]);

/// The costs of a table of connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionCosts {
    /// Trainable parameters of C3.
    pub parameters: u64,
    /// Connections, including those to the biases, as the paper counts them.
    pub connections: u64,
}

impl Connections {
    /// Returns table I of the paper.
    pub fn table_one() -> Self {
        let mut table = [0; C3_MAPS];
        for (set, inputs) in table.iter_mut().zip(C3_INPUTS) {
            *set = inputs.iter().fold(0, |set, &input| set | 1 << input);
        }
        Self(table)
    }

    /// Returns the table in which every map of C3 reads every map of S2.
    pub const fn all() -> Self {
        Self([(1 << S2_MAPS) - 1; C3_MAPS])
    }

    /// Returns whether map `map` of C3 reads map `input` of S2.
    pub fn reads(self, map: usize, input: usize) -> bool {
        self.0[map] >> input & 1 == 1
    }

    /// Returns the number of maps of S2 that map `map` of C3 reads.
    pub fn inputs(self, map: usize) -> usize {
        self.0[map].count_ones() as usize
    }

    /// Returns the table with one connection added or removed.
    #[must_use]
    pub fn toggled(mut self, map: usize, input: usize) -> Self {
        self.0[map] ^= 1 << input;
        self
    }

    /// Packs the table into two numbers for a URL, one for the first eight maps and one for the others, with six bits
    /// per map.
    pub fn halves(self) -> [u64; 2] {
        let half = |maps: &[u8]| maps.iter().rev().fold(0, |bits, &set| bits << S2_MAPS | u64::from(set));
        let (first, second) = self.0.split_at(C3_MAPS / 2);
        [half(first), half(second)]
    }

    /// Unpacks the numbers of [`Connections::halves`]. Excess bits are ignored.
    pub fn from_halves(halves: [u64; 2]) -> Self {
        let mut table = [0; C3_MAPS];
        for (maps, half) in table.chunks_mut(C3_MAPS / 2).zip(halves) {
            for (place, set) in maps.iter_mut().enumerate() {
                *set = (half >> (place * S2_MAPS) & 0b11_1111) as u8;
            }
        }
        Self(table)
    }

    /// Returns the number of different input sets. Maps with the same input set can become alike, because only their
    /// initial weights differ.
    pub fn distinct(self) -> usize {
        let mut sets = self.0;
        sets.sort_unstable();
        1 + sets.windows(2).filter(|pair| pair[0] != pair[1]).count()
    }

    /// Returns the other maps that read the same maps as `map`.
    pub fn alike(self, map: usize) -> Vec<usize> {
        (0..C3_MAPS).filter(|&other| other != map && self.0[other] == self.0[map]).collect()
    }

    /// Computes the costs of one map of C3 that reads `inputs` maps of S2.
    ///
    /// # Errors
    /// Returns [`NetError`] if the declaration of LeNet-5 has no S2 or the layer cannot be built.
    pub fn cost(inputs: usize) -> Result<ConnectionCosts, NetError> {
        let lenet = network("lenet5")?;
        let (_, height, width) = lenet.node(lenet.find("S2")?).shape.chw();
        let layer = Op::Conv2d(Conv2d::plain(1, 5, Activation::ScaledTanh));
        let network = MiniNetwork::single(Shape::maps(inputs, height, width), layer)?;
        Ok(ConnectionCosts { parameters: network.total_parameters(), connections: connections(&network, NodeId(1)) })
    }

    /// Computes the costs of C3 with this table.
    ///
    /// # Errors
    /// Returns the errors of [`Connections::cost`].
    pub fn counts(self) -> Result<ConnectionCosts, NetError> {
        (0..C3_MAPS).try_fold(ConnectionCosts { parameters: 0, connections: 0 }, |sum, map| {
            let one = Self::cost(self.inputs(map))?;
            let (parameters, connections) = (sum.parameters + one.parameters, sum.connections + one.connections);
            Ok(ConnectionCosts { parameters, connections })
        })
    }

    /// Returns the number of connections that table I does not have. There are no trained weights for them.
    pub fn added(self) -> usize {
        let trained = Self::table_one();
        self.0.iter().zip(trained.0).map(|(set, trained)| (set & !trained).count_ones() as usize).sum()
    }

    /// Returns the connections of table I that this table lacks, as an ablation of LeNet-5 (see `net::Ablations`).
    pub fn ablation(self) -> String {
        let trained = Self::table_one();
        let all = (0..C3_MAPS).flat_map(|map| (0..S2_MAPS).map(move |input| (map, input)));
        let broken = all.filter(|&(map, input)| trained.reads(map, input) && !self.reads(map, input));
        broken.map(|(map, input)| format!("C3:{map}/{input}")).collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::Ablations;

    #[test]
    fn table_one_has_the_costs_of_the_network_and_the_paper() {
        let counts = Connections::table_one().counts().expect("should be counted");
        assert_eq!(counts, ConnectionCosts { parameters: 1_516, connections: 151_600 });
        let lenet = network("lenet5").expect("should be declared");
        let c3 = lenet.find("C3").expect("should be a node");
        assert_eq!((lenet.parameters(c3).value(), connections(&lenet, c3)), (counts.parameters, counts.connections));
        assert_eq!(Connections::table_one().distinct(), 16);
    }

    #[test]
    fn all_maps_are_alike_if_all_connections_exist() {
        let all = Connections::all();
        let counts = all.counts().expect("should be counted");
        assert_eq!(counts, ConnectionCosts { parameters: 2_416, connections: 241_600 });
        assert_eq!((all.distinct(), all.alike(3).len(), all.added()), (1, 15, 36));
        assert_eq!(all.ablation(), "");
    }

    #[test]
    fn a_url_holds_a_table() {
        for table in [Connections::table_one(), Connections::all(), Connections::table_one().toggled(7, 0)] {
            assert_eq!(Connections::from_halves(table.halves()), table);
            assert!(table.halves().iter().all(|&half| half < 1 << 48));
        }
        assert_eq!(Connections::from_halves([u64::MAX; 2]), Connections::all());
    }

    #[test]
    fn removed_connections_are_ablated() {
        let table = Connections::table_one();
        assert_eq!(table.ablation(), "");
        // The first map of C3 reads the first three maps of S2.
        let broken = table.toggled(0, 1).toggled(0, 5);
        assert_eq!((broken.ablation().as_str(), broken.added(), broken.inputs(0)), ("C3:0/1", 1, 3));
        let lenet = network("lenet5").expect("should be declared");
        assert!(Ablations::read(&lenet, &Connections::from_halves([0, 0]).ablation()).is_ok());
        assert_eq!(table.toggled(0, 5).toggled(0, 1).toggled(0, 0).alike(0), [] as [usize; 0]);
        assert_eq!(table.toggled(0, 3).alike(0), [6]);
    }
}
