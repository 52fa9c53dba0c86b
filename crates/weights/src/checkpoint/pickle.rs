//! A reader of pickles that consist of plain values and tensors only.
//!
//! A pickle is a program for a machine with a stack and a memo. This machine knows the operations that Python's pickler
//! writes for a state_dict (protocols 2 to 5). It imports and calls nothing: a pickle may use the names of a closed
//! list ([`Global`]), and calling one of them builds a [`Value`].
//!
//! Values are stored in one arena and refer to each other by index. Sharing is therefore free, cycles are harmless, and
//! neither building nor dropping values recurses.

use std::collections::HashMap;

use super::CheckpointError;
use super::error::at_most;
use super::tensor;
use super::value::{Global, PART_NAME, Value, ValueIndex, malformed};

/// The most bytes of one pickle. That of ResNet-152 has 110 KB.
pub(super) const MAX_BYTES: u64 = 4 << 20;

/// The most values of one pickle.
const MAX_VALUES: u64 = 1 << 18;

/// The most values on the stack. Python's pickler stacks at most a thousand items before it appends them.
const MAX_STACK: u64 = 1 << 16;

/// The most bytes of one text.
const MAX_TEXT_BYTES: u64 = 1 << 16;

/// The most bytes of a name that a pickle refers to.
const MAX_NAME_BYTES: usize = 256;

/// The newest protocol of Python.
const NEWEST_PROTOCOL: u8 = 5;

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
        let mut machine = Machine { bytes, ..Machine::default() };
        loop {
            if let Some(root) = machine.step()? {
                return Ok(Self { arena: machine.arena, root, len: machine.at });
            }
        }
    }

    /// Returns the value with index `at`.
    pub(super) fn value(&self, at: ValueIndex) -> &Value {
        &self.arena[at]
    }
}

#[derive(Default)]
struct Machine<'a> {
    bytes: &'a [u8],
    at: usize,
    arena: Vec<Value>,
    /// The number of items that were copied from one value into another.
    copied: u64,
    stack: Vec<ValueIndex>,
    /// The heights of the stack at its marks.
    marks: Vec<usize>,
    memo: HashMap<u32, ValueIndex>,
}

impl Machine<'_> {
    /// Runs one operation. Returns the result if it was the last.
    fn step(&mut self) -> Result<Option<ValueIndex>, CheckpointError> {
        let [code] = self.take()?;
        match code {
            // PROTO, FRAME
            0x80 => match self.take()? {
                [2..=NEWEST_PROTOCOL] => {}
                [other] => return Err(malformed(format!("protocol {other} is not read"))),
            },
            0x95 => _ = self.take::<8>()?,
            // MARK, STOP
            b'(' => {
                at_most("marks on the pickle's stack", self.marks.len() as u64 + 1, MAX_STACK)?;
                self.marks.push(self.stack.len());
            }
            b'.' => return self.pop().map(Some),
            // NONE, NEWTRUE, NEWFALSE
            b'N' => self.push(Value::None)?,
            0x88 | 0x89 => self.push(Value::Bool)?,
            // BININT1, BININT2, BININT, LONG1, BINFLOAT
            b'K' => self.number(1)?,
            b'M' => self.number(2)?,
            b'J' => {
                let value = i32::from_le_bytes(self.take()?);
                self.push(Value::Int(value.into()))?;
            }
            0x8A => self.long()?,
            b'G' => {
                self.take::<8>()?;
                self.push(Value::Float)?;
            }
            // SHORT_BINSTRING, SHORT_BINUNICODE, BINSTRING, BINUNICODE, BINUNICODE8
            b'U' | 0x8C => self.text(1)?,
            b'T' | b'X' => self.text(4)?,
            0x8D => self.text(8)?,
            // EMPTY_TUPLE, TUPLE1, TUPLE2, TUPLE3, TUPLE
            b')' => self.push(Value::Tuple(Vec::new()))?,
            0x85..=0x87 => {
                let mut items = Vec::new();
                for _ in 0x85..=code {
                    items.push(self.pop()?);
                }
                items.reverse();
                self.push(Value::Tuple(items))?;
            }
            b't' => {
                let items = self.run()?;
                self.push(Value::Tuple(items))?;
            }
            // EMPTY_LIST, LIST, APPEND, APPENDS
            b']' => self.push(Value::List(Vec::new()))?,
            b'l' => {
                let items = self.run()?;
                self.push(Value::List(items))?;
            }
            b'a' => {
                let item = self.pop()?;
                self.append(&[item])?;
            }
            b'e' => {
                let items = self.run()?;
                self.append(&items)?;
            }
            // EMPTY_DICT, DICT, SETITEM, SETITEMS
            b'}' => self.push(Value::Dict(Vec::new()))?,
            b'd' => {
                let items = self.run()?;
                self.push(Value::Dict(Vec::new()))?;
                self.set(&items)?;
            }
            b's' => {
                let value = self.pop()?;
                let key = self.pop()?;
                self.set(&[key, value])?;
            }
            b'u' => {
                let items = self.run()?;
                self.set(&items)?;
            }
            // BINPUT, LONG_BINPUT, MEMOIZE, BINGET, LONG_BINGET
            b'q' => {
                let [key] = self.take()?;
                self.keep(key.into())?;
            }
            b'r' => {
                let key = u32::from_le_bytes(self.take()?);
                self.keep(key)?;
            }
            0x94 => {
                let key = u32::try_from(self.memo.len()).map_err(|_| malformed("its memo is full"))?;
                self.keep(key)?;
            }
            b'h' => {
                let [key] = self.take()?;
                self.recall(key.into())?;
            }
            b'j' => {
                let key = u32::from_le_bytes(self.take()?);
                self.recall(key)?;
            }
            // GLOBAL, STACK_GLOBAL, REDUCE, BUILD, BINPERSID
            b'c' => {
                let (module, name) = (self.line()?, self.line()?);
                self.push(Value::Global(Global::named(&module, &name)?))?;
            }
            0x93 => self.named()?,
            b'R' => self.call()?,
            b'b' => self.build()?,
            b'Q' => {
                let id = self.pop()?;
                let storage = tensor::storage(&self.arena, id)?;
                self.push(Value::Storage(Box::new(storage)))?;
            }
            other => return Err(CheckpointError::Refused { what: format!("the operation 0x{other:02x}") }),
        }
        Ok(None)
    }

    fn slice(&mut self, len: usize) -> Result<&[u8], CheckpointError> {
        let end = self.at.checked_add(len).filter(|&end| end <= self.bytes.len());
        let end = end.ok_or(CheckpointError::CutOff { what: PART_NAME })?;
        let slice = &self.bytes[self.at..end];
        self.at = end;
        Ok(slice)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], CheckpointError> {
        self.slice(N)?.try_into().map_err(|_| CheckpointError::CutOff { what: PART_NAME })
    }

    /// Reads an unsigned number of `len` bytes, at most 8.
    fn unsigned(&mut self, len: usize) -> Result<u64, CheckpointError> {
        let mut wide = [0; 8];
        wide[..len].copy_from_slice(self.slice(len)?);
        Ok(u64::from_le_bytes(wide))
    }

    fn number(&mut self, len: usize) -> Result<(), CheckpointError> {
        let value = self.unsigned(len)?;
        self.push(Value::Int(value.into()))
    }

    /// Reads a signed number that begins with its length.
    fn long(&mut self) -> Result<(), CheckpointError> {
        let [len] = self.take()?;
        at_most("bytes of a number of the pickle", len.into(), 16)?;
        let bytes = self.slice(len.into())?;
        let sign = if bytes.last().is_some_and(|&top| top >= 0x80) { 0xFF } else { 0 };
        let mut wide = [sign; 16];
        wide[..bytes.len()].copy_from_slice(bytes);
        self.push(Value::Int(i128::from_le_bytes(wide)))
    }

    /// Reads a text that begins with its length in `len` bytes.
    fn text(&mut self, len: usize) -> Result<(), CheckpointError> {
        let len = self.unsigned(len)?;
        at_most("bytes of a text of the pickle", len, MAX_TEXT_BYTES)?;
        let bytes = self.slice(len as usize)?;
        let text = str::from_utf8(bytes).map_err(|_| malformed("a text is no UTF-8"))?.to_owned();
        self.push(Value::Text(text))
    }

    /// Reads the rest of a line.
    fn line(&mut self) -> Result<String, CheckpointError> {
        let rest = &self.bytes[self.at..];
        let Some(len) = rest.iter().take(MAX_NAME_BYTES + 1).position(|&byte| byte == b'\n') else {
            let cut = rest.len() <= MAX_NAME_BYTES;
            let long = malformed(format!("a name has more than {MAX_NAME_BYTES} bytes"));
            return Err(if cut { CheckpointError::CutOff { what: PART_NAME } } else { long });
        };
        let line = str::from_utf8(&rest[..len]).map_err(|_| malformed("a name is no UTF-8"))?.to_owned();
        self.at += len + 1;
        Ok(line)
    }

    fn push(&mut self, value: Value) -> Result<(), CheckpointError> {
        at_most("values of the pickle", self.arena.len() as u64 + self.copied + 1, MAX_VALUES)?;
        self.arena.push(value);
        self.push_ref(self.arena.len() - 1)
    }

    fn push_ref(&mut self, value: ValueIndex) -> Result<(), CheckpointError> {
        at_most("values on the pickle's stack", self.stack.len() as u64 + 1, MAX_STACK)?;
        self.stack.push(value);
        Ok(())
    }

    fn pop(&mut self) -> Result<ValueIndex, CheckpointError> {
        let floor = self.marks.last().copied().unwrap_or(0);
        if self.stack.len() <= floor {
            return Err(malformed("it takes a value from an empty stack"));
        }
        self.stack.pop().ok_or_else(|| malformed("it takes a value from an empty stack"))
    }

    /// Pops the last mark and all values after it.
    fn run(&mut self) -> Result<Vec<ValueIndex>, CheckpointError> {
        let start = self.marks.pop().ok_or_else(|| malformed("a run of values has no beginning"))?;
        Ok(self.stack.split_off(start))
    }

    /// Returns the value on top of the stack without popping it.
    fn top(&self) -> Result<ValueIndex, CheckpointError> {
        let floor = self.marks.last().copied().unwrap_or(0);
        let top = self.stack.last().copied().filter(|_| self.stack.len() > floor);
        top.ok_or_else(|| malformed("its stack is empty"))
    }

    fn append(&mut self, items: &[ValueIndex]) -> Result<(), CheckpointError> {
        let top = self.top()?;
        match &mut self.arena[top] {
            Value::List(list) => list.extend_from_slice(items),
            other => return Err(malformed(format!("it appends to {}", other.kind()))),
        }
        Ok(())
    }

    fn set(&mut self, items: &[ValueIndex]) -> Result<(), CheckpointError> {
        let top = self.top()?;
        let (pairs, rest) = items.as_chunks::<2>();
        match &mut self.arena[top] {
            Value::Dict(dict) if rest.is_empty() => dict.extend(pairs.iter().map(|&[key, value]| (key, value))),
            other => return Err(malformed(format!("it sets {} items of {}", items.len(), other.kind()))),
        }
        Ok(())
    }

    fn keep(&mut self, key: u32) -> Result<(), CheckpointError> {
        let top = self.top()?;
        at_most("values of the pickle's memo", self.memo.len() as u64 + 1, MAX_VALUES)?;
        self.memo.insert(key, top);
        Ok(())
    }

    fn recall(&mut self, key: u32) -> Result<(), CheckpointError> {
        let value = self.memo.get(&key).copied();
        self.push_ref(value.ok_or_else(|| malformed(format!("its memo has no {key}")))?)
    }

    /// Pops a name and its module, and pushes the global value that they name.
    fn named(&mut self) -> Result<(), CheckpointError> {
        let (name, module) = (self.pop()?, self.pop()?);
        let (Value::Text(module), Value::Text(name)) = (&self.arena[module], &self.arena[name]) else {
            return Err(malformed("a name is no text"));
        };
        let global = Global::named(module, name)?;
        self.push(Value::Global(global))
    }

    /// Pops the arguments and the function, and pushes the result of the call.
    fn call(&mut self) -> Result<(), CheckpointError> {
        let (arguments, callee) = (self.pop()?, self.pop()?);
        let (Value::Tuple(arguments), Value::Global(global)) = (&self.arena[arguments], &self.arena[callee]) else {
            return Err(malformed(format!("it calls {}", self.arena[callee].kind())));
        };
        match *global {
            Global::OrderedDict => {
                let pairs = self.pairs(arguments)?;
                self.copied += pairs.len() as u64;
                self.push(Value::Dict(pairs))
            }
            Global::RebuildTensor => {
                let tensor = tensor::rebuild(&self.arena, arguments)?;
                self.push(Value::Tensor(Box::new(tensor)))
            }
            Global::RebuildParameter => {
                let inner = arguments.first().copied().filter(|&at| matches!(self.arena[at], Value::Tensor(_)));
                self.push_ref(inner.ok_or_else(|| malformed("a parameter holds no tensor"))?)
            }
            Global::Storage(_) => Err(CheckpointError::Refused { what: "a storage made by a call".to_owned() }),
        }
    }

    /// Returns the items of an `OrderedDict`. Without arguments there are none. Python 2 writes a list of pairs.
    fn pairs(&self, arguments: &[ValueIndex]) -> Result<Vec<(ValueIndex, ValueIndex)>, CheckpointError> {
        let wrong = || malformed("an OrderedDict is made of something else than pairs");
        let items = match arguments {
            [] => return Ok(Vec::new()),
            [list] => match &self.arena[*list] {
                Value::List(items) => items,
                _ => return Err(wrong()),
            },
            _ => return Err(wrong()),
        };
        at_most("values of the pickle", self.arena.len() as u64 + self.copied + items.len() as u64, MAX_VALUES)?;
        let pair = |&item: &ValueIndex| match &self.arena[item] {
            Value::List(pair) | Value::Tuple(pair) => <[ValueIndex; 2]>::try_from(pair.as_slice()).ok(),
            _ => None,
        };
        items.iter().map(|item| pair(item).map(|[key, value]| (key, value)).ok_or_else(wrong)).collect()
    }

    /// Pops the attributes of the value on top. Only a dictionary may have attributes (the `_metadata` of a
    /// state_dict), and they are ignored.
    fn build(&mut self) -> Result<(), CheckpointError> {
        let state = self.pop()?;
        let top = self.top()?;
        match (&self.arena[top], &self.arena[state]) {
            (Value::Dict(_), Value::Dict(_)) => Ok(()),
            (other, _) => Err(CheckpointError::Refused { what: format!("attributes of {}", other.kind()) }),
        }
    }
}
