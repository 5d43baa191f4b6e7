//! Identities the engine gives out. They are never reused within one run, so a late result for something that is
//! over cannot be mistaken for news about something else.

/// An identity that was counted up.
pub(in crate::engine) trait Counted: Copy {
    /// Its number.
    fn counted(self) -> u64;
}

macro_rules! identity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub struct $name(pub(crate) u64);

        impl $name {
            /// The number behind the identity, for logs and for maps outside the engine.
            pub fn number(self) -> u64 {
                self.0
            }
        }

        impl Counted for $name {
            fn counted(self) -> u64 {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

/// A box of a cluster, by the order in which the engine was told of them. Without a cluster there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct BoxNumber(pub(in crate::engine) u16);

impl BoxNumber {
    /// The box that the engine runs on.
    pub const OWN: Self = Self(0);
}

identity!(
    /// A queue, by the name it was first seen under, loaded or not.
    QueueId
);
identity!(
    /// An agent, from `agent add` to `agent del`.
    AgentId
);
identity!(
    /// A tier: one agent's place in one queue.
    TierId
);
identity!(
    /// A member: one caller's stay in one queue.
    MemberId
);
identity!(
    /// An offer: one member presented to one agent, from the choice to the one moment it ends.
    OfferId
);
identity!(
    /// Something played to a waiting member.
    AnnouncementId
);
identity!(
    /// One attempt to call somebody back, from the step that decides it to the one moment it ends.
    CallbackAttemptId
);
