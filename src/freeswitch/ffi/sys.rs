//! FreeSWITCH's functions, layouts and constants, as bindgen found them in its headers.
#![allow(
    missing_docs,
    non_upper_case_globals,
    non_camel_case_types,
    non_snake_case,
    dead_code,
    clippy::all,
    clippy::pedantic
)]

include!(concat!(env!("OUT_DIR"), "/freeswitch.rs"));
