//! Files as people keep them: wrapped, renamed, and with other values beside the tensors. `kept` of `make.py` writes
//! them.

use half::f16;
use weights::{Array, Checkpoint, Convention, LocalFile, Reading, TensorSource, Weights};

use super::{SEED, bytes, load, open, path, small};

/// Loads the tensors of a file, which must be those of `seed:1`, and returns how it was read.
fn read(name: &str) -> Reading {
    let source =
        TensorSource::checkpoint(&small(), open(bytes(name)).unwrap_or_else(|error| panic!("{name}: {error}")));
    let source = source.unwrap_or_else(|error| panic!("{name}: {error}"));
    let weights = pollster::block_on(Weights::from_source(&source)).expect("should load");
    assert!(weights.iter().eq(Weights::seeded(&small(), SEED).iter()), "{name}");
    source.reading().clone()
}

/// Loads the tensors of a file like [`read`], and returns what is said about it.
pub fn sentences(name: &str) -> String {
    let all = read(name).sentences();
    all.iter().map(|sentence| sentence.text(messages::Language::default())).collect::<Vec<_>>().join(" ")
}

#[test]
fn whole_modules_are_read_without_their_code() {
    for (name, class) in [
        ("kept-module.pth", "__main__.Small"),
        ("kept-module-legacy.pth", "__main__.Small"),
        ("kept-module-parallel.pth", "torch.nn.parallel.data_parallel.DataParallel"),
        ("kept-module-in-dictionary.pth", "__main__.Small"),
        ("kept-script.pt", "__torch__.Small"),
    ] {
        assert_eq!(read(name).place.class.as_deref(), Some(class), "{name}");
    }
    assert_eq!(
        sentences("kept-module-in-dictionary.pth"),
        "The file holds a whole module of the class __main__.Small: its tensors were read, and its code was not run. \
         The tensors are those at net."
    );
}

#[test]
fn one_prefix_is_left_out_of_all_names() {
    for (prefix, read_as) in [
        ("module.", "module."),
        ("_orig_mod.", "_orig_mod."),
        ("module._orig_mod.", "_orig_mod.module."),
        ("_orig_mod.module.", "_orig_mod.module."),
        ("model.", "model."),
        ("net.backbone.", "net.backbone."),
        ("encoder_q.", "encoder_q."),
        ("_fsdp_wrapped_module.", "_fsdp_wrapped_module."),
        ("a.b.c.", "a.b.c."),
    ] {
        let reading = read(&format!("kept-prefix-{}.pth", prefix.replace('.', "-")));
        assert_eq!((reading.prefix.as_str(), reading.left_out.len()), (read_as, 0), "{prefix}");
    }
    assert_eq!(sentences("kept-prefix-model-.pth"), "The prefix model. is left out of the names.");
    assert_eq!(read("kept-prefix-inner.pth").prefix, "_checkpoint_wrapped_module.model.");
}

#[test]
fn foreign_tensors_are_left_out_and_named() {
    assert_eq!(
        sentences("kept-with-loss.pth"),
        "The prefix model. is left out of the names. Left out: loss.center, loss.weight."
    );
    let two = read("kept-two-encoders.pth");
    assert_eq!(two.prefix, "encoder_q.");
    assert_eq!(two.left_out.len(), 5, "four of encoder_k, and the queue");
    assert_eq!(read("kept-module-averaged.pth").left_out, ["n_averaged"]);
}

#[test]
fn the_dictionary_of_the_tensors_is_found_anywhere() {
    assert_eq!(read("kept-deep.pth").place.path, "a.c.weights");
    assert_eq!(read("kept-ema-alone.pth").place.path, "state_dict_ema");
    assert_eq!(
        sentences("kept-two.pth"),
        "The tensors are those at model. There are others of the same names at model_ema."
    );
    let averaged = Checkpoint::open_at(Box::new(bytes("kept-two.pth")), Some("model_ema"));
    let averaged = pollster::block_on(averaged).expect("should open");
    assert_eq!(
        (averaged.place().path.as_str(), averaged.place().others.as_slice()),
        ("model_ema", ["model".to_owned()].as_slice())
    );
    let source = TensorSource::checkpoint(&small(), averaged).expect("should fit");
    let weights = pollster::block_on(Weights::from_source(&source)).expect("should load");
    for ((name, got), (_, seeded)) in weights.iter().zip(Weights::seeded(&small(), SEED).iter()) {
        assert!(got.values.iter().zip(&seeded.values).all(|(got, seeded)| *got == seeded * 0.5), "{name}");
    }
    let none = pollster::block_on(Checkpoint::open_at(Box::new(bytes("kept-two.pth")), Some("ema")));
    assert_eq!(
        none.map(|_| ()).expect_err("should be refused").to_string(),
        "it has no tensors at ema; it has some at model, model_ema"
    );
}

#[test]
fn values_of_other_libraries_beside_the_tensors_do_no_harm() {
    for protocol in 2..=5 {
        assert_eq!(read(&format!("kept-beside-{protocol}.pth")).place.path, "state_dict");
    }
}

#[test]
fn tensors_of_two_parts_are_put_together() {
    assert_eq!(sentences("kept-pruned.pth"), "Pruned tensors that are multiplied by their masks: 1.");
    for name in ["kept-weight-norm.pth", "kept-weight-norm-old.pth"] {
        let weights = load(&small(), &path(name));
        for ((name, got), (_, seeded)) in weights.iter().zip(Weights::seeded(&small(), SEED).iter()) {
            let far = got.values.iter().zip(&seeded.values).find(|(got, seeded)| (*got - *seeded).abs() > 1e-7);
            assert_eq!((far, got.values.len()), (None, seeded.values.len()), "{name}");
        }
    }
}

#[test]
fn the_last_layer_and_the_outermost_modules_may_have_other_names() {
    assert_eq!(sentences("kept-head.pth"), "The last fully connected layer is classifier.1.");
    let numbered = read("kept-numbered.pth");
    assert_eq!(numbered.convention, Some(Convention::Numbered));
}

#[test]
fn an_expanded_tensor_is_read() {
    let weights = load(&small(), &path("kept-expanded.pth"));
    assert_eq!(weights.get("fc.bias"), Some(&Array { dims: vec![10], values: vec![0.25; 10] }));
}

/// Both types are parts of F16, so rounding by PyTorch is all that happens to the values.
#[test]
fn types_of_eight_bits_are_read() {
    for (kind, most) in [("e4m3", 0.07), ("e5m2", 0.13)] {
        for ending in ["pth", "safetensors"] {
            let weights = load(&small(), &path(&format!("kept-float8-{kind}.{ending}")));
            for ((name, got), (_, seeded)) in weights.iter().zip(Weights::seeded(&small(), SEED).iter()) {
                for (got, seeded) in got.values.iter().zip(&seeded.values) {
                    assert_eq!(f16::from_f32(*got).to_f32(), *got);
                    assert!((got - seeded).abs() <= most * seeded.abs() + 0.001, "{name}: {got} for {seeded}");
                }
            }
        }
    }
}

#[test]
fn other_types_are_named_with_what_to_do() {
    for (name, dtype) in [("kept-quantized.pth", "qint8"), ("kept-complex.pth", "C64"), ("kept-int8.pth", "I8")] {
        let error = TensorSource::checkpoint(&small(), open(bytes(name)).expect("should open"));
        assert_eq!(
            error.expect_err("should be refused").to_string(),
            format!(
                "these weights do not fit small: fc.weight is {dtype}, and not a floating-point number (save it with \
                 .float(), or .dequantize() if it is quantized); choose a checkpoint of small"
            )
        );
    }
}

#[test]
fn files_without_sums_and_of_big_endian_machines_are_read() {
    assert!(read("kept-without-sums.pth").is_plain());
    assert!(read("kept-big-endian.pth").is_plain());
}

#[test]
fn a_file_of_a_plain_state_dict_says_nothing() {
    for name in ["small-shared.pth", "small-protocol4-legacy.pth"] {
        assert!(read(name).is_plain(), "{name}");
        assert!(read(name).sentences().is_empty(), "{name}");
    }
}

#[test]
fn a_name_of_another_architecture_is_said() {
    assert_eq!(
        sentences("kept-other-architecture.pth"),
        "The file names its architecture resnetblur18: its tensors fit this network, but it may compute something else \
         with them. The tensors are those at state_dict."
    );
}

#[test]
fn a_local_file_is_read_like_memory() {
    let file = LocalFile::open(&path("kept-deep.pth")).expect("should open");
    let file = pollster::block_on(Checkpoint::open(Box::new(file))).expect("should open");
    assert_eq!((file.format(), file.place().path.as_str()), ("torch.save", "a.c.weights"));
}
