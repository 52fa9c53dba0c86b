//! What a pickle names, calls and builds.

use super::machine::Machine;
use crate::checkpoint::CheckpointError;
use crate::checkpoint::tensor;
use crate::checkpoint::value::{Global, Object, Value, ValueIndex, malformed};

impl Machine<'_> {
    /// Pushes the value that a name stands for.
    pub(super) fn named(&mut self, module: &str, name: &str) -> Result<(), CheckpointError> {
        let value = match Global::named(module, name) {
            Some(global) => Value::Global(global),
            None => Value::Class(format!("{module}.{name}")),
        };
        self.arena.push(value)
    }

    /// Pops a name and its module, and pushes the value that they stand for.
    pub(super) fn named_on_stack(&mut self) -> Result<(), CheckpointError> {
        let (name, module) = (self.arena.pop()?, self.arena.pop()?);
        let (Value::Text(module), Value::Text(name)) = (&self.arena.values[module], &self.arena.values[name]) else {
            return Err(malformed("a name is no text"));
        };
        let (module, name) = (module.clone(), name.clone());
        self.named(&module, &name)
    }

    /// Pops named arguments, and then runs [`Machine::call`]. The named arguments become items of the object.
    pub(super) fn call_with_names(&mut self) -> Result<(), CheckpointError> {
        let named = self.arena.pop()?;
        self.call()?;
        let Value::Dict(pairs) = &self.arena.values[named] else { return Ok(()) };
        let pairs = pairs.clone();
        self.arena.spend_references(2 * pairs.len())?;
        let top = self.arena.top()?;
        if let Value::Object(object) = &mut self.arena.values[top] {
            object.pairs.extend(pairs);
        }
        Ok(())
    }

    /// Pops the arguments and the function, and pushes the result of the call.
    pub(super) fn call(&mut self) -> Result<(), CheckpointError> {
        let (arguments, callee) = (self.arena.pop()?, self.arena.pop()?);
        let Value::Tuple(arguments) = &self.arena.values[arguments] else {
            return Err(malformed(format!("it calls with {}", self.arena.values[arguments].kind())));
        };
        let arguments = arguments.clone();
        self.arena.spend_references(arguments.len())?;
        let (callee, arguments) = match self.arena.values[callee] {
            Value::Global(Global::RebuildFromType) => self.inner_call(&arguments)?,
            _ => (callee, arguments),
        };
        match self.arena.values[callee] {
            Value::Global(Global::OrderedDict) => match self.pairs(&arguments) {
                Some(pairs) => {
                    self.arena.spend_references(2 * pairs.len())?;
                    self.arena.push(Value::Dict(pairs))
                }
                None => Err(malformed("an OrderedDict is made of something else than pairs")),
            },
            Value::Global(Global::RebuildTensor | Global::RebuildQuantized) => self.tensor(&arguments, false),
            Value::Global(Global::RebuildTypedTensor) => self.tensor(&arguments, true),
            Value::Global(Global::RebuildParameter) => {
                let inner = arguments.first().copied();
                let inner = inner.filter(|&at| matches!(self.arena.values[at], Value::Tensor(_)));
                self.arena.push_ref(inner.ok_or_else(|| malformed("a parameter holds no tensor"))?)
            }
            _ => self.arena.push(Value::Object(Box::new(Object { class: callee, arguments, ..Object::default() }))),
        }
    }

    fn tensor(&mut self, arguments: &[ValueIndex], typed: bool) -> Result<(), CheckpointError> {
        let tensor = tensor::rebuild(&self.arena.values, arguments, typed)?;
        self.arena.push(Value::Tensor(Box::new(tensor)))
    }

    /// Returns the function and the arguments of `(function, type, arguments, state)`.
    fn inner_call(&mut self, arguments: &[ValueIndex]) -> Result<(ValueIndex, Vec<ValueIndex>), CheckpointError> {
        let wrong = || malformed("a tensor of a type of its own is made of something else than a call");
        let &[function, _, inner, ..] = arguments else { return Err(wrong()) };
        match &self.arena.values[inner] {
            Value::Tuple(inner) => Ok((function, inner.clone())),
            _ => Err(wrong()),
        }
    }

    /// Returns the items of an `OrderedDict`. Without arguments there are none. Python 2 writes a list of pairs.
    fn pairs(&self, arguments: &[ValueIndex]) -> Option<Vec<(ValueIndex, ValueIndex)>> {
        let items = match arguments {
            [] => return Some(Vec::new()),
            [list] => match &self.arena.values[*list] {
                Value::List(items) => items,
                _ => return None,
            },
            _ => return None,
        };
        let pair = |&item: &ValueIndex| match &self.arena.values[item] {
            Value::List(pair) | Value::Tuple(pair) => <[ValueIndex; 2]>::try_from(pair.as_slice()).ok(),
            _ => None,
        };
        items.iter().map(|item| pair(item).map(|[key, value]| (key, value))).collect()
    }

    /// Pops a state and gives it to the object on top. The attributes of other values (the `_metadata` of a state_dict)
    /// are ignored.
    pub(super) fn build(&mut self) -> Result<(), CheckpointError> {
        let state = self.arena.pop()?;
        let top = self.arena.top()?;
        if let Value::Object(object) = &mut self.arena.values[top] {
            object.state = Some(state);
        }
        Ok(())
    }
}
