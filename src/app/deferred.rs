//! Builds the page piece by piece, each in a task of its own: a phone that takes a second for the whole answers its person
//! meanwhile. Until all is there nothing of it is seen, so that nothing moves about.

use std::cell::RefCell;
use std::collections::VecDeque;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::clock::look_up;

/// The class of the body that hides what is being built.
const BUILDING: &str = "building";
/// What index.html shows until then.
const SHELL: &str = "shell";

thread_local! {
    /// The pieces that wait for their turn, first come, first built.
    static WAITING: RefCell<VecDeque<RwSignal<bool>>> = RefCell::default();
    /// Whether all was built once. It belongs to no component, and outlives them.
    static BUILT: ArcRwSignal<bool> = ArcRwSignal::new(false);
}

/// A piece of the page; once the page is there, it is built at once.
#[component]
pub(super) fn Later(children: ChildrenFn) -> impl IntoView {
    let due = RwSignal::new(BUILT.with(ArcRwSignal::get_untracked));
    if !due.get_untracked() {
        WAITING.with_borrow_mut(|waiting| waiting.push_back(due));
    }
    move || due.get().then(|| children())
}

/// Whether the whole page is there.
pub(super) fn is_built() -> bool {
    BUILT.with(ArcRwSignal::get)
}

/// Builds what waits, and then shows it in place of what index.html has shown.
pub(super) fn build() {
    spawn_local(async {
        while let Some(piece) = WAITING.with_borrow_mut(VecDeque::pop_front) {
            look_up().await;
            piece.set(true);
            // What it consists of is built before the next message comes in, and may have pieces itself.
            look_up().await;
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
        // A class that cannot be taken away leaves an empty page: the browser says why in its console.
        let _ = body.class_list().remove_1(BUILDING);
    }
}
