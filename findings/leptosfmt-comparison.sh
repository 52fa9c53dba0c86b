#!/usr/bin/env bash
# leptosfmt 0.1.33 removes braces that an attribute value needs, so that the view no longer compiles.
#
# With its default settings (attr_value_brace_style = "WhenRequired"), leptosfmt takes the braces from `{each > 3}`. The
# `>` of the comparison then ends the tag: the attribute has the value `each`, and the text of the element begins with
# `3>`. Formatting the result once more puts `3>` on a line of its own, so a second run does not undo the first. The exit
# status is 0 and the output says that the file is formatted.
#
# Seen with leptosfmt 0.1.33:
#     <div class:dense=each > 3></div>
# and after a second run:
#     <div class:dense=each>3></div>
#
# A way out: bind the comparison to a variable before the view.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cargo install --quiet --locked --root "$folder" leptosfmt@0.1.33
cat >"$folder/view.rs" <<'RUST'
fn stage(each: usize) -> impl IntoView {
    view! { <div class:dense={each > 3}></div> }
}
RUST
"$folder/bin/leptosfmt" --version
"$folder/bin/leptosfmt" --quiet "$folder/view.rs"
cat "$folder/view.rs"
grep -qF '<div class:dense=each > 3></div>' "$folder/view.rs"
"$folder/bin/leptosfmt" --quiet "$folder/view.rs"
cat "$folder/view.rs"
grep -qF '<div class:dense=each>3></div>' "$folder/view.rs"
