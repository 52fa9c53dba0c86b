//! The branches of an Inception module on the page.

/// The branches: the CSS class of each, and its kernel as text. The last branch pools and has no text.
pub(super) const BRANCHES: [(&str, &str); 4] =
    [("branch-a", "1×1"), ("branch-b", "3×3"), ("branch-c", "5×5"), ("branch-d", "")];
