//! What the words mean, and how the page was made.

use super::words::count;
use super::Page;
use maud::{html, Markup};

/// The end of the page.
pub fn footer(page: &Page<'_>) -> Markup {
    let in_time = format!(
        "of all callers, those included who were refused or gave up, the share that an agent answered within {} seconds",
        count(page.service_level)
    );
    html! {
        section {
            h2 { "What the words mean" }
            dl {
                dt { "answered in time" } dd { (in_time) }
                dt { "gave up" } dd { "hung up or pressed an exit key before an agent answered" }
                dt { "sent away" } dd { "a limit of the queue ended the wait, such as max-wait-time" }
                dt { "refused" } dd { "was not let into the queue, such as by max-queue-length" }
                dt { "average wait" } dd { "of the callers who were answered, until the answer" }
                dt { "longest wait" } dd { "of one caller on a day, answered or not" }
                dt { "left over" } dd { "still waited four hours after the doors had shut" }
                dt { "on duty" } dd { "logged in and not on a break" }
                dt { "busy" } dd { "talk and wrap-up, as a share of the time on duty" }
                dt { "work" } dd { "how many agents would be busy if every caller who came were served at once" }
                dt { "offers" } dd { "how often the agent's phone rang for a caller, or was tried; a call is one that was answered" }
                dt { "wrap-up" } dd { "the pause after a call, or after one that was not taken, in which nothing is offered" }
                @if !page.needs.is_empty() {
                    dt { "needed" } dd { "the fewest agents with whom the goal is reached, as played with this configuration, callers and phones" }
                    dt { "Erlang C, Erlang A" } dd { "the same by formula: of callers who never give up, and of callers who do" }
                }
                @if page.days.0.len() > 1 {
                    dt { "± and bands" } dd {
                        "where the true average lies with 95 % certainty, as far as chance goes: "
                        (page.days.0.len()) " days were played that differ by chance alone"
                    }
                }
            }
        }
        @if !page.notes.is_empty() {
            section {
                h2 { "What to keep in mind" }
                ul class="notes" { @for note in &page.notes { li { (note) } } }
            }
        }
        footer {
            "Made by callcenter-sim, which serves simulated callers with the very engine of mod_callcenter. Again with: "
            code { (page.command) }
        }
    }
}
