//! Numbers that show how the code reads: `cargo xtask count`.

mod app;
mod lines;
mod number;
mod table;

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::process::{Result, print_line};
use crate::structure::{Circle, Structure};
use app::App;
use number::Count;

/// A form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A table for people.
    Table,
    /// One JSON object.
    Json,
    /// Every circle, with the names that tie its modules.
    Circles,
}

/// Counts in the checkout at `root` and prints.
pub(crate) fn run(root: &Path, form: Form) -> Result<()> {
    let structure = Structure::read(root)?;
    let circles: Vec<_> = structure.crates.iter().map(|tree| (tree, Circle::all(&tree.ties()))).collect();
    if form == Form::Circles {
        let lines = circles.iter().flat_map(|(tree, found)| found.iter().map(|circle| tree.listing(circle).join("\n")));
        lines.for_each(|circle| print_line(&circle));
        return Ok(());
    }
    let files = lines::tracked(root)?;
    let mut counts = vec![packages(&structure)];
    counts.extend(circle_counts(&circles));
    if let Some(app) = App::find(&structure.crates) {
        counts.extend(app.counts(root, &files)?);
    }
    counts.extend(lines::counts(root, &files)?);
    match form {
        Form::Json => {
            let value = |count: Count| (count.key.to_owned(), json!({ "value": count.value, "detail": count.detail }));
            print_line(&format!("{:#}", Value::Object(counts.into_iter().map(value).collect())));
        }
        _ => print_line(&table::of(&counts)),
    }
    Ok(())
}

fn packages(structure: &Structure) -> Count {
    let names: Vec<_> = structure.packages.iter().map(|package| package.name.as_str()).collect();
    Count::new("packages", "packages", names.len(), json!(names))
}

fn circle_counts(circles: &[(&crate::structure::Crate, Vec<Circle>)]) -> [Count; 3] {
    let by_crate = |number: fn(&[Circle]) -> usize| -> Map<String, Value> {
        let counted = circles.iter().map(|(tree, found)| (tree.label.clone(), json!(number(found))));
        counted.filter(|(_, number)| *number != 0).collect()
    };
    let of_circles = |found: &[Circle]| found.iter().map(|circle| circle.modules.len()).sum::<usize>();
    let all: usize = circles.iter().map(|(_, found)| found.len()).sum();
    let inside: usize = circles.iter().map(|(_, found)| of_circles(found)).sum();
    let modules: usize = circles.iter().map(|(tree, _)| tree.modules.len()).sum();
    let sizes: Map<String, Value> =
        circles.iter().map(|(tree, _)| (tree.label.clone(), json!(tree.modules.len()))).collect();
    [
        Count::new("modules", "modules", modules, Value::Object(sizes)),
        Count::new("circles", "module circles", all, Value::Object(by_crate(<[Circle]>::len))),
        Count::new("modules_in_circles", "modules in circles", inside, Value::Object(by_crate(of_circles))),
    ]
}
