//! The operations of the machine.

use super::arena::Arena;
use super::scanner::{MAX_BYTES, Scanner};
use crate::checkpoint::CheckpointError;
use crate::checkpoint::tensor;
use crate::checkpoint::value::{Object, Value, ValueIndex, malformed};

/// The most bytes of one text.
const MAX_TEXT_BYTES: u64 = 1 << 20;

/// The newest protocol of Python.
const NEWEST_PROTOCOL: u8 = 5;

/// The state at the end of a pickle.
pub(super) struct End {
    /// All values.
    pub(super) arena: Vec<Value>,
    /// The value that the pickle returns.
    pub(super) root: ValueIndex,
    /// The length of the pickle in bytes.
    pub(super) len: usize,
}

/// A pickle that is run.
pub(super) struct Machine<'a> {
    pub(super) scanner: Scanner<'a>,
    pub(super) arena: Arena,
}

impl<'a> Machine<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { scanner: Scanner::new(bytes), arena: Arena::new() }
    }

    /// Runs all operations.
    pub(super) fn run(mut self) -> Result<End, CheckpointError> {
        loop {
            if let Some(root) = self.step()? {
                return Ok(End { arena: self.arena.values, root, len: self.scanner.at });
            }
        }
    }

    /// Runs one operation. Returns the result if it was the last.
    fn step(&mut self) -> Result<Option<ValueIndex>, CheckpointError> {
        let [code] = self.scanner.take()?;
        match code {
            // PROTO, FRAME
            0x80 => match self.scanner.take()? {
                [2..=NEWEST_PROTOCOL] => {}
                [other] => return Err(malformed(format!("protocol {other} is not read"))),
            },
            0x95 => _ = self.scanner.take::<8>()?,
            // MARK, STOP, POP, POP_MARK
            b'(' => self.arena.mark()?,
            b'.' => return self.arena.pop().map(Some),
            b'0' => self.arena.drop_top()?,
            b'1' => _ = self.arena.run()?,
            // DUP
            b'2' => {
                let top = self.arena.top()?;
                self.arena.push_ref(top)?;
            }
            // GLOBAL, STACK_GLOBAL, REDUCE, NEWOBJ, NEWOBJ_EX, BUILD, BINPERSID, INST, OBJ
            b'c' => {
                let (module, name) = (self.scanner.line()?, self.scanner.line()?);
                self.named(module, name)?;
            }
            0x93 => self.named_on_stack()?,
            b'R' | 0x81 => self.call()?,
            0x92 => self.call_with_names()?,
            b'b' => self.build()?,
            b'Q' => {
                let id = self.arena.pop()?;
                match tensor::source_of(&self.arena.values, id) {
                    Some(class) => self.arena.push_ref(class)?,
                    None => {
                        let storage = tensor::storage(&self.arena.values, id)?;
                        self.arena.push(Value::Storage(Box::new(storage)))?;
                    }
                }
            }
            b'i' => {
                let (module, name) = (self.scanner.line()?, self.scanner.line()?);
                let arguments = self.arena.run()?;
                self.named(module, name)?;
                let class = self.arena.pop()?;
                self.arena.push(Value::Object(Box::new(Object { class, arguments, ..Object::default() })))?;
            }
            b'o' => {
                let mut arguments = self.arena.run()?;
                if arguments.is_empty() {
                    return Err(malformed("an object has no class"));
                }
                let class = arguments.remove(0);
                self.arena.push(Value::Object(Box::new(Object { class, arguments, ..Object::default() })))?;
            }
            code => {
                if !self.scalar(code)? && !self.container(code)? && !self.memo(code)? {
                    return Err(CheckpointError::Refused { what: format!("the operation 0x{code:02x}") });
                }
            }
        }
        Ok(None)
    }

    /// Runs an operation that pushes a plain value. Returns false if `code` is no such operation.
    fn scalar(&mut self, code: u8) -> Result<bool, CheckpointError> {
        match code {
            // NONE, NEWTRUE, NEWFALSE
            b'N' => self.arena.push(Value::None)?,
            0x88 | 0x89 => self.arena.push(Value::Bool)?,
            // BININT1, BININT2, BININT, LONG1, LONG4, BINFLOAT
            b'K' => self.number(1)?,
            b'M' => self.number(2)?,
            b'J' => {
                let value = i32::from_le_bytes(self.scanner.take()?);
                self.arena.push(Value::Int(value.into()))?;
            }
            0x8A => self.long(1)?,
            0x8B => self.long(4)?,
            b'G' => {
                self.scanner.take::<8>()?;
                self.arena.push(Value::Float)?;
            }
            // SHORT_BINSTRING, SHORT_BINUNICODE, BINSTRING, BINUNICODE, BINUNICODE8
            b'U' | 0x8C => self.text(1)?,
            b'T' | b'X' => self.text(4)?,
            0x8D => self.text(8)?,
            // SHORT_BINBYTES, BINBYTES, BINBYTES8, BYTEARRAY8
            b'C' => self.bytes(1)?,
            b'B' => self.bytes(4)?,
            0x8E | 0x96 => self.bytes(8)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Runs an operation that makes or fills a tuple, list, set or dictionary. Returns false if `code` is no such
    /// operation.
    fn container(&mut self, code: u8) -> Result<bool, CheckpointError> {
        match code {
            // EMPTY_TUPLE, TUPLE1, TUPLE2, TUPLE3, TUPLE
            b')' => self.arena.push(Value::Tuple(Vec::new()))?,
            0x85..=0x87 => {
                let mut items = Vec::new();
                for _ in 0x85..=code {
                    items.push(self.arena.pop()?);
                }
                items.reverse();
                self.arena.push(Value::Tuple(items))?;
            }
            b't' => {
                let items = self.arena.run()?;
                self.arena.push(Value::Tuple(items))?;
            }
            // EMPTY_LIST, EMPTY_SET, LIST, FROZENSET, APPEND, APPENDS, ADDITEMS
            b']' | 0x8F => self.arena.push(Value::List(Vec::new()))?,
            b'l' | 0x91 => {
                let items = self.arena.run()?;
                self.arena.spend_references(items.len())?;
                self.arena.push(Value::List(items))?;
            }
            b'a' => {
                let item = self.arena.pop()?;
                self.arena.append(&[item])?;
            }
            b'e' | 0x90 => {
                let items = self.arena.run()?;
                self.arena.append(&items)?;
            }
            // EMPTY_DICT, DICT, SETITEM, SETITEMS
            b'}' => self.arena.push(Value::Dict(Vec::new()))?,
            b'd' => {
                let items = self.arena.run()?;
                self.arena.push(Value::Dict(Vec::new()))?;
                self.arena.set(&items)?;
            }
            b's' => {
                let value = self.arena.pop()?;
                let key = self.arena.pop()?;
                self.arena.set(&[key, value])?;
            }
            b'u' => {
                let items = self.arena.run()?;
                self.arena.set(&items)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Runs an operation of the memo. Returns false if `code` is no such operation.
    fn memo(&mut self, code: u8) -> Result<bool, CheckpointError> {
        match code {
            // BINPUT, LONG_BINPUT, MEMOIZE, BINGET, LONG_BINGET
            b'q' => {
                let [key] = self.scanner.take()?;
                self.arena.keep(Some(key.into()))?;
            }
            b'r' => {
                let key = u32::from_le_bytes(self.scanner.take()?);
                self.arena.keep(Some(key))?;
            }
            0x94 => self.arena.keep(None)?,
            b'h' => {
                let [key] = self.scanner.take()?;
                self.arena.recall(key.into())?;
            }
            b'j' => {
                let key = u32::from_le_bytes(self.scanner.take()?);
                self.arena.recall(key)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn number(&mut self, len: usize) -> Result<(), CheckpointError> {
        let value = self.scanner.unsigned(len)?;
        self.arena.push(Value::Int(value.into()))
    }

    /// Reads a signed number that begins with its length in `len` bytes. Those of more than 16 bytes are no sizes, so
    /// they are kept as numbers without a value.
    fn long(&mut self, len: usize) -> Result<(), CheckpointError> {
        let bytes = self.scanner.counted(len, "bytes of a number of the pickle", MAX_TEXT_BYTES)?;
        let sign = if bytes.last().is_some_and(|&top| top >= 0x80) { 0xFF } else { 0 };
        let mut wide = [sign; 16];
        match wide.get_mut(..bytes.len()) {
            Some(low) => {
                low.copy_from_slice(bytes);
                self.arena.push(Value::Int(i128::from_le_bytes(wide)))
            }
            None => self.arena.push(Value::Float),
        }
    }

    /// Reads a text that begins with its length in `len` bytes. Python 2 wrote bytes in the same way.
    fn text(&mut self, len: usize) -> Result<(), CheckpointError> {
        let bytes = self.scanner.counted(len, "bytes of a text of the pickle", MAX_TEXT_BYTES)?;
        self.arena.push(str::from_utf8(bytes).map_or(Value::Bytes, |text| Value::Text(text.to_owned())))
    }

    /// Passes over bytes that begin with their length in `len` bytes.
    fn bytes(&mut self, len: usize) -> Result<(), CheckpointError> {
        self.scanner.counted(len, "bytes of the pickle", MAX_BYTES)?;
        self.arena.push(Value::Bytes)
    }
}
