//! The configuration of a private FreeSWITCH: as little as the scenarios need.

use std::fmt::Write;
use std::path::Path;

use crate::call_centre::CallCenter;

/// The password of the event socket.
pub const PASSWORD: &str = "host-test";

/// The password of every user in the directory.
pub const USER_PASSWORD: &str = "1234";

/// What a test wants its FreeSWITCH to be.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// `callcenter.conf.xml`.
    pub callcenter: String,
    /// Extensions put in front of the usual ones in the context callers come in by.
    pub extensions: String,
    /// Modules to load beside the usual ones.
    pub modules: Vec<String>,
    /// Lua scripts, file name and text.
    pub scripts: Vec<(String, String)>,
    /// Further `<configuration>` elements.
    pub configuration: String,
    /// Phones may subscribe to presence.
    pub presence: bool,
    /// A clock that ticks every millisecond in place of every twenty, for measurements.
    pub fine_clock: bool,
    /// Only warnings are logged, for measurements: FreeSWITCH's own debug lines cost more than many a call.
    pub quiet: bool,
    /// FreeSWITCH alone, without a call-centre module, for measurements.
    pub bare: bool,
    /// Commands of the event socket that subscribe, in place of the usual ones. `BACKGROUND_JOB` has to be among the events.
    pub events: Option<&'static [&'static str]>,
    /// Variables in the environment of FreeSWITCH.
    pub environment: Vec<(&'static str, String)>,
    /// A program that FreeSWITCH runs under, with its arguments: one that looks closely and is slow.
    pub under: Vec<String>,
}

impl Setup {
    /// A setup with this call centre and nothing special.
    pub fn new(callcenter: &CallCenter) -> Setup {
        Setup {
            callcenter: callcenter.xml(),
            ..Setup::default()
        }
    }

    /// Adds extensions to the callers' context.
    pub fn extensions(mut self, xml: &str) -> Setup {
        self.extensions.push_str(xml);
        self
    }
}

/// The ports of one private FreeSWITCH.
#[derive(Debug, Clone, Copy)]
pub struct Ports {
    /// Event socket.
    pub esl: u16,
    /// The SIP profile callers and registered phones use; context `default`.
    pub desk: u16,
    /// The SIP profile on which FreeSWITCH plays the agents' phones; context `phones`.
    pub phones: u16,
    /// First and last media port.
    pub media: (u16, u16),
}

/// Modules that serve others and are loaded before them, and unloaded after them.
const DATABASE_DRIVERS: [&str; 2] = ["mod_pgsql", "mod_mariadb"];

/// Modules every private FreeSWITCH loads.
const MODULES: &[&str] = &[
    "mod_logfile",
    "mod_event_socket",
    "mod_sofia",
    "mod_loopback",
    "mod_commands",
    "mod_dptools",
    "mod_dialplan_xml",
    "mod_expr",
    "mod_hash",
    "mod_db",
    "mod_say_en",
    "mod_sndfile",
    "mod_native_file",
    "mod_tone_stream",
    "mod_local_stream",
];

/// Writes `freeswitch.xml` and `callcenter.conf.xml` into `dir/conf`, and the scripts into `dir/scripts`.
pub fn write(dir: &Path, setup: &Setup, ports: Ports) -> std::io::Result<()> {
    std::fs::write(dir.join("conf/callcenter.conf.xml"), &setup.callcenter)?;
    std::fs::write(dir.join("conf/freeswitch.xml"), freeswitch_xml(dir, setup, ports))?;
    for (name, text) in &setup.scripts {
        std::fs::write(dir.join("scripts").join(name), text)?;
    }
    Ok(())
}

fn freeswitch_xml(dir: &Path, setup: &Setup, ports: Ports) -> String {
    let dir = dir.display();
    let modules = MODULES.iter().copied();
    let wanted = setup.modules.iter().map(String::as_str);
    let call_centre = (!setup.bare).then_some("mod_callcenter");
    let modules = modules.chain(wanted).chain(call_centre);
    let (drivers, modules): (Vec<&str>, Vec<&str>) = modules.partition(|name| DATABASE_DRIVERS.contains(name));
    let load = |names: Vec<&str>| -> String {
        let loads: Vec<_> = names.iter().map(|name| format!("<load module=\"{name}\"/>")).collect();
        loads.concat()
    };
    let (drivers, modules) = (load(drivers), load(modules));
    let Ports {
        esl,
        media: (first_media, last_media),
        ..
    } = ports;
    let (log_level, logged) = if setup.quiet {
        ("warning", "warning,err,crit,alert")
    } else {
        ("debug", "debug,info,notice,warning,err,crit,alert")
    };
    format!(
        r#"<?xml version="1.0"?>
<document type="freeswitch/xml">
  <X-PRE-PROCESS cmd="set" data="domain=127.0.0.1"/>
  <X-PRE-PROCESS cmd="set" data="default_password={USER_PASSWORD}"/>
  <X-PRE-PROCESS cmd="set" data="sounds_dir={dir}/sounds"/>
  <X-PRE-PROCESS cmd="set" data="desk_port={desk}"/>
  <X-PRE-PROCESS cmd="set" data="phones_port={phones}"/>
  <section name="configuration">
    <configuration name="pre_load_modules.conf"><modules>{drivers}</modules></configuration>
    <configuration name="modules.conf"><modules>{modules}</modules></configuration>
    <configuration name="switch.conf"><settings>
      <param name="switchname" value="host-test"/>
      <param name="loglevel" value="{log_level}"/>
      <param name="max-sessions" value="3000"/>
      <param name="sessions-per-second" value="3000"/>
      <param name="1ms-timer" value="{fine_clock}"/>
      <param name="rtp-start-port" value="{first_media}"/>
      <param name="rtp-end-port" value="{last_media}"/>
      <param name="dump-cores" value="no"/>
    </settings></configuration>
    <configuration name="logfile.conf"><profiles><profile name="default">
      <settings><param name="logfile" value="{dir}/log/freeswitch.log"/></settings>
      <mappings><map name="all" value="{logged}"/></mappings>
    </profile></profiles></configuration>
    <configuration name="event_socket.conf"><settings>
      <param name="listen-ip" value="127.0.0.1"/>
      <param name="listen-port" value="{esl}"/>
      <param name="password" value="{PASSWORD}"/>
      <param name="apply-inbound-acl" value="loopback.auto"/>
    </settings></configuration>
    <configuration name="acl.conf"><network-lists/></configuration>
    <configuration name="timezones.conf"><timezones/></configuration>
    <configuration name="local_stream.conf"><directory name="default" path="{dir}/sounds/moh/8000">
      <param name="rate" value="8000"/><param name="shuffle" value="false"/><param name="channels" value="1"/>
      <param name="interval" value="20"/><param name="timer-name" value="soft"/>
    </directory></configuration>
    <configuration name="lua.conf"><settings>
      <param name="script-directory" value="{dir}/scripts/?.lua"/>
    </settings></configuration>
    <configuration name="sofia.conf">
      <global_settings><param name="log-level" value="0"/></global_settings>
      <profiles>{desk_profile}{phones_profile}</profiles>
    </configuration>
    {configuration}
    <X-PRE-PROCESS cmd="include" data="callcenter.conf.xml"/>
  </section>
  <section name="dialplan">
    <context name="default">{extensions}{CALLERS}</context>
    <context name="phones">{PHONES}</context>
  </section>
  <section name="directory">{directory}</section>
  <section name="languages">{PHRASES}</section>
</document>
"#,
        desk = ports.desk,
        phones = ports.phones,
        desk_profile = sip_profile("desk", ports.desk, "default", setup.presence),
        phones_profile = sip_profile("phones", ports.phones, "phones", false),
        configuration = setup.configuration,
        extensions = setup.extensions,
        fine_clock = setup.fine_clock,
        directory = directory(),
    )
}

fn sip_profile(name: &str, port: u16, context: &str, presence: bool) -> String {
    let params = [
        ("context", context),
        ("dialplan", "XML"),
        ("sip-ip", "127.0.0.1"),
        ("rtp-ip", "127.0.0.1"),
        ("auth-calls", "false"),
        ("auth-subscriptions", "false"),
        ("accept-blind-auth", "false"),
        ("force-register-domain", "127.0.0.1"),
        ("inbound-codec-prefs", "PCMU"),
        ("outbound-codec-prefs", "PCMU"),
        ("rtp-timer-name", "soft"),
        ("inbound-codec-negotiation", "generous"),
        ("manage-presence", if presence { "true" } else { "false" }),
        ("disable-register", "false"),
    ];
    let mut xml = format!(r#"<profile name="{name}"><settings><param name="sip-port" value="{port}"/>"#);
    for (key, value) in params {
        let _ = write!(xml, r#"<param name="{key}" value="{value}"/>"#);
    }
    xml.push_str("</settings></profile>");
    xml
}

/// The users of the tutorials, found by `user/1001`.
fn directory() -> String {
    let users: Vec<String> = ["1001", "1002", "1003"]
        .iter()
        .map(|id| {
            format!(
                r#"<user id="{id}"><params><param name="password" value="$${{default_password}}"/></params>
                <variables><variable name="user_context" value="default"/>
                <variable name="effective_caller_id_name" value="Extension {id}"/>
                <variable name="effective_caller_id_number" value="{id}"/></variables></user>"#
            )
        })
        .collect();
    let users = users.concat();
    format!(
        r#"<domain name="$${{domain}}">
        <params><param name="dial-string" value="${{sofia_contact(*/${{dialed_user}}@${{dialed_domain}})}}"/></params>
        <groups><group name="default"><users>{users}</users></group></groups></domain>"#
    )
}

/// Two sounds one after the other, as `phrase:hold`, and the phrases that come with the module.
const PHRASES: &str = concat!(
    r#"
<language name="en" say-module="en" sound-prefix="$${sounds_dir}"><phrases><macros>
  <macro name="hold"><input pattern="(.*)"><match>
    <action function="play-file" data="ivr/ivr-you_are_number.wav"/>
    <action function="play-file" data="digits/1.wav"/>
  </match></input></macro>
"#,
    include_str!("../../../../conf/lang/callcenter.xml"),
    "</macros></phrases></language>"
);

/// Callers dial `queue-NAME` for the queue `NAME@default` and go on in the dialplan afterwards.
const CALLERS: &str = r#"
<extension name="queue"><condition field="destination_number" expression="^queue-(.+)$">
  <action application="callcenter" data="$1@default"/>
  <action application="set" data="after_queue=reached"/>
  <action application="hangup" data="NORMAL_CLEARING"/>
</condition></extension>
"#;

/// What an agent's phone does when it is rung, by the last word of the number: `a1-answer`, `a1-reject` ...
const PHONES: &str = r#"
<extension name="answer"><condition field="destination_number" expression="^.+-answer$">
  <action application="answer"/>
  <action application="playback" data="tone_stream://%(1000,0,350);loops=-1"/>
</condition></extension>
<extension name="answer-late"><condition field="destination_number" expression="^.+-answer-after-(\d+)$">
  <action application="ring_ready"/>
  <action application="sleep" data="$1"/>
  <action application="answer"/>
  <action application="playback" data="tone_stream://%(1000,0,350);loops=-1"/>
</condition></extension>
<extension name="late-talk"><condition field="destination_number" expression="^.+-answer-(\d+)-talk-(\d+)$">
  <action application="ring_ready"/>
  <action application="sleep" data="$1"/>
  <action application="answer"/>
  <action application="sleep" data="$2"/>
  <action application="hangup" data="NORMAL_CLEARING"/>
</condition></extension>
<extension name="short-talk"><condition field="destination_number" expression="^.+-talk-(\d+)$">
  <action application="answer"/>
  <action application="sleep" data="$1"/>
  <action application="hangup" data="NORMAL_CLEARING"/>
</condition></extension>
<extension name="silent"><condition field="destination_number" expression="^.+-ring$">
  <action application="ring_ready"/>
  <action application="sleep" data="120000"/>
</condition></extension>
<extension name="dead"><condition field="destination_number" expression="^.+-slow$">
  <action application="sleep" data="120000"/>
</condition></extension>
<extension name="reject"><condition field="destination_number" expression="^.+-reject$">
  <action application="hangup" data="CALL_REJECTED"/>
</condition></extension>
<extension name="busy"><condition field="destination_number" expression="^.+-busy$">
  <action application="hangup" data="USER_BUSY"/>
</condition></extension>
<extension name="respond"><condition field="destination_number" expression="^.+-respond-(\d+)$">
  <action application="respond" data="$1"/>
</condition></extension>
<extension name="at-once"><condition field="destination_number" expression="^.+-answer-and-go$">
  <action application="answer"/>
  <action application="hangup" data="NORMAL_CLEARING"/>
</condition></extension>
<extension name="itself"><condition field="destination_number" expression="^.+-moved-to-itself$">
  <action application="redirect" data="sip:${destination_number}@127.0.0.1:$${phones_port}"/>
</condition></extension>
<extension name="moved"><condition field="destination_number" expression="^(.+)-moved-to-(.+)$">
  <action application="redirect" data="sip:$1-$2@127.0.0.1:$${phones_port}"/>
</condition></extension>
"#;

/// The contact of an agent whose phone behaves as said: `answer`, `answer-after-MS`, `talk-MS` (answers, then
/// hangs up), `answer-MS-talk-MS`, `answer-and-go` (hangs up in the same instant), `ring` (never answers), `slow` (not even
/// a provisional answer), `reject`, `busy`, `respond-CODE` (of SIP), `moved-to-BEHAVIOUR` and `moved-to-itself` (SIP 302).
pub fn phone(agent: &str, behaviour: &str) -> String {
    format!("sofia/desk/{agent}-{behaviour}@127.0.0.1:$${{phones_port}}")
}
