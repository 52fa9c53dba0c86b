//! The preference for reduced motion.

use leptos::prelude::window;

/// Returns whether the system asks for less motion (`prefers-reduced-motion`, Media Queries Level 5, section 12.1).
pub(in crate::app) fn is_reduced() -> bool {
    window().match_media("(prefers-reduced-motion: reduce)").ok().flatten().is_some_and(|query| query.matches())
}
