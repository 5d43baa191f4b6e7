//! The one symbol FreeSWITCH looks for in the module, and the functions behind it.

use crate::freeswitch::ffi::barrier;
use crate::freeswitch::ffi::sys::{
    self, switch_loadable_module_function_table_t, switch_loadable_module_interface_t, switch_memory_pool_t,
    switch_module_flag_enum_t, switch_status_t,
};
use crate::freeswitch::module::load;
use crate::freeswitch::module::unload;

/// What FreeSWITCH finds when it loads the module. There is no runtime function: nothing has to look round.
#[no_mangle]
#[allow(
    non_upper_case_globals,
    reason = "FreeSWITCH derives the name from the module's file"
)]
pub static mod_callcenter_module_interface: switch_loadable_module_function_table_t =
    switch_loadable_module_function_table_t {
        switch_api_version: sys::SWITCH_API_VERSION as i32,
        load: Some(on_load),
        shutdown: Some(on_shutdown),
        runtime: None,
        flags: switch_module_flag_enum_t::SMODF_NONE.0,
    };

unsafe extern "C" fn on_load(
    interface: *mut *mut switch_loadable_module_interface_t,
    pool: *mut switch_memory_pool_t,
) -> switch_status_t {
    barrier::contain(switch_status_t::SWITCH_STATUS_TERM, || match load::load() {
        Ok(()) => {
            // SAFETY: FreeSWITCH passes where to put the interface, and the pool it lives in.
            unsafe { load::register(interface, pool) };
            switch_status_t::SWITCH_STATUS_SUCCESS
        }
        Err(status) => status,
    })
}

unsafe extern "C" fn on_shutdown() -> switch_status_t {
    barrier::contain(switch_status_t::SWITCH_STATUS_NOUNLOAD, unload::unload)
}
