//! The page `/bench`: how long a pass of each network takes in this browser, and how the time divides among the layers.
//!
//! [`plan`] says what to time, [`timing`] times it, [`progress`] and [`report`] are its output. The other files are the
//! page: its state, its choices and its results.

mod result;
mod times;

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::{t, t_string, td_string};
use wasm_bindgen::JsValue;
use web_sys::{AbortController, AbortSignal, UrlSearchParams};
use words::i18n::{Locale, use_i18n};

pub(super) use times::{Doing, Plan, Report, run};

use super::language::PARAMETER;
use super::said::session::session_fault;
use super::session::{EngineChoice, SessionError};
use super::side_page::SideHeader;
use super::theme;
use super::{api, language};
use net::{self, FAMILIES, FamilyInfo};
use result::Results;
use times::Stage;

/// The path of the page.
pub(super) const PATH: &str = "/bench";
