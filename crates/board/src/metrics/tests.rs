//! Samples of a look as Prometheus reads them.

use super::*;
use crate::boxes::Vitals;
use crate::settings::{OneBox, Settings};
use serde_json::json;

/// A look at a module that was loaded then and has had so many calls.
fn look(loaded_at: i64, answered: u64) -> Snapshot {
    let total = json!({"calls": answered, "answered": answered, "left_by_reason": {"Break_Out": 2, "BREAK_OUT": 3}});
    let talk = json!({"counts": [answered], "count": answered, "sum_ms": 1000 * answered});
    let queue = json!({"name": "a \"b\\c\nd", "total": total, "histograms": {"talk": talk}});
    let look = json!({
        "schema": 1, "now_at": 5, "module": {"version": "1", "loaded_at": loaded_at}, "queues": [queue], "histogram_bounds": {"talk": [30.0]},
    });
    serde_json::from_value(look).expect("a snapshot")
}

fn hub(boxes: &str) -> Arc<Hub> {
    let boxes = OneBox::list(boxes).expect("boxes");
    Arc::new(Hub::new(Arc::new(Settings {
        boxes,
        ..Settings::default()
    })))
}

fn value(text: &str, series: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.starts_with(series))?;
    line.rsplit(' ').next()?.parse().ok()
}

#[test]
fn names_are_escaped_and_reasons_of_one_word_are_one_series() {
    let hub = hub("one");
    hub.publish(0, look(1, 7), None, Duration::ZERO, 5);
    let text = text(&hub);
    let answered = r#"callcenter_queue_answered_total{queue="a \"b\\c\nd"}"#;
    assert_eq!(value(&text, answered), Some(7.0), "{text}");
    let left = text.lines().filter(|line| line.contains("reason=\"break_out\""));
    let left: Vec<&str> = left.collect();
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].ends_with(" 5"), "{left:?}");
}

#[test]
fn what_a_module_has_counted_is_not_taken_for_what_the_next_one_counts() {
    let hub = hub("one");
    hub.publish(0, look(1, 7), None, Duration::ZERO, 5);
    let mut quick = look(2, 1);
    assert!(hub.counts_anew(0, &quick));
    quick.queues[0].histograms = None;
    assert!(!hub.carry_over(0, &mut quick));
    assert!(quick.queues[0].histograms.is_none());
    hub.publish(0, look(2, 1), None, Duration::ZERO, 6);
    let mut quick = look(2, 2);
    quick.queues[0].histograms = None;
    assert!(!hub.counts_anew(0, &quick) && hub.carry_over(0, &mut quick));
}

#[test]
fn each_box_counts_for_itself() {
    let hub = hub("left,right");
    hub.publish(0, look(1, 700), None, Duration::ZERO, 5);
    hub.stands_by(1, Vitals::default(), 5);
    let answered = |text: &str, name: &str| {
        value(
            text,
            &format!("callcenter_queue_answered_total{{queue=\"a \\\"b\\\\c\\nd\",box=\"{name}\"}}"),
        )
    };
    let first = text(&hub);
    assert_eq!(
        (answered(&first, "left"), answered(&first, "right")),
        (Some(700.0), None),
        "{first}"
    );
    assert_eq!(value(&first, "callcenter_box_up{box=\"right\"}"), Some(1.0));
    hub.lost(0, "it is gone");
    hub.publish(1, look(1, 20), None, Duration::ZERO, 6);
    let second = text(&hub);
    assert_eq!(
        (answered(&second, "left"), answered(&second, "right")),
        (None, Some(20.0)),
        "{second}"
    );
    assert_eq!(value(&second, "callcenter_box_up{box=\"left\"}"), Some(0.0));
    assert_eq!(value(&second, "callcenter_box_shown{box=\"right\"}"), Some(1.0));
    assert_eq!(value(&second, "callcenter_up"), Some(1.0));
}
