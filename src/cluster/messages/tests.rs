mod releases;

use super::*;
use crate::engine::names::{header, variable};
use crate::engine::{
    AgentGetKey, AgentKind, AgentType, Announce, AnnouncementEnd, AnnouncementId, ApplicationReport, AttemptReport,
    BlfKey, CallBack, CallState, CallbackAttemptId, CallbackEnd, CallbackRefusal, CallerReport, CallerRequirements,
    CancelReason, Connect, Event, HangupCause, Hold, Inspection, JoinRequest, LegState, LevelLimits, Media, MemberExit,
    OfferReport, OfferStage, Parting, PreferredAgents, Presence, QueueLogEvent, QueueLogLine, Refusal, Release,
    RequiredSkills, Ring, RingEnd, RowChange, Span, StandingLegReport, TalkEnd, VariableChange, WayOut, WhyNot,
};
use proptest::prelude::*;

fn request(text: &str, number: u64) -> JoinRequest {
    JoinRequest {
        queue: text.to_owned(),
        cid_name: text.to_owned(),
        dnis: Some(text.to_owned()),
        base_score: number as i64,
        requirements: CallerRequirements {
            skills: RequiredSkills::parse("german>=5,billing").expect("skills"),
            levels: LevelLimits {
                max: Some(number as i64),
                ..LevelLimits::default()
            },
            media: Media::Chat,
            at: None,
        },
        preferred: PreferredAgents::one(text),
        position: Some(7),
        ..JoinRequest::default()
    }
}

fn ring(text: &str, number: u64) -> Ring {
    Ring {
        offer: OfferId(number),
        queue: text.to_owned(),
        agent: text.to_owned(),
        agent_type: AgentType::parse("Callback").expect("a type"),
        contact: text.to_owned(),
        agent_uuid: String::new(),
        member_uuid: text.to_owned(),
        member_session_uuid: text.to_owned(),
        cid_name: text.to_owned(),
        cid_name_prefix: String::new(),
        cid_number: text.to_owned(),
        param: text.to_owned(),
        export_vars: String::new(),
        media: Media::Audio,
        joined_epoch: number as i64,
        timeout: 60,
        calls_back: None,
    }
}

fn call_back(text: &str, number: u64) -> CallBack {
    CallBack {
        attempt: CallbackAttemptId(number),
        queue: text.to_owned(),
        member_uuid: text.to_owned(),
        number: text.to_owned(),
        name: text.to_owned(),
        dial: text.to_owned(),
        timeout: 30,
        caller_id_name: text.to_owned(),
        caller_id_number: text.to_owned(),
        confirm_key: '1',
        must_confirm: true,
        confirm_sound: None,
        number_of_attempt: 2,
        joined_epoch: number as i64,
        waiting_agent: None,
    }
}

/// Each kind of input that callers cause.
fn inputs_of_callers(text: &str, number: u64) -> Vec<Input> {
    let (member, attempt) = (MemberId(number), CallbackAttemptId(number));
    let cause = HangupCause::named(text.to_owned());
    let word = || text.to_owned();
    vec![
        Input::MemberJoin(request(text, number)),
        Input::MemberExit {
            member,
            exit: MemberExit {
                channel_up: true,
                reason: Some(CancelReason::ExitWithKey),
                key: Some('#'),
            },
        },
        Input::MemberHandsOver {
            member,
            successor: word(),
        },
        Input::SuccessorGone { session_uuid: word() },
        Input::CallbackKey { member },
        Input::CallbackAsk { member, number: word() },
        Input::CallbackFailed {
            attempt,
            end: CallbackEnd::Unreachable(cause.clone()),
        },
        Input::CallbackFailed {
            attempt,
            end: CallbackEnd::Refused(Refusal::Threads, cause.clone()),
        },
        Input::CallbackFailed {
            attempt,
            end: CallbackEnd::NoWayOut(cause.clone()),
        },
        Input::CallbackReached {
            attempt,
            session_uuid: word(),
        },
        Input::AnnouncementEnded {
            member,
            announcement: AnnouncementId(number),
            end: AnnouncementEnd::Unplayable,
        },
    ]
}

/// Each kind of input that agents' phones cause.
fn inputs_of_phones(text: &str, number: u64) -> Vec<Input> {
    let (member, offer) = (MemberId(number), OfferId(number));
    let cause = HangupCause::named(text.to_owned());
    let word = || text.to_owned();
    vec![
        Input::OfferAnswered {
            offer,
            agent_uuid: word(),
        },
        Input::OfferFailed {
            offer,
            end: RingEnd::NotTaken(cause.clone()),
        },
        Input::OfferFailed {
            offer,
            end: RingEnd::CallerGone,
        },
        Input::OfferBridged { offer },
        Input::BridgeFailed {
            offer,
            member_up: true,
            agent_left: false,
            cause: cause.clone(),
        },
        Input::AgentLegEnded {
            offer,
            cause,
            by: TalkEnd::BlindTransfer {
                extension: word(),
                context: word(),
            },
        },
        Input::AgentBreak { agent_uuid: word() },
        Input::AgentGet {
            name: word(),
            key: AgentGetKey::Status,
            typed: word(),
        },
        Input::ExternalCallStarted { agent: word() },
        Input::ExternalCallEnded { agent: word() },
        Input::NotFound {
            members: vec![member],
            offers: vec![offer],
        },
        Input::StandingLeg {
            agent_uuid: word(),
            state: LegState::Taken,
        },
        Input::DeviceState {
            device: word(),
            in_use: true,
        },
        Input::PresenceProbe { queue: word() },
    ]
}

/// Each kind of input that channels cause.
fn inputs(text: &str, number: u64) -> Vec<Input> {
    [inputs_of_callers(text, number), inputs_of_phones(text, number)].concat()
}

fn hold(text: &str) -> Hold {
    Hold {
        moh_sound: Some(text.to_owned()),
        way_out: WayOut {
            keys: text.to_owned(),
            context: None,
        },
        callback_key: Some('5'),
    }
}

/// Each kind of output that is about a call.
fn outputs_of_calls(text: &str, number: u64) -> Vec<Output> {
    let (member, offer) = (MemberId(number), OfferId(number));
    let word = || text.to_owned();
    let parting = Parting {
        sound: None,
        destination: Some(word()),
        state: Some(CallState::Dissuading1),
    };
    vec![
        Output::Ring(ring(text, number)),
        Output::CancelRing {
            offer,
            cause: HangupCause::LOSE_RACE,
        },
        Output::Connect(Connect {
            offer,
            media: Media::Audio,
            agent_kind: AgentKind::UuidStandby,
            member_session_uuid: word(),
            agent_uuid: word(),
            record_template: Some(word()),
            delay: 3,
            sounds: vec![word(), word()],
        }),
        Output::CallBack(Box::new(call_back(text, number))),
        Output::CancelCallBack(CallbackAttemptId(number)),
        Output::Release(Release {
            member,
            session_uuid: word(),
            reason: CancelReason::DissuadeWait,
            parting: Some(parting),
        }),
        Output::Announce(Announce {
            announcement: AnnouncementId(number),
            member,
            session_uuid: word(),
            sounds: vec![word()],
        }),
        Output::Hold {
            session_uuid: word(),
            hold: hold(text),
        },
        Output::Variables {
            session_uuid: word(),
            changes: vec![
                VariableChange {
                    name: variable::CAUSE,
                    value: Some(word()),
                },
                VariableChange {
                    name: variable::STATE,
                    value: None,
                },
            ],
        },
    ]
}

/// Each kind of output that tells or asks something.
fn outputs_of_news(text: &str, number: u64) -> Vec<Output> {
    let (member, offer) = (MemberId(number), OfferId(number));
    let word = || text.to_owned();
    vec![
        Output::Event(Event {
            headers: vec![(header::ACTION, word()), (header::QUEUE, word())],
            channel: Some(word()),
        }),
        Output::Presence(Presence::Queue {
            queue: word(),
            waiting: 3,
        }),
        Output::Presence(Presence::BlfKey {
            queue: word(),
            lamp: BlfKey::Paused(word()),
            is_lit: true,
        }),
        Output::QueueLog(Box::new(QueueLogLine {
            at: number as i64,
            call: word(),
            queue: word(),
            agent: word(),
            event: QueueLogEvent::Connect,
            data: vec![word()],
        })),
        Output::Notice(Notice {
            level: NoticeLevel::Warning,
            session_uuid: Some(word()),
            text: word(),
        }),
        Output::Inspect(Inspection {
            ringing: vec![offer],
            talking: vec![offer],
            waiting: vec![(member, word())],
        }),
        Output::LookAtLeg(word()),
    ]
}

/// Each kind of output that leaves the leader.
fn outputs(text: &str, number: u64) -> Vec<Output> {
    [outputs_of_calls(text, number), outputs_of_news(text, number)].concat()
}

fn answers(text: &str, number: u64) -> Vec<Result<Reply, EngineError>> {
    let word = || text.to_owned();
    vec![
        Ok(Reply::Done),
        Ok(Reply::Value(word())),
        Ok(Reply::Joined {
            member: MemberId(number),
            member_uuid: word(),
            hold: Hold::default(),
        }),
        Ok(Reply::CalledBack {
            member_uuid: word(),
            position: 4,
        }),
        Ok(Reply::Refused {
            reason: CancelReason::QueueFull,
            parting: None,
        }),
        Ok(Reply::Left { answered: true }),
        Err(EngineError::OfferOver),
        Err(EngineError::QueueInUse { waiting: 1, talking: 2 }),
        Err(EngineError::NotEligible(WhyNot::RingsAlready)),
        Err(EngineError::CallbackRefused(CallbackRefusal::TooMany)),
    ]
}

fn ended(input: Input, number: u64) -> Ended {
    Ended {
        number,
        age: Span::from_micros(7),
        input,
        caller: None,
        offer: None,
        talk: None,
    }
}

fn report(text: &str, number: u64) -> Report {
    let age = Span::from_micros(number as i64);
    Report {
        has: BoxReport {
            instance: text.to_owned(),
            callers: vec![CallerReport {
                is_promised: true,
                request: request(text, number),
                member: Some(MemberId(number)),
                stay: None,
                age,
                announcement: Some(AnnouncementId(number)),
                application: ApplicationReport::IsToEnd,
            }],
            offers: vec![OfferReport {
                ring: ring(text, number),
                stage: OfferStage::Connecting(text.to_owned()),
                age,
                answered: age,
            }],
            attempts: vec![AttemptReport {
                call: call_back(text, number),
                reached: Some(text.to_owned()),
                age,
            }],
            standing: vec![StandingLegReport {
                agent: text.to_owned(),
                agent_uuid: text.to_owned(),
                state: LegState::Alone,
            }],
            ..BoxReport::default()
        },
        ended: inputs(text, number)
            .into_iter()
            .map(|input| ended(input, number))
            .collect(),
        lamps: vec![text.to_owned()],
    }
}

fn from_box(text: &str, number: u64) -> Vec<FromBox> {
    let happened = inputs(text, number).into_iter().map(|input| FromBox::Happened {
        question: is_question(&input).then_some(number),
        input: Box::new(input),
    });
    let command = Command {
        words: text.to_owned(),
        is_json: false,
        configuration: Some(text.to_owned()),
    };
    let asked = FromBox::Asked {
        question: number,
        command,
    };
    let has = FromBox::Has(Box::new(report(text, number)));
    happened.chain([asked, has]).collect()
}

fn to_box(text: &str, number: u64) -> Vec<ToBox> {
    let does = outputs(text, number)
        .into_iter()
        .map(|output| ToBox::Does(Box::new(output)));
    let said = answers(text, number).into_iter().flat_map(|answer| {
        let late = ToBox::AnswersJoining {
            session_uuid: text.to_owned(),
            answer: answer.clone(),
        };
        [
            ToBox::Answers {
                question: number,
                answer,
            },
            late,
        ]
    });
    let replies = ToBox::Replies {
        question: number,
        text: text.to_owned(),
    };
    does.chain(said).chain([replies]).collect()
}

proptest! {
    #[test]
    fn every_message_survives_the_way(text: String, number: u64) {
        for message in from_box(&text, number) {
            let line = write(&message).expect("a line");
            prop_assert!(!line.contains('\n'), "{line}");
            prop_assert_eq!(read::<FromBox>(&line).expect("a message"), message);
        }
        for message in to_box(&text, number) {
            let line = write(&message).expect("a line");
            prop_assert!(!line.contains('\n'), "{line}");
            prop_assert_eq!(read::<ToBox>(&line).expect("a message"), message);
        }
    }

    #[test]
    fn nothing_that_is_read_can_panic(text: String, kind in 0_usize..60, at: prop::sample::Index, number: u64) {
        let _ = (read::<FromBox>(&text), read::<ToBox>(&text));
        // What was a message, cut off or with something else in the middle of it.
        let messages: Vec<String> = from_box(&text, number).iter().map(|message| write(message).expect("a line"))
            .chain(to_box(&text, number).iter().map(|message| write(message).expect("a line"))).collect();
        let line: Vec<char> = messages[kind % messages.len()].chars().collect();
        let at = at.index(line.len());
        let cut: String = line[..at].iter().collect();
        let rest: String = line[at..].iter().collect();
        for hostile in [cut.clone(), format!("{cut}{text}{rest}"), format!("{cut}{number}{rest}")] {
            let _ = (read::<FromBox>(&hostile), read::<ToBox>(&hostile));
        }
    }
}

#[test]
fn what_is_the_leaders_alone_cannot_be_written() {
    let row = Output::Row(RowChange::AgentGone("a".to_owned()));
    assert!(matches!(
        write(&ToBox::Does(Box::new(row))),
        Err(BadMessage::Unwritable(_))
    ));
    let question = None;
    let input = Box::new(Input::StatsReset);
    assert!(matches!(
        write(&FromBox::Happened { question, input }),
        Err(BadMessage::Unwritable(_))
    ));
}
