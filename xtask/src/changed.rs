//! What a change can touch: the steps of the tests, the packages and the end-to-end tests that depend on changed files.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::page;
use crate::process::{Result, TaskError, output};
use crate::step::Step;
use crate::workspace::Workspace;

/// The package at the root, with the stage, what all pages share, and the tests that need several crates.
const ROOT: &str = "layerscope";

/// The part of the tests to run. The default is everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Selection {
    /// The steps; `None` runs all.
    pub(crate) steps: Option<BTreeSet<Step>>,
    /// The packages to test natively; `None` tests all.
    pub(crate) packages: Option<BTreeSet<String>>,
    /// The end-to-end tests by file name; `None` runs all.
    pub(crate) end_to_end: Option<BTreeSet<String>>,
}

/// The packages of the workspace with those that depend on them.
struct Packages {
    /// The folder of each package, with a slash at its end; the root has none.
    folders: BTreeMap<String, String>,
    /// The packages that each package is a dependency of.
    dependents: BTreeMap<String, BTreeSet<String>>,
}

/// Returns what the changes since the commit `since` can touch: committed, uncommitted and new files.
///
/// # Errors
/// [`TaskError::Other`] if git or cargo cannot say what has changed or what depends on it.
pub(crate) fn since(ws: &Workspace, since: &str) -> Result<Selection> {
    let unknown = |what: &str| TaskError::Other(format!("{what}; run `cargo xtask test` to check everything"));
    let git = |arguments: &[&str]| output(ws.command("git").arg("-C").arg(&ws.root).args(arguments));
    let committed = git(&["diff", "--name-only", since, "--"]);
    let new = git(&["ls-files", "--others", "--exclude-standard"]);
    let (Some(committed), Some(new)) = (committed, new) else {
        return Err(unknown(&format!("git does not know the changes since '{since}'")));
    };
    let metadata = output(ws.command("cargo").args(["metadata", "--format-version=1", "--no-deps", "--locked"]));
    let packages = metadata
        .and_then(|text| Packages::parse(&text, &ws.root.to_string_lossy()))
        .ok_or_else(|| unknown("cargo does not list the packages"))?;
    Ok(packages.touched_by(committed.lines().chain(new.lines())))
}

impl Packages {
    /// Reads what `cargo metadata` prints. Returns `None` if it has another form.
    fn parse(metadata: &str, root: &str) -> Option<Self> {
        let metadata: Value = serde_json::from_str(metadata).ok()?;
        let (mut folders, mut dependents) = (BTreeMap::new(), BTreeMap::<_, BTreeSet<String>>::new());
        for package in metadata.get("packages")?.as_array()? {
            let name = package.get("name")?.as_str()?;
            let manifest = package.get("manifest_path")?.as_str()?.strip_prefix(root)?.trim_start_matches(['/', '\\']);
            folders.insert(name.to_owned(), manifest.trim_end_matches("Cargo.toml").replace('\\', "/"));
            for dependency in package.get("dependencies")?.as_array()?.iter().filter(|one| one.get("path").is_some()) {
                let on = dependency.get("name")?.as_str()?.to_owned();
                dependents.entry(on).or_default().insert(name.to_owned());
            }
        }
        Some(Self { folders, dependents })
    }

    /// Returns the package that a file belongs to: the one with the longest folder around it.
    fn owner(&self, file: &str) -> &str {
        let around = self.folders.iter().filter(|(_, folder)| file.starts_with(folder.as_str()));
        around.max_by_key(|(_, folder)| folder.len()).map_or(ROOT, |(name, _)| name.as_str())
    }

    /// Returns a package and all that depend on it.
    fn with_dependents(&self, name: &str) -> BTreeSet<String> {
        let (mut all, mut next) = (BTreeSet::new(), vec![name.to_owned()]);
        while let Some(name) = next.pop() {
            if all.insert(name.clone()) {
                next.extend(self.dependents.get(&name).into_iter().flatten().cloned());
            }
        }
        all
    }

    fn touched_by<'a>(&self, files: impl Iterator<Item = &'a str>) -> Selection {
        let (mut steps, mut packages) = (BTreeSet::new(), BTreeSet::new());
        // `None` once a change can touch every test.
        let mut end_to_end = Some(BTreeSet::new());
        let page = [Step::Page, Step::Size, Step::E2e];
        for file in files {
            let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
            let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
            let top = file.split('/').next().unwrap_or_default();
            // What the whole workspace is built or checked with: manifests, locks, settings, changed crates.
            let is_setting = folder.is_empty() && !["md", "html"].contains(&ending) || name == "Cargo.toml";
            if is_setting || [".cargo", ".ci", "third_party"].contains(&top) {
                return Selection::default();
            }
            match (top, ending) {
                // A test of the root package holds the documentation to files that exist.
                (_, "md") => {
                    steps.insert(Step::Native);
                    packages.insert(ROOT.to_owned());
                }
                ("tests", "mjs") if folder == "tests/e2e" => {
                    steps.extend([Step::Page, Step::E2e]);
                    match &mut end_to_end {
                        Some(tests) if name.ends_with(".test.mjs") => {
                            tests.insert(name.to_owned());
                        }
                        _ => end_to_end = None,
                    }
                }
                ("tests", "png") => {
                    steps.extend([Step::Page, Step::E2e]);
                    end_to_end = None;
                }
                ("bench" | "findings" | "training" | "fuzz", _) => {}
                ("static", "css") => {
                    steps.insert(Step::Style);
                    steps.extend(page);
                    end_to_end = None;
                }
                ("static", _) | (_, "html") => {
                    steps.insert(Step::Native);
                    steps.extend(page);
                    packages.extend(self.folders.keys().filter(|name| *name != "xtask").cloned());
                    end_to_end = None;
                }
                // Shaders are compiled into the engine.
                _ => {
                    let owner = if top == "shaders" { "layerscope-engine" } else { self.owner(file) };
                    let touched = self.with_dependents(owner);
                    steps.extend([Step::Format, Step::Floors, Step::Clippy, Step::Native]);
                    if page::packages().any(|name| touched.contains(name)) && top != "tests" {
                        steps.extend([Step::Views, Step::ClippyWasm, Step::Wasm]);
                        steps.extend(page);
                        end_to_end = None;
                        // Tests of the root package look for texts in the code of every page.
                        packages.insert(ROOT.to_owned());
                    } else if name.starts_with("wasm") {
                        steps.extend([Step::ClippyWasm, Step::Wasm]);
                    }
                    packages.extend(touched);
                }
            }
        }
        Selection { steps: Some(steps), packages: Some(packages), end_to_end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packages() -> Packages {
        let metadata = r#"{ "packages": [
            { "name": "layerscope", "manifest_path": "/p/Cargo.toml", "dependencies": [
                { "name": "layerscope-net", "path": "/p/crates/net" }, { "name": "serde" }] },
            { "name": "layerscope-engine", "manifest_path": "/p/crates/engine/Cargo.toml", "dependencies": [
                { "name": "layerscope-net", "path": "/p/crates/net" }] },
            { "name": "layerscope-train", "manifest_path": "/p/crates/train/Cargo.toml", "dependencies": [
                { "name": "layerscope-engine", "path": "/p/crates/engine" }] },
            { "name": "layerscope-lessons", "manifest_path": "/p/crates/lessons/Cargo.toml", "dependencies": [
                { "name": "layerscope", "path": "/p" }] },
            { "name": "layerscope-net", "manifest_path": "/p/crates/net/Cargo.toml", "dependencies": [] },
            { "name": "xtask", "manifest_path": "/p/xtask/Cargo.toml", "dependencies": [] }] }"#;
        Packages::parse(metadata, "/p").expect("should be metadata")
    }

    fn touched(files: &[&str]) -> (Vec<Step>, Vec<String>, Option<Vec<String>>) {
        let Selection { steps, packages, end_to_end } = packages().touched_by(files.iter().copied());
        let list = |set: BTreeSet<String>| set.into_iter().collect::<Vec<_>>();
        (steps.unwrap_or_default().into_iter().collect(), packages.map(list).unwrap_or_default(), end_to_end.map(list))
    }

    #[test]
    fn a_crate_touches_all_that_depend_on_it() {
        let (steps, packages, end_to_end) = touched(&["crates/net/src/graph.rs"]);
        let dependents =
            ["layerscope", "layerscope-engine", "layerscope-lessons", "layerscope-net", "layerscope-train"];
        assert_eq!(packages, dependents);
        assert!(steps.contains(&Step::Page) && steps.contains(&Step::Wasm) && end_to_end.is_none());
        let (steps, packages, end_to_end) = touched(&["crates/train/src/lib.rs"]);
        assert_eq!((packages, end_to_end), (vec!["layerscope-train".to_owned()], Some(Vec::new())));
        assert_eq!(steps, [Step::Format, Step::Floors, Step::Clippy, Step::Native]);
    }

    #[test]
    fn a_page_touches_the_tests_of_all_pages() {
        let (steps, packages, end_to_end) = touched(&["crates/lessons/src/page.rs"]);
        assert_eq!((packages, end_to_end), (vec!["layerscope".to_owned(), "layerscope-lessons".to_owned()], None));
        let wanted = [Step::Views, Step::ClippyWasm, Step::Wasm, Step::Page, Step::E2e];
        assert!(wanted.iter().all(|step| steps.contains(step)));
    }

    #[test]
    fn an_end_to_end_test_touches_itself() {
        let (steps, packages, end_to_end) = touched(&["tests/e2e/draw.test.mjs"]);
        assert_eq!((steps, packages), (vec![Step::Page, Step::E2e], Vec::new()));
        assert_eq!(end_to_end, Some(vec!["draw.test.mjs".to_owned()]));
        assert_eq!(touched(&["tests/e2e/draw.test.mjs", "tests/e2e/harness.mjs"]).2, None);
    }

    #[test]
    fn the_manifest_touches_everything() {
        let selection = packages().touched_by(["docs/page.md", "Cargo.lock"].into_iter());
        assert_eq!(selection, Selection::default());
        for file in ["stylelint.config.mjs", "deny.toml", "crates/net/Cargo.toml", ".ci/run"] {
            assert_eq!(packages().touched_by([file].into_iter()), Selection::default(), "{file}");
        }
        assert_eq!(touched(&["docs/page.md"]).0, [Step::Native]);
        assert_eq!(touched(&["xtask/src/main.rs"]).1, ["xtask"]);
        assert_eq!(touched(&[]), (Vec::new(), Vec::new(), Some(Vec::new())));
    }
}
