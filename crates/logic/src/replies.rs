//! Requests to a worker that wait for replies.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};

/// The requests that wait for replies, by their numbers. The first request has number 0.
#[derive(Debug)]
pub struct PendingReplies<Reply> {
    senders: RefCell<BTreeMap<u32, UnboundedSender<Reply>>>,
    next_id: Cell<u32>,
    end_reason: RefCell<Option<String>>,
}

impl<Reply> Default for PendingReplies<Reply> {
    fn default() -> Self {
        Self { senders: RefCell::default(), next_id: Cell::new(0), end_reason: RefCell::default() }
    }
}

impl<Reply> PendingReplies<Reply> {
    /// Registers a request and returns its number with the receiver of its replies. After [`PendingReplies::end`] the
    /// receiver is closed from the start.
    pub fn register(&self) -> (u32, UnboundedReceiver<Reply>) {
        let id = self.next_id.replace(self.next_id.get() + 1);
        let (sender, receiver) = unbounded();
        if self.end_reason.borrow().is_none() {
            self.senders.borrow_mut().insert(id, sender);
        }
        (id, receiver)
    }

    /// Hands `reply` to the request `id`. The last reply of a request closes its receiver.
    pub fn deliver(&self, id: u32, reply: Reply, is_last: bool) {
        let mut senders = self.senders.borrow_mut();
        if let Some(sender) = senders.get(&id) {
            // The receiver may have been dropped; then nobody needs the reply.
            let _ = sender.unbounded_send(reply);
        }
        if is_last {
            senders.remove(&id);
        }
    }

    /// Removes the request `id`, which was not sent or whose replies nobody needs.
    pub fn forget(&self, id: u32) {
        self.senders.borrow_mut().remove(&id);
    }

    /// Ends all requests for `reason` by closing their receivers. The first reason is the cause and is kept; later ones
    /// are its consequences.
    pub fn end(&self, reason: String) {
        self.end_reason.borrow_mut().get_or_insert(reason);
        self.senders.borrow_mut().clear();
    }

    /// Returns why all requests have ended, if they have.
    pub fn end_reason(&self) -> Option<String> {
        self.end_reason.borrow().clone()
    }

    /// Returns how many requests wait for replies.
    pub fn waiting(&self) -> usize {
        self.senders.borrow().len()
    }
}

#[cfg(test)]
mod tests {
    use futures::StreamExt as _;

    use super::*;

    #[test]
    fn replies_reach_their_request_until_the_last() {
        let replies = PendingReplies::default();
        let ((first, mut of_first), (second, _of_second)) = (replies.register(), replies.register());
        assert_eq!((first, second), (0, 1));
        replies.deliver(first, "step", false);
        replies.deliver(first, "result", true);
        assert_eq!(pollster::block_on(of_first.next()), Some("step"));
        assert_eq!(pollster::block_on(of_first.next()), Some("result"));
        assert_eq!(pollster::block_on(of_first.next()), None);
        assert_eq!(replies.waiting(), 1);
    }

    #[test]
    fn a_request_that_was_not_sent_leaves_nothing_behind() {
        let replies = PendingReplies::<()>::default();
        let (id, mut receiver) = replies.register();
        replies.forget(id);
        assert_eq!(replies.waiting(), 0);
        assert_eq!(pollster::block_on(receiver.next()), None);
    }

    #[test]
    fn the_end_closes_all_receivers_and_keeps_its_first_reason() {
        let replies = PendingReplies::<()>::default();
        let (_, mut receiver) = replies.register();
        replies.end("out of memory".to_owned());
        replies.end("terminated".to_owned());
        assert_eq!(pollster::block_on(receiver.next()), None);
        let (_, mut late) = replies.register();
        assert_eq!(pollster::block_on(late.next()), None);
        assert_eq!(replies.end_reason().as_deref(), Some("out of memory"));
        assert_eq!(replies.waiting(), 0);
    }
}
