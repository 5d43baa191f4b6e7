//! A database that cannot be used for a while: calls go on, commands answer soon and truly, the trouble is logged once with
//! what to do, and everything is caught up when it ends.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use callcenter_test_support::harness::{install, phone, rows, skip, CallCenter, FreeSwitch, Module, Setup, SOON};

/// A command answers within a second, and a machine that is busy may take a while to run it.
const AT_ONCE: Duration = Duration::from_secs(4);

fn call_centre(database: &Path) -> CallCenter {
    CallCenter::new()
        .setting("dbname", &database.display().to_string())
        .queue("support@default", &[("strategy", "longest-idle-agent")])
        .agent("a1", &phone("a1", "answer"), &[])
        .tier("support@default", "a1", 1, 1)
}

/// A directory for the database, and what was done to it that has to be undone.
struct Site {
    directory: tempfile::TempDir,
    is_mounted: bool,
}

impl Site {
    fn new() -> Site {
        Site {
            directory: tempfile::tempdir().expect("a temporary directory"),
            is_mounted: false,
        }
    }

    /// A directory on a file system of its own with this many KiB; none where the test may not mount.
    fn mounted(kib: u32) -> Option<Site> {
        let mut site = Site::new();
        let options = format!("size={kib}k,mode=755");
        site.is_mounted = succeeds(
            Command::new("mount")
                .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
                .arg(site.volume()),
        );
        if !site.is_mounted {
            skip("this test mounts a small file system, which needs root");
        }
        site.is_mounted.then_some(site)
    }

    fn volume(&self) -> &Path {
        self.directory.path()
    }

    fn database(&self) -> PathBuf {
        self.volume().join("site/callcenter.db")
    }

    fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        assert!(
            succeeds(Command::new("mount").args(["-o", &options]).arg(self.volume())),
            "{options}"
        );
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if self.is_mounted {
            succeeds(Command::new("umount").arg("-l").arg(self.volume()));
        }
    }
}

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn start(site: &Site) -> Option<FreeSwitch> {
    let install = install()?;
    if !site.database().exists() {
        std::fs::create_dir_all(site.volume().join("site")).expect("a directory for the database");
    }
    Some(FreeSwitch::start(
        install,
        Module::Ours,
        Setup::new(&call_centre(&site.database())),
    ))
}

fn somebody_is_served(switch: &FreeSwitch) {
    switch.until("callcenter_config agent get state a1", |state| state == "Waiting");
    let mark = switch.events().mark();
    let caller = switch.call_queue("5550001", "support");
    switch.wait_for(mark, "bridge-agent-start");
    switch.hang_up(&caller);
    switch.wait_for(mark, "bridge-agent-end");
}

/// A command's answer, which must come soon.
fn answer(switch: &FreeSwitch, command: &str) -> String {
    let asked = Instant::now();
    let answer = switch.callcenter(command);
    assert!(asked.elapsed() < AT_ONCE, "`{command}` took {:?}", asked.elapsed());
    answer
}

/// Changes the agent until an answer tells of the trouble: what is cached may be written for a while.
fn until_it_shows(switch: &FreeSwitch) -> String {
    for number in 1..200 {
        let answer = answer(
            switch,
            &format!(
                "agent set contact a1 {}{}",
                phone("a1", "answer").replace("$${phones_port}", &switch.ports.phones.to_string()),
                ",".repeat(number)
            ),
        );
        if answer != "+OK\n" {
            return answer;
        }
    }
    panic!("nothing tells of the trouble:\n{}", switch.log_tail());
}

/// How often the log since then says so.
fn said(switch: &FreeSwitch, since: usize, words: &str) -> usize {
    let log = switch.log();
    log.get(since..).unwrap_or(&log).matches(words).count()
}

fn wait_until_said(switch: &FreeSwitch, since: usize, words: &str) {
    let deadline = Instant::now() + SOON;
    while said(switch, since, words) == 0 {
        assert!(
            Instant::now() < deadline,
            "the log does not say {words:?}:\n{}",
            switch.log_tail()
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// While the database is in trouble: the answer names it, what was said is in effect all the same, calls are served.
fn lives_with_trouble(switch: &FreeSwitch, since: usize, advice: &str) {
    let told = until_it_shows(switch);
    assert!(
        told.starts_with("-ERR The change is in effect but not yet saved: "),
        "{told}"
    );
    assert!(told.contains(advice), "{told}");
    answer(switch, "agent set max_no_answer a1 77");
    answer(switch, "agent add in-trouble callback");
    let listing = answer(switch, "agent list a1");
    let row: Vec<&str> = listing.lines().nth(1).unwrap_or_default().split('|').collect();
    assert_eq!(row[7], "77", "{listing}");
    somebody_is_served(switch);
    assert_eq!(
        said(switch, since, "Calls go on; changes are kept in memory"),
        1,
        "{}",
        switch.log_tail()
    );
}

/// After the trouble: everything is in the file, without a word to FreeSWITCH.
fn is_caught_up(switch: &FreeSwitch, site: &Site, since: usize) {
    wait_until_said(switch, since, "The call-centre database works again;");
    assert_eq!(answer(switch, "agent set max_no_answer a1 78"), "+OK\n");
    let agents = rows(&site.database(), "agents").join("\n");
    assert!(
        agents.contains("max_no_answer=78") && agents.contains("in-trouble"),
        "{agents}"
    );
    assert_eq!(rows(&site.database(), "tiers").len(), 1);
    assert_eq!(answer(switch, "agent del in-trouble"), "+OK\n");
    somebody_is_served(switch);
}

/// One trouble from its beginning to its end.
fn survives(switch: &FreeSwitch, site: &Site, advice: &str, begin: impl FnOnce(), end: impl FnOnce()) {
    let since = switch.log().len();
    begin();
    lives_with_trouble(switch, since, advice);
    end();
    is_caught_up(switch, site, since);
}

#[test]
fn locked_spoilt_and_missing_while_it_is_in_use() {
    let site = Site::new();
    let Some(mut switch) = start(&site) else { return };
    let file = site.database();
    let other = rusqlite::Connection::open(&file).expect("another program");
    let lock = |sql: &str| other.execute_batch(sql).expect("a lock");
    survives(
        &switch,
        &site,
        "another program holds a lock",
        || lock("BEGIN EXCLUSIVE"),
        || lock("COMMIT"),
    );

    let (inside, away) = (site.volume().join("site"), site.volume().join("away"));
    let moved = |from: &Path, to: &Path| std::fs::rename(from, to).expect("a move");
    survives(
        &switch,
        &site,
        "directory does not exist",
        || moved(&inside, &away),
        || moved(&away, &inside),
    );

    // Else a row of the last call could meet the lock that this takes, and be told of as one more trouble.
    switch.wait_until_quiet();
    assert_eq!(answer(&switch, "agent set max_no_answer a1 79"), "+OK\n");
    lock("PRAGMA wal_checkpoint(TRUNCATE)");
    drop(other);
    let overwrite = || {
        let length = std::fs::metadata(&file).expect("the file").len();
        let garbage = vec![0xa5; usize::try_from(length).expect("a small file")];
        std::fs::write(&file, garbage).expect("a spoilt file");
    };
    survives(&switch, &site, "move", overwrite, || moved(&file, &away));

    let since = switch.log().len();
    std::fs::remove_file(&file).expect("a file to delete");
    assert_eq!(answer(&switch, "agent set max_no_answer a1 5"), "+OK\n");
    let agents = rows(&file, "agents").join("\n");
    assert!(
        agents.contains("name=\"a1\"") && agents.contains("max_no_answer=5"),
        "{agents}"
    );
    assert_eq!(said(&switch, since, "cannot be used"), 0);
    switch.stop();
}

#[test]
fn a_full_disk() {
    let Some(site) = Site::mounted(512) else { return };
    let Some(mut switch) = start(&site) else { return };
    let filler = site.volume().join("filler");
    let fill = || {
        // Ends with an error when the disk is full.
        let _ = std::fs::write(&filler, vec![0; 1024 * 1024]);
    };
    survives(&switch, &site, "disk", fill, || {
        std::fs::remove_file(&filler).expect("some space")
    });
    switch.stop();
}

#[test]
fn read_only_at_the_start() {
    let Some(site) = Site::mounted(4096) else { return };
    let Some(mut switch) = start(&site) else { return };
    assert_eq!(answer(&switch, "agent add by-command callback"), "+OK\n");
    switch.stop();
    let since = switch.log().len();
    site.remount("ro");
    switch.start_again(Module::Ours);
    assert!(
        answer(&switch, "agent list").contains("by-command"),
        "{}",
        switch.log_tail()
    );
    lives_with_trouble(&switch, since, "read");
    site.remount("rw");
    is_caught_up(&switch, &site, since);
    assert!(rows(&site.database(), "agents").join("\n").contains("by-command"));
    switch.stop();
}

#[test]
fn no_database_at_all_at_the_start() {
    let site = Site::new();
    std::fs::create_dir(site.volume().join("site")).expect("a directory for the database");
    std::fs::write(
        site.database(),
        "this is no database, and it is long enough to be read as one",
    )
    .expect("a file");
    let Some(mut switch) = start(&site) else { return };
    switch.wait_for_log("[CRIT]");
    lives_with_trouble(&switch, 0, "it is not a SQLite database");
    let kept = site.volume().join("kept");
    assert!(std::fs::read_to_string(site.database()).is_ok_and(|text| text.starts_with("this is no database")));
    std::fs::rename(site.database(), kept).expect("a file to move away");
    is_caught_up(&switch, &site, 0);
    switch.stop();
}

/// A file beside the database.
fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn delete(database: &Path, suffixes: &[&str]) {
    for suffix in suffixes {
        std::fs::remove_file(beside(database, suffix)).expect("a file to delete");
    }
}

/// `: > FILE` in a shell.
fn empty(database: &Path, suffixes: &[&str]) {
    for suffix in suffixes {
        let file = std::fs::OpenOptions::new().write(true).open(beside(database, suffix));
        file.and_then(|file| file.set_len(0)).expect("a file to empty");
    }
}

/// What happens to the files, given a backup of the database.
type Mishap = fn(&Path, &[u8]);

#[test]
fn what_was_answered_ok_after_files_were_lost_is_there_after_kill_9() {
    let site = Site::new();
    let Some(mut switch) = start(&site) else { return };
    let file = site.database();
    let mishaps: [(&str, Mishap); 8] = [
        ("rm callcenter.db-*", |file, _| delete(file, &["-wal", "-shm"])),
        ("restored in place", |file, backup| {
            std::fs::write(file, backup).expect("a backup in its place");
            delete(file, &["-wal", "-shm"]);
        }),
        ("-wal deleted", |file, _| delete(file, &["-wal"])),
        ("everything deleted", |file, _| delete(file, &["", "-wal", "-shm"])),
        (": > callcenter.db-wal", |file, _| empty(file, &["-wal"])),
        (": > callcenter.db-shm", |file, _| empty(file, &["-shm"])),
        (": > callcenter.db", |file, _| empty(file, &[""])),
        ("everything emptied", |file, _| empty(file, &["", "-wal", "-shm"])),
    ];
    for (number, (what, happens)) in mishaps.into_iter().enumerate() {
        let backup = std::fs::read(&file).expect("a backup");
        let (before, after) = (format!("before{number}"), format!("after{number}"));
        assert_eq!(
            answer(&switch, &format!("agent add {before} callback")),
            "+OK\n",
            "{what}"
        );
        switch.wait_until_quiet();
        let since = switch.log().len();
        happens(&file, &backup);
        assert_eq!(
            answer(&switch, &format!("agent add {after} callback")),
            "+OK\n",
            "{what}"
        );
        wait_until_said(&switch, since, "was deleted, replaced or overwritten");
        switch.kill();
        switch.start_again(Module::Ours);
        let agents = answer(&switch, "agent list");
        for agent in [&before, &after] {
            assert!(
                agents.contains(&format!("\n{agent}|")),
                "{what}: {agent} is lost:\n{agents}"
            );
        }
        somebody_is_served(&switch);
    }
    switch.stop();
}

#[test]
fn what_was_answered_ok_outlasts_files_that_are_lost_right_before_an_unload_or_a_shutdown() {
    let site = Site::new();
    let Some(mut switch) = start(&site) else { return };
    let file = site.database();
    let mishaps: [(&str, Mishap); 4] = [
        ("everything deleted", |file, _| delete(file, &["", "-wal", "-shm"])),
        ("rm callcenter.db-*", |file, _| delete(file, &["-wal", "-shm"])),
        ("everything emptied", |file, _| empty(file, &["", "-wal", "-shm"])),
        ("restored in place", |file, backup| {
            std::fs::write(file, backup).expect("a backup in its place");
        }),
    ];
    for (number, (what, happens)) in mishaps.into_iter().enumerate() {
        for ends in ["unload", "shutdown"] {
            let backup = std::fs::read(&file).expect("a backup");
            let agent = format!("{ends}{number}");
            assert_eq!(
                answer(&switch, &format!("agent add {agent} callback")),
                "+OK\n",
                "{what}"
            );
            happens(&file, &backup);
            if ends == "unload" {
                assert!(switch.api("unload mod_callcenter").starts_with("+OK"), "{what}");
            } else {
                switch.stop();
            }
            let agents = rows(&file, "agents").join("\n");
            assert!(
                agents.contains(&format!("name=\"{agent}\"")),
                "{what}, {ends}:\n{agents}"
            );
            if ends == "unload" {
                assert!(switch.api("load mod_callcenter").starts_with("+OK"), "{what}");
            } else {
                switch.start_again(Module::Ours);
            }
        }
    }
    switch.stop();
}
