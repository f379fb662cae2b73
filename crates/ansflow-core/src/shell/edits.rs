//! The changes that turn the author's text into the spliced text.

use std::ops::Range;

/// Where a hole stands, as far as quoting goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// Outside all quotes: the reference brings its own.
    Bare,
    /// Where an expansion is taken literally as it is: in `"…"`, in the body of a here-document, in a comment.
    Open,
    /// In `'…'`, which is closed and opened again.
    Single,
    /// In `$'…'`, likewise.
    AnsiC,
}

/// Changes in any order; they do not overlap.
#[derive(Default)]
pub(super) struct Edits {
    changes: Vec<(usize, Change)>,
}

enum Change {
    Hole(usize, Quoting),
    Text(Range<usize>, String),
}

impl Edits {
    pub(super) fn hole(&mut self, start: usize, hole: usize, quoting: Quoting) {
        self.changes.push((start, Change::Hole(hole, quoting)));
    }

    pub(super) fn replace(&mut self, range: Range<usize>, by: impl Into<String>) {
        self.changes.push((range.start, Change::Text(range, by.into())));
    }

    pub(super) fn apply(mut self, text: &str, holes: &[Range<usize>], names: &[String]) -> String {
        // Stable: what is inserted directly before a hole was found before it.
        self.changes.sort_by_key(|(start, _)| *start);
        let mut out = String::with_capacity(text.len() + self.changes.len() * 16);
        let mut done = 0;
        for (start, change) in self.changes {
            out.push_str(&text[done..start]);
            done = match change {
                Change::Hole(hole, quoting) => {
                    let name = &names[hole];
                    match quoting {
                        Quoting::Bare => out.extend(["\"${", name, "}\""]),
                        Quoting::Open => out.extend(["${", name, "}"]),
                        Quoting::Single => out.extend(["'\"${", name, "}\"'"]),
                        Quoting::AnsiC => out.extend(["'\"${", name, "}\"$'"]),
                    }
                    holes[hole].end
                }
                Change::Text(range, by) => {
                    out.push_str(&by);
                    range.end
                }
            };
        }
        out.push_str(&text[done..]);
        out
    }
}
