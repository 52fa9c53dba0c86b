//! The tree of modules of a crate, read from its files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use syn::{Attribute, Expr, ExprLit, Item, ItemMod, Lit, Meta, UseTree, Visibility};

use super::packages::Target;
use crate::process::{Result, TaskError};

/// A library or a program with all of its modules.
pub(crate) struct Crate {
    /// The label of its target.
    pub(crate) label: String,
    /// The root module, and every module after the one that holds it.
    pub(crate) modules: Vec<Module>,
}

/// A module, as a file or inline.
pub(crate) struct Module {
    /// Its names from the root, which itself has none.
    pub(crate) path: Vec<String>,
    /// The file that it is written in.
    pub(crate) file: PathBuf,
    /// The module that holds it.
    pub(super) parent: Option<usize>,
    /// Everything that is defined or imported here by name.
    pub(super) names: HashMap<String, Vec<Binding>>,
    /// The paths before `::*`.
    pub(super) globs: Vec<Import>,
    /// The variants of its enums.
    pub(super) variants: HashMap<String, Vec<String>>,
    /// Its items, without modules, imports and tests.
    pub(crate) items: Vec<Item>,
}

/// A meaning of a name in a module.
#[derive(Debug, Clone)]
pub(super) enum Binding {
    /// A module of this crate.
    Module(usize),
    /// An item that is defined here.
    Item(Kind),
    /// Whatever this path means.
    Import(Import),
}

/// The kinds of items that names are resolved by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// Paths go on behind it: a type or a trait.
    Type,
    /// A function, a constant or a static.
    Value,
    /// A macro by example.
    Macro,
}

/// A path of a `use`.
#[derive(Debug, Clone)]
pub(super) struct Import {
    /// Its names, from `crate`, `super`, `self` or a name in scope.
    pub(super) path: Vec<String>,
    /// True if other modules can import the name from here.
    pub(super) is_reexport: bool,
}

/// Reads a file, or nothing where there is none.
type Read<'a> = &'a dyn Fn(&Path) -> Result<Option<String>>;

impl Crate {
    /// Reads the crate that begins with the file of a target.
    pub(crate) fn read(target: &Target, read: Read) -> Result<Self> {
        let mut tree = Self { label: target.label.clone(), modules: Vec::new() };
        let text = read(&target.file)?;
        let text = text.ok_or_else(|| TaskError::Other(format!("{} is missing", target.file.display())))?;
        let folder = target.file.parent().unwrap_or(Path::new("")).to_path_buf();
        let items = parse(&target.file, &text)?;
        tree.add(
            &Place { path: Vec::new(), parent: None, file: target.file.clone(), folder, inline: false },
            items,
            read,
        )?;
        Ok(tree)
    }

    /// The name of a module: `app::stage`, or `crate` for the root.
    pub(crate) fn name(&self, module: usize) -> String {
        let path = &self.modules[module].path;
        if path.is_empty() { "crate".to_owned() } else { path.join("::") }
    }

    fn add(&mut self, place: &Place, items: Vec<Item>, read: Read) -> Result<usize> {
        let id = self.modules.len();
        self.modules.push(Module {
            path: place.path.clone(),
            file: place.file.clone(),
            parent: place.parent,
            names: HashMap::new(),
            globs: Vec::new(),
            variants: HashMap::new(),
            items: Vec::new(),
        });
        for item in items {
            if is_test(attributes(&item)) {
                continue;
            }
            match item {
                Item::Mod(module) => {
                    let name = name_of(&module.ident);
                    if let Some(child) = self.child(place, id, module, read)? {
                        self.modules[id].names.entry(name).or_default().push(Binding::Module(child));
                    }
                }
                Item::Use(import) if import.leading_colon.is_none() => {
                    let is_reexport = !matches!(import.vis, Visibility::Inherited);
                    for Imported { path, name } in imported(&import.tree) {
                        let import = Import { path, is_reexport };
                        let module = &mut self.modules[id];
                        match name {
                            Name::Is(name) => module.names.entry(name).or_default().push(Binding::Import(import)),
                            Name::All => module.globs.push(import),
                        }
                    }
                }
                Item::Use(_) => {}
                item => {
                    let module = &mut self.modules[id];
                    if let Some((name, kind)) = defined(&item) {
                        module.names.entry(name).or_default().push(Binding::Item(kind));
                    }
                    if let Item::Enum(choices) = &item {
                        let variants = choices.variants.iter().map(|variant| name_of(&variant.ident)).collect();
                        module.variants.insert(name_of(&choices.ident), variants);
                    }
                    module.items.push(item);
                }
            }
        }
        Ok(id)
    }

    /// Reads a module inside of another; none where its file is missing, as one that a build script writes is.
    fn child(&mut self, parent: &Place, id: usize, module: ItemMod, read: Read) -> Result<Option<usize>> {
        let name = name_of(&module.ident);
        let path = [parent.path.as_slice(), std::slice::from_ref(&name)].concat();
        if let Some((_, items)) = module.content {
            let folder = parent.folder.join(&name);
            let place = Place { path, parent: Some(id), file: parent.file.clone(), folder, inline: true };
            return self.add(&place, items, read).map(Some);
        }
        let given = module.attrs.iter().find_map(path_attribute).map(|given| {
            let beside = parent.file.parent().unwrap_or(Path::new(""));
            let file = if parent.inline { parent.folder.join(given) } else { beside.join(given) };
            // The file of a `#[path]` holds its modules beside itself, as `mod.rs` does.
            let folder = file.parent().unwrap_or(Path::new("")).to_path_buf();
            (file, folder)
        });
        let folder = parent.folder.join(&name);
        let usual = [(parent.folder.join(format!("{name}.rs")), folder.clone()), (folder.join("mod.rs"), folder)];
        for (file, folder) in given.into_iter().chain(usual) {
            if let Some(text) = read(&file)? {
                let items = parse(&file, &text)?;
                return self.add(&Place { path, parent: Some(id), file, folder, inline: false }, items, read).map(Some);
            }
        }
        Ok(None)
    }
}

/// A module that is about to be read.
struct Place {
    path: Vec<String>,
    parent: Option<usize>,
    file: PathBuf,
    /// Its modules' files are here.
    folder: PathBuf,
    inline: bool,
}

fn parse(file: &Path, text: &str) -> Result<Vec<Item>> {
    let parsed = syn::parse_file(text).map_err(|error| TaskError::Other(format!("{}: {error}", file.display())))?;
    Ok(parsed.items)
}

/// An identifier without `r#`.
pub(super) fn name_of(ident: &syn::Ident) -> String {
    let name = ident.to_string();
    name.strip_prefix("r#").map(str::to_owned).unwrap_or(name)
}

/// One path that a `use` imports.
pub(super) struct Imported {
    pub(super) path: Vec<String>,
    pub(super) name: Name,
}

/// The name under which an import is known.
pub(super) enum Name {
    /// One name; `_` for none.
    Is(String),
    /// All names behind the path.
    All,
}

/// Every path of a `use`, in order.
pub(super) fn imported(tree: &UseTree) -> Vec<Imported> {
    fn walk(tree: &UseTree, before: &[String], found: &mut Vec<Imported>) {
        let with = |name: &syn::Ident| [before, &[name_of(name)]].concat();
        // `{self}` is the path before it.
        let whole = |name: &syn::Ident| if name == "self" && !before.is_empty() { before.to_vec() } else { with(name) };
        match tree {
            UseTree::Path(path) => walk(&path.tree, &with(&path.ident), found),
            UseTree::Name(name) => {
                let path = whole(&name.ident);
                let last = path.last().cloned().unwrap_or_default();
                found.push(Imported { path, name: Name::Is(last) });
            }
            UseTree::Rename(name) => {
                found.push(Imported { path: whole(&name.ident), name: Name::Is(name_of(&name.rename)) });
            }
            UseTree::Glob(_) => found.push(Imported { path: before.to_vec(), name: Name::All }),
            UseTree::Group(group) => group.items.iter().for_each(|tree| walk(tree, before, found)),
        }
    }
    let mut found = Vec::new();
    walk(tree, &[], &mut found);
    found
}

/// The name that an item defines.
pub(super) fn defined(item: &Item) -> Option<(String, Kind)> {
    let (ident, kind) = match item {
        Item::Const(item) => (&item.ident, Kind::Value),
        Item::Static(item) => (&item.ident, Kind::Value),
        Item::Fn(item) => (&item.sig.ident, Kind::Value),
        Item::Enum(item) => (&item.ident, Kind::Type),
        Item::Struct(item) => (&item.ident, Kind::Type),
        Item::Trait(item) => (&item.ident, Kind::Type),
        Item::TraitAlias(item) => (&item.ident, Kind::Type),
        Item::Type(item) => (&item.ident, Kind::Type),
        Item::Union(item) => (&item.ident, Kind::Type),
        Item::Macro(item) => (item.ident.as_ref()?, Kind::Macro),
        _ => return None,
    };
    Some((name_of(ident), kind))
}

/// The attributes of an item.
pub(super) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Returns whether an item is there in tests only: `#[cfg(test)]`, or `test` with other conditions in `all(...)`.
pub(super) fn is_test(attributes: &[Attribute]) -> bool {
    fn needs_test(meta: &Meta) -> bool {
        match meta {
            Meta::Path(path) => path.is_ident("test"),
            Meta::List(list) if list.path.is_ident("cfg") || list.path.is_ident("all") => {
                let parts = syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated;
                list.parse_args_with(parts).is_ok_and(|parts| parts.iter().any(needs_test))
            }
            _ => false,
        }
    }
    attributes.iter().any(|attribute| attribute.path().is_ident("cfg") && needs_test(&attribute.meta))
}

fn path_attribute(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attribute.meta else { return None };
    match &meta.value {
        Expr::Lit(ExprLit { lit: Lit::Str(path), .. }) if meta.path.is_ident("path") => Some(path.value()),
        _ => None,
    }
}
