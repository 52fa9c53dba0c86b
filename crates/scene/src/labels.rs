//! Which names find room.

use super::geometry::Rect;

/// A name that wants to stand on the stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// What it may take, in CSS pixels: the first that is free, the fullest first.
    pub forms: Vec<Rect>,
    /// Who comes first where two want the same room: the greater.
    pub rank: u32,
}

/// In which of its forms each of `labels` can be read; none where every one of them would stand over an `obstacle`, or
/// over a name of a higher rank, or of the same and before it.
pub fn readable(labels: &[Label], obstacles: &[Rect]) -> Vec<Option<usize>> {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by_key(|&place| std::cmp::Reverse(labels[place].rank));
    let mut taken: Vec<Rect> = obstacles.to_vec();
    let mut shown = vec![None; labels.len()];
    for place in order {
        let forms = &labels[place].forms;
        shown[place] = forms.iter().position(|form| !taken.iter().any(|other| other.meets(*form)));
        taken.extend(shown[place].map(|form| forms[form]));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f32, rank: u32) -> Label {
        let form = |w: f32| Rect { x, y: 0.0, w, h: 20.0 };
        Label { forms: vec![form(50.0), form(30.0)], rank }
    }

    #[test]
    fn who_ranks_higher_is_read() {
        let rows = |ranks: [u32; 3]| [at(0.0, ranks[0]), at(20.0, ranks[1]), at(80.0, ranks[2])];
        assert_eq!(readable(&rows([0, 0, 0]), &[]), [Some(0), None, Some(0)]);
        assert_eq!(readable(&rows([0, 1, 0]), &[]), [None, Some(0), Some(0)]);
        assert_eq!(readable(&[], &[]), []);
    }

    #[test]
    fn a_shorter_form_is_read_where_the_full_one_finds_no_room() {
        assert_eq!(readable(&[at(0.0, 0), at(40.0, 1)], &[]), [Some(1), Some(0)]);
        let tile = Rect { x: 35.0, y: 10.0, w: 40.0, h: 40.0 };
        assert_eq!(readable(&[at(0.0, 0), at(40.0, 0)], &[tile]), [Some(1), None]);
    }
}
