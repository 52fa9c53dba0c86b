//! The errors of weights. [`WeightsError`] and [`CheckpointError`] say the same in English, for the command line and
//! for scripts. Details of damaged files are not translated.

use leptos_i18n::td_string;
use words::i18n::Locale;

use weights::{CheckpointError, TensorMismatch, TensorMismatches, WeightsError};

/// Returns a sentence on the error of weights.
pub(in crate::app) fn weights_fault(locale: Locale, error: &WeightsError) -> String {
    match error {
        WeightsError::Checkpoint(error) => {
            td_string!(locale, faults.weights.checkpoint, reason = checkpoint_fault(locale, error))
        }
        WeightsError::Unfit { network, faults } => {
            td_string!(locale, faults.weights.unfit, network = network, faults = mismatches(locale, faults))
        }
        WeightsError::NoNetworkFits { nearest, faults } => {
            td_string!(locale, faults.weights.of_none, nearest = nearest, faults = mismatches(locale, faults))
        }
        WeightsError::NotBundled { network } => td_string!(locale, faults.weights.not_bundled, network = network),
        WeightsError::Unwritable { reason } => td_string!(locale, faults.weights.unwritable, reason = reason),
    }
}

/// Lists the tensors that do not fit the network.
fn mismatches(locale: Locale, mismatches: &TensorMismatches) -> String {
    let one = |misfit: &TensorMismatch| match misfit {
        TensorMismatch::Missing { name } => td_string!(locale, faults.misfit.missing, name = name),
        TensorMismatch::Extra { name } => td_string!(locale, faults.misfit.extra, name = name),
        TensorMismatch::Twice { name } => td_string!(locale, faults.misfit.twice, name = name),
        TensorMismatch::Type { name, dtype } => td_string!(locale, faults.misfit.dtype, name = name, dtype = *dtype),
        TensorMismatch::Shape { name, got, wanted } => {
            let (got, wanted) = (format!("{got:?}"), format!("{wanted:?}"));
            td_string!(locale, faults.misfit.shape, name = name, got = got, wanted = wanted)
        }
    };
    let listed: Vec<String> = mismatches.listed.iter().map(one).collect();
    let listed = listed.join(td_string!(locale, faults.misfit.comma));
    match mismatches.more {
        0 => listed,
        more => td_string!(locale, faults.misfit.more, told = listed, more = more),
    }
}

/// Returns the reason why a checkpoint cannot be read.
fn checkpoint_fault(locale: Locale, error: &CheckpointError) -> String {
    match error {
        CheckpointError::Read { start, end, reason } => {
            td_string!(locale, faults.file.read, start = start, end = end, reason = reason)
        }
        CheckpointError::Unknown => td_string!(locale, faults.file.unknown).to_owned(),
        CheckpointError::CutOff { what } => td_string!(locale, faults.file.cut_off, what = *what),
        CheckpointError::TooMuch { what, got, most } => {
            td_string!(locale, faults.file.too_much, what = *what, got = got, most = most)
        }
        CheckpointError::Malformed { what, reason } => {
            td_string!(locale, faults.file.malformed, what = *what, reason = reason)
        }
        CheckpointError::Refused { what } => td_string!(locale, faults.file.refused, what = what),
        CheckpointError::Layout { name, reason } => {
            td_string!(locale, faults.file.layout, name = name, reason = reason)
        }
        CheckpointError::Damaged { name } => td_string!(locale, faults.file.damaged, name = name),
        CheckpointError::NoTensor { name } => td_string!(locale, faults.file.no_tensor, name = name),
        CheckpointError::NoFloats { name, dtype } => {
            td_string!(locale, faults.file.no_floats, name = name, dtype = *dtype)
        }
        CheckpointError::NoRows { name, has, start, end } => {
            td_string!(locale, faults.file.no_rows, name = name, has = has, start = start, end = end)
        }
    }
}
