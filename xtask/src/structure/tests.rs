//! The resolver on small made-up crates.

use std::path::Path;

use super::packages::Target;
use super::{Circle, Crate};

/// A crate of files by name, which begins with `lib.rs`.
fn crate_of(files: &[(&str, &str)]) -> Crate {
    let target = Target { label: "made-up".to_owned(), file: "src/lib.rs".into() };
    let read = |path: &Path| {
        let found = files.iter().find(|(name, _)| Path::new("src").join(name) == path);
        Ok(found.map(|(_, text)| (*text).to_owned()))
    };
    Crate::read(&target, &read).expect("should be a crate")
}

/// The ties of a crate, each as `from -> to: names`.
fn ties(files: &[(&str, &str)]) -> Vec<String> {
    let tree = crate_of(files);
    let mut lines = Vec::new();
    for tie in tree.ties() {
        let names: Vec<_> = tie.names.keys().map(String::as_str).collect();
        lines.push(format!("{} -> {}: {}", tree.name(tie.from), tree.name(tie.to), names.join(" ")));
    }
    lines
}

/// The modules of each circle of a crate.
fn circles(files: &[(&str, &str)]) -> Vec<Vec<String>> {
    let tree = crate_of(files);
    let circles = Circle::all(&tree.ties());
    circles.iter().map(|circle| circle.modules.iter().map(|module| tree.name(*module)).collect()).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn modules_that_name_each_other_are_a_circle() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "use crate::b::B; pub struct A(B);"),
        ("b.rs", "pub struct B; fn f() { crate::a::A::new(); }"),
        ("c.rs", "use crate::a::A;"),
    ];
    assert_eq!(ties(&files), ["a -> b: B", "b -> a: A", "c -> a: A"]);
    assert_eq!(circles(&files), [["a", "b"]]);
}

#[test]
fn owning_and_re_exporting_tie_nothing() {
    let files = [
        ("lib.rs", "mod a; pub use a::A; pub(crate) use a::*; pub struct Root;"),
        ("a.rs", "use super::Root; pub struct A(Root);"),
    ];
    assert_eq!(ties(&files), ["a -> crate: Root"]);
    assert_eq!(circles(&files), Vec::<Vec<String>>::new());
}

#[test]
fn a_re_export_is_followed_to_the_definition() {
    let files = [
        ("lib.rs", "mod a; mod b;"),
        ("a/mod.rs", "mod inner; mod more; pub use inner::{Inner as Renamed, make}; pub use more::*;"),
        ("a/inner.rs", "pub struct Inner; pub fn make() {}"),
        ("a/more.rs", "pub trait More {}"),
        ("b.rs", "use super::a::{self, More as _}; fn f() -> a::Renamed { a::make() }"),
    ];
    assert_eq!(ties(&files), ["b -> a::inner: Inner make", "b -> a::more: More"]);
}

#[test]
fn paths_from_self_super_and_children_are_resolved() {
    let files = [
        ("lib.rs", "mod a; fn root() { a::b::leaf(); }"),
        (
            "a.rs",
            "mod b; pub const HERE: usize = self::b::SIZE; mod inline { use super::super::root; use super::b::leaf; }",
        ),
        ("a/b.rs", "pub const SIZE: usize = super::HERE; pub fn leaf() { super::super::root() }"),
    ];
    assert_eq!(
        ties(&files),
        [
            "crate -> a::b: leaf",
            "a -> a::b: SIZE",
            "a::b -> crate: root",
            "a::b -> a: HERE",
            "a::inline -> crate: root",
            "a::inline -> a::b: leaf"
        ]
    );
}

#[test]
fn code_for_tests_is_left_out() {
    let files = [
        ("lib.rs", "mod a; mod b; #[cfg(test)] mod tests;"),
        ("a.rs", "#[cfg(test)] use crate::b::B; #[cfg(all(test, unix))] mod tests { use crate::b::B; }"),
        (
            "b.rs",
            "pub struct B; #[cfg(test)] fn f() { crate::a::f() } impl B { #[cfg(test)] fn g() { crate::a::g() } }",
        ),
    ];
    assert_eq!(ties(&files), NONE);
    let files = [("lib.rs", "mod a; #[cfg(any(test, unix))] use a::f;"), ("a.rs", "pub fn f() {}")];
    assert_eq!(ties(&files), ["crate -> a: f"]);
}

#[test]
fn a_name_that_is_a_module_and_a_function_ties_by_what_is_meant() {
    let files = [
        ("lib.rs", "mod start; mod a; mod b; pub fn start() {}"),
        ("start.rs", "pub fn begin() {}"),
        ("a.rs", "use super::start; fn f() { start::begin() }"),
        ("b.rs", "use super::start; fn f() { start() }"),
    ];
    assert_eq!(ties(&files), ["a -> start: begin", "b -> crate: start"]);
}

#[test]
fn globs_bring_items_and_variants() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "pub enum Kind { One, Two } pub fn scale() {} pub fn other() {}"),
        ("b.rs", "use crate::a::*; fn f(other: u8) { scale(); other; }"),
        ("c.rs", "fn f(kind: u8) { use crate::a::Kind::*; let _ = One; }"),
    ];
    assert_eq!(ties(&files), ["b -> a: scale", "c -> a: Kind"]);
}

#[test]
fn tokens_of_macros_and_attributes_are_searched() {
    let files = [
        ("lib.rs", "#[macro_use] mod a; mod b;"),
        (
            "a.rs",
            "macro_rules! made { ($x:ident) => { $crate::b::helper($x) } }
             pub(crate) use made; pub const PORT: u16 = 1;",
        ),
        (
            "b.rs",
            "use crate::a::made; pub fn helper() {}
             struct Cli { #[arg(default_value_t = crate::a::PORT)] port: u16 }
             fn f() { made!(x); view! { <super::a::View/> }; }",
        ),
    ];
    assert_eq!(ties(&files), ["a -> b: helper", "b -> a: PORT View made"]);
}

#[test]
fn files_are_found_by_path_attributes_too() {
    let files = [
        ("lib.rs", "#[path = \"other/name.rs\"] mod a; mod b; mod missing;"),
        ("other/name.rs", "mod beside; pub use beside::Beside;"),
        ("other/beside.rs", "pub struct Beside;"),
        ("b/mod.rs", "use crate::a::Beside; use std::fmt::Debug; use serde::Serialize;"),
    ];
    assert_eq!(ties(&files), ["b -> a::beside: Beside"]);
}

#[test]
fn an_import_that_leads_back_to_itself_ends() {
    let files =
        [("lib.rs", "mod a; mod b;"), ("a.rs", "pub use crate::b::X;"), ("b.rs", "pub use crate::a::X; fn f() { X }")];
    assert_eq!(ties(&files), NONE);
}
