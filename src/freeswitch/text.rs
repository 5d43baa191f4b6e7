//! Text across the border: Rust's to C's and back. Nothing that comes from outside can fail here.

use std::borrow::Cow;
use std::ffi::{c_char, CStr, CString};

/// `text` for C. C strings end at a NUL, so one inside ends the text.
pub fn to_c(text: &str) -> CString {
    let bytes = text.split('\0').next().unwrap_or_default();
    // No NUL is left, so this cannot fail.
    CString::new(bytes).unwrap_or_default()
}

/// The text at `pointer`; none for a null pointer. What is no UTF-8 is replaced.
///
/// # Safety
/// `pointer` is null, or a NUL-terminated string that lives as long as `'a` and does not change meanwhile.
pub unsafe fn from_c<'a>(pointer: *const c_char) -> Option<Cow<'a, str>> {
    // SAFETY: not null, and by the contract of this function a live string.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) }.to_string_lossy())
}

/// The bytes at `pointer`, whatever they are; none for a null pointer.
///
/// # Safety
/// As for [`from_c`].
pub unsafe fn bytes_of<'a>(pointer: *const c_char) -> &'a [u8] {
    if pointer.is_null() {
        return &[];
    }
    // SAFETY: not null, and by the contract of this function a live string.
    unsafe { CStr::from_ptr(pointer) }.to_bytes()
}

/// As [`from_c`], as a copy, empty for a null pointer.
///
/// # Safety
/// As for [`from_c`].
pub unsafe fn copy_of(pointer: *const c_char) -> String {
    // SAFETY: passed on to the caller.
    unsafe { from_c(pointer) }.unwrap_or_default().into_owned()
}

/// The text at `pointer`, which was allocated with malloc and is freed here; none for a null pointer.
///
/// # Safety
/// `pointer` is null or a NUL-terminated string from malloc that nobody else frees.
pub unsafe fn take(pointer: *mut c_char) -> Option<String> {
    // SAFETY: passed on to the caller.
    let text = unsafe { from_c(pointer) }?.into_owned();
    // SAFETY: the memory is malloc's and ours, and the copy no longer refers to it.
    unsafe { libc::free(pointer.cast()) };
    Some(text)
}
