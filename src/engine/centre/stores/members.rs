//! The members, by identity and by uuid.

use crate::engine::border::row_change::RowChange;
use crate::engine::centre::member::Member;
use crate::engine::centre::stores::id_map::IdMap;
use crate::engine::centre::stores::touched::Touched;
use crate::engine::vocabulary::ids::MemberId;
use std::collections::HashMap;
use std::ops::Deref;

/// The members, abandoned ones too.
#[derive(Debug, Default)]
pub(in crate::engine) struct Members {
    all: IdMap<MemberId, Member>,
    uuids: HashMap<String, MemberId>,
    touched: Touched<MemberId>,
    /// Whoever was handed out to be changed, since rows were last put out.
    handed_out: Touched<MemberId>,
}

impl Deref for Members {
    type Target = IdMap<MemberId, Member>;

    fn deref(&self) -> &Self::Target {
        &self.all
    }
}

impl Members {
    /// The member of this uuid.
    pub fn of_uuid(&self, uuid: &str) -> Option<MemberId> {
        self.uuids.get(uuid).copied()
    }

    /// How many uuids are known.
    #[cfg(any(test, debug_assertions))]
    pub fn uuids(&self) -> usize {
        self.uuids.len()
    }

    /// Takes a member in under the uuid of its row.
    pub fn insert(&mut self, id: MemberId, member: Member) {
        self.uuids.insert(member.row.uuid.clone(), id);
        self.all.insert(id, member);
        self.touched.note(id);
        self.handed_out.note(id);
    }

    /// Nothing is left of a member.
    pub fn forget(&mut self, id: MemberId) {
        let Some(member) = self.all.remove(&id) else {
            debug_assert!(false, "{id:?} is not there");
            return;
        };
        if self.uuids.get(&member.row.uuid) == Some(&id) {
            self.uuids.remove(&member.row.uuid);
        }
    }

    /// Changes a member, who is looked at again before the step ends: takes another place in line, and looks for an agent.
    pub fn change(&mut self, id: &MemberId) -> Option<&mut Member> {
        let member = self.all.get_mut(id)?;
        self.touched.note(*id);
        self.handed_out.note(*id);
        Some(member)
    }

    /// Changes what is kept about a member and decides nothing: its place, what it has heard and was told. Nobody looks at it for that.
    pub fn books_of(&mut self, id: &MemberId) -> Option<&mut Member> {
        let member = self.all.get_mut(id)?;
        self.handed_out.note(*id);
        Some(member)
    }

    /// Has a member looked at before the step ends: something beside it has changed that decides whom it may have.
    pub fn touch(&mut self, id: MemberId) {
        self.touched.note(id);
    }

    /// A member has been placed after the last change: the step's end has nothing to do for that one.
    pub fn note_placed(&mut self, id: MemberId) {
        self.touched.forget_last(id);
    }

    /// Whether nobody has to be looked at.
    pub fn are_settled(&self) -> bool {
        self.touched.is_empty()
    }

    /// Whom the end of the step has to look at. Some may be gone.
    pub fn take_touched(&mut self) -> Vec<MemberId> {
        self.touched.take()
    }

    /// The step's end has looked at them.
    pub fn give_back(&mut self, looked_at: Vec<MemberId>) {
        self.touched.give_back(looked_at);
    }

    /// Puts out what is to be saved of the members: each row once, however often it was changed. Who is served has none any more.
    pub fn put_out_rows(&mut self, mut put_out: impl FnMut(RowChange)) {
        self.handed_out.drain(|id| {
            let Some(member) = self.all.get_mut(&id) else { return };
            let callback = member.callback.as_mut();
            if let Some(row) = callback.and_then(|callback| callback.row.take_news()) {
                put_out(RowChange::Callback(Box::new(row.clone())));
            }
            if member.is_served() {
                return;
            }
            if let Some(row) = member.row.take_news() {
                put_out(RowChange::Member(row.clone()));
            }
        });
    }
}
