//! What a script is once it is read: lists of pipelines of commands, and words with their expansions still in them.

use std::sync::Arc;

/// Commands one after another.
#[derive(Debug, Default, PartialEq)]
pub(super) struct List(pub(super) Vec<Chain>);

/// Pipelines joined by `&&` and `||`, and whether all of it runs in the background.
#[derive(Debug, PartialEq)]
pub(super) struct Chain {
    pub(super) first: Pipeline,
    pub(super) rest: Vec<(Join, Pipeline)>,
    pub(super) background: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Join {
    And,
    Or,
}

#[derive(Debug, PartialEq)]
pub(super) struct Pipeline {
    pub(super) negated: bool,
    pub(super) commands: Vec<Arc<Command>>,
}

#[derive(Debug, PartialEq)]
pub(super) struct Command {
    pub(super) what: What,
    pub(super) redirects: Vec<Redirect>,
}

#[derive(Debug, PartialEq)]
pub(super) enum What {
    Simple { assigns: Vec<(String, Word)>, words: Vec<Word> },
    Group(List),
    Subshell(List),
    If { arms: Vec<(List, List)>, otherwise: Option<List> },
    While { until: bool, condition: List, body: List },
    For { variable: String, words: Option<Vec<Word>>, body: List },
    Case { word: Word, arms: Vec<(Vec<Word>, List)> },
    Function { name: String, body: Arc<Command> },
}

#[derive(Debug, PartialEq)]
pub(super) struct Redirect {
    pub(super) fd: u8,
    pub(super) to: To,
}

#[derive(Debug, PartialEq)]
pub(super) enum To {
    Read(Word),
    Write(Word),
    Append(Word),
    /// `>&2`, `<&-`.
    Same(Word),
    /// A here-document: its text.
    Text(Word),
}

/// A word: parts that stand next to each other.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Word(pub(super) Vec<Part>);

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    Text { text: String, quoted: bool },
    Variable { name: String, how: How, quoted: bool },
    Output { script: Arc<List>, quoted: bool },
    Sum { text: Word, quoted: bool },
}

/// What `${…}` does with the value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum How {
    Plain,
    Length,
    /// `-`, `=`, `+`, `?`; `or_empty` with a colon before it.
    Unset {
        sign: char,
        or_empty: bool,
        word: Word,
    },
    /// `#`, `##`, `%`, `%%`.
    Trim {
        end: bool,
        longest: bool,
        pattern: Word,
    },
}

impl Word {
    /// The word's text when nothing in it is quoted or expanded: what a reserved word and a function's name must be.
    pub(super) fn literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Part::Text { text, quoted: false }] => Some(text),
            _ => None,
        }
    }

    /// The word's text when nothing in it is expanded, quoted or not.
    pub(super) fn constant(&self) -> Option<String> {
        self.0.iter().map(|part| if let Part::Text { text, .. } = part { Some(text.as_str()) } else { None }).collect()
    }
}

impl List {
    /// The words of the only simple command that this list is, when they need no expansion.
    fn only_command(chain: &Chain) -> Option<Vec<String>> {
        let [command] = chain.first.commands.as_slice() else { return None };
        let What::Simple { assigns, words } = &command.what else { return None };
        let plain = chain.rest.is_empty() && !chain.background && !chain.first.negated;
        if !plain || !assigns.is_empty() || !command.redirects.is_empty() {
            return None;
        }
        words.iter().map(Word::constant).collect()
    }

    /// `true`, `:`, `[ 1 ]`: holds for ever without doing anything.
    pub(super) fn always_true(&self) -> bool {
        let [chain] = self.0.as_slice() else { return false };
        let words = Self::only_command(chain).unwrap_or_default();
        matches!(words.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), ["true" | ":"] | ["[", "1", "]"])
    }

    /// How long one round takes when this does nothing but sleep: a loop of it needs no timer.
    pub(super) fn only_sleeps(&self) -> Option<i64> {
        let mut total = 0_i64;
        for chain in &self.0 {
            match Self::only_command(chain)?.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
                [":" | "true"] => {}
                ["sleep", lengths @ ..] => {
                    for length in lengths {
                        total = total.saturating_add(super::tools::duration(length)?);
                    }
                }
                _ => return None,
            }
        }
        (total > 0).then_some(total)
    }
}
