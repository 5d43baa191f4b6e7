//! Loading: configuration, database, engine, threads, and what FreeSWITCH may call from then on.

use crate::commands::{Answering, Console, USAGE};
use crate::config::{ConfigRequest, ConfigSource, Configuration};
use crate::driver::{Clock, Driver, Reception, SteadyClock, TimerThread};
use crate::engine::{ChangesByOthers, Engine, Input, OfferId, Settings, Snapshot, Talk};
use crate::freeswitch::agent_leg::devices::DeviceBindings;
use crate::freeswitch::agent_leg::legs::LegBinding;
use crate::freeswitch::agent_leg::track;
use crate::freeswitch::caller::app;
use crate::freeswitch::commands::api;
use crate::freeswitch::commands::completion;
use crate::freeswitch::commands::json;
use crate::freeswitch::database;
use crate::freeswitch::ffi::event::SUBCLASS;
use crate::freeswitch::ffi::log::{self, Level};
use crate::freeswitch::ffi::sys::{
    self, switch_api_interface_t, switch_application_flag_enum_t, switch_application_interface_t,
    switch_json_api_interface_t, switch_loadable_module_interface_t, switch_memory_pool_t,
    switch_module_interface_name_t as Kind, switch_status_t,
};
use crate::freeswitch::ffi::text::to_c;
use crate::freeswitch::module::join::{self, Joined};
use crate::freeswitch::module::local_time;
use crate::freeswitch::module::switch::FreeSwitch;
use crate::freeswitch::module::version;
use crate::freeswitch::module::xml::XmlSource;
use crate::freeswitch::module::{self, Module, Services};
use crate::freeswitch::outward::presence::ProbeBinding;
use crate::freeswitch::outward::queue_log::{self, HangupSignalBinding};
use crate::freeswitch::talk::adoption::{self, StandingLegs};
use crate::freeswitch::talk::unbridge::BridgeBindings;
use crate::store::{self, Journal, JournalThread, Layout, Opened, StoreError, TakeUp};
use once_cell::sync::Lazy;
use parking_lot::Mutex;
use std::ffi::{CStr, CString};
use std::sync::Arc;

/// Builds the running module.
///
/// # Errors
/// What FreeSWITCH is to be told; the log says why.
pub fn load() -> Result<(), switch_status_t> {
    // SAFETY: the name is a constant.
    let reserved = unsafe { sys::callcenter_event_reserve_subclass(SUBCLASS.as_ptr()) };
    if reserved != switch_status_t::SWITCH_STATUS_SUCCESS {
        log::error(
            None,
            "Couldn't register subclass callcenter::info! Is another call centre module loaded?",
        );
        return Err(switch_status_t::SWITCH_STATUS_TERM);
    }
    match build() {
        Ok((module, before)) => {
            let adopted = match before {
                Before::OfCluster(talks) => adoption::adopt_into_cluster(&module, talks),
                Before::OfBox(standing) => adoption::adopt(&module, standing),
            };
            module::start(Arc::clone(&module));
            if let Some(cluster_box) = &module.cluster_box {
                cluster_box.begin_deeds();
            }
            adopted.check(&module);
            completion::add();
            Ok(())
        }
        Err(trouble) => {
            log::write(trouble.level, None, &trouble.text);
            free_subclass();
            Err(trouble.status)
        }
    }
}

/// Gives the event subclass back.
pub fn free_subclass() {
    // SAFETY: the name is a constant.
    unsafe { sys::callcenter_event_free_subclass(SUBCLASS.as_ptr()) };
}

/// Why the module does not load.
struct Trouble {
    level: Level,
    status: switch_status_t,
    text: String,
}

impl Trouble {
    fn error(status: switch_status_t, text: impl Into<String>) -> Self {
        Self {
            level: Level::SWITCH_LOG_ERROR,
            status,
            text: text.into(),
        }
    }

    /// Stock calls a database that cannot be opened critical.
    fn database(text: impl std::fmt::Display) -> Self {
        let text = format!("Cannot open DB! {text}");
        Self {
            level: Level::SWITCH_LOG_CRIT,
            status: switch_status_t::SWITCH_STATUS_TERM,
            text,
        }
    }
}

/// What is known of what was up before the module was loaded.
enum Before {
    /// A call centre by itself: the standing legs that its database names.
    OfBox(StandingLegs),
    /// A box of a cluster: the talks, as the others know them.
    OfCluster(Vec<(OfferId, Talk)>),
}

/// The module, and what was up before it.
fn build() -> Result<(Arc<Module>, Before), Trouble> {
    version::compare();
    let source = Arc::new(XmlSource);
    let term = switch_status_t::SWITCH_STATUS_TERM;
    let mut configuration = source
        .read(&ConfigRequest::default())
        .map_err(|error| Trouble::error(term, error.to_string()))?;
    let switch = FreeSwitch::new(queue_log::open(&configuration.settings));
    if let Some(joined) = join::join(&mut configuration, &switch, &source) {
        return build_box(joined, switch, source);
    }
    let interval = configuration.settings.rows_by_others_interval;
    let (driver, journal, standing) = start_driver(&configuration, &switch)?;
    let reception = Arc::clone(&driver) as Arc<dyn Reception>;
    switch.report_to(&reception);
    apply(&driver, configuration);
    let timers = TimerThread::start(Arc::clone(&driver)).map_err(|error| {
        Trouble::error(
            switch_status_t::SWITCH_STATUS_GENERR,
            format!("Cannot start the timer thread: {error}"),
        )
    })?;
    let services = Services {
        timers: Some(timers),
        rows: interval.map(|interval| journal.watch(interval, told_to(&driver))),
        ..bindings()?
    };
    let console = Console::new(driver, Arc::clone(&source) as Arc<dyn ConfigSource>);
    tell_contradictions(&console);
    let module = Module {
        reception,
        cluster_box: None,
        switch,
        console: Arc::new(console),
        source,
        services: Mutex::new(services),
    };
    Ok((Arc::new(module), Before::OfBox(standing)))
}

/// The module as a box of a cluster.
fn build_box(
    (cluster_box, talks): Joined,
    switch: Arc<FreeSwitch>,
    source: Arc<XmlSource>,
) -> Result<(Arc<Module>, Before), Trouble> {
    let reception = Arc::clone(&cluster_box) as Arc<dyn Reception>;
    switch.report_to(&reception);
    let module = Module {
        reception,
        switch,
        console: Arc::clone(&cluster_box) as Arc<dyn Answering>,
        cluster_box: Some(cluster_box),
        source,
        services: Mutex::new(bindings()?),
    };
    let talks = talks.into_iter().map(|known| (known.offer, known.talk));
    Ok((Arc::new(module), Before::OfCluster(talks.collect())))
}

/// Opens the database and gives the engine what it kept.
fn start_driver(
    configuration: &Configuration,
    switch: &Arc<FreeSwitch>,
) -> Result<(Arc<Driver>, Arc<JournalThread>, StandingLegs), Trouble> {
    let settings = &configuration.settings;
    let Opened {
        store,
        mut snapshot,
        trouble,
    } = database::open(settings, take_up(settings)).map_err(Trouble::database)?;
    if let Some(trouble) = &trouble {
        say_loudly(trouble, &snapshot);
    }
    let trouble = trouble.map(|trouble| trouble.0);
    let report = Box::new(|notice| log::write_notice(&notice));
    let journal = JournalThread::start_in_trouble(store, report, trouble).map_err(Trouble::database)?;
    let journal = Arc::new(journal);
    let (agents, tiers) = (settings.truncate_agents_on_load, settings.truncate_tiers_on_load);
    journal.record(store::truncate(&mut snapshot, &settings.instance_id, agents, tiers));
    let clock = SteadyClock::starting_now(crate::freeswitch::ffi::time::wall);
    let engine = Engine::new(settings.clone(), clock.now().micros() as u64);
    let driver = Driver::new(
        engine,
        Arc::new(clock),
        Arc::clone(switch) as Arc<_>,
        Arc::clone(&journal) as Arc<_>,
    );
    let driver = Arc::new(driver.numbering_events());
    let standing = StandingLegs::of(&snapshot);
    // Nothing of this can be refused: rows are taken up as they are.
    let _ = driver.submit(Input::LocalTime(local_time::from(driver.wall())));
    let _ = driver.submit(Input::Restore(snapshot));
    Ok((driver, journal, standing))
}

/// Calls are worth more than the database: the module starts without it, and says so.
fn say_loudly(trouble: &StoreError, snapshot: &Snapshot) {
    let with = if snapshot.agents.is_empty() {
        "the agents and tiers of callcenter.conf.xml only"
    } else {
        "what could be read of it"
    };
    let text = format!(
        "{trouble} The call centre starts with {with}. Calls go on; changes are kept in memory, and lost if FreeSWITCH ends \
         before the database works again. It is tried again every second, and taken up when it works: there is no need to \
         restart FreeSWITCH."
    );
    log::write(Level::SWITCH_LOG_CRIT, None, &text);
}

/// Which rows count of a database that can be used only later.
fn take_up(settings: &Settings) -> TakeUp {
    TakeUp {
        agents: !settings.truncate_agents_on_load,
        queues: settings.queues_from_db,
        tiers: !settings.truncate_tiers_on_load,
        layout: Layout::of(settings),
    }
}

/// Gives the engine what the configuration says, in stock's order.
fn apply(driver: &Driver, configuration: Configuration) {
    let Configuration {
        queues, agents, tiers, ..
    } = configuration;
    let inputs = queues
        .into_iter()
        .map(Input::LoadQueue)
        .chain(agents.into_iter().map(Input::ApplyAgent))
        .chain(tiers.into_iter().map(Input::ApplyTier));
    for input in inputs {
        // Only a tier can be refused; the engine says why, and the rest is loaded without it.
        let _ = driver.submit(input);
    }
}

/// How many contradictions the log tells of at load; thousands of agents may have the same trouble.
const MOST_TOLD: usize = 50;

fn tell_contradictions(console: &Console) {
    let findings = console.contradictions();
    for finding in findings.iter().take(MOST_TOLD) {
        log::warning(None, &finding.to_string());
    }
    if findings.len() > MOST_TOLD {
        let more = findings.len() - MOST_TOLD;
        log::warning(
            None,
            &format!("{more} more contradictions: callcenter_config check lists them all."),
        );
    }
}

/// What FreeSWITCH's events are listened to with.
fn bindings() -> Result<Services, Trouble> {
    let general = switch_status_t::SWITCH_STATUS_GENERR;
    let bound = "Failed to subscribe for events!";
    Ok(Services {
        timers: None,
        rows: None,
        probes: Some(ProbeBinding::new().ok_or_else(|| Trouble::error(general, bound))?),
        bridges: Some(BridgeBindings::new().ok_or_else(|| Trouble::error(general, bound))?),
        legs: Some(LegBinding::new().ok_or_else(|| Trouble::error(general, bound))?),
        devices: Some(DeviceBindings::new().ok_or_else(|| Trouble::error(general, bound))?),
        hangup_signals: Some(HangupSignalBinding::new().ok_or_else(|| Trouble::error(general, bound))?),
    })
}

/// Hands the engine what others change in the database.
fn told_to(driver: &Arc<Driver>) -> impl Fn(ChangesByOthers) + Send + 'static {
    let driver = Arc::clone(driver);
    move |changes| {
        // Rows are taken up as they are; there is nothing to refuse.
        let _ = driver.submit_and_leave(Input::RowsChanged(changes));
    }
}

/// Tells FreeSWITCH which applications and APIs there are.
///
/// # Safety
/// `interface` and `pool` are what FreeSWITCH passes to a module's load function.
pub unsafe fn register(interface: *mut *mut switch_loadable_module_interface_t, pool: *mut switch_memory_pool_t) {
    // SAFETY: the pool is FreeSWITCH's, the name a constant, and the place to write to is given.
    let module = unsafe {
        let module = sys::switch_loadable_module_create_module_interface(pool, c"mod_callcenter".as_ptr());
        *interface = module;
        module
    };
    // SAFETY: the interface was just made, and every name and function below lives as long as the module is loaded.
    unsafe {
        add_application(module, &CALLCENTER);
        add_application(module, &CALLCENTER_TRACK);
        add_api(
            module,
            c"callcenter_config",
            c"Config of callcenter",
            &CONFIG_SYNTAX,
            api::config,
        );
        add_api(
            module,
            c"callcenter_break",
            c"Stop watching an uuid and release agent",
            BREAK_SYNTAX,
            api::break_agent,
        );
        add_json_api(module);
    }
}

/// The usage text as C text, for as long as the module is loaded.
static CONFIG_SYNTAX: Lazy<CString> = Lazy::new(|| to_c(&USAGE));
const BREAK_SYNTAX: &CStr = c"callcenter_break agent <uuid>";

struct Application {
    name: &'static CStr,
    short: &'static CStr,
    long: &'static CStr,
    function: unsafe extern "C" fn(*mut sys::switch_core_session_t, *const std::ffi::c_char),
    flags: switch_application_flag_enum_t,
}

static CALLCENTER: Application = Application {
    name: c"callcenter",
    short: c"CallCenter",
    long: c"callcenter",
    function: app::application,
    flags: switch_application_flag_enum_t::SAF_SUPPORT_TEXT_ONLY,
};

static CALLCENTER_TRACK: Application = Application {
    name: c"callcenter_track",
    short: c"CallCenter Track Call",
    long: c"Track external mod_callcenter calls to avoid place new calls",
    function: track::application,
    flags: switch_application_flag_enum_t::SAF_SUPPORT_NOMEDIA,
};

/// # Safety
/// `module` is alive.
unsafe fn add_application(module: *mut switch_loadable_module_interface_t, application: &'static Application) {
    // SAFETY: FreeSWITCH makes an interface of the kind asked for, in the module's pool.
    unsafe {
        let made = sys::switch_loadable_module_create_interface(module, Kind::SWITCH_APPLICATION_INTERFACE);
        let made = made.cast::<switch_application_interface_t>();
        (*made).interface_name = application.name.as_ptr();
        (*made).application_function = Some(application.function);
        (*made).short_desc = application.short.as_ptr();
        (*made).long_desc = application.long.as_ptr();
        (*made).syntax = c"queue_name".as_ptr();
        (*made).flags = application.flags.0;
    }
}

/// # Safety
/// `module` is alive.
unsafe fn add_api(
    module: *mut switch_loadable_module_interface_t,
    name: &'static CStr,
    description: &'static CStr,
    syntax: &'static CStr,
    function: unsafe extern "C" fn(
        *const std::ffi::c_char,
        *mut sys::switch_core_session_t,
        *mut sys::switch_stream_handle_t,
    ) -> switch_status_t,
) {
    // SAFETY: as in `add_application`.
    unsafe {
        let made = sys::switch_loadable_module_create_interface(module, Kind::SWITCH_API_INTERFACE);
        let made = made.cast::<switch_api_interface_t>();
        (*made).interface_name = name.as_ptr();
        (*made).desc = description.as_ptr();
        (*made).function = Some(function);
        (*made).syntax = syntax.as_ptr();
    }
}

/// # Safety
/// `module` is alive.
unsafe fn add_json_api(module: *mut switch_loadable_module_interface_t) {
    // SAFETY: as in `add_application`.
    unsafe {
        let made = sys::switch_loadable_module_create_interface(module, Kind::SWITCH_JSON_API_INTERFACE);
        let made = made.cast::<switch_json_api_interface_t>();
        (*made).interface_name = c"callcenter_config".as_ptr();
        (*made).desc = c"JSON Callcenter API".as_ptr();
        (*made).function = Some(json::api);
        (*made).syntax = c"".as_ptr();
    }
}
