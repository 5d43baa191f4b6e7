//! The pages themselves: they are part of the program, and ask nobody else for anything.

use super::Board;
use crate::settings::Language;
use axum::extract::{Path, Query, State};
use axum::http::{header, HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use std::borrow::Cow;

const SHELL: &str = include_str!("../../pages/shell.html");

/// Everything a page loads: name, type, text.
const ASSETS: &[(&str, &str, &str)] = &[
    (
        "board.css",
        "text/css; charset=utf-8",
        include_str!("../../pages/board.css"),
    ),
    ("page.js", JAVASCRIPT, include_str!("../../pages/page.js")),
    ("live.js", JAVASCRIPT, include_str!("../../pages/live.js")),
    ("dom.js", JAVASCRIPT, include_str!("../../pages/dom.js")),
    ("time.js", JAVASCRIPT, include_str!("../../pages/time.js")),
    ("wall.js", JAVASCRIPT, include_str!("../../pages/wall.js")),
    ("floor.js", JAVASCRIPT, include_str!("../../pages/floor.js")),
    ("queue.js", JAVASCRIPT, include_str!("../../pages/queue.js")),
    ("boxes.js", JAVASCRIPT, include_str!("../../pages/boxes.js")),
    ("chart.js", JAVASCRIPT, include_str!("../../pages/chart.js")),
    ("supervisor.js", JAVASCRIPT, include_str!("../../pages/supervisor.js")),
    ("words.js", JAVASCRIPT, include_str!("../../pages/words.js")),
    ("en.json", "application/json", include_str!("../../pages/en.json")),
    ("de.json", "application/json", include_str!("../../pages/de.json")),
    ("icon.svg", "image/svg+xml", include_str!("../../pages/icon.svg")),
];

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// What an address may ask for.
#[derive(Deserialize)]
pub(super) struct Asked {
    lang: Option<String>,
}

pub(super) async fn wall(board: State<Board>, asked: Query<Asked>, headers: HeaderMap) -> Response {
    page(&board, &asked, &headers, "wall", "")
}

pub(super) async fn floor(board: State<Board>, asked: Query<Asked>, headers: HeaderMap) -> Response {
    page(&board, &asked, &headers, "floor", "")
}

pub(super) async fn supervisor(board: State<Board>, asked: Query<Asked>, headers: HeaderMap) -> Response {
    page(&board, &asked, &headers, "supervisor", "")
}

pub(super) async fn boxes(board: State<Board>, asked: Query<Asked>, headers: HeaderMap) -> Response {
    page(&board, &asked, &headers, "boxes", "")
}

pub(super) async fn queue(
    board: State<Board>,
    Path(name): Path<String>,
    asked: Query<Asked>,
    headers: HeaderMap,
) -> Response {
    page(&board, &asked, &headers, "queue", &name)
}

pub(super) async fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "no such page").into_response()
}

fn page(board: &Board, asked: &Asked, headers: &HeaderMap, page: &str, queue: &str) -> Response {
    let settings = board.hub.settings();
    let browser = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let language = language(settings.language, asked.lang.as_deref(), browser.unwrap_or_default());
    let title = match settings.title.as_str() {
        "" => "Call centre",
        title => title,
    };
    let text = SHELL
        .replace("{language}", language)
        .replace("{page}", page)
        .replace("{queue}", &escaped(queue))
        .replace("{title}", &escaped(title));
    Html(text).into_response()
}

/// What the address says, then the configuration, then the browser.
fn language(configured: Language, asked: Option<&str>, browser: &str) -> &'static str {
    let of = |word: &str| match word {
        "en" => Some("en"),
        "de" => Some("de"),
        _ => None,
    };
    let configured = match configured {
        Language::Auto => None,
        Language::En => Some("en"),
        Language::De => Some("de"),
    };
    let wanted = browser
        .split([',', ';'])
        .map(|word| word.trim().split('-').next().unwrap_or_default());
    let mut wanted = wanted.filter_map(of);
    asked
        .and_then(of)
        .or(configured)
        .or_else(|| wanted.next())
        .unwrap_or("en")
}

/// A text as it may stand in HTML, between quotes as well.
fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'', '{']) {
        return Cow::Borrowed(text);
    }
    let escaped = text.chars().map(|letter| match letter {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#39;".to_owned(),
        // No text is taken for a place to put another one.
        '{' => "&#123;".to_owned(),
        letter => letter.to_string(),
    });
    Cow::Owned(escaped.collect())
}

pub(super) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some((_, kind, text)) = ASSETS.iter().find(|(known, _, _)| *known == name) else {
        return not_found().await;
    };
    // Another version of the board is another text; a browser asks each time whether it is.
    let tag = format!("\"{}-{:x}\"", env!("CARGO_PKG_VERSION"), checksum(text));
    if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes())
    {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let head = [
        (header::CONTENT_TYPE, (*kind).to_owned()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::ETAG, tag),
    ];
    (head, *text).into_response()
}

/// FNV-1a: tells texts apart, and nothing more is asked of it.
fn checksum(text: &str) -> u64 {
    let step = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn the_language_is_what_was_asked_for() {
        assert_eq!(
            language(Language::Auto, None, "fr-FR,fr;q=0.9,de-AT;q=0.8,en;q=0.7"),
            "de"
        );
        assert_eq!(language(Language::Auto, None, ""), "en");
        assert_eq!(language(Language::De, None, "en"), "de");
        assert_eq!(language(Language::De, Some("en"), "de"), "en");
        assert_eq!(language(Language::Auto, Some("<"), "de"), "de");
    }

    #[test]
    fn a_name_cannot_leave_its_place() {
        let name = escaped("\"><script>'{page}&");
        assert_eq!(name, "&quot;&gt;&lt;script&gt;&#39;&#123;page}&amp;");
    }

    #[test]
    fn every_language_has_the_same_words() {
        let names = |text: &str| -> Vec<String> {
            let words: Value = serde_json::from_str(text).expect("JSON");
            let mut names: Vec<String> = words.as_object().expect("words").keys().cloned().collect();
            names.sort();
            names
        };
        let text = |wanted: &str| {
            ASSETS
                .iter()
                .find(|(name, _, _)| *name == wanted)
                .expect("a language")
                .2
        };
        assert_eq!(names(text("en.json")), names(text("de.json")));
        assert!(names(text("en.json")).len() > 60);
    }
}
