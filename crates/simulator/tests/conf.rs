//! The configurations in `conf`, as somebody starts from them.

use callcenter_simulator::xml::read_file;
use mod_callcenter::config::{everything_wrong, Configuration, Roster};
use std::path::Path;

#[test]
fn the_sample_and_the_demo_are_sound() {
    for path in [
        "conf/callcenter.conf.xml",
        "conf/demo/autoload_configs/callcenter.conf.xml",
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
        let read = read_file(&path).expect("a configuration");
        let sample = Configuration {
            // Variables that only FreeSWITCH sets.
            warnings: Vec::new(),
            ..read
        };
        assert_eq!(
            everything_wrong(&sample, &Roster::of(&sample)),
            [],
            "{}",
            path.display()
        );
    }
}
