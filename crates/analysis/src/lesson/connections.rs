//! Which maps of S2 each map of C3 reads (LeCun et al. 1998, Table I), changed at will, and what follows from it.

use super::piece::Piece;
use super::sharing::connections;
use net::{Activation, C3_INPUTS, Conv2d, NetError, NodeId, Op, Shape, network};

/// Maps of S2.
pub const S2_MAPS: usize = 6;
/// Maps of C3.
pub const C3_MAPS: usize = 16;

/// A table of connections: of every map of C3, which maps of S2 it reads (bit 0 being the first).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections([u8; C3_MAPS]);

/// What a table of connections comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Trainable parameters of C3.
    pub parameters: u64,
    /// Connections, those to the biases included, as the paper counts them.
    pub connections: u64,
}

impl Connections {
    /// Table I.
    pub fn table_one() -> Self {
        let mut table = [0; C3_MAPS];
        for (set, inputs) in table.iter_mut().zip(C3_INPUTS) {
            *set = inputs.iter().fold(0, |set, &input| set | 1 << input);
        }
        Self(table)
    }

    /// Every map reads every map.
    pub const fn all() -> Self {
        Self([(1 << S2_MAPS) - 1; C3_MAPS])
    }

    /// Whether map `map` of C3 reads map `input` of S2.
    pub fn reads(self, map: usize, input: usize) -> bool {
        self.0[map] >> input & 1 == 1
    }

    /// How many maps it reads.
    pub fn inputs(self, map: usize) -> usize {
        self.0[map].count_ones() as usize
    }

    /// The same with one connection made or broken.
    #[must_use]
    pub fn toggled(mut self, map: usize, input: usize) -> Self {
        self.0[map] ^= 1 << input;
        self
    }

    /// The table as two numbers, of the first eight maps and of the others, six bits a map: as an address has it.
    pub fn halves(self) -> [u64; 2] {
        let half = |maps: &[u8]| maps.iter().rev().fold(0, |bits, &set| bits << S2_MAPS | u64::from(set));
        let (first, second) = self.0.split_at(C3_MAPS / 2);
        [half(first), half(second)]
    }

    /// What [`Connections::halves`] gave. Bits that are none of the table's are dropped.
    pub fn from_halves(halves: [u64; 2]) -> Self {
        let mut table = [0; C3_MAPS];
        for (maps, half) in table.chunks_mut(C3_MAPS / 2).zip(halves) {
            for (place, set) in maps.iter_mut().enumerate() {
                *set = (half >> (place * S2_MAPS) & 0b11_1111) as u8;
            }
        }
        Self(table)
    }

    /// How many sets of inputs there are that differ. Maps of one set can become alike: nothing but their first weights
    /// tells them apart.
    pub fn distinct(self) -> usize {
        let mut sets = self.0;
        sets.sort_unstable();
        1 + sets.windows(2).filter(|pair| pair[0] != pair[1]).count()
    }

    /// The other maps that read the same maps as `map`.
    pub fn alike(self, map: usize) -> Vec<usize> {
        (0..C3_MAPS).filter(|&other| other != map && self.0[other] == self.0[map]).collect()
    }

    /// What a map of C3 costs that reads so many maps of S2.
    ///
    /// # Errors
    /// [`NetError`] where LeNet-5 is not what this expects.
    pub fn cost(inputs: usize) -> Result<Counts, NetError> {
        let lenet = network("lenet5")?;
        let (_, height, width) = lenet.node(lenet.find("S2")?).shape.chw();
        let layer = Op::Conv2d(Conv2d::plain(1, 5, Activation::ScaledTanh));
        let piece = Piece::single(Shape::maps(inputs, height, width), layer)?;
        Ok(Counts { parameters: piece.total_parameters(), connections: connections(&piece, NodeId(1)) })
    }

    /// What C3 costs with this table.
    ///
    /// # Errors
    /// As [`Connections::cost`].
    pub fn counts(self) -> Result<Counts, NetError> {
        (0..C3_MAPS).try_fold(Counts { parameters: 0, connections: 0 }, |sum, map| {
            let one = Self::cost(self.inputs(map))?;
            let (parameters, connections) = (sum.parameters + one.parameters, sum.connections + one.connections);
            Ok(Counts { parameters, connections })
        })
    }

    /// Connections that Table I does not have: there are no trained weights for them.
    pub fn added(self) -> usize {
        let trained = Self::table_one();
        self.0.iter().zip(trained.0).map(|(set, trained)| (set & !trained).count_ones() as usize).sum()
    }

    /// The connections of Table I that this lacks, as cuts of LeNet-5 (`net::Cuts`).
    pub fn cuts(self) -> String {
        let trained = Self::table_one();
        let all = (0..C3_MAPS).flat_map(|map| (0..S2_MAPS).map(move |input| (map, input)));
        let broken = all.filter(|&(map, input)| trained.reads(map, input) && !self.reads(map, input));
        broken.map(|(map, input)| format!("C3:{map}/{input}")).collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::Cuts;

    #[test]
    fn table_one_costs_what_the_network_and_the_paper_say() {
        let counts = Connections::table_one().counts().expect("should be counted");
        assert_eq!(counts, Counts { parameters: 1_516, connections: 151_600 });
        let lenet = network("lenet5").expect("should be declared");
        let c3 = lenet.find("C3").expect("should be a node");
        assert_eq!((lenet.parameters(c3).value(), connections(&lenet, c3)), (counts.parameters, counts.connections));
        assert_eq!(Connections::table_one().distinct(), 16);
    }

    #[test]
    fn full_connection_is_symmetric() {
        let all = Connections::all();
        let counts = all.counts().expect("should be counted");
        assert_eq!(counts, Counts { parameters: 2_416, connections: 241_600 });
        assert_eq!((all.distinct(), all.alike(3).len(), all.added()), (1, 15, 36));
        assert_eq!(all.cuts(), "");
    }

    #[test]
    fn an_address_holds_a_table() {
        for table in [Connections::table_one(), Connections::all(), Connections::table_one().toggled(7, 0)] {
            assert_eq!(Connections::from_halves(table.halves()), table);
            assert!(table.halves().iter().all(|&half| half < 1 << 48));
        }
        assert_eq!(Connections::from_halves([u64::MAX; 2]), Connections::all());
    }

    #[test]
    fn what_is_broken_is_cut() {
        let table = Connections::table_one();
        assert_eq!(table.cuts(), "");
        // Its first map reads the first three.
        let broken = table.toggled(0, 1).toggled(0, 5);
        assert_eq!((broken.cuts().as_str(), broken.added(), broken.inputs(0)), ("C3:0/1", 1, 3));
        let lenet = network("lenet5").expect("should be declared");
        assert!(Cuts::read(&lenet, &Connections::from_halves([0, 0]).cuts()).is_ok());
        assert_eq!(table.toggled(0, 5).toggled(0, 1).toggled(0, 0).alike(0), [] as [usize; 0]);
        assert_eq!(table.toggled(0, 3).alike(0), [6]);
    }
}
