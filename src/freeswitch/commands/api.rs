//! The APIs `callcenter_config` and `callcenter_break`: one line in, one text out.

use crate::freeswitch::ffi::entry::entry;
use crate::freeswitch::module::Module;
use std::sync::Arc;

entry! {
    /// `callcenter_config`.
    command config, |module: &Arc<Module>, line| module.console.config_bytes(line)
}

entry! {
    /// `callcenter_break`.
    command break_agent, |module: &Arc<Module>, line| module.console.break_bytes(line)
}
