//! One writer, one reader, in a folder of their own.

use std::collections::VecDeque;
use std::fs;
use std::ops::ControlFlow;
use std::os::unix::fs::FileExt;

use proptest::prelude::*;
use tempfile::TempDir;

use super::index::RECORD;
use super::*;
use Stream::{Stderr, Stdout};

struct World {
    dir: TempDir,
    writer: LogWriter,
}

impl World {
    fn new() -> World {
        let dir = tempfile::tempdir().unwrap();
        let writer = LogWriter::create(dir.path()).unwrap();
        World { dir, writer }
    }

    /// Writes texts ten milliseconds apart, so that each has a time of its own.
    fn with(texts: &[(Stream, &str)]) -> World {
        let mut world = World::new();
        for (index, (stream, text)) in texts.iter().enumerate() {
            world.writer.write(*stream, text.as_bytes(), index as u64 * 10).unwrap();
        }
        world
    }

    fn flushed(mut self) -> World {
        self.writer.flush_partial(1_000).unwrap();
        self
    }

    fn reader(&self) -> LogReader {
        LogReader::open(self.dir.path()).unwrap()
    }

    fn log(&self) -> Vec<u8> {
        fs::read(self.dir.path().join(LOG)).unwrap()
    }
}

/// `number@time stream: text`.
fn shown(line: &LogLine) -> String {
    let LogLine { number, at_ms, stream, .. } = line;
    format!("{number}@{at_ms} {}: {}", stream.as_str(), line.text()).trim_end().to_owned()
}

#[track_caller]
fn check(world: &World, expect: &str) {
    let expect: Vec<_> = expect.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let lines = world.reader().read_lines(0, usize::MAX, LogEnd::Final).unwrap();
    assert_eq!(lines.iter().map(shown).collect::<Vec<_>>(), expect);
}

#[test]
fn lines_keep_their_order_stream_time_and_number() {
    check(
        &World::with(&[(Stdout, "one\ntwo\n"), (Stderr, "oh\n"), (Stdout, "\nthree\n")]),
        "1@0 stdout: one
         2@0 stdout: two
         3@10 stderr: oh
         4@20 stdout:
         5@20 stdout: three",
    );
}

#[test]
fn an_unfinished_line_does_not_let_the_other_stream_in() {
    check(
        &World::with(&[(Stdout, "wor"), (Stderr, "oh\n"), (Stdout, "ld\n")]),
        "1@10 stderr: oh
         2@20 stdout: world",
    );
}

#[test]
fn an_unfinished_line_that_was_flushed_ends_where_the_other_stream_begins() {
    let mut world = World::with(&[(Stdout, "name? ")]).flushed();
    assert_eq!(world.log(), b"name? ");
    world.writer.write(Stderr, b"oh\n", 1_010).unwrap();
    world.writer.write(Stdout, b"mona\n", 1_020).unwrap();
    check(&world, "1@1000 stdout: name?\n2@1010 stderr: oh\n3@1020 stdout: mona");
}

#[test]
fn an_unfinished_line_that_was_flushed_goes_on_in_its_stream() {
    let mut world = World::with(&[(Stdout, "name? ")]).flushed();
    world.writer.write(Stdout, b"mona\n", 1_020).unwrap();
    check(&world, "1@1000 stdout: name? mona");
}

#[test]
fn a_tail_waits_for_the_end_of_a_line() {
    let mut world = World::with(&[(Stdout, "one\ntw")]).flushed();
    let reader = world.reader();
    let first = reader.read_lines(0, 1_000, LogEnd::Growing).unwrap();
    assert_eq!(first.iter().map(shown).collect::<Vec<_>>(), ["1@0 stdout: one"]);
    assert_eq!(reader.read_lines(first[0].next, 1_000, LogEnd::Growing).unwrap(), []);
    world.writer.write(Stdout, b"o\n", 2_000).unwrap();
    let then = reader.read_lines(first[0].next, 1_000, LogEnd::Growing).unwrap();
    assert_eq!(then.iter().map(shown).collect::<Vec<_>>(), ["2@1000 stdout: two"]);
}

#[test]
fn a_budget_gives_at_least_one_line() {
    let world = World::with(&[(Stdout, "one\ntwo\nthree\n")]);
    let reader = world.reader();
    assert_eq!(reader.read_lines(0, 0, LogEnd::Final).unwrap().len(), 1);
    assert_eq!(reader.read_lines(0, 5, LogEnd::Final).unwrap().len(), 2);
    assert_eq!(reader.line_range(2, 9, 1).unwrap().len(), 1);
}

#[test]
fn lines_are_counted_and_found_by_number() {
    let world = World::with(&[(Stdout, "one\ntwo\n"), (Stderr, "three\nfou")]).flushed();
    let reader = world.reader();
    assert_eq!(reader.line_count().unwrap(), 4);
    let texts = |first, count| -> Vec<String> {
        let lines = reader.line_range(first, count, 1_000).unwrap();
        lines.iter().map(|line| format!("{} {}", line.number, line.text())).collect()
    };
    assert_eq!(texts(2, 2), ["2 two", "3 three"]);
    assert_eq!(texts(4, 5), ["4 fou"]);
    assert!(texts(0, 5).is_empty() && texts(5, 1).is_empty() && texts(1, 0).is_empty());
    assert_eq!(reader.byte_range(4..7).unwrap(), b"two");
    assert_eq!(reader.byte_range(14..900).unwrap(), b"fou");
    assert_eq!(reader.byte_range(90..900).unwrap(), b"");
}

#[test]
fn an_empty_log_has_no_lines() {
    let world = World::new();
    let reader = world.reader();
    assert_eq!((reader.len().unwrap(), reader.line_count().unwrap()), (0, 0));
    assert_eq!(reader.line_range(1, 1, 1).unwrap(), []);
    assert_eq!(reader.search(b"x", LetterCase::Exact, 9, 0).unwrap(), []);
    check(&world, "");
}

#[test]
fn a_log_is_never_begun_twice() {
    let world = World::new();
    let error = LogWriter::create(world.dir.path()).unwrap_err().to_string();
    assert!(error.starts_with("failed to create `") && error.ends_with("log.index`"), "{error}");
}

#[test]
fn a_log_that_is_not_there_is_not_found() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(LogReader::open(dir.path()), Err(crate::Error::NotFound(_))));
}

#[test]
fn a_long_line_comes_in_pieces_that_do_not_cut_characters() {
    let line = "流".repeat(PIECE); // Three bytes each: a piece is not a multiple.
    let world = World::with(&[(Stdout, "first\n"), (Stdout, &line), (Stdout, "\nlast\n")]);
    let lines = world.reader().read_lines(0, usize::MAX, LogEnd::Growing).unwrap();
    assert_eq!(lines.len(), 6);
    assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 2, 2, 2, 2, 3]);
    let text: String = lines[1..5].iter().map(|piece| std::str::from_utf8(&piece.bytes).unwrap()).collect();
    assert!(text == line);
    assert_eq!(world.reader().line_range(3, 1, 9).unwrap()[0].text(), "last");
}

#[test]
fn a_search_finds_every_match_and_goes_on_where_it_stopped() {
    let world = World::with(&[(Stdout, "Error: no\nall well\n"), (Stderr, "an error, an ERROR\n")]);
    let reader = world.reader();
    let find = |pattern: &str, case, most, from| -> Vec<(u64, u64, String)> {
        let hits = reader.search(pattern.as_bytes(), case, most, from).unwrap();
        hits.into_iter().map(|hit| (hit.line, hit.offset, String::from_utf8(hit.text).unwrap())).collect()
    };
    let last = "an error, an ERROR".to_owned();
    let all = [(1, 0, "Error: no".to_owned()), (3, 22, last.clone()), (3, 32, last.clone())];
    assert_eq!(find("error", LetterCase::Exact, 9, 0), [(3, 22, last)]);
    assert_eq!(find("eRRor", LetterCase::Ignored, 9, 0), all);
    assert_eq!(find("error", LetterCase::Ignored, 2, 0), all[..2]);
    assert_eq!(find("error", LetterCase::Ignored, 9, 27), all[2..]);
    assert_eq!(find("", LetterCase::Exact, 9, 0), []);
    assert_eq!(find("ERROR\n", LetterCase::Exact, 9, 0).len(), 1);
    assert_eq!(find(&"x".repeat(500), LetterCase::Exact, 9, 0), []);
}

#[test]
fn a_match_across_windows_is_found_and_its_text_is_cut() {
    let mut text = vec![b'.'; 3 * reader::WINDOW];
    let places: Vec<usize> = (1..3).map(|window| window * reader::WINDOW - 3).collect();
    for place in &places {
        text[*place..place + 6].copy_from_slice(b"needle");
    }
    let mut world = World::new();
    world.writer.write(Stdout, &text, 0).unwrap();
    let hits = world.reader().search(b"needle", LetterCase::Exact, 9, 0).unwrap();
    assert_eq!(hits.iter().map(|hit| hit.offset as usize).collect::<Vec<_>>(), places);
    assert!(hits.iter().all(|hit| hit.line == 1 && hit.text.len() == 2_054 && hit.text_offset == hit.offset - 1_024));
}

/// What a dying machine does to an index; the log is whole.
#[track_caller]
fn check_damage(damage: impl FnOnce(&fs::File, u64), expect: &str) {
    let world = World::with(&[(Stdout, "one\n"), (Stderr, "two\n"), (Stdout, "three\n")]);
    let index = fs::File::options().write(true).open(world.dir.path().join(INDEX)).unwrap();
    damage(&index, index.metadata().unwrap().len());
    check(&world, expect);
    assert_eq!(world.reader().line_count().unwrap(), 3);
    assert_eq!(world.reader().line_range(3, 1, 9).unwrap()[0].text(), "three");
}

#[test]
fn a_torn_record_is_ignored() {
    let expect = "1@0 stdout: one\n2@10 stderr: two\n3@10 stderr: three";
    check_damage(|index, len| index.set_len(len - 1).unwrap(), expect);
    check_damage(|index, len| index.write_all_at(&[0; RECORD], len - RECORD as u64).unwrap(), expect);
    check_damage(|index, len| index.write_all_at(&[7], len - 20).unwrap(), expect);
}

#[test]
fn lines_without_any_record_are_still_read() {
    let expect = "1@0 stdout: one\n2@0 stdout: two\n3@0 stdout: three";
    check_damage(|index, _| index.set_len(3).unwrap(), expect);
    check_damage(|index, _| index.set_len(16).unwrap(), expect);
    check_damage(|index, _| index.write_all_at(&[9; 48], 0).unwrap(), expect);
}

#[test]
fn records_behind_the_end_of_the_log_are_ignored() {
    let world = World::with(&[(Stdout, "one\n"), (Stderr, "two\n"), (Stdout, "three\n")]);
    fs::File::options().write(true).open(world.dir.path().join(LOG)).unwrap().set_len(7).unwrap();
    check(&world, "1@0 stdout: one\n2@10 stderr: two");
    assert_eq!(world.reader().line_count().unwrap(), 2);
}

#[test]
fn an_index_of_a_later_version_is_refused() {
    let world = World::new();
    let index = fs::File::options().write(true).open(world.dir.path().join(INDEX)).unwrap();
    index.write_all_at(&[2], 8).unwrap();
    let error = LogReader::open(world.dir.path()).unwrap_err().to_string();
    assert!(error.ends_with("log.index` has an unknown format"), "{error}");
}

#[test]
fn a_log_that_could_not_be_written_is_not_gone_on_with() {
    let mut world = World::new();
    let log = std::mem::replace(&mut world.writer.log, fs::File::options().write(true).open("/dev/full").unwrap());
    let error = world.writer.write(Stdout, b"one\n", 0).unwrap_err().to_string();
    assert!(error.starts_with("failed to write `"), "{error}");
    world.writer.log = log;
    let error = world.writer.write(Stdout, b"two\n", 0).unwrap_err().to_string();
    assert!(error.starts_with("failed to go on with `"), "{error}");
    check(&world, "");
}

/// Peak memory of this process so far; nextest gives every test a process of its own.
fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_million_lines_are_written_tailed_ranged_and_searched_in_little_memory() {
    let mut world = World::new();
    let before = peak_kib();
    let chunk: String = (0..1_000).map(|line| format!("{line:<98}.\n")).collect();
    for _ in 0..1_000 {
        for part in chunk.as_bytes().chunks(PIECE) {
            world.writer.write(Stdout, part, 7).unwrap();
        }
    }
    assert_eq!(world.writer.len(), 100_000_000);
    let reader = world.reader();
    let (mut lines, mut bytes) = (0, 0);
    let next = reader
        .for_each_line(0, LogEnd::Growing, |line| {
            lines += 1;
            bytes += line.bytes.len() + 1;
            assert_eq!(line.number, lines);
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!((lines, bytes, next), (1_000_000, 100_000_000, 100_000_000));
    assert_eq!(reader.line_count().unwrap(), 1_000_000);
    let range = reader.line_range(987_654, 100, usize::MAX).unwrap();
    assert_eq!((range.len(), range[0].text().trim_end_matches([' ', '.'])), (100, "653"));
    let hits = reader.search(b"653   ", LetterCase::Ignored, 10_000, 0).unwrap();
    assert_eq!((hits.len(), hits[999].line), (1_000, 999_654));
    assert!(peak_kib() - before < 64 * 1024, "{} KiB more", peak_kib() - before);
}

#[test]
fn a_huge_line_takes_little_memory() {
    let mut world = World::new();
    let before = peak_kib();
    let part = vec![b'x'; 1 << 20];
    for _ in 0..160 {
        world.writer.write(Stderr, &part, 7).unwrap();
    }
    world.writer.write(Stderr, b"needle\nend\n", 8).unwrap();
    let reader = world.reader();
    let (mut pieces, mut longest) = (0, 0);
    let visit = |line: LogLineRef<'_>| {
        pieces += 1;
        longest = longest.max(line.bytes.len());
        ControlFlow::Continue(())
    };
    reader.for_each_line(0, LogEnd::Growing, visit).unwrap();
    assert_eq!((pieces, longest), (2_562, PIECE));
    assert_eq!(reader.search(b"NEEDLE", LetterCase::Ignored, 9, 0).unwrap()[0].line, 1);
    assert_eq!(reader.line_range(2, 1, 9).unwrap()[0].text(), "end");
    assert!(peak_kib() - before < 64 * 1024, "{} KiB more", peak_kib() - before);
}

#[derive(Debug, Clone)]
enum Act {
    Write(Stream, Vec<u8>),
    Flush,
    Wait(u64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let stream = prop_oneof![Just(Stdout), Just(Stderr)];
    let short = proptest::collection::vec(prop_oneof![3 => any::<u8>(), 1 => Just(b'\n')], 0..40);
    let long = (any::<u8>(), PIECE - 4..2 * PIECE, any::<bool>()).prop_map(|(byte, many, ended)| {
        let mut bytes = vec![byte; many];
        bytes.extend(ended.then_some(b'\n'));
        bytes
    });
    let text = prop_oneof![20 => short, 1 => long];
    let act = prop_oneof![
        8 => (stream, text).prop_map(|(stream, text)| Act::Write(stream, text)),
        1 => Just(Act::Flush),
        2 => (0..200_u64).prop_map(Act::Wait),
    ];
    proptest::collection::vec(act, 0..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Every byte of a stream comes back, in order, as its own; only newlines may have been put in. Lines are
    /// numbered without a gap, times never go back, and every way of reading says the same.
    #[test]
    fn whatever_is_written_comes_back(acts in acts()) {
        let mut world = World::new();
        let (mut now, mut written) = (1, [VecDeque::new(), VecDeque::new()]);
        for act in acts {
            match act {
                Act::Write(stream, bytes) => {
                    world.writer.write(stream, &bytes, now).unwrap();
                    written[stream as usize].extend(bytes);
                }
                Act::Flush => world.writer.flush_partial(now).unwrap(),
                Act::Wait(ms) => now += ms,
            }
        }
        world.writer.flush_partial(now).unwrap();
        prop_assert!(!world.writer.holds_back());

        let reader = world.reader();
        let lines = reader.read_lines(0, usize::MAX, LogEnd::Final).unwrap();
        let (mut at, mut number, mut time, mut joined) = (0, 1, 0, Vec::new());
        for line in &lines {
            prop_assert_eq!((line.offset, line.number), (at, number));
            prop_assert!(time <= line.at_ms && line.at_ms <= now);
            let mut bytes = line.bytes.clone();
            bytes.extend((line.next > at + bytes.len() as u64).then_some(b'\n'));
            number += u64::from(bytes.last() == Some(&b'\n') && line.bytes.len() < bytes.len());
            (at, time) = (line.next, line.at_ms);
            for byte in &bytes {
                let own = &mut written[line.stream as usize];
                if own.front() == Some(byte) { own.pop_front(); } else { prop_assert_eq!(*byte, b'\n') }
            }
            joined.extend(bytes);
        }
        prop_assert!(written.iter().all(VecDeque::is_empty));
        prop_assert!(joined == world.log());
        let unfinished = lines.last().is_some_and(|line| line.next == line.offset + line.bytes.len() as u64);
        prop_assert_eq!(reader.line_count().unwrap(), if unfinished { number } else { number - 1 });
        for line in lines.iter().step_by(lines.len() / 50 + 1) {
            let again = reader.read_lines(line.offset, 1, LogEnd::Final).unwrap();
            prop_assert_eq!(&again[0], line);
            let first = reader.line_range(line.number, 1, 1).unwrap();
            prop_assert_eq!((first[0].number, first[0].stream), (line.number, line.stream));
        }
    }
}
