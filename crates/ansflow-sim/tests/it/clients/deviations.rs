//! What differs from recordings for a reason that somebody has written down.

use serde::Deserialize;

use crate::tools::fixture;

/// Differences of a step that are known.
#[derive(Deserialize)]
struct Known {
    /// The stories that have the step.
    stories: Vec<String>,
    /// Or `*`: all of them.
    step: String,
    /// As they are told; `*` stands for anything.
    lines: Vec<String>,
    /// Whether they come and go with the time that things take.
    #[serde(default)]
    sometimes: bool,
    why: String,
}

/// The table, and what a story has left over.
pub(super) struct Deviations {
    story: String,
    known: Vec<(Known, Vec<bool>)>,
    unknown: Vec<String>,
}

impl Deviations {
    pub(super) fn of(story: &str) -> Deviations {
        let text = std::fs::read_to_string(fixture("clients/deviations.json")).unwrap();
        let known: Vec<Known> = serde_json::from_str(&text).unwrap();
        let known = known.into_iter().filter(|known| known.stories.iter().any(|name| name == story));
        let known = known.map(|known| (vec![false; known.lines.len()], known)).map(|(used, known)| (known, used));
        Deviations { story: story.to_owned(), known: known.collect(), unknown: Vec::new() }
    }

    /// Takes the differences of a step: those that nobody knows are kept for the end.
    pub(super) fn judge(&mut self, step: &str, differences: Vec<String>) {
        for difference in differences {
            let mut is_known = false;
            for (known, used) in self.known.iter_mut().filter(|(known, _)| ["*", step].contains(&&*known.step)) {
                for (line, used) in known.lines.iter().zip(used) {
                    if matches(line, &difference) {
                        *used = true;
                        is_known = true;
                    }
                }
            }
            if !is_known {
                println!("{} {step}: {difference}", self.story);
                self.unknown.push(format!("{step}: {difference}"));
            }
        }
    }

    /// Panics where something differs that nobody knows, or something known does not differ any more.
    pub(super) fn end(self) {
        let mut complaints = self.unknown;
        for (known, used) in &self.known {
            assert!(!known.why.is_empty(), "{} {}: a deviation without a reason", self.story, known.step);
            let unused = known.lines.iter().zip(used).filter(|(_, used)| !**used && !known.sometimes);
            complaints.extend(unused.map(|(line, _)| format!("{}: no deviation any more: {line}", known.step)));
        }
        assert!(complaints.is_empty(), "{}:\n{}", self.story, complaints.join("\n"));
    }
}

/// Whether a text is what a pattern says.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(head) else { return false };
    (0..=text.len()).filter(|&at| text.is_char_boundary(at)).any(|at| matches(tail, &text[at..]))
}

#[test]
fn a_star_stands_for_anything() {
    assert!(matches("a*c*", "abcd"));
    assert!(!matches("a*c", "abcd"));
}
