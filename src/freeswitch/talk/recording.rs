//! `record-template`: the file of a talk, on the caller's channel from the bridge on, and not of what the caller hears before. It goes on
//! over consultations and transfers; FreeSWITCH ends it with the caller's call.

use crate::engine::names::variable;
use crate::engine::Connect;
use crate::freeswitch::ffi::session::SessionGuard;

/// Where the dialplan finds the file's name.
const FILENAME: &str = variable::RECORD_FILENAME;

/// FreeSWITCH's word that a recording goes on with the other side when this one's phone transfers it: a caller may be the consultation of a
/// phone, which joins the agent with somebody else and is gone. Whoever has set it otherwise has decided.
const FOLLOWS: &str = "recording_follow_transfer";

/// FreeSWITCH's word that a file which is there is written on, and not made anew.
const APPENDS: &str = "RECORD_APPEND";

/// A recording that has begun. Unless it is told to go on there was no talk: all is as it was before.
pub struct Recording<'a> {
    member: &'a SessionGuard,
    file: String,
    /// The file of an earlier talk of this caller.
    before: Option<String>,
    /// It is this one, and has been recorded into all the time.
    goes_on: bool,
    is_of_talk: bool,
}

impl<'a> Recording<'a> {
    /// Records a caller who is about to be bridged, where the queue records its talks.
    pub fn begin(connect: &Connect, member: &'a SessionGuard) -> Option<Self> {
        let template = connect
            .record_template
            .as_deref()
            .filter(|template| !template.is_empty())?;
        let channel = member.channel();
        let file = channel.expand(template);
        let recording = Self {
            member,
            before: channel.variable(FILENAME),
            goes_on: member.records(&file),
            file,
            is_of_talk: false,
        };
        channel.set_variable(FILENAME, Some(&recording.file));
        if channel.variable(FOLLOWS).is_none() {
            channel.set_variable(FOLLOWS, Some("true"));
        }
        if !recording.goes_on {
            recording.start();
        }
        Some(recording)
    }

    /// A name that does not change from talk to talk is that of one file with all of them, whatever has ended the recording in between.
    fn start(&self) {
        let channel = self.member.channel();
        let is_second = self.before.as_ref() == Some(&self.file);
        let appends = is_second && channel.variable(APPENDS).is_none();
        if appends {
            channel.set_variable(APPENDS, Some("true"));
        }
        self.member.record(&self.file);
        if appends {
            channel.set_variable(APPENDS, None);
        }
    }

    /// The two hear each other.
    pub fn go_on(mut self) {
        self.is_of_talk = true;
    }
}

impl Drop for Recording<'_> {
    fn drop(&mut self) {
        if !self.is_of_talk {
            if !self.goes_on {
                self.member.stop_recording(&self.file);
            }
            self.member.channel().set_variable(FILENAME, self.before.as_deref());
        }
    }
}
