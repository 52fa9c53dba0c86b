//! The accuracy of a network with ablations, counted picture by picture.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::LessonError;
use crate::examples::example;
use crate::network::TrainedNetwork;
use analysis::lesson::auxiliary::best;

/// The number of test pictures, the first ones that ship.
pub(super) const PICTURES: usize = 40;

/// The counts so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Accuracy {
    /// Pictures that have been classified.
    pub(super) seen: usize,
    /// Pictures that were classified correctly.
    pub(super) correct: usize,
}

async fn is_correct(name: &'static str, index: usize, ablations: &str) -> Result<bool, LessonError> {
    let network = TrainedNetwork::open(name).await?;
    let example = example(&network.graph, index).await?;
    let answer = network.pass(&example.input, &["softmax"], ablations).await?.pop().unwrap_or_default();
    Ok(best(&answer) == Some(example.class))
}

/// Counts again whenever the network or the ablations change. A picture that fails ends the count.
pub(super) fn measure_accuracy(what: Memo<(&'static str, String)>) -> RwSignal<Accuracy> {
    let accuracy = RwSignal::new(Accuracy::default());
    // The number of the latest count: earlier ones stop.
    let latest = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let (name, ablations) = what.get();
        latest.update_value(|latest| *latest += 1);
        let mine = latest.get_value();
        accuracy.set(Accuracy::default());
        spawn_local(async move {
            for index in 0..PICTURES {
                let Ok(correct) = is_correct(name, index, &ablations).await else { return };
                // A lesson that is left takes these signals with it.
                if latest.try_get_value() != Some(mine) {
                    return;
                }
                accuracy.update(|accuracy| {
                    accuracy.seen += 1;
                    accuracy.correct += usize::from(correct);
                });
            }
        });
    });
    accuracy
}
