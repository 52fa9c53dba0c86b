//! How many pictures a network gets right with parts cut, counted picture by picture.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::learn::network::{LessonError, Trained, example};

/// So many pictures are looked at, the first that ship.
pub(super) const PICTURES: usize = 40;

/// What has been counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Pictures that were looked at.
    pub(super) seen: usize,
    /// Those whose class was the answer.
    pub(super) right: usize,
}

/// The greatest value's place.
pub(super) fn best(values: &[f32]) -> Option<usize> {
    (0..values.len()).max_by(|&a, &b| values[a].total_cmp(&values[b]))
}

async fn is_right(name: &'static str, index: usize, cuts: &str) -> Result<bool, LessonError> {
    let network = Trained::open(name).await?;
    let example = example(&network.graph, index).await?;
    let answer = network.pass(&example.input, &["softmax"], cuts).await?.pop().unwrap_or_default();
    Ok(best(&answer) == Some(example.class))
}

/// Counts anew whenever the network or the cuts change; a picture that cannot be looked at ends the counting.
pub(super) fn count_right(what: Memo<(&'static str, String)>) -> RwSignal<Tally> {
    let tally = RwSignal::new(Tally::default());
    // Which counting is the last: others stop.
    let turn = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let (name, cuts) = what.get();
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        tally.set(Tally::default());
        spawn_local(async move {
            for index in 0..PICTURES {
                let Ok(right) = is_right(name, index, &cuts).await else { return };
                // Whoever leaves the lesson has left this with it.
                if turn.try_get_value() != Some(mine) {
                    return;
                }
                tally.update(|tally| {
                    tally.seen += 1;
                    tally.right += usize::from(right);
                });
            }
        });
    });
    tally
}
