//! `callcenter-sim --import-asterisk` and `--import-opensips` on files as they are found in the field.

use callcenter_simulator::xml::read_text;
use mod_callcenter::config::{everything_wrong, Configuration, Roster};
use mod_callcenter::engine::{AgentLimits, AgentStatus, QueueConfig};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples").join(name)
}

fn convert(arguments: &[&str], files: &[PathBuf]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_callcenter-sim"))
        .args(arguments)
        .args(files)
        .output()
        .expect("callcenter-sim runs")
}

/// The configuration that is printed, read as the module reads it, and what is said on the error output.
fn converted(arguments: &[&str], files: &[PathBuf]) -> (Configuration, Vec<String>) {
    let output = convert(arguments, files);
    let said = String::from_utf8(output.stderr).expect("text");
    assert!(output.status.success(), "{said}");
    let xml = String::from_utf8(output.stdout).expect("text");
    let configuration = read_text(&xml).expect(&xml);
    assert_eq!(configuration.warnings, Vec::<String>::new(), "{xml}");
    (configuration, said.lines().map(str::to_owned).collect())
}

fn queue<'a>(configuration: &'a Configuration, name: &str) -> &'a QueueConfig {
    let mut queues = configuration.queues.iter();
    queues.find(|queue| queue.name == name).expect("the queue")
}

/// Agent, contact and status.
fn agents(configuration: &Configuration) -> Vec<(&str, &str, Option<AgentStatus>)> {
    let agents = configuration.agents.iter();
    agents
        .map(|agent| {
            (
                agent.name.as_str(),
                agent.contact.as_deref().unwrap_or("-"),
                agent.status,
            )
        })
        .collect()
}

fn tiers(configuration: &Configuration) -> Vec<(&str, &str, i64, i64)> {
    let tiers = configuration.tiers.iter();
    tiers
        .map(|tier| (tier.queue.as_str(), tier.agent.as_str(), tier.level, tier.position))
        .collect()
}

fn said(lines: &[String], words: &[&str]) {
    let has_all = |line: &&String| words.iter().all(|word| line.contains(word));
    assert!(
        lines.iter().any(|line| has_all(&line)),
        "{words:?} is not said: {lines:#?}"
    );
}

#[test]
fn queues_conf_becomes_a_configuration() {
    let (configuration, _) = converted(&["--import-asterisk"], &[sample("queues.conf")]);
    let names: Vec<&str> = configuration.queues.iter().map(|queue| queue.name.as_str()).collect();
    assert_eq!(names, ["support", "sales", "empty"]);
    let support = queue(&configuration, "support");
    assert_eq!(
        (
            support.strategy.as_str(),
            support.priority,
            support.retry_delay,
            support.member_delay
        ),
        ("round-robin", 5, 3, 1)
    );
    assert_eq!(support.level_rules.to_string(), "30:3,60:+2:1");
    assert_eq!((support.wrap_up_time, support.periodic_announce_frequency), (15, 45));
    let sounds = support.periodic_announce_sounds.as_deref();
    assert_eq!(sounds, Some("company/patience,company/website"));
    assert_eq!(support.moh_sound.as_deref(), Some("local_stream://company"));
    assert_eq!(
        support.record_template.as_deref(),
        Some("$${recordings_dir}/${uuid}.wav")
    );
    assert!(support.skip_agents_with_external_calls);
    let sales = queue(&configuration, "sales");
    assert_eq!(
        (sales.strategy.as_str(), sales.timeout_priority.as_str()),
        ("longest-idle-agent", "app")
    );
    assert_eq!(sales.agent_announce_sound.as_deref(), Some("company/sales"));
    assert_eq!(sales.announce_holdtime.as_str(), "once");
    assert_eq!(
        (sales.announce_position.as_str(), sales.announce_position_frequency),
        ("yes", 90)
    );
    assert_eq!(support.announce_position.as_str(), "no");
    let empty = queue(&configuration, "empty");
    assert_eq!((empty.strategy.as_str(), empty.retry_delay), ("ring-all", 5));
    let available = Some(AgentStatus::Available);
    assert_eq!(
        agents(&configuration),
        [
            ("Anna Alt", "[leg_timeout=20]user/1001", available),
            ("Bert & Sons", "[leg_timeout=25]user/1002", available),
            (
                "Carla",
                "[leg_timeout=20]loopback/1003/agents",
                Some(AgentStatus::OnBreak)
            ),
            ("Night", "-", available),
            ("Mobile", "[leg_timeout=25]sofia/gateway/trunk/0301234567", available),
        ]
    );
    assert_eq!(
        tiers(&configuration),
        [
            ("support", "Anna Alt", 0, 1),
            ("support", "Bert & Sons", 0, 2),
            ("support", "Carla", 3, 3),
            ("support", "Night", 5, 4),
            ("sales", "Bert & Sons", 0, 1),
            ("sales", "Mobile", 1, 2),
        ]
    );
}

#[test]
fn what_queues_conf_has_and_nobody_here_is_told() {
    let (configuration, lines) = converted(&["--import-asterisk"], &[sample("queues.conf")]);
    for words in [
        vec!["queue \"support\"", "local_stream.conf.xml"],
        vec!["queue \"support\"", "queue-*"],
        vec!["agent \"Night\"", "DAHDI/g1"],
        vec!["agent \"Carla\"", "ringinuse"],
        vec!["agent \"Bert & Sons\"", "[leg_timeout=25]user/1002"],
        vec!["queue \"sales\"", "context = sales-exit", "write exit-keys"],
        vec!["queue \"sales\"", "setinterfacevar", "cc_agent"],
        vec!["queue \"sales\"", "max-wait-time"],
        vec!["queue \"sales\"", "penaltymemberslimit = 2 is left out"],
        vec!["queue \"sales\"", "without an interface"],
        vec!["queue \"empty\"", "\"fastest\"", "ring-all"],
        vec!["app_queue knows no callbacks", "set callback-dial"],
    ] {
        said(&lines, &words);
    }
    // What is left to do is what a check of the result tells.
    let roster = Roster::of(&configuration);
    let left: Vec<String> = everything_wrong(&configuration, &roster)
        .iter()
        .map(ToString::to_string)
        .collect();
    said(&left, &["<agent name=\"Night\">", "the contact is empty"]);
    said(&left, &["<queue name=\"empty\">", "no agent serves it"]);
    said(&left, &["<queue name=\"sales\">", "timeout-priority"]);
}

#[test]
fn flows_and_agents_become_a_configuration() {
    let (configuration, lines) = converted(
        &["--import-opensips"],
        &[sample("cc_flows.csv"), sample("cc_agents.csv")],
    );
    assert_eq!(configuration.settings.wrap_up_time, 30);
    let (tech, gold) = (queue(&configuration, "tech_support"), queue(&configuration, "gold"));
    assert_eq!(
        (tech.priority, gold.priority),
        (0, 1),
        "the smallest number comes first there"
    );
    assert_eq!(
        (tech.required_skills.to_string(), gold.required_skills.to_string()),
        ("tech".to_owned(), "gold".to_owned())
    );
    assert_eq!((tech.max_wrap_up_time, gold.max_wrap_up_time), (20, 0));
    assert_eq!(
        agents(&configuration),
        [
            (
                "agentX",
                "sofia/external/agentx@10.0.0.5:5062",
                Some(AgentStatus::Available)
            ),
            (
                "agentY",
                "${cond('${cc_media}' == 'chat' ? 'sofia/external/agenty@10.0.0.6:2855' : 'sofia/external/agenty@10.0.0.6')}",
                Some(AgentStatus::LoggedOut)
            ),
        ]
    );
    let limits = |place: usize| {
        let mut limits = AgentLimits::default();
        let said = &configuration.agents[place].limits;
        said.iter().for_each(|limit| limit.apply(&mut limits));
        (limits.max_chats, limits.chat_wrap_up_time)
    };
    assert_eq!(
        (limits(0), limits(1)),
        ((0, 0), (4, 45)),
        "without an msrp_location there are no chats"
    );
    let skills = |place: usize| configuration.agents[place].skills.as_ref().map(ToString::to_string);
    assert_eq!(
        (skills(0).as_deref(), skills(1).as_deref()),
        (Some("billing,tech"), Some("gold,tech"))
    );
    let left = everything_wrong(&configuration, &Roster::of(&configuration));
    assert_eq!(left, [], "skills alone wire it up");
    for words in [
        vec!["wrap-up-time", "30", "modparam"],
        vec!["\"tech_support\"", "message_welcome (sip:welcome@10.0.0.9)"],
        vec!["\"tech_support\"", "message_queue", "moh-sound"],
        vec!["\"gold\"", "message_dissuading"],
        vec!["Flow \"gold\" is there twice"],
        vec!["An agent has no agentid"],
        vec!["chat-dispatch-policy", "chat_dispatch_policy"],
        vec!["call_center knows no callbacks", "set callback-dial"],
    ] {
        said(&lines, &words);
    }
}

#[test]
fn columns_have_the_names_that_the_script_gives_them() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path
    };
    let flows = file("flows.csv", "name,wants,priority\nsupport,tech,1\n");
    let people = file(
        "agents.csv",
        "cid,sip_uri,skills,log_state\nann,sip:ann@10.0.0.5,tech,1\n",
    );
    let script = file(
        "opensips.cfg",
        "modparam(\"call_center\", \"ccf_flowid_column\", \"name\")\nmodparam(\"call_center\", \"ccf_skill_column\", \"wants\")\n\
         modparam(\"call_center\", \"cca_agentid_column\", \"cid\")\nmodparam(\"call_center\", \"cca_location_column\", \"sip_uri\")\n\
         modparam(\"call_center\", \"cca_logstate_column\", \"log_state\")\nmodparam(\"call_center\", \"wrapup_time\", 45)\n",
    );
    let (configuration, lines) = converted(&["--import-opensips"], &[flows, people, script]);
    assert_eq!(configuration.settings.wrap_up_time, 45);
    assert_eq!(queue(&configuration, "support").required_skills.to_string(), "tech");
    assert_eq!(
        agents(&configuration),
        [("ann", "sofia/external/ann@10.0.0.5", Some(AgentStatus::Available))]
    );
    assert!(!lines.iter().any(|line| line.contains("wrap-up-time")), "{lines:?}");
}

#[test]
fn a_file_that_is_not_there_is_named_and_one_that_is_nothing_is_refused() {
    let output = convert(&["--import-asterisk"], &[sample("none.conf")]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && said.contains("none.conf cannot be read"),
        "{said}"
    );
    let directory = tempfile::tempdir().expect("a directory");
    let noise = directory.path().join("noise");
    std::fs::write(&noise, b"\xff[\0](\n=>;--\n\"").expect("a file");
    assert!(refused("--import-asterisk", std::slice::from_ref(&noise)).contains("there is no queue in it"));
    assert!(refused("--import-opensips", &[noise.clone(), noise]).contains("it has no column flowid"));
}

/// What is said of files that are no configuration; nothing is printed then.
fn refused(option: &str, files: &[PathBuf]) -> String {
    let output = convert(&[option], files);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && output.stdout.is_empty(), "{said}");
    said
}

#[test]
fn files_that_are_empty_swapped_or_cut_short_are_refused_with_their_line() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path
    };
    let empty = file("empty", "; nothing\n");
    assert!(
        refused("--import-asterisk", &[empty]).contains("empty: there is no queue in it; a queue is a section such as")
    );
    let unclosed = file("unclosed", "[one]\nmember => PJSIP/1\n[two\nmember => PJSIP/2\n");
    assert!(refused("--import-asterisk", &[unclosed]).contains("unclosed:3: \"[two\" has no \"]\""));
    let (flows, agents) = (file("flows", "flowid\nq\n"), file("agents", "agentid,location\na,b\n"));
    let told = refused("--import-opensips", &[agents.clone(), flows.clone()]);
    assert!(
        told.contains("agents:1: it has no column flowid, and agentid") && told.contains("the flows come first"),
        "{told}"
    );
    let told = refused("--import-opensips", &[flows, file("none", "\n")]);
    assert!(
        told.contains("none is empty. Its first line has to name the columns."),
        "{told}"
    );
}

#[test]
fn what_is_wrong_in_opensips_tables_is_told_with_its_line() {
    let flows = "flowid,skill,priority,max_wrapup_time\nq,tech,first,\nr,tech,2,long\n";
    let agents = "agentid,location,logstate,wrapup_time\nann,sip:ann@p,yes,soon\n,sip:bob@p,1,1\n";
    let (_, told) = made_of("--import-opensips", &[("flows", flows), ("agents", agents)]);
    for words in [
        "flows:2: queue \"q\": priority (first) is no number; it is left out.",
        "flows:3: queue \"r\": max_wrapup_time (long) is no number; it is left out.",
        "agents:2: agent \"ann\": logstate (yes) is no number; it is left out.",
        "agents:2: agent \"ann\": wrapup_time (soon) is no number; it is left out.",
        "agents:3: An agent has no agentid",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
}

/// The lines of a list of what another program's documents name.
fn listed(name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(sample(name)).expect("a list");
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| line.split('|').map(str::to_owned).collect()).collect()
}

/// A directory with these files, and what the converter makes of them: whether it can, the configuration, and what it says.
fn outcome_of(option: &str, files: &[(&str, &str)]) -> (bool, String, String) {
    let directory = tempfile::tempdir().expect("a directory");
    let mut paths = Vec::new();
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::write(&path, text).expect("a file");
        if *name != "queuerules.conf" {
            paths.push(path);
        }
    }
    let output = convert(&[option], &paths);
    let said = String::from_utf8(output.stderr).expect("text");
    // Each run has a directory of its own.
    let said = said.replace(&format!("{}/", directory.path().display()), "");
    (
        output.status.success(),
        String::from_utf8(output.stdout).expect("text"),
        said,
    )
}

/// The same, of files that can be converted.
fn made_of(option: &str, files: &[(&str, &str)]) -> (String, String) {
    let (is_made, xml, said) = outcome_of(option, files);
    assert!(is_made, "{said}");
    (xml, said)
}

/// Whether `docs/admin/migration.md` says of an option that nothing has to be done for it.
fn is_always_so(option: &str) -> bool {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/admin/migration.md");
    let text = std::fs::read_to_string(path).expect("the document");
    let mut rows = text.lines().filter(|line| line.ends_with("| always so |"));
    rows.any(|row| row.contains(&format!("`{option}`")))
}

#[test]
fn every_option_that_asterisk_documents_is_carried_over_or_told() {
    let convert = |line: Option<&[String]>| {
        let mut files = [
            ("queues.conf", "[general]\n".to_owned(), String::new()),
            ("queuerules.conf", "[general]\n".to_owned(), "[myrule]\n".to_owned()),
        ];
        files[0].2 = "[queue]\nperiodic-announce = sound\nmember => PJSIP/1001\n".to_owned();
        if let Some([file, section, option, value]) = line {
            let place = usize::from(file == "queuerules");
            let entry = format!("{option} => {value}\n");
            match section.as_str() {
                "general" => files[place].1 += &entry,
                // What comes first counts of members, what comes last of options.
                _ if option == "member" => files[place].2 = format!("[queue]\n{entry}"),
                _ => files[place].2 += &entry,
            }
            if file == "queuerules" && section != "general" {
                files[0].2 += "defaultrule = myrule\n";
            }
        }
        let texts: Vec<(&str, String)> = files
            .iter()
            .map(|(name, head, rest)| (*name, format!("{head}{rest}")))
            .collect();
        let files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
        made_of("--import-asterisk", &files)
    };
    let plain = convert(None);
    for line in listed("asterisk_options.txt") {
        assert_eq!(line.len(), 4, "{line:?}");
        let made = convert(Some(&line));
        assert!(
            made != plain || is_always_so(&line[2]),
            "nothing is made or said of {line:?}"
        );
    }
}

#[test]
fn every_parameter_that_opensips_documents_is_carried_over_or_told() {
    const FLOWS: &str =
        "flowid,priority,skill,prependcid,max_wrapup_time,dissuading_hangup,dissuading_onhold_th,dissuading_ewt_th,\
        dissuading_qsize_th,message_welcome,message_queue,message_dissuading,message_flow_id\n\
        tech,5,german,VIP,20,1,30,40,50,sip:1@m,sip:2@m,sip:3@m,sip:4@m\nother,9,german,,0,0,0,0,0,,,,\n";
    const AGENTS: &str = "agentid,location,msrp_location,msrp_max_sessions,skills,logstate,wrapup_time\n\
        ann,sip:ann@p,sip:ann@q,3,german,1,12\n";
    let made = |flows: &str, agents: &str, script: &str| {
        outcome_of(
            "--import-opensips",
            &[("flows", flows), ("agents", agents), ("script", script)],
        )
    };
    let plain = made(FLOWS, AGENTS, "# nothing\n");
    for line in listed("opensips_modparams.txt") {
        let [name, value, column] = line.as_slice() else {
            panic!("{line:?}")
        };
        let script = format!("modparam(\"call_center\", \"{name}\", \"{value}\")\n");
        if column.is_empty() {
            let told_nothing = name == "cca_wrapupend_column";
            assert!(
                told_nothing || made(FLOWS, AGENTS, &script) != plain,
                "nothing is made or said of {name}"
            );
            continue;
        }
        let rename = |table: &str, prefix: &str| match name.starts_with(prefix) {
            true => {
                let (head, rows) = table.split_once('\n').expect("a first line");
                let head: Vec<&str> = head
                    .split(',')
                    .map(|name| if name == column { value.as_str() } else { name })
                    .collect();
                format!("{}\n{rows}", head.join(","))
            }
            false => table.to_owned(),
        };
        let (flows, agents) = (rename(FLOWS, "ccf_"), rename(AGENTS, "cca_"));
        assert_ne!(made(&flows, &agents, "# nothing\n"), plain, "{name}: the column counts");
        assert_eq!(
            made(&flows, &agents, &script),
            plain,
            "{name}: it counts under its other name"
        );
    }
}

#[test]
fn what_another_program_does_by_default_is_done_here() {
    let (configuration, lines) = converted(&["--import-asterisk"], &[sample("queues.conf")]);
    assert_eq!(configuration.settings.service_level_seconds, 30);
    assert!(!queue(&configuration, "support").periodic_announce_relative);
    said(&lines, &["timeoutpriority", "max-wait-time"]);
    said(&lines, &["state interface PJSIP/1003", "presence_id"]);
    let (configuration, _) = converted(
        &["--import-opensips"],
        &[sample("cc_flows.csv"), sample("cc_agents.csv")],
    );
    assert_eq!(configuration.settings.cdrs, Some(true));
    assert!(configuration.queues.iter().all(|queue| queue.reject_on_no_agents));
}

#[test]
fn what_is_wrong_in_queues_conf_is_told_with_its_place() {
    let queues = "[one](nothing)\ntimeout = soon\nringinuse = perhaps\nservicelevel = x\nperiodic-announce = a\ndefaultrule = rule\n\
        member => SIP/provider/111\nmember => SIP/provider/222\nmember => PJSIP/3,abc\nmember => PJSIP/4,0,,,,,maybe\n\
        joinempyt = no\n";
    let rules = "[rule]\npenaltychange => 5,,,r10\npenaltychange => soon\n";
    let (xml, told) = made_of(
        "--import-asterisk",
        &[("queues.conf", queues), ("queuerules.conf", rules)],
    );
    for words in [
        "queues.conf:1: [one]: there is no template \"nothing\"",
        "queues.conf:2: queue \"one\": timeout = soon is no number of seconds; 15 is used",
        "queues.conf:3: queue \"one\": ringinuse = perhaps is left out",
        "queues.conf:4: queue \"one\": servicelevel = x is left out",
        "queuerules.conf:3: queue \"one\": defaultrule \"rule\": penaltychange => soon is left out",
        "queues.conf:9: queue \"one\", member \"3\": penalty abc is no number from 0",
        "queues.conf:10: queue \"one\", member \"4\": paused maybe is neither yes nor no",
        "queues.conf:11: queue \"one\": joinempyt = no is left out",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let configuration = read_text(&xml).expect(&xml);
    assert_eq!(queue(&configuration, "one").level_rules.to_string(), "5:::r10");
    assert_eq!(queue(&configuration, "one").periodic_announce_frequency, 0);
    let names: Vec<&str> = configuration.agents.iter().map(|agent| agent.name.as_str()).collect();
    assert_eq!(names, ["111", "222", "3", "4"]);
}
