//! The errors of downloads, weights and engines. The errors themselves say the same in English, for scripts. Errors
//! that only a script can cause are not translated.

use leptos_i18n::td_string;
use words::i18n::Locale;

use super::net::net_fault;
use super::weights::weights_fault;
use crate::app::runner::{EngineError, Fault};
use crate::app::session::{NotServed, Note, SessionError, THIS_SITE};
use crate::app::state::NoGpu;
use crate::app::store::StoreError;
use crate::app::worker::WorkerError;
use engine::gpu::GpuError;

/// Returns a sentence that says why a network is not loaded or does not run.
pub(in crate::app) fn session_fault(locale: Locale, error: &SessionError) -> String {
    match error {
        SessionError::Net(error) => net_fault(locale, error),
        SessionError::Store(error) => store_fault(locale, error),
        SessionError::Weights(error) => weights_fault(locale, error),
        SessionError::Cpu(error) => worker_fault(locale, error),
        SessionError::Gpu(error) => gpu_fault(locale, error),
        SessionError::NotServed(note) => {
            td_string!(locale, faults.session.not_served, reason = note_text(locale, note))
        }
        SessionError::Cancelled => td_string!(locale, faults.session.cancelled).to_owned(),
        SessionError::NotLoaded | SessionError::Option { .. } | SessionError::Input { .. } => error.to_string(),
    }
}

/// Returns a note on a pass, without the full stop.
fn note_text(locale: Locale, note: &Note) -> String {
    match note {
        Note::Served(why) => {
            let reason = match why {
                NotServed::Fails(error) => gpu_fault(locale, error),
                NotServed::Software { adapter } => td_string!(locale, faults.session.software, adapter = adapter),
                NotServed::LostAgain => td_string!(locale, faults.session.lost_again).to_owned(),
            };
            td_string!(locale, faults.session.served, reason = reason)
        }
        Note::Repeated { reason } => td_string!(locale, faults.session.repeated, reason = reason),
    }
}

/// Returns a sentence that says why a file is not available.
pub(in crate::app) fn store_fault(locale: Locale, error: &StoreError) -> String {
    match error {
        StoreError::Address { text } => td_string!(locale, faults.store.address, text = text),
        StoreError::NoDigest { text } => td_string!(locale, faults.store.no_digest, text = text),
        StoreError::Offline { name } => td_string!(locale, faults.store.offline, name = name),
        StoreError::Unreachable { host, reason } => {
            let host = if host == THIS_SITE { td_string!(locale, faults.store.this_site) } else { host };
            td_string!(locale, faults.store.unreachable, host = host, reason = reason)
        }
        StoreError::Cors { host, name } => td_string!(locale, faults.store.cors, host = host, name = name),
        StoreError::Status { name, status } => match status {
            401 | 403 => td_string!(locale, faults.store.status.permission, status = status, name = name),
            404 | 410 => td_string!(locale, faults.store.status.gone, status = status, name = name),
            429 | 500..=599 => td_string!(locale, faults.store.status.later, status = status, name = name),
            _ => td_string!(locale, faults.store.status.other, status = status, name = name),
        },
        StoreError::Broken { name, received, reason } => {
            td_string!(locale, faults.store.broken, name = name, received = received, reason = reason)
        }
        StoreError::Cancelled { name } => td_string!(locale, faults.store.cancelled, name = name),
        StoreError::Length { name, received, total } => {
            td_string!(locale, faults.store.length, name = name, received = received, total = total)
        }
        StoreError::Hash { name, expected, got } => {
            td_string!(locale, faults.store.hash, name = name, expected = expected, got = got)
        }
        StoreError::Full { name, needs, free } => {
            let mb = |bytes: u64| bytes.div_ceil(1_000_000);
            match (*needs, *free) {
                (Some(needs), Some(free)) => {
                    td_string!(locale, faults.store.full_free, name = name, needs = mb(needs), free = mb(free))
                }
                (Some(needs), None) => td_string!(locale, faults.store.full_needs, name = name, needs = mb(needs)),
                (None, _) => td_string!(locale, faults.store.full, name = name),
            }
        }
        StoreError::Busy { name } => td_string!(locale, faults.store.busy, name = name),
        StoreError::Storage { reason } => td_string!(locale, faults.store.storage, reason = reason),
    }
}

/// Returns the reason why the CPU engine failed.
pub(in crate::app) fn worker_fault(locale: Locale, error: &WorkerError) -> String {
    match error {
        WorkerError::NoStart { reason } => td_string!(locale, faults.worker.no_start, reason = reason),
        WorkerError::Died { reason } => td_string!(locale, faults.worker.died, reason = reason),
        WorkerError::Failed { reason } => reason.clone(),
        WorkerError::Cancelled => td_string!(locale, faults.worker.cancelled).to_owned(),
    }
}

/// Returns a sentence that says why there is no engine.
pub(in crate::app) fn engine_fault(locale: Locale, error: &EngineError) -> String {
    let EngineError::Cpu(error) = error;
    td_string!(locale, faults.engine.cpu, reason = worker_fault(locale, error))
}

/// Returns the reason why a pass failed.
pub(in crate::app) fn pass_fault(locale: Locale, fault: &Fault) -> String {
    match fault {
        Fault::Gpu(error) => gpu_fault(locale, error),
        Fault::Cpu(error) => worker_fault(locale, error),
    }
}

/// Returns the reason why the GPU engine does not run.
pub(in crate::app) fn no_gpu(locale: Locale, why: &NoGpu) -> String {
    match why {
        NoGpu::Fails(error) => gpu_fault(locale, error),
        NoGpu::Software(adapter) => td_string!(locale, stage.software, adapter = adapter),
        NoGpu::Slower { gpu, cpu } => {
            td_string!(locale, stage.slower, gpu = format!("{gpu:.1}"), cpu = format!("{cpu:.1}"))
        }
    }
}

/// Returns the reason why the GPU engine failed. Errors that only a bug of the page can cause are not translated.
pub(in crate::app) fn gpu_fault(locale: Locale, error: &GpuError) -> String {
    match error {
        GpuError::NoAdapter { reason } => td_string!(locale, faults.gpu.no_adapter, reason = reason),
        GpuError::Insecure => td_string!(locale, faults.gpu.insecure).to_owned(),
        GpuError::NoDevice { reason } => td_string!(locale, faults.gpu.no_device, reason = reason),
        GpuError::Lost { reason } => td_string!(locale, faults.gpu.lost, reason = reason),
        GpuError::TooLarge { what, needs, has } => {
            td_string!(locale, faults.gpu.too_large, what = what, needs = needs, has = has)
        }
        GpuError::OutOfMemory { needs: 0 } => td_string!(locale, faults.gpu.full).to_owned(),
        GpuError::OutOfMemory { needs } => {
            let needs = format!("{:.0}", *needs as f64 / f64::from(1 << 20));
            td_string!(locale, faults.gpu.full_needs, needs = needs)
        }
        GpuError::Tensor { name, reason } => td_string!(locale, faults.gpu.tensor, name = name, reason = reason),
        GpuError::Validation { reason } => td_string!(locale, faults.gpu.validation, reason = reason),
        GpuError::Readback { reason } => td_string!(locale, faults.gpu.readback, reason = reason),
        GpuError::Screen { reason } => td_string!(locale, faults.gpu.screen, reason = reason),
        GpuError::NotAblatable | GpuError::Input { .. } | GpuError::Slice { .. } => error.to_string(),
    }
}
