//! The values, the stack and the memo of the machine, all within limits.
//!
//! Limits count bytes of memory, so that a long list of numbers is no fault.

use std::collections::HashMap;

use crate::checkpoint::CheckpointError;
use crate::checkpoint::error::at_most;
use crate::checkpoint::value::{Value, ValueIndex, malformed};

/// The most bytes of memory that the values of one pickle take.
const MAX_MEMORY: u64 = 96 << 20;

/// The bytes that one reference to a value takes.
const REFERENCE_BYTES: u64 = size_of::<ValueIndex>() as u64;

/// The bytes that one entry of the memo takes, with the free places of its table.
const MEMO_BYTES: u64 = 4 * REFERENCE_BYTES;

/// The values that are built once, at these indices, as they are all the same.
const NONE: ValueIndex = 0;
const BOOL: ValueIndex = 1;
const FLOAT: ValueIndex = 2;
const BYTES: ValueIndex = 3;

/// The state of the machine.
pub(super) struct Arena {
    pub(super) values: Vec<Value>,
    stack: Vec<ValueIndex>,
    /// The heights of the stack at its marks.
    marks: Vec<usize>,
    memo: HashMap<u32, ValueIndex>,
    memory: u64,
}

impl Arena {
    pub(super) fn new() -> Self {
        let values = vec![Value::None, Value::Bool, Value::Float, Value::Bytes];
        Self { values, stack: Vec::new(), marks: Vec::new(), memo: HashMap::new(), memory: 0 }
    }

    /// Takes account of `bytes` of memory before they are used.
    pub(super) fn spend(&mut self, bytes: u64) -> Result<(), CheckpointError> {
        self.memory = self.memory.saturating_add(bytes);
        at_most("bytes of memory for the values of the pickle", self.memory, MAX_MEMORY)
    }

    /// Takes account of `count` references to values.
    pub(super) fn spend_references(&mut self, count: usize) -> Result<(), CheckpointError> {
        self.spend(count as u64 * REFERENCE_BYTES)
    }

    /// Adds a value and pushes it.
    pub(super) fn push(&mut self, value: Value) -> Result<(), CheckpointError> {
        let shared = match value {
            Value::None => NONE,
            Value::Bool => BOOL,
            Value::Float => FLOAT,
            Value::Bytes => BYTES,
            value => {
                let held = match &value {
                    Value::Text(text) | Value::Class(text) => text.len() as u64,
                    Value::Tuple(items) => items.len() as u64 * REFERENCE_BYTES,
                    Value::Tensor(_) | Value::Storage(_) | Value::Object(_) => 256,
                    _ => 0,
                };
                self.spend(size_of::<Value>() as u64 + held)?;
                self.values.push(value);
                self.values.len() - 1
            }
        };
        self.push_ref(shared)
    }

    pub(super) fn push_ref(&mut self, value: ValueIndex) -> Result<(), CheckpointError> {
        self.spend(REFERENCE_BYTES)?;
        self.stack.push(value);
        Ok(())
    }

    pub(super) fn mark(&mut self) -> Result<(), CheckpointError> {
        self.spend(REFERENCE_BYTES)?;
        self.marks.push(self.stack.len());
        Ok(())
    }

    pub(super) fn pop(&mut self) -> Result<ValueIndex, CheckpointError> {
        let floor = self.marks.last().copied().unwrap_or(0);
        let top = if self.stack.len() > floor { self.stack.pop() } else { None };
        top.ok_or_else(|| malformed("it takes a value from an empty stack"))
    }

    /// Pops the last mark and all values after it.
    pub(super) fn run(&mut self) -> Result<Vec<ValueIndex>, CheckpointError> {
        let start = self.marks.pop().ok_or_else(|| malformed("a run of values has no beginning"))?;
        Ok(self.stack.split_off(start))
    }

    /// Pops the value on top or, if there is none after the last mark, that mark.
    pub(super) fn drop_top(&mut self) -> Result<(), CheckpointError> {
        if self.marks.last() == Some(&self.stack.len()) {
            self.marks.pop();
            return Ok(());
        }
        self.pop().map(|_| ())
    }

    /// Returns the value on top of the stack without popping it.
    pub(super) fn top(&self) -> Result<ValueIndex, CheckpointError> {
        let floor = self.marks.last().copied().unwrap_or(0);
        let top = self.stack.last().copied().filter(|_| self.stack.len() > floor);
        top.ok_or_else(|| malformed("its stack is empty"))
    }

    /// Appends items to the list, set or object on top.
    pub(super) fn append(&mut self, items: &[ValueIndex]) -> Result<(), CheckpointError> {
        self.spend_references(items.len())?;
        let top = self.top()?;
        match &mut self.values[top] {
            Value::List(list) => list.extend_from_slice(items),
            Value::Object(object) => object.items.extend_from_slice(items),
            other => return Err(malformed(format!("it appends to {}", other.kind()))),
        }
        Ok(())
    }

    /// Sets items, keys and values in turn, of the dictionary or object on top.
    pub(super) fn set(&mut self, items: &[ValueIndex]) -> Result<(), CheckpointError> {
        self.spend_references(items.len())?;
        let top = self.top()?;
        let (pairs, rest) = items.as_chunks::<2>();
        let pairs = pairs.iter().map(|&[key, value]| (key, value));
        match &mut self.values[top] {
            Value::Dict(dict) if rest.is_empty() => dict.extend(pairs),
            Value::Object(object) if rest.is_empty() => object.pairs.extend(pairs),
            other => return Err(malformed(format!("it sets {} items of {}", items.len(), other.kind()))),
        }
        Ok(())
    }

    /// Keeps the value on top in the memo, under `key` or under the next number.
    pub(super) fn keep(&mut self, key: Option<u32>) -> Result<(), CheckpointError> {
        let top = self.top()?;
        self.spend(MEMO_BYTES)?;
        let next = || u32::try_from(self.memo.len()).map_err(|_| malformed("its memo is full"));
        let key = key.map_or_else(next, Ok)?;
        self.memo.insert(key, top);
        Ok(())
    }

    pub(super) fn recall(&mut self, key: u32) -> Result<(), CheckpointError> {
        let value = self.memo.get(&key).copied();
        self.push_ref(value.ok_or_else(|| malformed(format!("its memo has no {key}")))?)
    }
}
