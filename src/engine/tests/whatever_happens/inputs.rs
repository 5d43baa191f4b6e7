//! What a step is for the engine that stands as it does.

use super::by_sql::tier_by_sql;
use super::configurations::queue_config;
use super::*;

pub(super) const CAUSES: [HangupCause; 7] = [
    HangupCause::NO_ANSWER,
    HangupCause::USER_BUSY,
    HangupCause::CALL_REJECTED,
    HangupCause::USER_NOT_REGISTERED,
    HangupCause::LOSE_RACE,
    HangupCause::ORIGINATOR_CANCEL,
    HangupCause::DESTINATION_OUT_OF_ORDER,
];

impl Trial {
    pub(super) fn input(&self, step: Step) -> Option<Input> {
        let name = |agent: usize| AGENTS[agent].to_owned();
        let queue_name = |queue: usize| QUEUES[queue].to_owned();
        let offer = |pick: usize| self.offers.get(pick % self.offers.len().max(1)).copied();
        let set = |agent: usize, setting| {
            Some(Input::AgentSet {
                name: name(agent),
                setting,
            })
        };
        match step {
            Step::LoadQueue {
                queue,
                strategy,
                tier_rules,
                asks,
            } => Some(Input::LoadQueue(queue_config(queue, strategy, tier_rules, asks))),
            Step::Device {
                agent,
                in_use: Some(in_use),
            } => Some(Input::DeviceState {
                device: format!("{}@x", name(agent)),
                in_use,
            }),
            Step::Leg {
                agent,
                state: Ok(state),
            } => Some(Input::StandingLeg {
                agent_uuid: format!("stands-{}", name(agent)),
                state,
            }),
            Step::Leg {
                agent,
                state: Err(is_shared),
            } => {
                let owner = if is_shared { 0 } else { agent };
                set(agent, AgentSetting::Uuid(format!("stands-{}", name(owner))))
            }
            Step::Device { agent, in_use: None } => {
                let other = name((agent + 1) % AGENTS.len());
                set(agent, AgentSetting::Contact(format!("user/{other}")))
            }
            Step::Pause { queue, agent, ends } => Some(pause(queue.map(queue_name), name(agent), ends)),
            Step::UnloadQueue(queue) => Some(Input::UnloadQueue(queue_name(queue))),
            Step::Reload {
                strategy,
                tier_rules,
                asks,
                named,
            } => Some(self.reload(|queue| queue_config(queue, strategy, tier_rules, asks), named)),
            Step::AddAgent { agent, standby } => {
                let kind = if standby {
                    AgentKind::UuidStandby
                } else {
                    AgentKind::Callback
                };
                Some(Input::AgentAdd {
                    name: name(agent),
                    agent_type: AgentType::parse(kind.as_str())?,
                })
            }
            Step::DeleteAgent(agent) => Some(Input::AgentDel { name: name(agent) }),
            Step::SetStatus { agent, status } => set(agent, AgentSetting::Status(AgentStatus::ALL[status].to_string())),
            Step::SetState { agent, state } => set(agent, AgentSetting::State(AgentState::ALL[state].to_string())),
            Step::SetNumber { agent, value } if value % 2 == 0 => {
                set(agent, attribute("wrap_up_time", value & i64::from(i32::MAX)))
            }
            Step::SetNumber { agent, value } => set(agent, AgentSetting::ReadyTime(value)),
            Step::AddTier { queue, agent, level } => {
                let tier = TierConfig {
                    queue: queue_name(queue),
                    agent: name(agent),
                    level,
                    position: 1,
                };
                Some(Input::ApplyTier(tier))
            }
            Step::SetTier { queue, agent, state } => {
                let setting = TierSetting::State(TierState::ALL[state]);
                Some(Input::TierSet {
                    queue: queue_name(queue),
                    agent: name(agent),
                    setting,
                })
            }
            Step::DeleteTier {
                queue,
                agent,
                configured,
            } => {
                let (queue, agent) = (queue_name(queue), name(agent));
                Some(if configured {
                    Input::TierNotConfigured { queue, agent }
                } else {
                    Input::TierDel { queue, agent }
                })
            }
            Step::SetSkills { agent, skills } => {
                let skills = Skills::parse(SKILLS[skills]).expect("skills");
                set(agent, AgentSetting::Skills(skills))
            }
            Step::SetChats { agent, most, rest } => {
                let (key, value) = if rest % 4 == 0 {
                    ("chat_wrap_up_time", rest)
                } else {
                    ("max_chats", most)
                };
                set(agent, attribute(key, value))
            }
            Step::Join {
                queue,
                number,
                score,
                asks,
                writes,
            } => Some(Input::MemberJoin(self.join(
                queue_name(queue),
                number,
                score,
                (asks, writes),
            ))),
            Step::Command { pick, withdraw, score } => {
                let rows = self.engine.all_member_rows(self.now);
                let uuid = rows.get(pick % rows.len().max(1))?.row.uuid.clone();
                Some(if withdraw {
                    let note = String::new();
                    Input::MemberWithdraw { uuid, note }
                } else {
                    let base_score = score;
                    Input::MemberScore { uuid, base_score }
                })
            }
            Step::Dispatching(on) => Some(Input::InternalDispatching { on }),
            Step::Dispatch { pick, agent } => {
                let rows = self.engine.all_member_rows(self.now);
                let uuid = rows.get(pick % rows.len().max(1))?.row.uuid.clone();
                let agent = name(agent);
                Some(Input::DispatchMember { uuid, agent })
            }
            Step::Exit { pick, channel_up } => {
                let member = *self.members.get(pick % self.members.len().max(1))?;
                Some(Input::MemberExit {
                    member,
                    exit: MemberExit {
                        channel_up,
                        reason: None,
                        key: None,
                    },
                })
            }
            Step::HandOver { pick, ahead, gone } => {
                let successor = format!("session-{}", self.members.len() + ahead);
                if gone {
                    return Some(Input::SuccessorGone {
                        session_uuid: successor,
                    });
                }
                let member = *self.members.get(pick % self.members.len().max(1))?;
                Some(Input::MemberHandsOver { member, successor })
            }
            Step::Callback { pick, what } => self.callback(pick, what),
            Step::AnnouncementEnds { pick, unplayable } => {
                let announce = self.announcements.get(pick % self.announcements.len().max(1))?;
                Some(Input::AnnouncementEnded {
                    member: announce.member,
                    announcement: announce.announcement,
                    end: if unplayable {
                        AnnouncementEnd::Unplayable
                    } else {
                        AnnouncementEnd::Played
                    },
                })
            }
            Step::Answer(pick) => Some(Input::OfferAnswered {
                offer: offer(pick)?,
                agent_uuid: format!("leg-{pick}"),
            }),
            Step::Fail { pick, cause } => Some(Input::OfferFailed {
                offer: offer(pick)?,
                end: RingEnd::NotTaken(CAUSES[cause].clone()),
            }),
            Step::EndRing { pick, end } => Some(Input::OfferFailed {
                offer: offer(pick)?,
                end: ring_end(end),
            }),
            Step::Bridge(pick) => Some(Input::OfferBridged { offer: offer(pick)? }),
            Step::BridgeFails {
                pick,
                member_up,
                agent_left,
            } => Some(Input::BridgeFailed {
                offer: offer(pick)?,
                member_up,
                agent_left,
                cause: HangupCause::NORMAL_CLEARING,
            }),
            Step::LegEnds(pick) => Some(Input::AgentLegEnded {
                offer: offer(pick)?,
                cause: HangupCause::NORMAL_CLEARING,
                by: TalkEnd::Agent,
            }),
            Step::Break(pick) => Some(Input::AgentBreak {
                agent_uuid: format!("leg-{pick}"),
            }),
            Step::Found {
                queue,
                agent,
                pick,
                writes,
                gone,
            } => Some(self.found((queue_name(queue), name(agent)), pick, writes, gone)),
            Step::NotFound { pick, times } => {
                let member = self.members.get(pick % self.members.len().max(1)).copied();
                Some(Input::NotFound {
                    members: member.map_or_else(Vec::new, |member| vec![member; times]),
                    offers: offer(pick).map_or_else(Vec::new, |offer| vec![offer; times]),
                })
            }
            Step::External { agent, starts: true } => Some(Input::ExternalCallStarted { agent: name(agent) }),
            Step::External { agent, starts: false } => Some(Input::ExternalCallEnded { agent: name(agent) }),
            Step::AgentBySql {
                agent,
                act,
                word,
                value,
            } => self.agent_by_sql(AGENTS[agent], act, word, value),
            Step::TierBySql {
                queue,
                agent,
                act,
                word,
                value,
            } => Some(tier_by_sql(self, (QUEUES[queue], AGENTS[agent]), act, word, value)),
            Step::MemberBySql { pick, act, value } => self.member_by_sql(pick, act, value),
            Step::Pass(_) => None,
        }
    }

    fn join(&self, queue: String, number: u8, score: i64, (asks, writes): (usize, bool)) -> JoinRequest {
        JoinRequest {
            queue,
            session_uuid: format!("session-{}", self.members.len()),
            new_member_uuid: format!("member-{}", self.members.len()),
            cid_number: number.to_string(),
            base_score: score,
            position: (asks % 4 == 3).then_some(2),
            preferred: preferred(usize::from(number) + asks),
            requirements: CallerRequirements {
                skills: required(asks),
                levels: LevelLimits {
                    max: (asks % 7 == 1).then_some(2),
                    min: (asks % 7 == 2).then_some(1),
                    raise: (asks % 7 == 3).then_some(2),
                    raises_order_only: asks % 2 == 0,
                },
                media: if writes { Media::Chat } else { Media::Audio },
                at: None,
            },
            ..JoinRequest::default()
        }
    }

    fn callback(&self, pick: usize, what: usize) -> Option<Input> {
        let rows = self.engine.callbacks(None);
        let uuid = || rows.get(pick % rows.len().max(1)).map(|row| row.uuid.clone());
        let attempt = self.attempts.get(pick % self.attempts.len().max(1)).copied();
        let number = (pick % 5).to_string();
        Some(match what {
            0..=3 => Input::CallbackAsk {
                member: *self.members.get(pick % self.members.len().max(1))?,
                number,
            },
            4 => {
                let new_member_uuid = format!("added-{pick}");
                if self.engine.members.of_uuid(&new_member_uuid).is_some() {
                    return None;
                }
                Input::CallbackAdd {
                    queue: QUEUES[pick % QUEUES.len()].to_owned(),
                    number,
                    name: String::new(),
                    new_member_uuid,
                }
            }
            5 => Input::CallbackCancel { uuid: uuid()? },
            6 => Input::CallbackNow { uuid: uuid()? },
            7 => Input::CallbackFailed {
                attempt: attempt?,
                end: CallbackEnd::NoAnswer,
            },
            8 => Input::CallbackFailed {
                attempt: attempt?,
                end: CallbackEnd::Refused(Refusal::Sessions, HangupCause::NORMAL_CIRCUIT_CONGESTION),
            },
            _ => Input::CallbackReached {
                attempt: attempt?,
                session_uuid: format!("session-{}", self.members.len()),
            },
        })
    }

    fn found(&self, (queue, agent): (String, String), pick: usize, writes: bool, gone: bool) -> Input {
        let course = Course {
            bridged: self.engine.wall(self.now),
            number: 1,
            agent_is_gone: gone,
            ..Course::default()
        };
        let known = pick % (self.members.len() + 1);
        let (uuid, session) = if known < self.members.len() {
            (format!("member-{known}"), format!("session-{known}"))
        } else {
            (format!("found-{pick}"), format!("found-session-{pick}"))
        };
        let talk = Talk {
            queue,
            agent: agent.clone(),
            agent_type: AgentType::callback(),
            agent_uuid: format!("leg-{pick}"),
            member_uuid: uuid,
            member_session_uuid: session,
            cid_number: String::new(),
            cid_name: String::new(),
            dnis: None,
            param: None,
            media: if writes { Media::Chat } else { Media::Audio },
            course,
        };
        Input::Adopt(Found {
            talks: vec![talk],
            standing: vec![(agent, format!("leg-{pick}"))],
        })
    }
}

fn pause(queue: Option<String>, agent: String, ends: bool) -> Input {
    match (queue, ends) {
        (Some(queue), false) => Input::TierPause {
            queue,
            agent,
            reason: "lunch".to_owned(),
        },
        (Some(queue), true) => Input::TierResume { queue, agent },
        (None, false) => Input::AgentPause {
            name: agent,
            reason: "lunch".to_owned(),
        },
        (None, true) => Input::AgentResume { name: agent },
    }
}

fn ring_end(end: usize) -> RingEnd {
    match Refusal::ALL.get(end) {
        Some(refusal) => RingEnd::Refused(*refusal, HangupCause::DESTINATION_OUT_OF_ORDER),
        None if end == Refusal::ALL.len() => RingEnd::NoStandingLeg,
        None if end == Refusal::ALL.len() + 1 => RingEnd::CallerGone,
        None => RingEnd::Withdrawn(HangupCause::ORIGINATOR_CANCEL),
    }
}

/// Nobody, or agents who may not be there.
fn preferred(pick: usize) -> PreferredAgents {
    let lists = ["", "a", "b,a", "nobody,c", ""];
    PreferredAgents::parse(lists[pick % lists.len()]).0
}
