//! What the names of elements have in common.

use crate::engine::LONGEST_NAME;

/// What is wrong with an element whose name does not fit into stock's tables.
pub(super) fn too_long(element: &str, name: &str) -> String {
    let beginning: String = name.chars().take(32).collect();
    format!(
        "<{element} name=\"{beginning}...\">: the name has {} characters; the {element} is ignored. Use at most {LONGEST_NAME}.",
        name.chars().count()
    )
}
