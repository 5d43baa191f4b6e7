#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| mod_callcenter_fuzz::engine::run(data));
