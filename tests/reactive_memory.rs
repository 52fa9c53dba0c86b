//! Values that live as long as the page keep no memory of their dropped readers (`third_party/README.md`).
//!
//! A weak reference keeps the allocation of a dropped node, so the allocator cannot give its address to another node.
//! The tests count addresses: nodes that leave nothing behind share a few, nodes that stay in a list have one each.

#![cfg(not(target_arch = "wasm32"))]

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::mem;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use reactive_graph::computed::{ArcMemo, Memo};
use reactive_graph::effect::{Effect, ImmediateEffect, RenderEffect};
use reactive_graph::graph::ToAnySubscriber;
use reactive_graph::owner::Owner;
use reactive_graph::signal::ArcRwSignal;
use reactive_graph::traits::{Get, Set};

/// The number of nodes that a test creates and drops, one after another.
const NODES: usize = 10_000;
/// The largest number of addresses they may have. Allocators reuse freed memory late, in rounds of some hundred blocks.
const MAX_ADDRESSES: usize = NODES / 10;

thread_local! {
    static TASKS: RefCell<Vec<PinnedLocalFuture<()>>> = const { RefCell::new(Vec::new()) };
}

/// Polls the tasks of the current thread, each once per call of `poll_local`.
struct Tasks;

impl CustomExecutor for Tasks {
    fn spawn(&self, task: PinnedFuture<()>) {
        self.spawn_local(task);
    }

    fn spawn_local(&self, task: PinnedLocalFuture<()>) {
        TASKS.with_borrow_mut(|tasks| tasks.push(task));
    }

    fn poll_local(&self) {
        let mut context = Context::from_waker(Waker::noop());
        let mut tasks = TASKS.with_borrow_mut(mem::take);
        tasks.retain_mut(|task| task.as_mut().poll(&mut context).is_pending());
        TASKS.with_borrow_mut(|spawned| spawned.append(&mut tasks));
    }
}

/// A memo as the state of the page has them, with the signal that it reads.
fn page_state() -> (ArcRwSignal<u32>, ArcMemo<u32>) {
    // The tests share the executor of the process: the first one sets it.
    let _ = Executor::init_custom_executor(Tasks);
    let signal = ArcRwSignal::new(1);
    let memo = ArcMemo::new({
        let signal = signal.clone();
        move |_| signal.get()
    });
    (signal, memo)
}

/// Asserts that nodes share addresses. `create_and_drop` returns the address of the node that it has dropped.
#[track_caller]
fn assert_addresses_are_reused(mut create_and_drop: impl FnMut() -> usize) {
    let addresses: BTreeSet<usize> = (0..NODES).map(|_| create_and_drop()).collect();
    assert!(addresses.len() <= MAX_ADDRESSES, "{NODES} dropped nodes have {} addresses", addresses.len());
}

#[test]
fn a_memo_keeps_no_dropped_effect() {
    let (_signal, memo) = page_state();
    assert_addresses_are_reused(|| {
        let owner = Owner::new();
        let memo = memo.clone();
        let effect = owner.with(|| Effect::new(move || assert_eq!(memo.get(), 1)));
        Executor::poll_local();
        let address = effect.to_any_subscriber().0;
        drop(owner);
        // The task of the effect ends.
        Executor::poll_local();
        address
    });
    assert_eq!(TASKS.with_borrow(Vec::len), 0);
}

#[test]
fn a_memo_keeps_no_dropped_render_effect() {
    let (_signal, memo) = page_state();
    assert_addresses_are_reused(|| {
        let memo = memo.clone();
        let effect = RenderEffect::new(move |_| memo.get());
        let address = effect.to_any_subscriber().0;
        drop(effect);
        Executor::poll_local();
        address
    });
}

#[test]
fn a_memo_keeps_no_dropped_immediate_effect() {
    let (_signal, memo) = page_state();
    assert_addresses_are_reused(|| {
        let memo = memo.clone();
        let effect = ImmediateEffect::new(move || assert_eq!(memo.get(), 1));
        effect.to_any_subscriber().0
    });
}

#[test]
fn a_memo_keeps_no_dropped_memo() {
    let (_signal, memo) = page_state();
    assert_addresses_are_reused(|| {
        let memo = memo.clone();
        let reader = ArcMemo::new(move |_| memo.get() + 1);
        assert_eq!(reader.get(), 2);
        reader.to_any_subscriber().0
    });
}

#[test]
fn a_memo_keeps_no_memo_of_a_dropped_owner() {
    let (_signal, memo) = page_state();
    assert_addresses_are_reused(|| {
        let owner = Owner::new();
        let memo = memo.clone();
        let reader = owner.with(|| Memo::new(move |_| memo.get() + 1));
        assert_eq!(reader.get(), 2);
        ArcMemo::from(reader).to_any_subscriber().0
    });
}

#[test]
fn a_signal_keeps_no_dropped_render_effect() {
    let (signal, _memo) = page_state();
    assert_addresses_are_reused(|| {
        let signal = signal.clone();
        let effect = RenderEffect::new(move |_| signal.get());
        let address = effect.to_any_subscriber().0;
        drop(effect);
        Executor::poll_local();
        address
    });
}

/// `<For>` creates the owner of each row below the owner of the list.
#[test]
fn an_owner_keeps_no_dropped_child() {
    let list = Owner::new();
    assert_addresses_are_reused(|| list.with(Owner::new).debug_id());
    assert_addresses_are_reused(|| list.child().debug_id());
}

/// Returns the order in which fifty live effects run after a change. `dropped` others are dropped after each is
/// created.
fn order_of_runs(dropped: usize) -> Vec<u32> {
    let (signal, memo) = page_state();
    let runs = Arc::new(Mutex::new(Vec::new()));
    let effect = |number: u32| {
        let (memo, runs) = (memo.clone(), Arc::clone(&runs));
        ImmediateEffect::new(move || {
            memo.get();
            runs.lock().expect("should not be poisoned").push(number);
        })
    };
    let mut live = Vec::new();
    for number in 0..50 {
        live.push(effect(number));
        (0..dropped).for_each(|_| drop(effect(number)));
    }
    runs.lock().expect("should not be poisoned").clear();
    signal.set(2);
    runs.lock().expect("should not be poisoned").clone()
}

#[test]
fn live_effects_keep_their_subscriptions_and_their_order() {
    let order = order_of_runs(20);
    assert_eq!(order.iter().collect::<BTreeSet<_>>().len(), 50);
    assert_eq!(order, order_of_runs(0));
}
