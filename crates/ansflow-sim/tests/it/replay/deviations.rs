//! Where an answer may be another than the recorded one, and why: lines of `RECORDING PLACE # reason`. In both, `*` stands for
//! anything. A line that begins with `? ` is of what decides by a moment: it need not be met.

use super::compare::Difference;

pub(super) struct Deviations(Vec<Deviation>);

struct Deviation {
    recording: String,
    place: String,
    /// It was met, or need not be.
    used: bool,
}

impl Deviations {
    pub(super) fn read(lines: &[String]) -> Deviations {
        let read = |line: &String| {
            let (what, reason) =
                line.split_once(" # ").unwrap_or_else(|| panic!("a deviation without a reason: {line}"));
            assert!(!reason.trim().is_empty(), "a deviation without a reason: {line}");
            let (used, what) = what.strip_prefix("? ").map_or((false, what), |what| (true, what));
            let (recording, place) = what.trim().split_once(' ').unwrap_or_else(|| panic!("no place: {line}"));
            Deviation { recording: recording.to_owned(), place: place.trim().to_owned(), used }
        };
        Deviations(lines.iter().map(read).collect())
    }

    /// Whether one of them is about this difference.
    pub(super) fn explain(&mut self, recording: &str, difference: &Difference) -> bool {
        let about = |one: &&mut Deviation| is_like(&one.recording, recording) && is_like(&one.place, &difference.at);
        let known = self.0.iter_mut().find(about);
        known.map(|one| one.used = true).is_some()
    }

    pub(super) fn unused(&self) -> Vec<String> {
        let unused = self.0.iter().filter(|one| !one.used);
        unused.map(|one| format!("{} {}", one.recording, one.place)).collect()
    }
}

fn is_like(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(head) else { return false };
    (0..=text.len()).filter(|at| text.is_char_boundary(*at)).any(|at| is_like(rest, &text[at..]))
}

#[test]
fn a_star_stands_for_anything() {
    assert!(is_like("table-*", "table-pods"));
    assert!(is_like(".rows[*].cells[2]", ".rows[11].cells[2]"));
    assert!(!is_like(".rows[*].cells[2]", ".rows[11].cells[3]"));
}
