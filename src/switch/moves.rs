//! Where a call was moved, in FreeSWITCH's words.

/// One step of a call away from whom it was with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// Sent to another place in the dialplan.
    Sent {
        /// The extension; applications, where the dialplan is `inline`.
        extension: String,
        /// Its context.
        context: String,
        /// Which dialplan looks for it.
        dialplan: String,
    },
    /// A phone has joined it with another call of its own. The bridge that carries this out comes next.
    Joined,
    /// Bridged to this channel.
    Bridged(String),
}

/// The moves of a caller since the last bridge to an agent's leg, by what FreeSWITCH notes on the caller's channel (`transfer_history`, as
/// it writes lists). That bridge is one of them itself; who never was with the agent has none behind it.
pub fn moves_from(agent_uuid: &str, history: &str) -> Vec<Move> {
    let moves = history.strip_prefix("ARRAY::").unwrap_or(history).split("|:");
    let moves: Vec<Move> = moves.filter_map(read).collect();
    let is_bridge_to_agent = |step: &Move| matches!(step, Move::Bridged(other) if other == agent_uuid);
    let behind = moves.iter().rposition(is_bridge_to_agent).map(|bridged| bridged + 1);
    behind
        .and_then(|behind| moves.get(behind..))
        .unwrap_or_default()
        .to_vec()
}

/// A move as FreeSWITCH notes it: `epoch:uuid:kind:where`.
fn read(source: &str) -> Option<Move> {
    let mut fields = source.splitn(4, ':').skip(2);
    let (kind, place) = (fields.next()?, fields.next()?);
    match kind {
        "bl_xfer" => {
            let mut words = place.rsplitn(3, '/').map(str::to_owned);
            let (dialplan, context) = (words.next()?, words.next().unwrap_or_default());
            Some(Move::Sent {
                extension: words.next().unwrap_or_default(),
                context,
                dialplan,
            })
        }
        "att_xfer" => Some(Move::Joined),
        "uuid_br" => Some(Move::Bridged(place.to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(extension: &str, dialplan: &str) -> Move {
        Move::Sent {
            extension: extension.to_owned(),
            context: "default".to_owned(),
            dialplan: dialplan.to_owned(),
        }
    }

    #[test]
    fn each_kind_is_read() {
        assert_eq!(
            read("1700000000:uuid:bl_xfer:3000/default/XML"),
            Some(sent("3000", "XML"))
        );
        let inline = "m:\":endless_playback:local_stream://default\"park";
        assert_eq!(
            read(&format!("1700000000:uuid:bl_xfer:{inline}/default/inline")),
            Some(sent(inline, "inline"))
        );
        assert_eq!(
            read("1700000000:uuid:att_xfer:1001@phone/2000@desk"),
            Some(Move::Joined)
        );
        assert_eq!(
            read("1700000000:uuid:uuid_br:leg"),
            Some(Move::Bridged("leg".to_owned()))
        );
        for source in ["", "1:2", "1:2:bl_xfer", "1:2:other:3"] {
            assert_eq!(read(source), None, "{source:?}");
        }
    }

    #[test]
    fn what_counts_comes_behind_the_last_bridge_to_the_agent() {
        let before = "1:c:bl_xfer:queue-support/default/XML";
        let (bridge, joined, other) = (
            "2:c:uuid_br:leg",
            "3:c:att_xfer:1001@phone/2000@desk",
            "3:c:uuid_br:other",
        );
        let tell = |moves: &[&str]| moves_from("leg", &format!("ARRAY::{}", moves.join("|:")));
        let to_other = || Move::Bridged("other".to_owned());
        assert_eq!(tell(&[before, bridge, joined, other]), [Move::Joined, to_other()]);
        assert_eq!(tell(&[bridge, before]), [sent("queue-support", "XML")]);
        assert_eq!(tell(&[before, bridge]), []);
        assert_eq!(tell(&[before, other]), [], "never with this agent");
        assert_eq!(tell(&[bridge, joined, other, bridge]), [], "back from a consultation");
        assert_eq!(moves_from("leg", "2:c:uuid_br:leg"), [], "a list of one");
        assert_eq!(moves_from("leg", ""), []);
    }
}
