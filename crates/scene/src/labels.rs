//! Selection of the names that can be shown without overlap.

use super::geometry::Rect;

/// A name that asks for space on the stage.
#[derive(Debug, Clone, PartialEq)]
pub struct NameLabel {
    /// The rectangles that the forms of the name occupy, in CSS pixels, from the fullest form to the shortest. The
    /// first free one is used.
    pub forms: Vec<Rect>,
    /// Priority among names that compete for the same space: the greatest rank wins.
    pub rank: u32,
}

/// Chooses for each of `labels` the first of its forms that is readable, by index into [`NameLabel::forms`].
///
/// The result is `None` if every form would overlap an obstacle or the chosen form of another name that has a higher
/// rank, or the same rank and an earlier position.
pub fn choose_forms(labels: &[NameLabel], obstacles: &[Rect]) -> Vec<Option<usize>> {
    let order = net::order::order(labels.len(), &mut |a, b| labels[b].rank.cmp(&labels[a].rank));
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

    fn at(x: f32, rank: u32) -> NameLabel {
        let form = |w: f32| Rect { x, y: 0.0, w, h: 20.0 };
        NameLabel { forms: vec![form(50.0), form(30.0)], rank }
    }

    #[test]
    fn the_name_of_the_higher_rank_is_shown() {
        let rows = |ranks: [u32; 3]| [at(0.0, ranks[0]), at(20.0, ranks[1]), at(80.0, ranks[2])];
        assert_eq!(choose_forms(&rows([0, 0, 0]), &[]), [Some(0), None, Some(0)]);
        assert_eq!(choose_forms(&rows([0, 1, 0]), &[]), [None, Some(0), Some(0)]);
        assert_eq!(choose_forms(&[], &[]), []);
    }

    #[test]
    fn a_shorter_form_is_shown_if_the_full_one_does_not_fit() {
        assert_eq!(choose_forms(&[at(0.0, 0), at(40.0, 1)], &[]), [Some(1), Some(0)]);
        let tile = Rect { x: 35.0, y: 10.0, w: 40.0, h: 40.0 };
        assert_eq!(choose_forms(&[at(0.0, 0), at(40.0, 0)], &[tile]), [Some(1), None]);
    }
}
