//! A counted number.

use serde_json::Value;

/// A number with its name.
pub(super) struct Count {
    /// Its name in JSON.
    pub(super) key: &'static str,
    /// Its name in the table.
    pub(super) title: &'static str,
    /// The number.
    pub(super) value: Value,
    /// Its parts.
    pub(super) detail: Value,
}

impl Count {
    /// Returns a count with its parts, or `Value::Null` for none.
    pub(super) fn new(key: &'static str, title: &'static str, value: impl Into<Value>, detail: Value) -> Self {
        Self { key, title, value: value.into(), detail }
    }
}
