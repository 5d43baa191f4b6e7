//! The documents in the repository are those that are made of the names in the code.

use callcenter_reference::documents;
use std::path::Path;

#[test]
fn what_is_committed_is_what_would_be_generated() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for document in documents(&root).expect("documents") {
        let difference = document.first_difference(&root).expect("a document");
        if let Some(difference) = difference {
            panic!("run `make reference`: {difference}");
        }
    }
}
