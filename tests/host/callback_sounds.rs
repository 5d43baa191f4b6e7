//! What a site may have callers hear of callbacks, and when: the offer, no question for the number, a prompt of its own.

use crate::callbacks::{
    agent_is, heard, hears_the_prompt, is_called, line_to, pending, presses_until, setup, takes_the_call, told, waits,
    AGENT, ENTER, MUSIC, NUMBER, ONE, THANK_YOU, WE_WILL_CALL, YOUR_NUMBER_IS,
};
use callcenter_test_support::harness::{with_ours, Ear, SipPhone, Spell, SOON};
use std::time::Duration;

/// The offer, a tone that nothing else has there.
const OFFER: u32 = 900;
const OFFER_SOUND: (&str, &str) = ("callback-offer-sound", "tone_stream://%(400,0,900)");

#[test]
fn without_the_question_the_key_alone_promises_the_callers_own_number() {
    with_ours(setup(&[("callback-confirm-number", "false")]), |switch| {
        let phone = SipPhone::new(switch, 900);
        line_to(switch, &phone);
        let (call, ear) = waits(switch, &phone, NUMBER);
        let mark = switch.events().mark();
        let requested = presses_until(switch, &phone, (&call, "2"), (mark, "callback-requested"));
        assert_eq!(requested.get("CC-Callback-Number"), NUMBER);
        heard(&ear, &[MUSIC, WE_WILL_CALL, THANK_YOU]);
        phone.wait_for_end(&call);
        agent_is(switch, "Available");
        let call = takes_the_call(switch, &phone, mark, 0);
        phone.hang_up(&call);
        switch.wait_until_quiet();
        assert_eq!((pending(switch), phone.calls_answered()), (0, 1));
    });
}

#[test]
fn without_the_question_another_number_is_promised_as_it_was_entered() {
    let rules = [
        ("callback-confirm-number", "false"),
        ("callback-other-number", "true"),
        ("callback-numbers", "2[12]+"),
    ];
    with_ours(setup(&rules), |switch| {
        let phone = SipPhone::new(switch, 900);
        let (call, ear) = waits(switch, &phone, "1313");
        let mark = switch.events().mark();
        phone.press(&call, "2");
        heard(&ear, &[MUSIC, ENTER, THANK_YOU]);
        phone.press(&call, "2121#");
        told(switch, mark, "callback-requested", "2121");
        heard(&ear, &[WE_WILL_CALL, THANK_YOU]);
        phone.wait_for_end(&call);
        assert_eq!(pending(switch), 1);
    });
}

#[test]
fn a_prompt_of_the_sites_own_is_heard_until_the_key_is_pressed() {
    let own = ("callback-confirm-sound", "tone_stream://%(300,200,1000)");
    with_ours(setup(&[own]), |switch| {
        let phone = SipPhone::new(switch, 900);
        let (mark, call) = is_called(switch, &phone);
        let ear = phone.ear(&call);
        // Again and again, and nothing but that.
        let spells = ear.hears(SOON, "the prompt three times", |spells| {
            sound_of(spells, 1000) >= 3 * 280
        });
        assert!(spells.iter().all(|spell| spell.tone == 1000), "{spells:?}");
        presses_until(switch, &phone, (&call, "1"), (mark, "callback-reached"));
        ear.hears_tone(SOON, AGENT);
        phone.hang_up(&call);
    });
}

#[test]
fn a_prompt_that_cannot_be_played_gives_way_to_the_phrase() {
    with_ours(setup(&[("callback-confirm-sound", "/nowhere/prompt.wav")]), |switch| {
        let phone = SipPhone::new(switch, 900);
        let (mark, call) = is_called(switch, &phone);
        hears_the_prompt(&phone.ear(&call));
        presses_until(switch, &phone, (&call, "1"), (mark, "callback-reached"));
        phone.hang_up(&call);
    });
}

/// Milliseconds of a tone.
fn sound_of(spells: &[Spell], tone: u32) -> u128 {
    let of_tone = spells.iter().filter(|spell| spell.tone == tone);
    of_tone.map(|spell| spell.length.as_millis()).sum()
}

/// How often the offer was heard.
fn offers(spells: &[Spell]) -> usize {
    spells.iter().filter(|spell| spell.tone == OFFER).count()
}

/// Music without an offer for so long.
fn hears_music_alone(ear: &Ear, length: Duration) {
    let spells = ear.hears(SOON + length, "music alone", |spells| {
        sound_of(spells, MUSIC) > length.as_millis()
    });
    assert_eq!(offers(&spells), 0, "{spells:?}");
}

#[test]
fn the_offer_is_told_now_and_then_to_whoever_may_ask_and_the_key_counts_in_it() {
    let rules = [
        OFFER_SOUND,
        ("callback-offer-frequency", "3"),
        ("callback-offer-after", "2"),
    ];
    with_ours(setup(&rules), |switch| {
        let phone = SipPhone::new(switch, 900);
        let (call, ear) = waits(switch, &phone, NUMBER);
        let spells = ear.hears(SOON * 2, "three offers", |spells| offers(spells) >= 3);
        let before = spells[0];
        // Not before two seconds have passed, and music in between. An announcement may take a moment of the music with it.
        assert_eq!(before.tone, MUSIC, "{spells:?}");
        assert!(before.length > Duration::from_millis(1_200), "{spells:?}");
        let between = spells.iter().skip(1).filter(|spell| spell.tone == MUSIC);
        let between: Vec<u128> = between.map(|spell| spell.length.as_millis()).collect();
        assert!(
            between.iter().all(|length| (1_500..4_500).contains(length)),
            "{spells:?}"
        );
        // In the middle of the offer.
        ear.hears(SOON, "another offer", |heard| {
            offers(heard) > offers(&spells) && heard.last().is_some_and(|last| last.tone == OFFER)
        });
        phone.press(&call, "2");
        heard(&ear, &[YOUR_NUMBER_IS, ONE]);
        phone.hang_up(&call);
    });
}

#[test]
fn an_offer_without_a_frequency_is_told_once() {
    with_ours(setup(&[OFFER_SOUND]), |switch| {
        let phone = SipPhone::new(switch, 900);
        let (call, ear) = waits(switch, &phone, NUMBER);
        ear.hears(SOON, "the offer", |spells| offers(spells) == 1);
        drop(ear);
        let ear = phone.ear(&call);
        ear.hears_tone(SOON, MUSIC);
        drop(ear);
        hears_music_alone(&phone.ear(&call), Duration::from_secs(6));
        phone.hang_up(&call);
    });
}

#[test]
fn whoever_may_not_ask_is_told_of_no_offer() {
    let rules = [
        OFFER_SOUND,
        ("callback-offer-frequency", "2"),
        ("callback-numbers", "9+"),
    ];
    with_ours(setup(&rules), |switch| {
        let phone = SipPhone::new(switch, 900);
        // A withheld number, one that is not called, and one that is while nobody is there.
        for (number, status) in [("anonymous", "On Break"), (NUMBER, "On Break"), ("99", "Logged Out")] {
            agent_is(switch, status);
            let (call, ear) = waits(switch, &phone, number);
            hears_music_alone(&ear, Duration::from_secs(5));
            phone.hang_up(&call);
            switch.wait_until_quiet();
        }
        agent_is(switch, "On Break");
        let (call, ear) = waits(switch, &phone, "99");
        ear.hears(SOON, "the offer", |spells| offers(spells) >= 1);
        phone.hang_up(&call);
    });
}
