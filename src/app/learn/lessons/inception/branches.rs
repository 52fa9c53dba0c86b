//! The branches of an Inception module on the page.

/// The branches: the CSS class of each, and its kernel as text. The last branch pools and has no text.
pub(super) const BRANCHES: [(&str, &str); 4] =
    [("lane-a", "1×1"), ("lane-b", "3×3"), ("lane-c", "5×5"), ("lane-d", "")];
