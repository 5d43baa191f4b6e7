//! Writes the documents that are made of the names in the code. `make reference` runs it.

use callcenter_reference::documents;
use std::io;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    match write() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn write() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for document in documents(&root)? {
        if document.first_difference(&root)?.is_some() {
            std::fs::write(root.join(document.path), &document.text)?;
            println!("{} is written anew", document.path);
        }
    }
    Ok(())
}
