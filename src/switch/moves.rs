//! Where a call was moved, in FreeSWITCH's words.

use crate::core::TalkEnd;

/// How a caller left an agent, by the moves FreeSWITCH notes on the caller's channel (`transfer_history`, as it writes lists). The bridge
/// to the agent is one of them, of the kind `uuid_br`: what counts comes behind it. An attended transfer between phones is two, the
/// transfer and the bridge that carries it out, and only the second is left in `transfer_source`.
pub fn transfer_from(agent_uuid: &str, history: &str) -> Option<TalkEnd> {
    let moves: Vec<&str> = history.strip_prefix("ARRAY::").unwrap_or(history).split("|:").collect();
    let is_bridge_to_agent = |source: &&str| kind_and_place(source) == Some(("uuid_br", agent_uuid));
    let bridged = moves.iter().rposition(is_bridge_to_agent)?;
    moves.iter().skip(bridged + 1).find_map(|source| transfer(source))
}

/// A move as FreeSWITCH notes it: `epoch:uuid:kind:where`.
fn kind_and_place(source: &str) -> Option<(&str, &str)> {
    let mut fields = source.splitn(4, ':').skip(2);
    Some((fields.next()?, fields.next()?))
}

/// What a move was, if it was a transfer.
fn transfer(source: &str) -> Option<TalkEnd> {
    let (kind, place) = kind_and_place(source)?;
    match kind {
        "bl_xfer" => {
            let mut words = place.split('/').map(str::to_owned);
            Some(TalkEnd::BlindTransfer {
                extension: words.next()?,
                context: words.next().unwrap_or_default(),
            })
        }
        "att_xfer" => {
            let to = place.split('/').next_back()?.to_owned();
            Some(TalkEnd::AttendedTransfer { to })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_tells_of_a_transfer() {
        let blind = TalkEnd::BlindTransfer {
            extension: "3000".to_owned(),
            context: "default".to_owned(),
        };
        assert_eq!(transfer("1700000000:uuid:bl_xfer:3000/default/XML"), Some(blind));
        let attended = TalkEnd::AttendedTransfer {
            to: "2000@desk".to_owned(),
        };
        assert_eq!(
            transfer("1700000000:uuid:att_xfer:1001@phone/2000@desk"),
            Some(attended)
        );
    }

    #[test]
    fn the_bridge_to_the_agent_is_no_transfer() {
        for source in ["1700000000:uuid:uuid_br:leg", "", "1:2", "1:2:bl_xfer"] {
            assert_eq!(transfer(source), None, "{source:?}");
        }
    }

    #[test]
    fn what_counts_is_the_transfer_behind_the_bridge_to_the_agent() {
        let attended = Some(TalkEnd::AttendedTransfer {
            to: "2000@desk".to_owned(),
        });
        let before = "1:c:bl_xfer:queue-support/default/XML";
        let (bridge, transfer) = ("2:c:uuid_br:leg", "3:c:att_xfer:1001@phone/2000@desk");
        let carried_out = "3:c:uuid_br:other";
        let history = |moves: &[&str]| format!("ARRAY::{}", moves.join("|:"));
        let tell = |moves: &[&str]| transfer_from("leg", &history(moves));
        assert_eq!(tell(&[before, bridge, transfer, carried_out]), attended);
        assert_eq!(tell(&[bridge, transfer]), attended);
        assert_eq!(tell(&[before, bridge, carried_out]), None);
        assert_eq!(tell(&[before, bridge]), None);
        assert_eq!(tell(&[before, carried_out]), None, "never with this agent");
        // Back from a consultation.
        assert_eq!(tell(&[bridge, transfer, carried_out, bridge]), None);
        assert_eq!(transfer_from("leg", "2:c:uuid_br:leg"), None, "a list of one");
        assert_eq!(transfer_from("leg", ""), None);
    }
}
