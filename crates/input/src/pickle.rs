//! A reader of the pickles in which CIFAR-10 is distributed. It builds numbers, texts, lists and dictionaries. Nothing
//! is ever called: an object is a group of the values that it would be made of.
//!
//! Source: the opcodes of Python's `pickletools`.

use std::collections::HashMap;
use std::rc::Rc;

/// The opcode that a pickle begins with.
pub(super) const PROTOCOL: u8 = 0x80;
/// The most values that wait on the stack.
const MAX_STACK: usize = 1 << 20;
/// The most values that are remembered.
const MAX_MEMO: usize = 1 << 16;
/// The most groups inside each other.
const MAX_DEPTH: u8 = 16;
/// The most values that are looked at for an array.
const MAX_LOOKS: usize = 1000;

/// A value of a pickle.
#[derive(Debug, Clone)]
pub(super) enum Value<'a> {
    /// A whole number.
    Int(i64),
    /// True or false.
    Bool(bool),
    /// Bytes or a text.
    Bytes(&'a [u8]),
    /// A list of values that hold no lists.
    List(Vec<Value<'a>>),
    /// The entries of a dictionary.
    Dict(Vec<(Value<'a>, Value<'a>)>),
    /// A tuple, or an object with its arguments and its state.
    Group(Rc<[Value<'a>]>, u8),
    /// Anything else.
    Other,
}

impl<'a> Value<'a> {
    /// Returns whether the value is this text.
    pub(super) fn is_text(&self, text: &str) -> bool {
        matches!(self, Self::Bytes(bytes) if *bytes == text.as_bytes())
    }

    /// Returns the longest bytes within an object, which are those of an array. Arrays that are stored column by column
    /// are left out. Returns `None` if there are none.
    pub(super) fn bytes_within(&self) -> Option<&'a [u8]> {
        let (mut waiting, mut longest, mut looks) = (vec![self], None::<&[u8]>, 0);
        while let Some(value) = waiting.pop() {
            looks += 1;
            match value {
                _ if looks > MAX_LOOKS => return None,
                Self::Bytes(bytes) if longest.is_none_or(|longest| bytes.len() > longest.len()) => {
                    longest = Some(bytes);
                }
                Self::Group(parts, _) => {
                    // In the state of an array, this says that it is stored column by column.
                    let is_by_column = parts.iter().any(|part| matches!(part, Self::Bool(true)));
                    let kept = parts.iter().filter(|part| !is_by_column || !matches!(part, Self::Bytes(_)));
                    waiting.extend(kept.take(MAX_LOOKS));
                }
                _ => {}
            }
        }
        longest
    }

    /// Returns the value as it is kept inside a list or a group: without lists and dictionaries.
    fn inner(self) -> Self {
        if matches!(self, Self::List(_) | Self::Dict(_)) { Self::Other } else { self }
    }

    /// Returns the value as it is remembered. What may still grow is not.
    fn remembered(&self) -> Self {
        if matches!(self, Self::List(_) | Self::Dict(_)) { Self::Other } else { self.clone() }
    }

    fn depth(&self) -> u8 {
        if let Self::Group(_, depth) = self { *depth } else { 0 }
    }
}

/// Reads a pickle.
///
/// # Errors
/// Returns the reason as text.
pub(super) fn read(bytes: &[u8]) -> Result<Value<'_>, &'static str> {
    let mut machine = Machine { rest: bytes, stack: Vec::new(), marks: Vec::new(), memo: HashMap::new() };
    loop {
        if let Some(value) = machine.step()? {
            return Ok(value);
        }
        if machine.stack.len() > MAX_STACK || machine.marks.len() > MAX_STACK || machine.memo.len() > MAX_MEMO {
            return Err("it holds too many values");
        }
    }
}

const ENDS: &str = "its pickle is cut off";
const WRONG: &str = "its pickle is damaged";

struct Machine<'a> {
    rest: &'a [u8],
    stack: Vec<Value<'a>>,
    /// The heights of the stack at the marks.
    marks: Vec<usize>,
    memo: HashMap<u32, Value<'a>>,
}

impl<'a> Machine<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], &'static str> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(ENDS)?;
        self.rest = rest;
        Ok(taken)
    }

    /// Takes a whole number of `count` bytes, the lowest first.
    fn number(&mut self, count: usize) -> Result<usize, &'static str> {
        let bytes = self.take(count)?;
        let number = bytes.iter().rev().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        usize::try_from(number).map_err(|_| WRONG)
    }

    /// Takes bytes whose length is a number of `count` bytes.
    fn text(&mut self, count: usize) -> Result<Value<'a>, &'static str> {
        let length = self.number(count)?;
        Ok(Value::Bytes(self.take(length)?))
    }

    fn line(&mut self) -> Result<(), &'static str> {
        let end = self.rest.iter().position(|byte| *byte == b'\n').ok_or(ENDS)?;
        self.take(end + 1).map(drop)
    }

    fn pop(&mut self) -> Result<Value<'a>, &'static str> {
        self.stack.pop().ok_or(WRONG)
    }

    /// Pops the `count` last values.
    fn last(&mut self, count: usize) -> Result<Vec<Value<'a>>, &'static str> {
        let height = self.stack.len().checked_sub(count).ok_or(WRONG)?;
        Ok(self.stack.split_off(height))
    }

    /// Pops the values after the last mark, and the mark.
    fn marked(&mut self) -> Result<Vec<Value<'a>>, &'static str> {
        let height = self.marks.pop().filter(|height| *height <= self.stack.len()).ok_or(WRONG)?;
        Ok(self.stack.split_off(height))
    }

    fn push_group(&mut self, parts: Vec<Value<'a>>) -> Result<(), &'static str> {
        let parts: Rc<[Value]> = parts.into_iter().map(Value::inner).collect();
        let depth = 1 + parts.iter().map(Value::depth).max().unwrap_or(0);
        if depth > MAX_DEPTH {
            return Err("its values are too deep inside each other");
        }
        self.stack.push(Value::Group(parts, depth));
        Ok(())
    }

    fn append(&mut self, values: Vec<Value<'a>>) -> Result<(), &'static str> {
        let Some(Value::List(list)) = self.stack.last_mut() else { return Err(WRONG) };
        list.extend(values.into_iter().map(Value::inner));
        Ok(())
    }

    fn insert(&mut self, values: Vec<Value<'a>>) -> Result<(), &'static str> {
        let Some(Value::Dict(entries)) = self.stack.last_mut() else { return Err(WRONG) };
        let mut values = values.into_iter();
        while let (Some(key), Some(value)) = (values.next(), values.next()) {
            entries.push((key.inner(), if matches!(value, Value::List(_)) { value } else { value.inner() }));
        }
        Ok(())
    }

    fn remember(&mut self, key: usize) -> Result<(), &'static str> {
        let value = self.stack.last().ok_or(WRONG)?.remembered();
        self.memo.insert(u32::try_from(key).map_err(|_| WRONG)?, value);
        Ok(())
    }

    fn recall(&mut self, key: usize) -> Result<(), &'static str> {
        let key = u32::try_from(key).map_err(|_| WRONG)?;
        self.stack.push(self.memo.get(&key).ok_or(WRONG)?.clone());
        Ok(())
    }

    /// Runs one opcode. Returns the value of the pickle if it was the last.
    fn step(&mut self) -> Result<Option<Value<'a>>, &'static str> {
        let value = match self.take(1)?[0] {
            b'.' => return self.pop().map(Some),
            PROTOCOL => return self.take(1).map(|_| None),
            // The length of a frame.
            0x95 => return self.take(8).map(|_| None),
            b'(' => {
                self.marks.push(self.stack.len());
                return Ok(None);
            }
            b'K' => Value::Int(self.number(1)? as i64),
            b'M' => Value::Int(self.number(2)? as i64),
            b'J' => Value::Int(i64::from((self.number(4)? as u32).cast_signed())),
            opcode @ (0x88 | 0x89) => Value::Bool(opcode == 0x88),
            b'N' => Value::Other,
            b'G' => self.take(8).map(|_| Value::Other)?,
            b'U' | b'C' | 0x8c => self.text(1)?,
            b'T' | b'X' | b'B' => self.text(4)?,
            0x8d | 0x8e | 0x96 => self.text(8)?,
            // A whole number of any length.
            0x8a => self.text(1).map(|_| Value::Other)?,
            b']' => Value::List(Vec::new()),
            b'}' => Value::Dict(Vec::new()),
            // A class or a function, by the names of its module and its own.
            b'c' => {
                self.line()?;
                self.line()?;
                Value::Other
            }
            0x93 => self.last(2).map(|_| Value::Other)?,
            other => return self.act(other).map(|()| None),
        };
        self.stack.push(value);
        Ok(None)
    }

    /// Runs an opcode that works on the stack.
    fn act(&mut self, opcode: u8) -> Result<(), &'static str> {
        match opcode {
            b')' => self.push_group(Vec::new()),
            0x85..=0x87 => {
                let parts = self.last(usize::from(opcode - 0x84))?;
                self.push_group(parts)
            }
            b't' => {
                let parts = self.marked()?;
                self.push_group(parts)
            }
            // A call, a new object, and the state of an object.
            b'R' | b'b' | 0x81 => {
                let parts = self.last(2)?;
                self.push_group(parts)
            }
            b'a' | b'e' => {
                let values = if opcode == b'a' { self.last(1)? } else { self.marked()? };
                self.append(values)
            }
            b's' | b'u' => {
                let values = if opcode == b's' { self.last(2)? } else { self.marked()? };
                self.insert(values)
            }
            0x94 => self.remember(self.memo.len()),
            b'q' | b'r' => {
                let key = self.number(if opcode == b'q' { 1 } else { 4 })?;
                self.remember(key)
            }
            b'h' | b'j' => {
                let key = self.number(if opcode == b'h' { 1 } else { 4 })?;
                self.recall(key)
            }
            _ => Err("its pickle has an opcode that is not read"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_and_hostile_pickles_are_refused() {
        let whole = b"\x80\x02}q\x01(U\x06labels]q\x02(K\x03K\x08eU\x04datacos\nsystem\nU\x02ls\x85Ru.";
        let Ok(Value::Dict(entries)) = read(whole) else { panic!("should be a dictionary") };
        assert!(entries[0].0.is_text("labels") && matches!(&entries[0].1, Value::List(list) if list.len() == 2));
        // A call is a group of its arguments.
        assert_eq!(entries[1].1.bytes_within(), Some(&b"ls"[..]));
        for end in 0..whole.len() {
            assert!(read(&whole[..end]).is_err(), "{end}");
        }
        for bytes in
            [&b"\x80\x02t."[..], b"e.", b"u.", b"s.", b"q\0.", b"h\0.", b"\x87.", b"T\xff\xff\xff\xff.", b"\xfe."]
        {
            assert!(read(bytes).is_err(), "{bytes:?}");
        }
        // Groups inside groups, and more values than anyone needs.
        assert!(read(&[&b")"[..], &b"\x85".repeat(1 << 20), b"."].concat()).is_err());
        assert!(read(&b"N".repeat(2 << 20)).is_err());
        assert!(read(&b"(".repeat(2 << 20)).is_err());
        assert!(read(&[&b"N"[..], &b"\x94".repeat(1 << 20)].concat()).is_err());
        // Each group has the one before it twice, so that looking at all of them would take forever.
        let wide = [&b")"[..], &b"q\0h\0\x86".repeat(14), b"."].concat();
        assert!(read(&wide).is_ok_and(|value| value.bytes_within().is_none()));
    }
}
