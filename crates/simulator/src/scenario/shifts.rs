//! When agents are there: shifts and breaks, in any order, over midnight and on many days.

use mod_callcenter::engine::{AgentStatus, Span, Timestamp};

const DAY: i64 = 86_400;
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A time of day that comes again on some days of the week: `09:00-12:30`, `22:00-06:00`, `Mon-Fri 09:00-17:00`, `Sat 10:00-14:00`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Monday to Sunday: whether it begins on such a day.
    days: [bool; 7],
    /// Seconds after the midnight of the day on which it begins; the end may be on the next.
    from: i64,
    to: i64,
}

impl Shift {
    /// Reads a shift.
    ///
    /// # Errors
    /// With what is wrong about it, and how it is written.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (days, times) = match text.rsplit_once(char::is_whitespace) {
            Some((days, times)) => (days_of(days.trim()), times),
            None => (Some([true; 7]), text),
        };
        let Some(days) = days else {
            return Err(format!(
                "The days of \"{text}\" should look like \"Mon\", \"Mon-Fri\" or \"Mon,Wed\"."
            ));
        };
        let Some((from, to)) = times.split_once('-') else {
            return Err(format!("The shift \"{text}\" should look like \"09:00-12:30\"."));
        };
        let (from, to) = (time_of_day(from)?.secs(), time_of_day(to)?.secs());
        if from == to {
            return Err(format!(
                "The shift \"{text}\" has no length; all day is \"00:00-24:00\"."
            ));
        }
        // Who ends before beginning ends on the next day.
        let to = if to < from { to + DAY } else { to };
        Ok(Self { days, from, to })
    }
}

fn days_of(text: &str) -> Option<[bool; 7]> {
    let number = |day: &str| {
        let day = day.trim().to_ascii_lowercase();
        WEEKDAYS.iter().position(|known| day == *known)
    };
    let mut days = [false; 7];
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (number(first)?, number(last)?);
        // From Saturday to Monday is over the end of the week.
        let mut day = first;
        loop {
            days[day] = true;
            if day == last {
                break;
            }
            day = (day + 1) % 7;
        }
    }
    Some(days)
}

/// Reads a time of day, `HH:MM`.
///
/// # Errors
/// When it is none.
pub fn time_of_day(text: &str) -> Result<Span, String> {
    let parsed = text.trim().split_once(':').and_then(|(hours, minutes)| {
        let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
        let is_valid = (0..24).contains(&hours) && (0..60).contains(&minutes) || (hours, minutes) == (24, 0);
        is_valid.then(|| Span::from_secs(hours * 3600 + minutes * 60))
    });
    parsed.ok_or_else(|| format!("\"{text}\" is no time of day; write it as \"09:30\"."))
}

/// The stretches in which one of the shifts is on, as seconds after the first midnight, which is a Monday's: one after the other, those that
/// overlap or touch as one, up to the end of the day `last`.
fn stretches(shifts: &[Shift], last: i64) -> Vec<(i64, i64)> {
    // The night before the first day may reach into it.
    let begins = (-1..=last).flat_map(|day| {
        let weekday = usize::try_from(day.rem_euclid(7)).unwrap_or(0);
        let on = shifts.iter().filter(move |shift| shift.days[weekday]);
        on.map(move |shift| (day * DAY + shift.from, day * DAY + shift.to))
    });
    let mut all: Vec<(i64, i64)> = begins.collect();
    all.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::new();
    for (from, to) in all {
        match merged.last_mut() {
            Some(before) if from <= before.1 => before.1 = before.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

/// The status an agent takes, and when: from `start` on until `end`, counted from the Monday's midnight. Who works all day has no shifts.
pub fn attendance(
    midnight: Timestamp,
    (start, end): (Timestamp, Timestamp),
    shifts: Option<&[Shift]>,
    breaks: &[Shift],
) -> Vec<(Timestamp, AgentStatus)> {
    let (start, end) = (start.since(midnight).secs(), end.since(midnight).secs());
    let last = end.div_euclid(DAY);
    let work = shifts.map_or_else(|| vec![(-DAY, end + DAY)], |shifts| stretches(shifts, last));
    let breaks = stretches(breaks, last);
    let is_in = |stretches: &[(i64, i64)], at: i64| stretches.iter().any(|(from, to)| (*from..*to).contains(&at));
    let edges = work.iter().chain(&breaks).flat_map(|(from, to)| [*from, *to]);
    let mut moments: Vec<i64> = edges
        .filter(|at| (start + 1..end).contains(at))
        .chain([start])
        .collect();
    moments.sort_unstable();
    moments.dedup();
    let mut statuses: Vec<(Timestamp, AgentStatus)> = Vec::new();
    for at in moments {
        let status = match (is_in(&work, at), is_in(&breaks, at)) {
            (false, _) => AgentStatus::LoggedOut,
            (true, true) => AgentStatus::OnBreak,
            (true, false) => AgentStatus::Available,
        };
        if statuses.last().is_none_or(|(_, before)| *before != status) {
            statuses.push((midnight + Span::from_secs(at), status));
        }
    }
    statuses
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIDNIGHT: Timestamp = Timestamp::from_secs(0);

    fn shifts(texts: &[&str]) -> Vec<Shift> {
        texts.iter().map(|text| Shift::parse(text).expect("a shift")).collect()
    }

    fn days_work(texts: &[&str], breaks: &[&str], from: i64, to: i64) -> Vec<(String, &'static str)> {
        let span = (Timestamp::from_secs(from * 3600), Timestamp::from_secs(to * 3600));
        let statuses = attendance(MIDNIGHT, span, Some(&shifts(texts)), &shifts(breaks));
        let show = |at: Timestamp| {
            format!(
                "{:02}:{:02}",
                at.since(MIDNIGHT).secs() / 3600,
                at.since(MIDNIGHT).secs() / 60 % 60
            )
        };
        statuses
            .into_iter()
            .map(|(at, status)| (show(at), status.as_str()))
            .collect()
    }

    fn told(expected: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
        expected
            .iter()
            .map(|(at, status)| ((*at).to_owned(), *status))
            .collect()
    }

    #[test]
    fn shifts_that_overlap_or_come_in_any_order_are_worked_in_full() {
        let worked = days_work(
            &["13:00-18:00", "09:00-12:00", "11:00-12:30", "12:30-12:45"],
            &[],
            8,
            20,
        );
        let expected = told(&[
            ("08:00", "Logged Out"),
            ("09:00", "Available"),
            ("12:45", "Logged Out"),
            ("13:00", "Available"),
            ("18:00", "Logged Out"),
        ]);
        assert_eq!(worked, expected);
    }

    #[test]
    fn a_shift_over_midnight_is_on_at_both_ends_of_each_day() {
        let worked = days_work(&["22:00-06:00"], &[], 0, 48);
        let expected = told(&[
            ("00:00", "Available"),
            ("06:00", "Logged Out"),
            ("22:00", "Available"),
            ("30:00", "Logged Out"),
            ("46:00", "Available"),
        ]);
        assert_eq!(worked, expected);
    }

    #[test]
    fn days_of_the_week_are_kept_and_breaks_are_breaks() {
        // Monday, and Tuesday to Thursday at other times.
        let worked = days_work(
            &["Mon 09:00-12:00", "tue-thu 10:00-11:00"],
            &["Mon 10:00-10:15", "12:30-13:00"],
            0,
            48,
        );
        let expected = told(&[
            ("00:00", "Logged Out"),
            ("09:00", "Available"),
            ("10:00", "On Break"),
            ("10:15", "Available"),
            ("12:00", "Logged Out"),
            ("34:00", "Available"),
            ("35:00", "Logged Out"),
        ]);
        assert_eq!(worked, expected);
        assert_eq!(days_of("Sat-Mon"), Some([true, false, false, false, false, true, true]));
    }

    #[test]
    fn what_is_no_shift_is_refused_with_its_form() {
        assert!(Shift::parse("9-5").is_err_and(|said| said.contains("\"09:30\"")));
        assert!(Shift::parse("09:00").is_err_and(|said| said.contains("09:00-12:30")));
        assert!(Shift::parse("09:00-09:00").is_err_and(|said| said.contains("00:00-24:00")));
        assert!(Shift::parse("Someday 09:00-10:00").is_err_and(|said| said.contains("Mon-Fri")));
        assert!(Shift::parse("24:30-25:00").is_err());
    }
}
