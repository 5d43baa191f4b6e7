//! A changed configuration is read again on command, beside stock.

use callcenter_test_support::harness::{compare, rows, with_ours, CallCenter, Setup};

fn before() -> CallCenter {
    CallCenter::new()
        .queue(
            "support@default",
            &[("strategy", "longest-idle-agent"), ("max-wait-time", "100")],
        )
        .agent("a1", "user/1001", &[("wrap-up-time", "10")])
        .tier("support@default", "a1", 1, 1)
}

fn after() -> CallCenter {
    CallCenter::new()
        .queue("support@default", &[("strategy", "ring-all"), ("max-wait-time", "200")])
        .queue("sales@default", &[("strategy", "round-robin")])
        .agent("a1", "user/1002", &[("wrap-up-time", "20"), ("max-no-answer", "4")])
        .agent("a2", "user/1003", &[("status", "Logged Out")])
        .tier("support@default", "a1", 2, 3)
        .tier("sales@default", "a1", 1, 1)
}

const LISTINGS: &[&str] = &["agent list", "tier list"];

#[test]
fn queue_agent_and_tier_are_read_again() {
    compare(Setup::new(&before()), |switch, recording| {
        switch.rewrite_callcenter(after().xml());
        for command in ["agent reload a1", "agent reload a2", "tier reload support@default a1"] {
            recording.command(switch, command);
            for listing in LISTINGS {
                recording.command(switch, listing);
            }
        }
        for command in ["queue load sales@default", "queue reload support@default"] {
            recording.command(switch, command);
            recording.unordered_listing(switch, "queue list");
        }
        for listing in LISTINGS {
            recording.command(switch, listing);
        }
    });
}

#[test]
fn the_whole_configuration_is_read_at_a_reload_of_the_module() {
    compare(Setup::new(&before()), |switch, recording| {
        switch.rewrite_callcenter(after().xml());
        let answer = switch.api("reload mod_callcenter");
        recording.text(switch, "reload mod_callcenter", &answer);
        recording.unordered_listing(switch, "queue list");
        for listing in LISTINGS {
            recording.command(switch, listing);
        }
    });
}

/// FusionPBX deletes a queue for good while those who hung up are still remembered: with stock each listing and each look
/// at them floods the log with the queue that is not there (FusionPBX #1043).
#[test]
fn a_queue_gone_for_good_with_abandoned_members_is_cleaned_up_quietly() {
    let discards = [("discard-abandoned-after", "3")];
    let with_queue = before().queue("gone@default", &discards);
    with_ours(Setup::new(&with_queue), |switch| {
        let mark = switch.events().mark();
        for number in ["5551", "5552", "5553"] {
            let caller = switch.call_queue(number, "gone");
            switch.hang_up(&caller);
        }
        switch.wait_until_quiet();
        switch.until("callcenter_config queue list members gone@default", |list| {
            list.matches("|Abandoned|").count() == 3
        });
        switch.rewrite_callcenter(before().xml());
        let logged = switch.log().lines().count();
        switch.callcenter("queue unload gone@default");
        for listing in ["queue list members gone@default", "queue list", "tier list"] {
            switch.callcenter(listing);
        }
        switch.callcenter("queue reload gone@default");
        switch.until("callcenter_config queue list members gone@default", |list| {
            !list.contains("Abandoned")
        });
        // What is answered is saved, and with it all that came before.
        assert_eq!(switch.callcenter("agent set status a1 'On Break'"), "+OK\n");
        assert_eq!(rows(&switch.database(), "members"), Vec::<String>::new());
        let log = switch.log();
        let tells = |line: &&str| line.contains("gone@default") && !line.contains("[DEBUG]");
        let told: Vec<&str> = log.lines().skip(logged).filter(tells).collect();
        assert!(told.len() <= 1, "{told:#?}");
        assert!(!switch.events().since(mark).is_empty());
    });
}

/// Two agents of the configuration, the second with a tier or without.
fn two_agents() -> CallCenter {
    before().agent("a2", "user/1002", &[("status", "Logged Out")])
}

#[test]
fn tiers_that_have_left_the_configuration_go_and_those_made_at_run_time_stay() {
    let with_both = two_agents().tier("support@default", "a2", 1, 2);
    with_ours(Setup::new(&with_both), |switch| {
        for command in ["agent add a3 callback", "tier add support@default a3 1 3"] {
            assert_eq!(switch.callcenter(command), "+OK\n", "{command}");
        }
        // Where a tier came from outlasts a restart, at which the configuration no longer has it.
        switch.rewrite_callcenter(two_agents().xml());
        switch.stop();
        switch.start_again(switch.module);
        let all = "queue|agent|state|level|position\nsupport@default|a1|Ready|1|1\nsupport@default|a2|Ready|1|2\n\
                   support@default|a3|Ready|1|3\n+OK\n";
        assert_eq!(switch.callcenter("tier list"), all);
        assert_eq!(switch.callcenter("tier reload support@default a1"), "+OK\n");
        assert_eq!(switch.callcenter("tier list"), all, "only the tier named is reloaded");
        assert_eq!(switch.callcenter("tier reload support@default"), "+OK\n");
        let left =
            "queue|agent|state|level|position\nsupport@default|a1|Ready|1|1\nsupport@default|a3|Ready|1|3\n+OK\n";
        assert_eq!(switch.callcenter("tier list"), left);
        switch.rewrite_callcenter(two_agents().tier("support@default", "ghost", 1, 1).xml());
        assert_eq!(
            switch.callcenter("tier reload support@default ghost"),
            "-ERR Agent not found!\n"
        );
        let told = "<tier agent=\"ghost\" queue=\"support@default\">: Agent not found! The tier is left out.";
        switch.wait_for_log(told);
    });
}

/// Writes the file and nothing else: `reload` has FreeSWITCH read it.
fn write(switch: &callcenter_test_support::harness::FreeSwitch, xml: &str) {
    std::fs::write(switch.dir().join("conf/callcenter.conf.xml"), xml).expect("write the configuration");
}

#[test]
fn the_whole_configuration_is_read_while_callers_wait_and_nothing_of_a_broken_one() {
    let with_more = |call_centre: CallCenter| {
        call_centre
            .setting("wrap-up-time", "15")
            .setting("agent-report", "true")
            .setting("dbname", "elsewhere")
    };
    with_ours(Setup::new(&before()), |switch| {
        switch.callcenter("agent set status a1 'Logged Out'");
        let mark = switch.events().mark();
        let caller = switch.call_queue("5551", "support");
        let lists = ["queue list", "agent list", "tier list"];
        let loaded = lists.map(|list| switch.callcenter(list));
        write(switch, "<configuration name=\"callcenter.conf\"><queues>");
        let refused = switch.callcenter("reload");
        assert!(
            refused.starts_with("-ERR FreeSWITCH cannot read its XML: "),
            "{refused}"
        );
        assert!(
            refused.ends_with("! Nothing was changed. Mend the configuration and try again.\n"),
            "{refused}"
        );
        write(switch, "<configuration name=\"callcenter.conf\"/>");
        let empty = "-ERR callcenter.conf is empty! Nothing was changed. Mend the configuration and try again.\n";
        assert_eq!(switch.callcenter("reload"), empty);
        assert_eq!(lists.map(|list| switch.callcenter(list)), loaded);
        write(switch, &with_more(after()).xml());
        let told = "+OK\n\
                    setting wrap-up-time: 0 -> 15\n\
                    setting agent-report: false -> true\n\
                    setting dbname: needs an unload: it holds as before until reload mod_callcenter\n\
                    queue support@default: changed: strategy, max-wait-time\n\
                    queue sales@default: loaded\n\
                    agent a1: changed: contact, max-no-answer, wrap-up-time\n\
                    agent a2: added\n\
                    tier support@default a1: changed: level, position\n\
                    tier sales@default a1: added\n";
        let sorted = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted(&switch.callcenter("reload")), sorted(told));
        let still = "+OK\nsetting dbname: needs an unload: it holds as before until reload mod_callcenter\n";
        assert_eq!(switch.callcenter("reload"), still);
        assert_eq!(switch.callcenter("agent get status a1"), "Logged Out");
        let members = switch.callcenter("member list");
        assert!(members.contains("|Caller 5551|"), "{members}");
        assert_eq!(members, switch.callcenter("queue list members"));
        let answer = switch.api(r#"json {"command":"callcenter_config","data":{"arguments":"reload"}}"#);
        assert!(answer.contains(r#""name":"dbname""#), "{answer}");
        assert!(!switch
            .events()
            .since(mark)
            .iter()
            .any(|event| event.is("member-queue-end")));
        switch.hang_up(&caller);
        switch.wait_until_quiet();
    });
}

/// A second configuration, for sites whose first is written by a program that does not know every parameter.
#[test]
fn what_is_laid_over_the_configuration_outlasts_every_reload_and_its_absence_is_quiet() {
    let extra = |priority: &str| {
        format!(
            r#"<configuration name="callcenter-extra.conf">
              <settings><param name="service-level-seconds" value="33"/></settings>
              <queues><queue name="support@default"><param name="priority" value="{priority}"/></queue></queues>
              <agents><agent name="a1" skills="german=7"/></agents></configuration>"#
        )
    };
    let setup = Setup {
        configuration: extra("4"),
        ..Setup::new(&before())
    };
    with_ours(setup, |switch| {
        let priority = "queue get priority support@default";
        for command in [
            "queue reload support@default",
            "queue load support@default",
            "tier reload support@default",
            "agent reload a1",
            "check",
            "reload",
        ] {
            assert_eq!(switch.callcenter(command), "+OK\n", "{command}");
            assert_eq!(switch.callcenter(priority), "4", "{command}");
            assert_eq!(switch.callcenter("agent get skills a1"), "german=7", "{command}");
        }
        assert_eq!(switch.callcenter("queue set priority support@default 2"), "+OK\n");
        assert_eq!(switch.callcenter("queue reload support@default"), "+OK\n");
        assert_eq!(switch.callcenter(priority), "4");
        switch.replace_configuration(extra("5").replace("name=\"a1\"", "name=\"nobody\""));
        switch.rewrite_callcenter(before().xml());
        let told = "+OK\nqueue support@default: changed: priority\n\
                    warning: callcenter-extra.conf: <agent name=\"nobody\"> is ignored: callcenter.conf has no agent of that name. \
                    Name one it has.\n";
        assert_eq!(switch.callcenter("reload"), told);
        switch.replace_configuration(String::new());
        switch.rewrite_callcenter(before().xml());
        let told = "+OK\nsetting service-level-seconds: 33 -> 20\nqueue support@default: changed: priority\n";
        assert_eq!(switch.callcenter("reload"), told);
        assert_eq!(switch.callcenter("check"), "+OK\n");
        let log = switch.log();
        let of_extra: Vec<&str> = log.lines().filter(|line| line.contains("callcenter-extra")).collect();
        assert_eq!(
            of_extra.len(),
            1,
            "only the name that is not there was told: {of_extra:#?}"
        );
    });
}
