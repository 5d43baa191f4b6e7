//! Queues that are loaded and unloaded, and configurations that are read again.

use super::*;

#[test]
fn loading_a_queue_brings_the_agents_and_tiers_of_the_configuration() {
    let bench = Bench::empty();
    bench.expect_all(&[
        ("queue load SUPPORT@default", "+OK\n"),
        ("agent get status 1001", "On Break"),
        (
            "tier list",
            "queue|agent|state|level|position\nsales@default|1001|Ready|1|1\nsupport@default|1001|Ready|2|3\n+OK\n",
        ),
    ]);
    let asked = ConfigRequest {
        queue: Some("SUPPORT@default".to_owned()),
        agent: None,
    };
    assert_eq!(*bench.source.requests.lock(), [asked]);
}

#[test]
fn an_unloaded_queue_stays_unloaded_until_it_is_loaded_by_name() {
    let bench = Bench::staffed();
    bench.expect_all(&[
        ("tier add sales@default 1001", "-ERR Queue not found!\n"),
        ("queue load support@default", "+OK\n"),
        ("tier reload all", "+OK\n"),
        ("queue count", "1\n"),
        ("queue reload sales@default", "+OK\n"),
        ("queue count", "2\n"),
        ("queue count tiers sales@default", "1\n"),
    ]);
}

#[test]
fn a_queue_nobody_has_loaded_is_loaded_for_its_first_tier() {
    Bench::empty().expect_all(&[
        ("agent add 1009 callback", "+OK\n"),
        ("tier add support@default 1009 4 5", "+OK\n"),
        (
            "tier list",
            "queue|agent|state|level|position\nsupport@default|1009|Ready|4|5\n+OK\n",
        ),
        ("queue count", "1\n"),
    ]);
}

#[test]
fn a_queue_that_has_left_the_configuration_is_unloaded_by_its_reload() {
    let bench = Bench::staffed();
    *bench.source.now.lock() = Ok(Configuration {
        lists_tiers: true,
        ..Configuration::default()
    });
    bench.expect_all(&[
        ("queue reload support@default", "-ERR Invalid Queue not found!\n"),
        ("queue count", "0\n"),
    ]);
}

/// What a configuration server answers that has lost its data.
#[test]
fn an_empty_configuration_unloads_no_queue() {
    let bench = Bench::staffed();
    *bench.source.now.lock() = Ok(Configuration::default());
    bench.expect_all(&[
        (
            "queue reload support@default",
            "-ERR callcenter.conf is empty! Nothing was changed. Mend the configuration and try again.\n",
        ),
        ("queue count", "1\n"),
    ]);
}

#[test]
fn agents_and_tiers_are_reloaded_with_parameters_for_a_configuration_server() {
    let bench = Bench::staffed();
    bench.source.requests.lock().clear();
    bench.expect_all(&[
        ("agent set contact 1001 elsewhere", "+OK\n"),
        ("agent reload 1001", "+OK\n"),
        ("agent reload ghost", "+OK\n"),
        ("tier set level support@default 1001 9", "+OK\n"),
        ("tier reload support@default 1001", "+OK\n"),
        ("tier reload support@default", "+OK\n"),
        ("tier reload '' 1001", "+OK\n"),
        ("tier reload all", "+OK\n"),
        ("tier reload nowhere", "-ERR Tier not found!\n"),
        ("tier reload support@default 1002", "-ERR Tier not found!\n"),
        (
            "queue list tiers support@default",
            "queue|agent|state|level|position\nsupport@default|1001|Ready|2|3\n+OK\n",
        ),
    ]);
    assert!(bench.console.config("agent list 1001").contains("|user/1001|"));
    let asked = |queue: Option<&str>, agent: Option<&str>| ConfigRequest {
        queue: queue.map(str::to_owned),
        agent: agent.map(str::to_owned),
    };
    let expected = [
        asked(None, Some("1001")),
        asked(None, Some("ghost")),
        asked(None, None),
        asked(Some("support@default"), Some("1001")),
        asked(Some("support@default"), None),
        asked(None, Some("1001")),
        asked(None, None),
        asked(Some("nowhere"), None),
        asked(None, None),
        asked(Some("support@default"), Some("1002")),
        asked(None, None),
    ];
    assert_eq!(*bench.source.requests.lock(), expected);
}

#[test]
fn an_answer_in_part_that_does_not_have_what_was_asked_for_is_no_answer() {
    let in_part = |inside: &str| {
        let root = format!(
            "<configuration><queues><queue name=\"support@default\"><param name=\"strategy\" value=\"random\"/></queue></queues>{inside}\
             </configuration>"
        );
        Ok(config::read(&Element::parse_for_tests(&root)))
    };
    for answer in [
        in_part(""),
        in_part("<agents/><tiers/>"),
        Err(ConfigError("Open of callcenter.conf failed".to_owned())),
    ] {
        let bench = Bench::staffed();
        *bench.source.in_part.lock() = Some(answer.clone());
        let listed = "queue|agent|state|level|position\nsupport@default|1001|Ready|2|3\n+OK\n";
        bench.expect_all(&[
            ("tier set level support@default 1001 9", "+OK\n"),
            ("tier reload support@default", "+OK\n"),
            ("queue list tiers support@default", listed),
            ("agent set contact 1001 elsewhere", "+OK\n"),
            ("agent reload 1001", "+OK\n"),
        ]);
        assert!(bench.console.config("agent list 1001").contains("|user/1001|"));
        if answer.is_ok() {
            bench.expect_all(&[
                ("queue reload support@default", "+OK\n"),
                ("queue get strategy support@default", "random"),
                ("queue list tiers support@default", listed),
            ]);
        }
    }
}

#[test]
fn a_reload_of_tiers_brings_a_queue_to_what_the_configuration_says() {
    let bench = Bench::empty();
    bench.expect_all(&[
        ("queue load support@default", "+OK\n"),
        ("agent add 1002 callback", "+OK\n"),
        ("tier add support@default 1002", "+OK\n"),
        ("tier reload support@default ghost", "-ERR Agent not found!\n"),
    ]);
    let tiers = |xml: &str| {
        let text = XML.split("<tiers>").next().unwrap_or_default();
        let root = Element::parse_for_tests(&format!("{text}{xml}</configuration>"));
        *bench.source.now.lock() = Ok(config::read(&root));
    };
    let count = "queue count tiers support@default";
    // Nothing is said of tiers: nothing is to be done.
    tiers("");
    bench.expect_all(&[("tier reload all", "-ERR Tier not found!\n"), (count, "2\n")]);
    tiers(r#"<tiers><tier agent="1001" queue="sales@default"/></tiers>"#);
    bench.expect_all(&[
        ("tier reload sales@default", "+OK\n"),
        ("tier reload support@default 1002", "-ERR Tier not found!\n"),
        (count, "2\n"),
        ("tier reload SUPPORT@default", "+OK\n"),
        (
            "tier list",
            "queue|agent|state|level|position\nsales@default|1001|Ready|1|1\nsupport@default|1002|Ready|1|1\n+OK\n",
        ),
        ("tier reload support@default", "-ERR Tier not found!\n"),
    ]);
    tiers("<tiers></tiers>");
    bench.expect_all(&[
        ("queue reload support@default", "+OK\n"),
        ("queue count tiers sales@default", "1\n"),
        ("queue reload sales@default", "+OK\n"),
        (
            "tier list",
            "queue|agent|state|level|position\nsupport@default|1002|Ready|1|1\n+OK\n",
        ),
    ]);
}

#[test]
fn a_configuration_that_cannot_be_read_changes_nothing_and_is_told() {
    let bench = Bench::staffed();
    *bench.source.now.lock() = Err(ConfigError("The file is gone.".to_owned()));
    for line in [
        "queue load support@default",
        "queue reload support@default",
        "agent reload 1001",
        "tier reload all",
    ] {
        assert_eq!(bench.console.config(line), "-ERR The file is gone.\n", "{line}");
    }
    bench.expect_all(&[("queue count", "1\n"), ("queue count tiers support@default", "1\n")]);
}

#[test]
fn check_tells_what_is_wrong_with_the_configuration() {
    let bench = Bench::empty();
    let trouble = "there is no agent of that name; the tier of queue \"support@default\" is left out. \
                   Add it, or remove the tier.";
    bench.expect_all(&[
        (
            "check",
            &format!("about|trouble\n<tier agent=\"ghost\">|{trouble}\n+OK\n"),
        ),
        ("CHECK all", "-ERR Too many words! 'check' takes none.\n"),
    ]);
    let as_json = || bench.console.json(&json!({ "arguments": "check" }));
    assert_eq!(
        as_json(),
        Ok(json!([{ "about": "<tier agent=\"ghost\">", "trouble": trouble }]))
    );
    // Whoever is added by command counts as well, and needs a contact as those of the configuration do.
    bench.expect_all(&[("agent add ghost callback", "+OK\n")]);
    let text = bench.console.config("check");
    assert!(
        text.starts_with("about|trouble\n<agent name=\"ghost\">|the contact is empty"),
        "{text}"
    );
    bench.expect_all(&[("agent set contact ghost user/1002", "+OK\n"), ("check", "+OK\n")]);
    assert_eq!(as_json(), Ok(json!([])));
    *bench.source.now.lock() = Err(ConfigError("Open of callcenter.conf failed".to_owned()));
    bench.expect_all(&[("check", "-ERR Open of callcenter.conf failed\n")]);
    assert_eq!(
        as_json().map_err(|error| error.reply()),
        Err(json!({ "error": "Open of callcenter.conf failed" }))
    );
}

#[test]
fn what_is_loaded_is_looked_at_once_it_is() {
    let bench = Bench::staffed();
    bench.expect_all(&[
        ("agent set contact o\\'c user/1002", "+OK\n"),
        ("queue set required_skills support@default german", "+OK\n"),
    ]);
    let told: Vec<String> = bench.console.contradictions().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["<queue name=\"support@default\">: required-skills: no agent has the skill \"german\". Add it to an agent's skills."]
    );
    bench.expect_all(&[("agent set skills 1001 german", "+OK\n")]);
    assert_eq!(bench.console.contradictions(), []);
}

#[test]
fn a_reload_reads_everything_anew_and_tells_what_has_changed() {
    let bench = Bench::staffed();
    bench.join("s1", "One");
    bench.source.requests.lock().clear();
    let changed = XML
        .replace("<queues>", "<settings><param name=\"wrap-up-time\" value=\"15\"/><param name=\"dbname\" value=\"pass:word\"/></settings><queues>")
        .replace("local_stream://moh", "local_stream://other")
        .replace("wrap-up-time=\"10\"", "wrap-up-time=\"20\" max-no-answer=\"x\"");
    *bench.source.now.lock() = Ok(config::read(&Element::parse_for_tests(&changed)));
    bench.expect_all(&[
        (
            "reload",
            "+OK\n\
             setting wrap-up-time: 0 -> 15\n\
             setting dbname: needs an unload: it holds as before until reload mod_callcenter\n\
             queue support@default: changed: moh-sound\n\
             queue sales@default: unloaded by command: it stays so until queue load\n\
             agent 1001: changed: wrap-up-time\n\
             tier sales@default 1001: left out: Queue not found!\n\
             tier support@default ghost: left out: Agent not found!\n\
             warning: <agent name=\"1001\">: max-no-answer \"x\" is not a number; 0 is used.\n",
        ),
        ("reload now", "-ERR Too many words! 'reload' takes none.\n"),
        ("queue count members support@default", "1\n"),
        ("agent get status 1001", "On Break"),
    ]);
    assert_eq!(*bench.source.requests.lock(), [ConfigRequest::default()]);
    let answer = bench.console.json(&json!({ "arguments": "reload" }));
    let answer = answer.expect("an answer");
    let first = json!({ "about": "setting", "name": "dbname", "change": "needs an unload: it holds as before until reload mod_callcenter" });
    assert_eq!(answer[0], first);
}

/// Everything is read before anything is changed.
#[test]
fn a_broken_configuration_changes_nothing() {
    let bench = Bench::staffed();
    let lists = ["queue list", "agent list", "tier list"];
    let before = lists.map(|list| bench.console.config(list));
    let refused = |bench: &Bench, trouble: &str| {
        let text = format!("-ERR {trouble}! Nothing was changed. Mend the configuration and try again.\n");
        assert_eq!(bench.console.config("reload"), text);
        assert_eq!(lists.map(|list| bench.console.config(list)), before);
    };
    *bench.source.now.lock() = Err(ConfigError("Open of callcenter.conf failed".to_owned()));
    refused(&bench, "Open of callcenter.conf failed");
    let error = bench.console.json(&json!({ "arguments": "reload" }));
    assert!(matches!(error, Err(JsonError::Refused(_))), "{error:?}");
    *bench.source.now.lock() = Ok(config::read(&Element::parse_for_tests("<configuration/>")));
    refused(&bench, "callcenter.conf is empty");
}
