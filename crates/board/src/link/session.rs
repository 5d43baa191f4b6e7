//! One connection, from the first word to its loss.

use super::look::{is_refusal, look, member, status, vitals, Seen};
use super::{Order, Trouble};
use crate::hub::Hub;
use crate::now_ms;
use crate::settings::Address;
use crate::snapshot::EventMark;
use freeswitch_esl_tokio::{EslClient, EslConnectOptions, EslError, EslEvent, EslEventStream, EventFormat};
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{sleep_until, timeout, Instant};

/// To connect and log in.
const CONNECTING: Duration = Duration::from_secs(3);

/// Without a word for so long, FreeSWITCH counts as lost on the pages: with the pause before a question it makes less than two seconds.
const SILENCE: Duration = Duration::from_millis(1_100);

/// And after so long the connection is given up.
const DEAD: Duration = Duration::from_secs(8);

/// A line on which nothing was said for so long is asked whether it is still there.
const QUIET: Duration = Duration::from_millis(700);

/// What happens within so short a time is looked at together.
const TOGETHER: Duration = Duration::from_millis(60);

/// The shortest time between two looks.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// A look may take a fifth of the time at most: for so many times its length there is no other.
const LOOKS_APART: u32 = 4;

/// What changes slowly, and what no event has told, is looked at so often.
const WHOLE: Duration = Duration::from_secs(15);

/// A FreeSWITCH without the module may have it some day.
const NO_MODULE: Duration = Duration::from_secs(3);

/// What lists tell is looked at so often while nothing happens: the times of rests are in no event of stock.
const LISTS: Duration = Duration::from_secs(5);

/// A box of a cluster is asked so often how it stands in it: each answers for itself, without asking another one.
const STANDING: Duration = Duration::from_secs(1);

/// A FreeSWITCH in no cluster may be loaded into one some day.
const NO_CLUSTER: Duration = Duration::from_secs(15);

/// What a cluster is doing is looked at so often where events of some box do not come here.
const UNHEARD: Duration = Duration::from_secs(2);

/// A FreeSWITCH that stands by is asked so often how it is.
const STANDS_BY: Duration = Duration::from_secs(5);

/// Events that bring a channel's data along are large; each of them comes with one of these, which are small.
const TELLING: &[&str] = &[
    "members-count",
    "agent-state-change",
    "agent-status-change",
    "agent-add",
    "agent-contact-change",
    "agent-report",
    "agent-max-no-answer",
    "tier-pause-change",
    "member-queue-refused",
    "member-session-change",
    "callback-requested",
    "callback-attempt",
    "callback-reached",
    "callback-failed",
    "callback-ended",
    "callback-expired",
];

/// The connection, as it is spoken to.
pub(super) struct Line<'a> {
    client: &'a EslClient,
    hub: &'a Hub,
    at: usize,
    place: String,
    may_use_json: AtomicBool,
}

impl Line<'_> {
    /// `json` was not refused so far. It reaches every command of FreeSWITCH, so a user who may do little has to do without.
    pub(super) fn may_use_json(&self) -> bool {
        self.may_use_json.load(Ordering::Relaxed)
    }

    /// It is refused.
    pub(super) fn goes_without_json(&self) {
        tracing::debug!(
            "no json at {}: the call centre is looked at by commands alone",
            self.place
        );
        self.may_use_json.store(false, Ordering::Relaxed);
    }

    /// What FreeSWITCH answers to a command.
    pub(super) async fn api(&self, command: &str) -> Result<String, Trouble> {
        let response = self.patiently(self.client.api(command)).await?;
        if let Some(refusal) = response
            .reply_text()
            .filter(|text| text.starts_with("-ERR permission denied"))
        {
            let what = command.split(' ').next().unwrap_or_default();
            return Err(Trouble::Forbidden {
                what: format!("{what} ({refusal})"),
            });
        }
        Ok(response.body().unwrap_or_default().to_owned())
    }

    /// It says that it is a box of a cluster.
    pub(super) fn is_member(&self) -> bool {
        self.hub.is_member(self.at)
    }

    /// Something came that is not to be understood.
    pub(super) fn strange(&self, reason: &str) -> Trouble {
        Trouble::Strange {
            place: self.place.clone(),
            reason: reason.to_owned(),
        }
    }

    /// Asks whether it is still there, and its module with it, whose end no event tells; false where that has gone. A box of a cluster is
    /// asked how it stands all the time.
    async fn is_there(&self) -> Result<bool, Trouble> {
        if self.hub.is_up(self.at) && !self.is_member() {
            let answer = self.api("callcenter_config queue count").await?;
            return Ok(!is_refusal(&answer));
        }
        match self.patiently(self.client.noop()).await {
            Ok(_) | Err(Trouble::Strange { .. }) => Ok(true),
            Err(trouble) => Err(trouble),
        }
    }

    async fn patiently<T>(&self, answer: impl Future<Output = Result<T, EslError>>) -> Result<T, Trouble> {
        patiently(self.hub, self.at, &self.place, answer).await
    }
}

/// Waits for an answer, and says on the pages when it is late. They go on saying so where none comes: what follows is the loss of the
/// connection.
async fn patiently<T>(
    hub: &Hub,
    at: usize,
    place: &str,
    answer: impl Future<Output = Result<T, EslError>>,
) -> Result<T, Trouble> {
    tokio::pin!(answer);
    let result = match timeout(SILENCE, &mut answer).await {
        Ok(result) => result,
        Err(_) => {
            hub.silent(at, &format!("FreeSWITCH at {place} does not answer"));
            let late = timeout(DEAD, &mut answer).await;
            late.unwrap_or(Err(EslError::Timeout { timeout_ms: 0 }))
        }
    };
    let result = result.map_err(|wrong| trouble(place, &wrong));
    if !matches!(result, Err(Trouble::Away { .. } | Trouble::Silent { .. })) {
        hub.answers_again(at);
    }
    result
}

fn trouble(place: &str, wrong: &EslError) -> Trouble {
    let place = place.to_owned();
    let reason = wrong.to_string();
    match wrong {
        EslError::AuthenticationFailed { .. } | EslError::AccessDenied { .. } => Trouble::Refused { place, reason },
        EslError::Timeout { .. } => Trouble::Silent {
            place,
            seconds: DEAD.as_secs(),
        },
        _ if wrong.is_connection_error() => Trouble::Away { place, reason },
        _ => Trouble::Strange { place, reason },
    }
}

async fn connect(address: &Address, place: &str) -> Result<(EslClient, EslEventStream), Trouble> {
    let away = |reason: String| Trouble::Away {
        place: place.to_owned(),
        reason,
    };
    let at = &address.at;
    let secret = address.secret().map_err(|wrong| Trouble::Refused {
        place: place.to_owned(),
        reason: wrong.to_string(),
    })?;
    let options = EslConnectOptions::new().with_connect_timeout(CONNECTING);
    let connecting = async {
        if at.user.is_empty() {
            EslClient::connect_with_options(&at.host, at.port, &secret, options).await
        } else {
            EslClient::connect_with_user_and_options(&at.host, at.port, &at.user, &secret, options).await
        }
    };
    match timeout(CONNECTING, connecting).await {
        Ok(Ok(connected)) => Ok(connected),
        Ok(Err(wrong @ EslError::Timeout { .. })) => Err(away(wrong.to_string())),
        Ok(Err(wrong)) => Err(trouble(place, &wrong)),
        Err(_) => Err(away(format!("no word within {} seconds", CONNECTING.as_secs()))),
    }
}

async fn subscribe(client: &EslClient, place: &str) -> Result<(), Trouble> {
    match client
        .subscribe_events_raw(EventFormat::Plain, "CUSTOM callcenter::info")
        .await
    {
        Ok(()) => (),
        Err(wrong) if wrong.is_permission_denied() => {
            let what = "the event CUSTOM callcenter::info".to_owned();
            return Err(Trouble::Forbidden { what });
        }
        Err(wrong) => return Err(trouble(place, &wrong)),
    }
    for action in TELLING {
        // Whoever knows no filters sends everything, which is as good.
        if let Err(wrong) = client.filter_raw("CC-Action", action).await {
            if wrong.is_connection_error() {
                return Err(trouble(place, &wrong));
            }
            tracing::debug!("no filter for events: {wrong}");
            break;
        }
    }
    Ok(())
}

/// When to look next, and for what.
struct Looks {
    next: Instant,
    next_whole: Instant,
    not_before: Instant,
    /// When it is asked for its standing in a cluster.
    next_standing: Instant,
}

impl Looks {
    fn new() -> Self {
        let now = Instant::now();
        Self {
            next: now,
            next_whole: now,
            not_before: now,
            next_standing: now + STANDING,
        }
    }

    /// Something has happened in what is shown.
    fn something_happened(&mut self) {
        let soon = (Instant::now() + TOGETHER).max(self.not_before);
        self.next = self.next.min(soon);
    }

    /// The look has shown this; `at_most` is how long the next one may wait.
    fn done(&mut self, began: Instant, is_whole: bool, (seen, is_complete): (&Seen, bool), at_most: Duration) {
        let now = Instant::now();
        self.not_before = now + BETWEEN_LOOKS.max((now - began) * LOOKS_APART);
        if is_whole {
            self.next_whole = now + WHOLE;
        }
        if !is_complete {
            self.next_whole = self.not_before;
        }
        let by_itself = match seen {
            Seen::NoModule => NO_MODULE,
            Seen::NoLeader => STANDING,
            Seen::Centre(snapshot) if snapshot.is_from_lists => LISTS,
            Seen::Centre(snapshot) => snapshot.next_change().map_or(WHOLE, |end| {
                let ends_in = u64::try_from(end - snapshot.now_at).unwrap_or_default();
                Duration::from_millis(ends_in) + TOGETHER
            }),
        };
        self.next = (now + by_itself.min(at_most)).max(self.not_before).min(self.next_whole);
    }
}

/// Connects, and tells the hub what there is to see until the connection is lost.
pub(super) async fn hold(hub: &Hub, at: usize, orders: &mut mpsc::Receiver<Order>) -> Result<(), Trouble> {
    let address = &hub.settings().addresses()[at];
    let place = address.place();
    let (client, mut events) = connect(address, &place).await?;
    client.set_command_timeout(DEAD + SILENCE);
    tracing::info!("connected to FreeSWITCH at {place}");
    subscribe(&client, &place).await?;
    let line = Line {
        client: &client,
        hub,
        at,
        place,
        may_use_json: AtomicBool::new(true),
    };
    let (mut wanted, mut happenings) = (hub.wanted(), hub.happenings());
    let mut looks = Looks::new();
    belong(&line, &mut looks).await?;
    let mut last_word = Instant::now();
    loop {
        let question = last_word + QUIET;
        let is_wanted = *wanted.borrow_and_update() == at;
        tokio::select! {
            event = events.recv() => match event {
                // One that cannot be read has happened all the same.
                Some(event) if client.is_connected() => {
                    let mark = event.as_ref().map(mark_of);
                    hub.happened(at, &mark.unwrap_or_default());
                }
                _ => return Err(cut(&line)),
            },
            changed = happenings.changed(), if is_wanted => {
                if changed.is_err() {
                    return Err(Trouble::Ends);
                }
                looks.something_happened();
            }
            order = orders.recv() => {
                let Some(order) = order else { return Err(Trouble::Ends) };
                carry_out(&line, order).await?;
                hub.happened(at, &EventMark::default());
                last_word = Instant::now();
            }
            changed = wanted.changed() => {
                if changed.is_err() {
                    return Err(Trouble::Ends);
                }
                looks = Looks::new();
            }
            () = sleep_until(looks.next) => {
                if is_wanted {
                    show(&line, &mut looks).await?;
                } else {
                    stand_by(&line, &mut looks).await?;
                }
                last_word = Instant::now();
            }
            () = sleep_until(looks.next_standing) => {
                belong(&line, &mut looks).await?;
                last_word = Instant::now();
            }
            () = sleep_until(question) => {
                if !line.is_there().await? {
                    looks.something_happened();
                }
                last_word = Instant::now();
            }
        }
    }
}

fn cut(line: &Line<'_>) -> Trouble {
    Trouble::Away {
        place: line.place.clone(),
        reason: "the connection was closed".to_owned(),
    }
}

async fn show(line: &Line<'_>, looks: &mut Looks) -> Result<(), Trouble> {
    let began = Instant::now();
    let mut is_whole = began >= looks.next_whole;
    let mut seen = look(line, is_whole).await?;
    if let Seen::Centre(snapshot) = &seen {
        if !is_whole && line.hub.counts_anew(line.at, snapshot) {
            is_whole = true;
            seen = look(line, is_whole).await?;
        }
    }
    let mut is_complete = true;
    if let Seen::Centre(snapshot) = &mut seen {
        is_complete = is_whole || line.hub.carry_over(line.at, snapshot);
    }
    let status = if is_whole { status(line).await? } else { None };
    let at_most = if line.hub.hears_all() { WHOLE } else { UNHEARD };
    looks.done(began, is_whole, (&seen, is_complete), at_most);
    match seen {
        Seen::Centre(snapshot) => line.hub.publish(line.at, *snapshot, status, began.elapsed(), now_ms()),
        Seen::NoModule => line.hub.no_module(line.at),
        Seen::NoLeader => line.hub.no_leader(line.at),
    }
    Ok(())
}

/// Asks how it stands in its cluster, and how it is where it is in one.
async fn belong(line: &Line<'_>, looks: &mut Looks) -> Result<(), Trouble> {
    let member = member(line).await?;
    let (again, status) = match &member {
        Some(_) => (STANDING, status(line).await?),
        None => (NO_CLUSTER, None),
    };
    line.hub.belongs(line.at, member, status, now_ms());
    looks.next_standing = Instant::now() + again;
    Ok(())
}

/// Which event of a cluster's leader it is.
fn mark_of(event: &EslEvent) -> EventMark {
    EventMark {
        election: event.header_str("CC-Election").map(str::to_owned),
        sequence: event
            .header_str("CC-Event-Sequence")
            .and_then(|number| number.parse().ok()),
    }
}

/// Asks how it is while another one is shown.
async fn stand_by(line: &Line<'_>, looks: &mut Looks) -> Result<(), Trouble> {
    if !line.is_member() {
        match vitals(line).await? {
            Some(vitals) => line.hub.stands_by(line.at, vitals, now_ms()),
            None => line.hub.no_module(line.at),
        }
    }
    looks.next = Instant::now() + STANDS_BY;
    Ok(())
}

async fn carry_out(line: &Line<'_>, order: Order) -> Result<(), Trouble> {
    let answer = line.api(&format!("callcenter_config {}", order.words)).await;
    match answer {
        Ok(text) => {
            // Whoever asked may have gone.
            let _ = order.answer.send(Ok(text));
            Ok(())
        }
        Err(trouble) => {
            let _ = order.answer.send(Err(trouble.to_string()));
            Err(trouble)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use crate::snapshot::Snapshot;
    use crate::views::LinkState;
    use std::sync::Arc;

    /// How it stands once this answer has come, or has not.
    async fn stands_after(answer: impl Future<Output = Result<(), EslError>>) -> (Result<(), Trouble>, LinkState) {
        let hub = Hub::new(Arc::new(Settings::default()));
        hub.publish(0, Snapshot::default(), None, Duration::ZERO, 1);
        let result = patiently(&hub, 0, "pbx:8021", answer).await;
        (result, hub.centre().link().is)
    }

    #[tokio::test]
    async fn whoever_never_answers_is_not_shown_as_well_for_a_moment() {
        let late = async {
            sleep_until(Instant::now() + SILENCE + Duration::from_millis(200)).await;
            Ok(())
        };
        let cut = async {
            sleep_until(Instant::now() + SILENCE + Duration::from_millis(200)).await;
            Err(EslError::ConnectionClosed)
        };
        let (never, late, cut) = tokio::join!(
            stands_after(std::future::pending()),
            stands_after(late),
            stands_after(cut)
        );
        assert!(
            matches!(never, (Err(Trouble::Silent { .. }), LinkState::Silent)),
            "{never:?}"
        );
        assert!(matches!(late, (Ok(()), LinkState::Up)), "{late:?}");
        assert!(matches!(cut, (Err(Trouble::Away { .. }), LinkState::Silent)), "{cut:?}");
    }
}
