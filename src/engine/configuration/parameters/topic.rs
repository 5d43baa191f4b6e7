//! What parameters are about: documents show them by topic.

/// What a parameter is about, in the order in which documents show them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Settings: where rows are kept, and what belongs to whom.
    Database,
    /// Settings: tables and columns that are called otherwise than in stock.
    Tables,
    /// Settings: call detail records and the queue log.
    Records,
    /// Settings: what holds for every agent.
    Agents,
    /// Settings: figures, events and BLF keys.
    Reports,
    /// Settings: accepted and without effect.
    Ignored,
    /// Queues: which agent is rung, and what comes of it.
    Ringing,
    /// Queues: levels of tiers, and skills.
    Levels,
    /// Queues: agents who know the caller.
    Preferred,
    /// Queues: callers who are called back.
    Callbacks,
    /// Queues: who is first, and for how long callers wait.
    Waiting,
    /// Queues: music and sounds for waiting callers.
    Sounds,
    /// Queues: what waiting callers are told of their place and wait.
    Announcements,
    /// Queues: the talk, and what the agent hears and sees before it.
    Talk,
    /// Queues: who enters, and who has to leave for want of agents.
    Door,
    /// Queues: callers who had better not wait.
    Dissuasion,
    /// Queues: leaving with a key.
    Keys,
    /// Attributes of an agent.
    Agent,
}

impl Topic {
    /// A heading.
    pub const fn heading(self) -> &'static str {
        match self {
            Topic::Database => "Where agents, tiers and members are kept",
            Topic::Tables => "Tables and columns that are called otherwise",
            Topic::Records => "Call detail records and the queue log",
            Topic::Agents => "What holds for every agent",
            Topic::Reports => "Figures, events and BLF keys",
            Topic::Ignored => "Accepted because older configurations have them",
            Topic::Ringing => "Who is rung, and what comes of it",
            Topic::Levels => "Levels and skills",
            Topic::Preferred => "Agents who know the caller",
            Topic::Callbacks => "Callers who are called back",
            Topic::Waiting => "Who is first, and how long callers wait",
            Topic::Sounds => "What waiting callers hear",
            Topic::Announcements => "What waiting callers are told, with the phrases of conf/lang/callcenter.xml",
            Topic::Talk => "The talk, and what the agent hears and sees before it",
            Topic::Door => "Who may enter, and who has to leave",
            Topic::Dissuasion => "Callers who had better not wait",
            Topic::Keys => "Leaving with a key",
            Topic::Agent => "Agents",
        }
    }
}
