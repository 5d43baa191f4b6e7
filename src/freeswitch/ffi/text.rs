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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_for_c_ends_where_c_would_end_it() {
        assert_eq!(to_c("line"), c"line".to_owned());
        assert_eq!(to_c("li\0ne"), c"li".to_owned());
        assert_eq!(to_c("\0"), c"".to_owned());
        assert_eq!(to_c("Zoë"), c"Zoë".to_owned());
    }

    #[test]
    fn text_from_c_is_whatever_it_is_and_none_for_a_null_pointer() {
        let latin1 = c"Zo\xeb";
        // SAFETY: the string is a constant.
        let (text, bytes) = unsafe { (copy_of(latin1.as_ptr()), bytes_of(latin1.as_ptr())) };
        assert_eq!((text.as_str(), bytes), ("Zo\u{fffd}", &b"Zo\xeb"[..]));
        let null = std::ptr::null();
        // SAFETY: null is allowed.
        let (text, copy, bytes) = unsafe { (from_c(null), copy_of(null), bytes_of(null)) };
        assert_eq!((text, copy.as_str(), bytes), (None, "", &b""[..]));
    }

    #[test]
    fn memory_that_is_taken_is_freed_and_its_text_stays() {
        // SAFETY: the string is a constant; what comes back is malloc's.
        let text = unsafe { take(libc::strdup(c"from malloc".as_ptr())) };
        assert_eq!(text.as_deref(), Some("from malloc"));
        // SAFETY: null is allowed.
        assert_eq!(unsafe { take(std::ptr::null_mut()) }, None);
    }
}
