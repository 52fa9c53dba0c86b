//! Every value of every file equals the value that was saved.

use half::{bf16, f16};
use net::Graph;
use weights::Weights;

use super::{SEED, bytes, load, modern, open, path, small};

/// Compares a file with the seeded values, rounded as they were when they were saved.
fn holds(graph: &Graph, file: &str, rounded: impl Fn(f32) -> f32) {
    let (got, wanted) = (load(graph, &path(file)), Weights::seeded(graph, SEED));
    assert_eq!(got.iter().count(), wanted.iter().count());
    for ((name, got), (wanted_name, wanted)) in got.iter().zip(wanted.iter()) {
        assert_eq!((name, &got.dims), (wanted_name, &wanted.dims), "{file}");
        let wrong = got.values.iter().zip(&wanted.values).position(|(got, wanted)| *got != rounded(*wanted));
        assert_eq!((got.values.len(), wrong), (wanted.values.len(), None), "{file}: {name}");
    }
}

#[test]
fn every_format_holds_the_seeded_values() {
    let half = |value| f16::from_f32(value).to_f32();
    let brain = |value| bf16::from_f32(value).to_f32();
    holds(&modern(), "lenet5-modern.pth", |value| value);
    holds(&modern(), "lenet5-modern-legacy.pth", |value| value);
    holds(&modern(), "lenet5-modern.safetensors", |value| value);
    holds(&modern(), "lenet5-modern-f16.pth", half);
    holds(&modern(), "lenet5-modern-f16.safetensors", half);
    holds(&modern(), "lenet5-modern-bf16-legacy.pth", brain);
    holds(&modern(), "lenet5-modern-bf16.safetensors", brain);
}

#[test]
fn every_way_to_save_a_state_dict_is_read() {
    for way in ["transposed", "shared", "training", "parameters", "protocol4", "f64"] {
        for format in ["", "-legacy"] {
            holds(&small(), &format!("small-{way}{format}.pth"), |value| value);
        }
    }
}

#[test]
fn rows_are_parts_of_the_whole() {
    for file in ["small-transposed.pth", "small-shared-legacy.pth", "lenet5-modern-f16.safetensors"] {
        let file = open(bytes(file)).expect("should open");
        for (name, entry) in file.entries() {
            let whole = pollster::block_on(file.load(name)).expect("should load");
            assert_eq!(whole.len(), entry.dims().iter().product::<usize>());
            let row = whole.len() / entry.rows();
            for (start, end) in [(0, 0), (0, 1), (1, 3), (entry.rows() - 1, entry.rows())] {
                let part = pollster::block_on(file.load_rows(name, start..end)).expect("should load");
                assert_eq!(part, whole[start * row..end * row], "{name} {start}..{end}");
            }
        }
    }
}
