//! What a page shows at one moment, and how one moment becomes the next on the wire.
//!
//! What is said to all who watch is put into words, and compressed, once. Compressed pieces are blocks of a stream that refer to nothing
//! before them, so each viewer's stream can begin with any of them.

use bytes::{BufMut, Bytes, BytesMut};
use flate2::{Compress, Compression, FlushCompress};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// What a page shows, by name.
pub type Items = BTreeMap<String, Arc<Map<String, Value>>>;

/// The first bytes of a compressed stream: gzip, deflate, no flags, no time, any system.
pub const HEAD: &[u8] = &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// The same words, plain and compressed.
#[derive(Debug, Clone, Default)]
pub struct Chunk {
    /// As they are.
    pub plain: Bytes,
    /// As blocks of a deflate stream.
    pub packed: Bytes,
}

impl Chunk {
    fn event(name: &str, data: &str) -> Self {
        let text = format!("event: {name}\ndata: {data}\n\n");
        Self {
            packed: pack(text.as_bytes()),
            plain: Bytes::from(text),
        }
    }
}

fn pack(text: &[u8]) -> Bytes {
    let mut packed = Vec::with_capacity(text.len() / 2 + 64);
    let mut deflate = Compress::new(Compression::fast(), false);
    loop {
        let done = usize::try_from(deflate.total_in()).unwrap_or(text.len());
        let before = packed.len();
        // A buffer in memory takes whatever comes; an end of the stream is never asked for.
        let _ = deflate.compress_vec(&text[done..], &mut packed, FlushCompress::Full);
        let is_whole = usize::try_from(deflate.total_in()) == Ok(text.len()) && packed.len() < packed.capacity();
        if is_whole || packed.len() == before {
            return Bytes::from(packed);
        }
        packed.reserve(4096);
    }
}

/// The time, for pages to set their clocks by.
pub fn beat(now: i64) -> Chunk {
    Chunk::event("beat", &now.to_string())
}

/// What a page shows at one moment.
#[derive(Debug)]
pub struct Frame {
    version: u64,
    items: Items,
    whole: OnceLock<Chunk>,
    /// From which version to this one, and how.
    step: Option<(u64, Chunk)>,
}

impl Frame {
    /// The first one of a page.
    pub fn first(version: u64, items: Items) -> Self {
        Self {
            version,
            items,
            whole: OnceLock::new(),
            step: None,
        }
    }

    /// The next one; none where nothing is new.
    pub fn then(&self, version: u64, mut items: Items) -> Option<Self> {
        share(&self.items, &mut items);
        let step = difference(&self.items, &items)?;
        Some(Self {
            version,
            items,
            whole: OnceLock::new(),
            step: Some((self.version, Chunk::event("change", &step))),
        })
    }

    /// Everything.
    pub fn whole(&self) -> Chunk {
        let whole = self.whole.get_or_init(|| {
            let items = serde_json::to_string(&self.items).unwrap_or_default();
            Chunk::event("whole", &items)
        });
        whole.clone()
    }

    /// What is new since another one, however long that is ago: whoever was slow misses what was in between.
    pub fn since(&self, before: &Self) -> Option<Chunk> {
        match &self.step {
            Some((version, chunk)) if *version == before.version => Some(chunk.clone()),
            _ if before.version == self.version => None,
            _ => difference(&before.items, &self.items).map(|step| Chunk::event("change", &step)),
        }
    }
}

/// What is equal is kept once.
fn share(before: &Items, after: &mut Items) {
    for (name, item) in after {
        if let Some(known) = before.get(name).filter(|known| *known == item) {
            *item = Arc::clone(known);
        }
    }
}

/// The fields that are other than before, and the items that have gone.
fn difference(before: &Items, after: &Items) -> Option<String> {
    let mut set = BytesMut::new();
    for (name, item) in after {
        let fields = match before.get(name) {
            None => item.as_ref().clone(),
            Some(known) if Arc::ptr_eq(known, item) => continue,
            Some(known) => changed(known, item),
        };
        if fields.is_empty() {
            continue;
        }
        if !set.is_empty() {
            set.put_u8(b',');
        }
        let (name, fields) = (serde_json::to_string(name).ok()?, serde_json::to_string(&fields).ok()?);
        set.put_slice(format!("{name}:{fields}").as_bytes());
    }
    let gone: Vec<&String> = before.keys().filter(|name| !after.contains_key(*name)).collect();
    if set.is_empty() && gone.is_empty() {
        return None;
    }
    let set = String::from_utf8_lossy(&set);
    Some(format!(
        "{{\"set\":{{{set}}},\"gone\":{}}}",
        serde_json::to_string(&gone).ok()?
    ))
}

fn changed(before: &Map<String, Value>, after: &Map<String, Value>) -> Map<String, Value> {
    let is_new = |(name, value): &(&String, &Value)| before.get(*name) != Some(*value);
    let new = after.iter().filter(is_new);
    new.map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::io::Read;

    fn items(value: &Value) -> Items {
        let items = value.as_object().expect("items").iter();
        items
            .map(|(name, item)| (name.clone(), Arc::new(item.as_object().expect("an item").clone())))
            .collect()
    }

    fn text(chunk: Option<Chunk>) -> String {
        String::from_utf8(chunk.expect("something new").plain.to_vec()).expect("text")
    }

    #[test]
    fn only_what_is_new_is_said() {
        let first = Frame::first(1, items(&json!({"a": {"x": 1, "y": 2}, "b": {"x": 1}})));
        let second = first
            .then(2, items(&json!({"a": {"x": 1, "y": 3}, "c": {"z": "\n"}})))
            .expect("something new");
        let said = "event: change\ndata: {\"set\":{\"a\":{\"y\":3},\"c\":{\"z\":\"\\n\"}},\"gone\":[\"b\"]}\n\n";
        assert_eq!(text(second.since(&first)), said);
        assert!(second
            .then(3, items(&json!({"a": {"x": 1, "y": 3}, "c": {"z": "\n"}})))
            .is_none());
        assert!(second.since(&second).is_none());
    }

    #[test]
    fn whoever_was_slow_hears_of_the_newest_alone() {
        let first = Frame::first(1, items(&json!({"a": {"x": 1}})));
        let second = first.then(2, items(&json!({"a": {"x": 2}}))).expect("new");
        let third = second.then(3, items(&json!({"a": {"x": 3}}))).expect("new");
        assert_eq!(text(third.since(&first)), text(third.since(&second)));
        let back = third.then(4, items(&json!({"a": {"x": 1}}))).expect("new");
        assert!(back.since(&first).is_none());
    }

    #[test]
    fn compressed_pieces_make_one_stream_wherever_it_begins() {
        let long: String = (0..40_000).map(|number| format!("{number},")).collect();
        let pieces = [Chunk::event("whole", &long), beat(5), Chunk::event("change", "{}")];
        for begin in 0..pieces.len() {
            let packed: Vec<u8> = pieces[begin..].iter().flat_map(|piece| piece.packed.to_vec()).collect();
            let plain: Vec<u8> = pieces[begin..].iter().flat_map(|piece| piece.plain.to_vec()).collect();
            let mut unpacked = Vec::new();
            let mut stream = flate2::read::DeflateDecoder::new(packed.as_slice());
            // There is no end to such a stream, so reading it ends with what has come.
            let mut buffer = [0; 1000];
            while let Ok(length @ 1..) = stream.read(&mut buffer) {
                unpacked.extend_from_slice(&buffer[..length]);
            }
            assert_eq!(unpacked, plain);
        }
    }
}
