#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| callcenter_test_support::fuzz::json::run(data));
