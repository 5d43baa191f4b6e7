//! callcenter.conf.xml from a file, where there is no FreeSWITCH to read it: variables and includes are expanded as FreeSWITCH does it.

mod file;
mod places;
mod preprocess;

pub use file::{element_of, read_file, read_text, FileSource};
pub use preprocess::text_of;
