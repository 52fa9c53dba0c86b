//! The names that the code of a module mentions.

use std::collections::{BTreeMap, HashSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use super::resolve::Meaning;
use super::tree::{self, Binding, Crate, Kind, Name, is_test, name_of};

/// How often a module names each item of each other module.
pub(super) type Uses = BTreeMap<(usize, String), usize>;

/// Returns what a module names of other modules: in its imports, its code and the tokens of its macros.
pub(super) fn uses(tree: &Crate, module: usize) -> Uses {
    let mut names = Names { tree, module, uses: Uses::new(), blocks: Vec::new(), locals: HashSet::new() };
    let here = &tree.modules[module];
    let imports = here.names.values().flatten().filter_map(|binding| match binding {
        Binding::Import(import) => Some(import),
        _ => None,
    });
    for import in imports.chain(&here.globs).filter(|import| !import.is_reexport) {
        names.add_import(tree.resolve(module, &import.path));
    }
    for item in &here.items {
        names.locals = locals(item);
        names.visit_item(item);
    }
    names.uses
}

struct Names<'a> {
    tree: &'a Crate,
    module: usize,
    uses: Uses,
    /// The imports and definitions of the enclosing blocks, the innermost last.
    blocks: Vec<BTreeMap<String, Vec<Meaning>>>,
    /// The variables and generic types of the item: they hide what comes by a glob.
    locals: HashSet<String>,
}

impl Names<'_> {
    fn add(&mut self, meanings: Vec<Meaning>) {
        for meaning in meanings {
            if let Meaning::Item(module, name, _) = meaning
                && module != self.module
            {
                *self.uses.entry((module, name)).or_default() += 1;
            }
        }
    }

    /// A name that means a module too stands for that: code that means the item of that name is found where it says it.
    fn add_import(&mut self, meanings: Vec<Meaning>) {
        if !meanings.iter().any(|meaning| matches!(meaning, Meaning::Module(_))) {
            self.add(meanings);
        }
    }

    fn resolve(&self, path: &[String]) -> Vec<Meaning> {
        let Some((first, rest)) = path.split_first() else { return Vec::new() };
        if rest.is_empty() && self.locals.contains(first) {
            return Vec::new();
        }
        match self.blocks.iter().rev().find_map(|block| block.get(first)) {
            Some(meanings) => self.tree.resolve_behind(meanings.clone(), rest),
            None => self.tree.resolve(self.module, path),
        }
    }

    /// A macro by example is known below its definition without an import, so in the modules inside of it too.
    fn add_macro(&mut self, name: &str) {
        let mut module = Some(self.module);
        while let Some(id) = module {
            let meanings = self.tree.modules[id].names.get(name);
            let is_macro = |binding: &Binding| matches!(binding, Binding::Item(Kind::Macro));
            if meanings.is_some_and(|meanings| meanings.iter().any(is_macro)) {
                return self.add(vec![Meaning::Item(id, name.to_owned(), Kind::Macro)]);
            }
            module = self.tree.modules[id].parent;
        }
        self.add(self.resolve(&[name.to_owned()]));
    }

    /// Finds names in tokens: paths, and single names that are called or begin with a capital.
    fn scan(&mut self, tokens: TokenStream) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let is = |at: usize, sign: char| matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.as_char() == sign);
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Group(group) => self.scan(group.stream()),
                TokenTree::Ident(ident) => {
                    let begin = at;
                    let mut path = vec![name_of(ident)];
                    while is(at + 1, ':')
                        && is(at + 2, ':')
                        && let Some(TokenTree::Ident(next)) = tokens.get(at + 3)
                    {
                        path.push(name_of(next));
                        at += 3;
                    }
                    // A range has two dots.
                    let is_member = begin > 0 && is(begin - 1, '.') && !(begin > 1 && is(begin - 2, '.'));
                    let is_external = begin > 1 && is(begin - 1, ':') && is(begin - 2, ':');
                    let is_called = is(at + 1, '!') || matches!(tokens.get(at + 1), Some(TokenTree::Group(_)));
                    let is_name = path.len() > 1 || is_called || path[0].starts_with(char::is_uppercase);
                    if is_name && !is_member && !is_external {
                        if path.len() == 1 && is(at + 1, '!') {
                            self.add_macro(&path[0]);
                        } else {
                            self.add(self.resolve(&path));
                        }
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let names: Vec<_> = path.segments.iter().map(|segment| name_of(&segment.ident)).collect();
            self.add(self.resolve(&names));
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        match call.path.get_ident() {
            Some(name) => self.add_macro(&name_of(name)),
            None => self.visit_path(&call.path),
        }
        self.scan(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            self.scan(list.tokens.clone());
        }
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        let mut names: BTreeMap<String, Vec<Meaning>> = BTreeMap::new();
        for statement in &block.stmts {
            match statement {
                syn::Stmt::Item(syn::Item::Use(import)) if import.leading_colon.is_none() => {
                    for imported in tree::imported(&import.tree) {
                        let meanings = self.resolve(&imported.path);
                        self.add_import(meanings.clone());
                        if let Name::Is(name) = imported.name {
                            names.entry(name).or_default().extend(meanings);
                        }
                    }
                }
                syn::Stmt::Item(item) => {
                    if let Some((name, _)) = tree::defined(item) {
                        names.entry(name).or_default();
                    }
                }
                _ => {}
            }
        }
        self.blocks.push(names);
        visit::visit_block(self, block);
        self.blocks.pop();
    }

    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_test(tree::attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    // The block that holds it has read it.
    fn visit_item_use(&mut self, _: &'ast syn::ItemUse) {}

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !is_test(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }
}

/// The variables and generic types that an item declares.
fn locals(item: &syn::Item) -> HashSet<String> {
    struct Locals(HashSet<String>);
    impl<'ast> Visit<'ast> for Locals {
        fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
            let name = name_of(&pattern.ident);
            // A capital is a constant or a variant that the pattern compares with.
            if !name.starts_with(char::is_uppercase) {
                self.0.insert(name);
            }
            visit::visit_pat_ident(self, pattern);
        }

        fn visit_type_param(&mut self, parameter: &'ast syn::TypeParam) {
            self.0.insert(name_of(&parameter.ident));
            visit::visit_type_param(self, parameter);
        }
    }
    let mut locals = Locals(HashSet::new());
    locals.visit_item(item);
    locals.0
}
