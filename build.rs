//! Binds the FreeSWITCH API: bindgen for what is a function, a layout or a constant, a C shim for macros and varargs.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    #[cfg(feature = "freeswitch")]
    freeswitch::build();
}

#[cfg(feature = "freeswitch")]
mod freeswitch {
    use std::path::{Path, PathBuf};
    use std::process::Command;

    /// Where FreeSWITCH's own build installs its pkg-config file when nobody says otherwise.
    const COMMON_PREFIXES: [&str; 3] = ["/usr/local/freeswitch", "/usr/local", "/opt/freeswitch"];

    /// The release whose layouts `include/abi` declares.
    const ABI_VERSION: &str = "1.11.1";

    /// What is not known when headers come without any word of their release.
    const UNKNOWN_VERSION: &str = "unknown";

    /// A place with FreeSWITCH headers.
    struct Headers {
        directories: Vec<PathBuf>,
        version: String,
    }

    pub fn build() {
        for name in ["FREESWITCH_INCLUDE_DIR", "PKG_CONFIG_PATH"] {
            println!("cargo:rerun-if-env-changed={name}");
        }
        println!("cargo:rerun-if-changed=include");
        let headers = from_environment()
            .or_else(from_pkg_config)
            .unwrap_or_else(own_declarations);
        println!("cargo:rustc-env=FREESWITCH_HEADERS_VERSION={}", headers.version);
        compile_shim(&headers);
        bind(&headers);
    }

    fn from_environment() -> Option<Headers> {
        let directory = PathBuf::from(std::env::var_os("FREESWITCH_INCLUDE_DIR").filter(|value| !value.is_empty())?);
        assert!(
            directory.join("switch.h").is_file(),
            "FREESWITCH_INCLUDE_DIR is {}, but there is no switch.h; point it at the directory that has switch.h",
            directory.display()
        );
        let version = version_beside(&directory);
        Some(Headers {
            directories: vec![directory],
            version,
        })
    }

    /// A source tree names its release in switch_version.h; an installed one in the pkg-config file of its prefix.
    fn version_beside(directory: &Path) -> String {
        let from_tree = std::fs::read_to_string(directory.join("switch_version.h"))
            .ok()
            .and_then(|text| {
                let line = text.lines().find(|line| line.contains("define SWITCH_VERSION_FULL "))?;
                line.split('"').nth(1).map(str::to_owned)
            });
        let from_prefix = || {
            let file = directory.ancestors().nth(2)?.join("lib/pkgconfig/freeswitch.pc");
            let text = std::fs::read_to_string(file).ok()?;
            text.lines()
                .find_map(|line| line.strip_prefix("Version:"))
                .map(|value| value.trim().to_owned())
        };
        from_tree
            .or_else(from_prefix)
            .unwrap_or_else(|| UNKNOWN_VERSION.to_owned())
    }

    fn from_pkg_config() -> Option<Headers> {
        let directories = include_directories(&pkg_config("--cflags-only-I")?);
        let version = pkg_config("--modversion")?.trim().to_owned();
        Some(Headers { directories, version }).filter(|headers| !headers.directories.is_empty())
    }

    fn include_directories(flags: &str) -> Vec<PathBuf> {
        flags
            .split_whitespace()
            .filter_map(|flag| flag.strip_prefix("-I"))
            .map(PathBuf::from)
            .collect()
    }

    fn pkg_config(question: &str) -> Option<String> {
        let mut path: Vec<PathBuf> = std::env::var_os("PKG_CONFIG_PATH")
            .iter()
            .flat_map(std::env::split_paths)
            .collect();
        path.extend(
            COMMON_PREFIXES
                .iter()
                .map(|prefix| Path::new(prefix).join("lib/pkgconfig")),
        );
        let path = std::env::join_paths(path).ok()?;
        let answer = Command::new("pkg-config")
            .env("PKG_CONFIG_PATH", path)
            .args([question, "freeswitch"])
            .output()
            .ok()?;
        answer
            .status
            .success()
            .then(|| String::from_utf8_lossy(&answer.stdout).into_owned())
    }

    fn own_declarations() -> Headers {
        println!(
            "cargo:warning=no FreeSWITCH headers found: building with include/abi ({ABI_VERSION}). Set \
             FREESWITCH_INCLUDE_DIR before installing the module into a FreeSWITCH."
        );
        Headers {
            directories: vec![PathBuf::from("include/abi")],
            version: ABI_VERSION.to_owned(),
        }
    }

    fn compile_shim(headers: &Headers) {
        let mut shim = cc::Build::new();
        shim.file("include/shim.c")
            .include("include")
            .flag_if_supported("-std=gnu11");
        for directory in &headers.directories {
            // Not "-I": what the headers of others are warned about is not ours to mend.
            shim.flag("-isystem").flag(&*directory.to_string_lossy());
        }
        shim.warnings(true).extra_warnings(true).compile("callcenter_shim");
    }

    fn bind(headers: &Headers) {
        let mut builder = bindgen::Builder::default()
            .header("include/wrapper.h")
            .clang_arg("-Iinclude");
        for directory in &headers.directories {
            builder = builder.clang_arg(format!("-I{}", directory.display()));
        }
        let bindings = builder
            .allowlist_file(".*include/shim\\.h")
            .allowlist_function(FUNCTIONS)
            .allowlist_type(TYPES)
            .allowlist_var("SWITCH_API_VERSION|SWITCH_GLOBAL_dirs")
            // C writes any integer into an enum; a Rust enum would make that undefined behaviour.
            .default_enum_style(bindgen::EnumVariation::NewType {
                is_bitfield: false,
                is_global: false,
            })
            .layout_tests(false)
            .generate_comments(false)
            .derive_debug(false)
            .use_core()
            .generate()
            .expect("bindgen could not read the FreeSWITCH headers (is libclang installed?)");
        let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
        bindings
            .write_to_file(out.join("freeswitch.rs"))
            .expect("OUT_DIR is writable");
    }

    /// Every function of libfreeswitch the adapter calls without the shim.
    const FUNCTIONS: &str = "switch_(\
        cache_db_(execute_sql|execute_sql_callback|release_db_handle)\
        |caller_get_field_by_name\
        |channel_(add_state_handler|cause2str|check_signal|clear_state_handler|event_set_data|get_caller_profile\
            |get_cause|get_partner_uuid|get_private|get_running_state|get_state|get_timetable|get_uuid|process_export\
            |set_flag_value|str2cause|test_flag|wait_for_flag)\
        |console_set_complete\
        |core_(idle_cpu|min_idle_cpu|ready|ready_outbound|sps)\
        |core_session_(count|flush_private_events|get_channel|get_uuid|in_thread|limit|rwunlock)\
        |database_available\
        |event_(add_header_string|bind_removable|destroy|merge|unbind)\
        |ivr_(collect_digits_callback|originate|park_session|play_file|record_session|session_transfer|stop_record_session|uuid_bridge)\
        |loadable_module_create_(interface|module_interface)\
         |micro_time_now|uuid_str|version_full|xml_free|xml_open_cfg|xml_reload\
        )|_switch_cache_db_get_db_handle_dsn_ex";

    /// Every type whose layout the adapter looks into, and every enum it names a value of.
    const TYPES: &str = "switch_(\
        api_interface|application_flag_enum|application_interface|bool|call_cause|channel_flag|channel_state\
        |channel_timetable|directories|dtmf|event_types|input_args|input_type|json_api_interface\
        |loadable_module_function_table|log_level|module_flag_enum|module_interface_name|originate_flag_enum|stack\
        |state_handler_flag|state_handler_table|status|xml\
        )(_t)?";
}
