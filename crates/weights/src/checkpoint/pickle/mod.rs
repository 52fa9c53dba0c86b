//! A reader of pickles: a machine that builds plain values and tensors, and calls nothing.
//!
//! A pickle is a program for a machine with a stack and a memo. This machine knows the operations that Python's pickler
//! writes in protocols 2 to 5. It imports and calls nothing: calling a name of a closed list ([`Global`]) builds a
//! tensor or a dictionary, and calling anything else builds an inert [`Object`] that holds what it was given.
//!
//! Values are stored in one arena and refer to each other by index. Sharing is therefore free, cycles are harmless, and
//! neither building nor dropping values recurses.
//!
//! [`Global`]: super::value::Global
//! [`Object`]: super::value::Object

mod arena;
mod calls;
mod machine;
mod scanner;

use super::CheckpointError;
use super::value::{Value, ValueIndex};
use machine::{End, Machine};

pub(super) use scanner::MAX_BYTES;

/// The result of a pickle.
#[derive(Debug)]
pub(super) struct Pickle {
    /// All values.
    pub(super) arena: Vec<Value>,
    /// The value that the pickle returns.
    pub(super) root: ValueIndex,
    /// The length of the pickle in bytes.
    pub(super) len: usize,
}

impl Pickle {
    /// Runs the pickle at the start of `bytes`. The bytes after it are ignored.
    ///
    /// # Errors
    /// [`CheckpointError::CutOff`] if `bytes` end before the pickle does, otherwise the fault of the pickle.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let End { arena, root, len } = Machine::new(bytes).run()?;
        Ok(Self { arena, root, len })
    }

    /// Returns the value with index `at`.
    pub(super) fn value(&self, at: ValueIndex) -> &Value {
        &self.arena[at]
    }

    /// Returns the text with index `at`, or `None` if it is another value.
    pub(super) fn text(&self, at: ValueIndex) -> Option<&str> {
        match self.value(at) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the items of a dictionary: of a plain one, of an object that is one, or the attributes of an object.
    pub(super) fn items(&self, at: ValueIndex) -> &[(ValueIndex, ValueIndex)] {
        match self.value(at) {
            Value::Dict(items) => items,
            Value::Object(object) if !object.pairs.is_empty() => &object.pairs,
            Value::Object(object) => match object.state.map(|state| self.value(state)) {
                Some(Value::Dict(items)) => items,
                _ => &[],
            },
            _ => &[],
        }
    }
}
