//! Which definition a path means.

use std::collections::BTreeSet;

use super::tree::{Binding, Crate, Kind};

/// The meaning of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meaning {
    /// A module of this crate.
    Module(usize),
    /// An item of this crate: the module that defines it, its name there and its kind.
    Item(usize, String, Kind),
}

/// The names that are looked up at the moment: an import that leads back to itself means nothing.
type Seen = BTreeSet<(usize, String)>;

impl Crate {
    /// Every meaning of a path in a module: a name can be a module and a function at once. Empty for names of other
    /// crates.
    pub(super) fn resolve(&self, from: usize, path: &[String]) -> Vec<Meaning> {
        self.path(from, path, &mut Seen::new())
    }

    /// The meanings of a path that goes on behind the meanings of its first name.
    pub(super) fn resolve_behind(&self, first: Vec<Meaning>, rest: &[String]) -> Vec<Meaning> {
        self.behind(first, rest, &mut Seen::new())
    }

    fn path(&self, from: usize, path: &[String], seen: &mut Seen) -> Vec<Meaning> {
        let Some((first, rest)) = path.split_first() else { return Vec::new() };
        let first = match first.as_str() {
            "crate" => vec![Meaning::Module(0)],
            "self" => vec![Meaning::Module(from)],
            "super" => self.modules[from].parent.map(Meaning::Module).into_iter().collect(),
            name => self.name_in(from, name, seen).unwrap_or_default(),
        };
        self.behind(first, rest, seen)
    }

    fn behind(&self, first: Vec<Meaning>, rest: &[String], seen: &mut Seen) -> Vec<Meaning> {
        let mut current = first;
        for name in rest {
            let mut next = Vec::new();
            for meaning in current {
                match meaning {
                    Meaning::Module(module) => match name.as_str() {
                        "self" => next.push(Meaning::Module(module)),
                        "super" => next.extend(self.modules[module].parent.map(Meaning::Module)),
                        // Nothing here has this name, so a macro defines it here.
                        name => next.extend(
                            self.name_in(module, name, seen)
                                .unwrap_or_else(|| vec![Meaning::Item(module, name.to_owned(), Kind::Type)]),
                        ),
                    },
                    // A variant, an associated item: it belongs to its type.
                    Meaning::Item(_, _, Kind::Type) => next.push(meaning),
                    // Nothing goes on behind a function: the name's other meaning is meant.
                    Meaning::Item(..) => {}
                }
            }
            current = next;
        }
        current.sort();
        current.dedup();
        current
    }

    /// The meanings of a name in a module: none where the module does not know it, empty where it is from elsewhere.
    fn name_in(&self, module: usize, name: &str, seen: &mut Seen) -> Option<Vec<Meaning>> {
        let key = (module, name.to_owned());
        if !seen.insert(key.clone()) {
            return None;
        }
        let found = match self.modules[module].names.get(name) {
            Some(bindings) => Some(self.bound(module, name, bindings, seen)),
            None => self.by_glob(module, name, seen),
        };
        seen.remove(&key);
        found
    }

    fn bound(&self, module: usize, name: &str, bindings: &[Binding], seen: &mut Seen) -> Vec<Meaning> {
        let mut found = Vec::new();
        for binding in bindings {
            match binding {
                Binding::Module(child) => found.push(Meaning::Module(*child)),
                Binding::Item(kind) => found.push(Meaning::Item(module, name.to_owned(), *kind)),
                Binding::Import(import) => found.extend(self.path(module, &import.path, seen)),
            }
        }
        found
    }

    fn by_glob(&self, module: usize, name: &str, seen: &mut Seen) -> Option<Vec<Meaning>> {
        let mut found = Vec::new();
        for glob in &self.modules[module].globs {
            for meaning in self.path(module, &glob.path, seen) {
                match meaning {
                    Meaning::Module(of) => found.extend(self.name_in(of, name, seen).unwrap_or_default()),
                    Meaning::Item(of, item, kind) => {
                        let variants = self.modules[of].variants.get(&item);
                        if variants.is_some_and(|variants| variants.iter().any(|variant| variant == name)) {
                            found.push(Meaning::Item(of, item, kind));
                        }
                    }
                }
            }
        }
        (!found.is_empty()).then_some(found)
    }
}
