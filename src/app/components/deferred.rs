//! Builds the page piece by piece, each in its own task: a phone that takes a second for the whole page can handle
//! events in between. The page stays hidden until all pieces are built, so that nothing moves.

use std::cell::RefCell;
use std::collections::VecDeque;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::browser::clock::yield_to_messages;

/// The class of the body that hides what is being built.
const BUILDING: &str = "building";
/// The id of the element that index.html shows until then.
const SHELL: &str = "shell";

thread_local! {
    /// The pieces that are not built yet, in the order in which they are built.
    static WAITING: RefCell<VecDeque<RwSignal<bool>>> = RefCell::default();
    /// True once the whole page was built. It belongs to no component, and outlives them.
    static BUILT: ArcRwSignal<bool> = ArcRwSignal::new(false);
}

/// A piece of the page that is built in its own task. Once the page is built, new pieces are built immediately.
#[component]
pub fn Deferred(children: ChildrenFn) -> impl IntoView {
    let due = RwSignal::new(BUILT.with(ArcRwSignal::get_untracked));
    if !due.get_untracked() {
        WAITING.with_borrow_mut(|waiting| waiting.push_back(due));
    }
    move || due.get().then(|| children())
}

/// Returns whether the whole page is built. Tracks the answer.
pub(in crate::app) fn is_built() -> bool {
    BUILT.with(ArcRwSignal::get)
}

/// Builds all pieces, and then shows the page in place of the shell of index.html.
pub(in crate::app) fn build() {
    spawn_local(async {
        while let Some(piece) = WAITING.with_borrow_mut(VecDeque::pop_front) {
            yield_to_messages().await;
            piece.set(true);
            // Its contents are built before the next message arrives, and may add pieces themselves.
            yield_to_messages().await;
        }
        BUILT.with(|built| built.set(true));
        reveal();
    });
}

fn reveal() {
    if let Some(shell) = document().get_element_by_id(SHELL) {
        shell.remove();
    }
    if let Some(body) = document().body() {
        // If the class cannot be removed, the page stays empty, and the console of the browser says why.
        let _ = body.class_list().remove_1(BUILDING);
    }
}
