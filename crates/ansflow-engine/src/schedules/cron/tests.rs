//! Next times, above all where clocks jump.

use super::*;

/// The next times after a local one, in local time with their offset; the day is left out while it is that of `after`.
fn check(cron: &str, zone: &str, after: &str, expect: &[&str]) {
    let read = Cron::read(cron, zone).unwrap();
    let mut at = format!("{after}[{zone}]").parse::<Zoned>().unwrap().timestamp();
    let found: Vec<String> = (0..expect.len())
        .map(|_| {
            at = read.next(at).unwrap();
            at.to_zoned(read.zone.clone()).strftime("%d %H:%M %z").to_string()
        })
        .collect();
    assert_eq!(found, expect, "{cron} in {zone} after {after}");
}

#[test]
fn ordinary_days() {
    check("30 3 * * *", "UTC", "2026-03-01T03:29:59", &["01 03:30 +0000", "02 03:30 +0000"]);
    check("30 3 * * *", "UTC", "2026-03-01T03:30:00", &["02 03:30 +0000"]);
    check("30 3 * * *", "UTC", "2026-03-01T03:29:59.999", &["01 03:30 +0000"]);
    check("0 9 * * mon-fri", "Asia/Shanghai", "2026-03-06T10:00:00", &["09 09:00 +0800", "10 09:00 +0800"]);
    check(
        "*/20 8-9 1 * *",
        "Asia/Shanghai",
        "2026-03-01T09:10:00",
        &["01 09:20 +0800", "01 09:40 +0800", "01 08:00 +0800"],
    );
    check("0 0 29 2 *", "UTC", "2026-03-01T00:00:00", &["29 00:00 +0000"]);
    // The 13th and Fridays: either is enough, as cron has always had it.
    check("0 0 13 * 5", "UTC", "2026-03-01T00:00:00", &["06 00:00 +0000", "13 00:00 +0000", "20 00:00 +0000"]);
    check("0 0 * * 7", "UTC", "2026-03-02T00:00:00", &["08 00:00 +0000"]);
}

#[test]
fn a_time_that_is_skipped_is_when_the_clock_goes_on() {
    // Berlin: on the 29th, 02:00 is 03:00.
    let eve = "2026-03-28T12:00:00";
    check("30 2 * * *", "Europe/Berlin", eve, &["29 03:00 +0200", "30 02:30 +0200"]);
    check("0 2 * * *", "Europe/Berlin", eve, &["29 03:00 +0200", "30 02:00 +0200"]);
    check("0 3 * * *", "Europe/Berlin", eve, &["29 03:00 +0200", "30 03:00 +0200"]);
    check("59 1 * * *", "Europe/Berlin", eve, &["29 01:59 +0100", "30 01:59 +0200"]);
    // Several that are skipped together, and one that is not, are one.
    check("*/15 2,3 * * *", "Europe/Berlin", "2026-03-29T01:00:00", &["29 03:00 +0200", "29 03:15 +0200"]);
    check("0 2,14 * * *", "Europe/Berlin", eve, &["28 14:00 +0100", "29 03:00 +0200", "29 14:00 +0200"]);
    check(
        "0 */2 * * *",
        "Europe/Berlin",
        "2026-03-28T23:00:00",
        &["29 00:00 +0100", "29 03:00 +0200", "29 04:00 +0200"],
    );
    // New York: on the 8th.
    check("30 2 * * *", "America/New_York", "2026-03-07T12:00:00", &["08 03:00 -0400", "09 02:30 -0400"]);
    // Half an hour is skipped on Lord Howe, and a whole day once on Samoa.
    check("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00:00", &["04 02:30 +1100", "05 02:15 +1100"]);
    check("0 12 * * *", "Pacific/Apia", "2011-12-29T06:00:00", &["29 12:00 -1000", "31 00:00 +1400", "31 12:00 +1400"]);
    check("30 2 * * *", "Asia/Shanghai", eve, &["29 02:30 +0800", "30 02:30 +0800"]);
}

#[test]
fn a_time_that_comes_twice_is_the_first_of_the_two() {
    // Berlin: on the 25th, 03:00 is 02:00 again. New York: on the 1st, 02:00 is 01:00 again.
    let eve = "2026-10-24T12:00:00";
    check("30 2 * * *", "Europe/Berlin", eve, &["25 02:30 +0200", "26 02:30 +0100"]);
    check("0 3 * * *", "Europe/Berlin", eve, &["25 03:00 +0100", "26 03:00 +0100"]);
    check("*/30 2 * * *", "Europe/Berlin", eve, &["25 02:00 +0200", "25 02:30 +0200", "26 02:00 +0100"]);
    check("0,30 1-3 * * *", "Europe/Berlin", "2026-10-25T02:10:00+02:00", &["25 02:30 +0200", "25 03:00 +0100"]);
    // AnsFlow was started in the second of the two.
    check("30 2 * * *", "Europe/Berlin", "2026-10-25T02:10:00+01:00", &["26 02:30 +0100"]);
    check("30 1 * * *", "America/New_York", "2026-10-31T12:00:00", &["01 01:30 -0400", "02 01:30 -0500"]);
    check("0 */2 * * *", "Europe/Berlin", "2026-10-25T00:30:00", &["25 02:00 +0200", "25 04:00 +0100"]);
}

#[test]
fn every_hour_is_of_the_time_that_passes() {
    check(
        "30 * * * *",
        "Europe/Berlin",
        "2026-03-29T01:00:00",
        &["29 01:30 +0100", "29 03:30 +0200", "29 04:30 +0200"],
    );
    check(
        "30 * * * *",
        "Europe/Berlin",
        "2026-10-25T01:40:00",
        &["25 02:30 +0200", "25 02:30 +0100", "25 03:30 +0100"],
    );
    check(
        "*/30 * * * *",
        "America/New_York",
        "2026-11-01T01:10:00-04:00",
        &["01 01:30 -0400", "01 01:00 -0500", "01 01:30 -0500", "01 02:00 -0500"],
    );
    check("0 * * * *", "Asia/Shanghai", "2026-10-25T01:40:00", &["25 02:00 +0800", "25 03:00 +0800"]);
}

#[test]
fn what_never_comes_is_said() {
    for never in ["0 0 30 2 *", "0 0 31 4 *", "5 * 31 2,4,6,9,11 *"] {
        assert_eq!(Cron::read(never, "Europe/Berlin").unwrap().next(Timestamp::UNIX_EPOCH), None, "{never}");
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    let why = |cron, zone| Cron::read(cron, zone).unwrap_err();
    assert_eq!(why("0 3 * * *", "Mars/Olympus"), "there is no time zone `Mars/Olympus` on this machine");
    assert!(why("0 3 * *", "UTC").starts_with("`0 3 * *` is no schedule: "));
    assert!(why("0 0 3 * * *", "UTC").starts_with("`0 0 3 * * *` is no schedule: "), "no seconds");
}

/// Whatever the pipeline's reader takes, the clock takes.
#[test]
fn every_shape_that_a_pipeline_may_have_is_read() {
    let shapes = |low: u32, high: u32| {
        vec![
            "*".to_owned(),
            "*/3".into(),
            format!("{high}"),
            format!("{low}-{high}"),
            format!("{low}-{high}/2"),
            format!("{low}/2"),
            format!("{low},{high}"),
            format!("{low}-{low},*/2"),
            format!("0{low}"),
        ]
    };
    let words = |shapes: Vec<String>, words: &[&str]| {
        shapes.into_iter().chain(words.iter().map(|word| (*word).to_owned())).collect::<Vec<_>>()
    };
    let fields = [
        shapes(0, 59),
        shapes(0, 23),
        shapes(1, 28),
        words(shapes(1, 12), &["jan", "JAN-dec", "mar,Sep", "feb-nov/3"]),
        words(shapes(0, 7), &["sun", "MON-fri", "tue,Sat", "7", "sun-sat/2"]),
    ];
    for (place, shapes) in fields.iter().enumerate() {
        for shape in shapes {
            let mut text = ["0", "0", "*", "*", "*"];
            text[place] = shape;
            let text = text.join(" ");
            let yaml = format!(
                "name: a\ntriggers: [{{type: schedule, cron: '{text}'}}]\nsteps: [{{name: a, type: command, command: a}}]\n"
            );
            let variables = serde_json::Map::new();
            let source =
                ansflow_core::pipeline::Source { text: yaml.as_bytes(), file_stem: "a", variables: &variables };
            let (pipeline, problems) = ansflow_core::pipeline::parse(&source);
            assert!(pipeline.is_some(), "{text}: {problems:?}");
            let read = Cron::read(&text, "UTC").unwrap_or_else(|why| panic!("{why}"));
            assert!(read.next(Timestamp::UNIX_EPOCH).is_some(), "{text}");
        }
    }
}
