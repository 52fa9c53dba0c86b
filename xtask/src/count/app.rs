//! Counts of the app: its layout and its state.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use syn::{Item, ItemStruct, Type};

use super::lines::{has_extension, text};
use super::number::Count;
use crate::process::Result;
use crate::structure::{Crate, Module, circles};

/// The app is the module of this name, or else the package whose name is one of these or ends in it.
const NAMES: [&str; 3] = ["app", "page", "web"];

/// The types of fields that hold state.
const STATE: [&str; 13] = [
    "RwSignal",
    "ReadSignal",
    "WriteSignal",
    "Signal",
    "Memo",
    "StoredValue",
    "Trigger",
    "ArcRwSignal",
    "ArcSignal",
    "ArcMemo",
    "Resource",
    "LocalResource",
    "Action",
];

/// Methods that write a signal.
const WRITES: [&str; 2] = ["set", "update"];

/// The module that holds the page.
pub(super) struct App<'a> {
    tree: &'a Crate,
    root: usize,
}

impl<'a> App<'a> {
    /// Finds the app among the crates of a workspace.
    pub(super) fn find(crates: &'a [Crate]) -> Option<Self> {
        let module = crates.iter().find_map(|tree| {
            let root = tree.modules.iter().position(|module| module.path == ["app"])?;
            Some(Self { tree, root })
        });
        let fits =
            |tree: &&Crate| NAMES.iter().any(|name| tree.label == *name || tree.label.ends_with(&format!("-{name}")));
        module.or_else(|| crates.iter().find(fits).map(|tree| Self { tree, root: 0 }))
    }

    /// Every count of the app.
    pub(super) fn counts(&self, root: &Path, files: &[PathBuf]) -> Result<Vec<Count>> {
        let mut counts = vec![self.upward_imports()];
        let (largest, state) = (self.largest(|fields| fields.iter().count()), self.largest(state_fields));
        let count = |key, title, found: &Option<Struct>| {
            let detail = found.as_ref().map_or(Value::Null, |found| json!(found.name));
            Count::new(key, title, found.as_ref().map_or(0, |found| found.size), detail)
        };
        counts.push(count("state_fields", "state fields of the largest state struct", &state));
        counts.push(count("largest_struct", "fields of the app's largest struct", &largest));
        if let Some(state) = state {
            counts.push(writes(root, files, &self.folder(root), &state)?);
        }
        counts.extend(layout(files, &self.folder(root)));
        Ok(counts)
    }

    /// The folder of the app's files, relative to the root of the checkout.
    fn folder(&self, root: &Path) -> PathBuf {
        let folder = self.tree.modules[self.root].file.parent().unwrap_or(Path::new(""));
        // Cargo names files by their whole path, and the root may be named by a link or relative to here.
        let root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
        folder.strip_prefix(root).map(Path::to_path_buf).unwrap_or(folder)
    }

    /// The folder or loose file right below the app that a module is in; `.` for the app's root module.
    fn entry(&self, module: usize) -> Option<&str> {
        let path = self.tree.modules[module].path.strip_prefix(self.tree.modules[self.root].path.as_slice())?;
        Some(path.first().map_or(".", String::as_str))
    }

    /// Counts the names that one top-level entry of the app imports from another one while the two are in a circle of
    /// entries. An entry is a folder or a loose file right below the app's root module, or that module itself. A name
    /// counts once for each pair of modules. The count is zero exactly if the entries can be put in an order in which
    /// each imports from earlier ones only.
    fn upward_imports(&self) -> Count {
        let mut imports: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for tie in self.tree.ties() {
            if let (Some(from), Some(to)) = (self.entry(tie.from), self.entry(tie.to))
                && from != to
            {
                *imports.entry((from, to)).or_default() += tie.names.len();
            }
        }
        let circles = circles(imports.keys().copied());
        let inside =
            |(from, to): &(&str, &str)| circles.iter().any(|circle| circle.contains(from) && circle.contains(to));
        let count: usize = imports.iter().filter(|(pair, _)| inside(pair)).map(|(_, count)| count).sum();
        let entries: BTreeSet<_> = (0..self.tree.modules.len()).filter_map(|module| self.entry(module)).collect();
        let in_circles: usize = circles.iter().map(BTreeSet::len).sum();
        let detail = json!({ "entries": entries.len(), "entries in circles": in_circles });
        Count::new("upward_imports", "upward imports in the app", count, detail)
    }

    /// The struct of the app that a measure of fields finds the largest.
    fn largest(&self, size: impl Fn(&syn::Fields) -> usize) -> Option<Struct> {
        let modules = self.tree.modules.iter().enumerate().filter(|(id, _)| self.entry(*id).is_some());
        let structs = modules.flat_map(|(_, module)| structs(module).map(move |item| (module, item)));
        let (module, item) = structs.max_by_key(|(_, item)| size(&item.fields))?;
        Some(Struct {
            name: item.ident.to_string(),
            file: module.file.clone(),
            fields: item.fields.iter().filter_map(|field| Some(field.ident.as_ref()?.to_string())).collect(),
            size: size(&item.fields),
        })
    }
}

/// A struct of the app.
struct Struct {
    name: String,
    file: PathBuf,
    fields: Vec<String>,
    /// As the measure counts its fields.
    size: usize,
}

fn structs(module: &Module) -> impl Iterator<Item = &ItemStruct> {
    module.items.iter().filter_map(|item| match item {
        Item::Struct(item) => Some(item),
        _ => None,
    })
}

/// The number of fields that are signals, memos or other stored state.
fn state_fields(fields: &syn::Fields) -> usize {
    let is_state = |ty: &Type| match ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| STATE.iter().any(|name| last.ident == name)),
        _ => false,
    };
    fields.iter().filter(|field| is_state(&field.ty)).count()
}

/// Counts the loose Rust files of the app and the files of each of its folders, folders inside them not included.
fn layout(files: &[PathBuf], folder: &Path) -> [Count; 2] {
    let mut folders: BTreeMap<&Path, usize> = BTreeMap::new();
    for file in files.iter().filter(|file| file.starts_with(folder) && has_extension(file, &["rs"])) {
        *folders.entry(file.parent().unwrap_or(Path::new(""))).or_default() += 1;
    }
    let loose = folders.get(folder).copied().unwrap_or_default();
    let mut sizes: Vec<_> = folders.values().copied().collect();
    sizes.sort_unstable();
    let median = sizes.get(sizes.len() / 2).copied().unwrap_or_default();
    let detail = json!({ "folders": sizes.len(), "median": median });
    [
        Count::new("loose_files", "loose files of the app", loose, json!(folder.display().to_string())),
        Count::new(
            "files_per_folder",
            "most files of one folder of the app",
            sizes.last().copied().unwrap_or_default(),
            detail,
        ),
    ]
}

/// Counts writes to the fields of the state struct outside of its file.
///
/// This is a guess by names. It takes `lab.field(.field)*.set(` and `.update(` for a write to a `Lab`: the variable has
/// the name of the struct in snake case, and the first field is one of the struct's.
fn writes(root: &Path, files: &[PathBuf], folder: &Path, state: &Struct) -> Result<Count> {
    let ident = snake_case(&state.name);
    let (mut by_method, mut by_file) = (WRITES.map(|_| 0_usize), 0);
    for file in files.iter().filter(|file| file.starts_with(folder) && has_extension(file, &["rs"])) {
        if state.file.ends_with(file) {
            continue;
        }
        let found = written(&text(root, file)?, &ident, &state.fields);
        by_file += usize::from(found.iter().any(|count| *count > 0));
        by_method.iter_mut().zip(found).for_each(|(sum, count)| *sum += count);
    }
    let detail = json!({ "set": by_method[0], "update": by_method[1], "files": by_file });
    Ok(Count::new("direct_writes", "direct writes to its fields elsewhere", by_method.iter().sum::<usize>(), detail))
}

/// How often a text calls each of [`WRITES`] on a field of `ident`.
fn written(text: &str, ident: &str, fields: &[String]) -> [usize; 2] {
    let mut counts = [0; 2];
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    for (at, _) in text.match_indices(ident) {
        let mut rest = &text[at + ident.len()..];
        if text[..at].ends_with(is_name) {
            continue;
        }
        let mut path = Vec::new();
        while let Some(behind) = rest.trim_start().strip_prefix('.') {
            let behind = behind.trim_start();
            let end = behind.find(|letter| !is_name(letter)).unwrap_or(behind.len());
            path.push(&behind[..end]);
            rest = &behind[end..];
        }
        let [first, .., last] = path.as_slice() else { continue };
        if rest.starts_with('(')
            && fields.iter().any(|field| field == first)
            && let Some(method) = WRITES.iter().position(|method| method == last)
        {
            counts[method] += 1;
        }
    }
    counts
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::{snake_case, written};

    #[test]
    fn writes_are_told_from_reads_and_other_names() {
        let fields = ["notice".to_owned(), "cutting".to_owned()];
        let text =
            "lab.notice.set(None); self.lab\n .cutting.kernels\n .update(f); lab.notice.get(); slab.notice.set(1);
            lab.other.set(2); lab.set(3); lab.notice.set_all(4);";
        assert_eq!(written(text, "lab", &fields), [1, 1]);
    }

    #[test]
    fn names_of_structs_become_names_of_variables() {
        assert_eq!(snake_case("Lab"), "lab");
        assert_eq!(snake_case("PageState"), "page_state");
    }
}
