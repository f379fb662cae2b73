//! What the lexer gathers of one simple command, for the rules to judge.

use std::ops::Range;

use super::why::Why;

/// One word, with its quotes removed as far as it is known before the text runs.
#[derive(Debug, Default)]
pub(super) struct Word {
    /// Where it stands, quotes included.
    pub(super) range: Range<usize>,
    /// What it is, up to the first expansion or hole.
    pub(super) text: String,
    /// Whether something follows `text` that only the shell knows.
    pub(super) open: bool,
    /// Whether it was written without any quote: only such a word is reserved or assigns.
    pub(super) bare: bool,
    /// Whether it begins with an unquoted expansion, which may be no word or several.
    pub(super) splits: bool,
    /// Whether a hole stands in it, however deep.
    pub(super) hole: bool,
    /// For `NAME=…`, how long the name is.
    pub(super) assigns: Option<usize>,
    /// Whether it is known that it assigns, or that it does not.
    pub(super) settled: bool,
    /// Whether it is `NAME=( … )`.
    pub(super) array: bool,
    /// The process substitutions in it.
    pub(super) feeds: Option<Range<usize>>,
}

impl Word {
    /// Whether it is exactly this, known before the text runs.
    pub(super) fn is(&self, text: &str) -> bool {
        !self.open && self.text == text
    }

    /// Whether it looks like an option.
    pub(super) fn is_option(&self) -> bool {
        self.text.len() > 1 && self.text.starts_with('-')
    }

    /// The name of the program, without the folders, where it is known.
    pub(super) fn program(&self) -> Option<&str> {
        let name = self.text.rsplit(['/', '\\']).next().unwrap_or(&self.text);
        (!self.open).then(|| name.strip_suffix(".exe").unwrap_or(name))
    }

    /// The name that `NAME=…` sets.
    pub(super) fn assigned(&self) -> Option<&str> {
        self.assigns.map(|length| &self.text[..length])
    }
}

/// A command under construction: a simple one, or what follows a compound one (`done <f`).
#[derive(Default)]
pub(super) struct Command {
    pub(super) words: Vec<Word>,
    /// The word being read.
    pub(super) word: Option<Word>,
    /// The operator whose target the next word is.
    pub(super) redirect: Option<Redirect>,
    /// What it reads on its standard input, as far as that stands on its own line.
    pub(super) input: Vec<Range<usize>>,
    /// Its here-documents, as indexes into those that wait for their bodies.
    pub(super) heredocs: Vec<usize>,
    /// Whether its standard input was redirected.
    pub(super) redirected: bool,
    /// Whether a pipe leads into it, and where it begins.
    pub(super) piped: bool,
    pub(super) start: usize,
    /// Whether a compound command stands before its words.
    pub(super) compound: bool,
    /// Set when a command inside it reads code from the standard input they share.
    pub(super) fed: Option<Why>,
    pub(super) kind: Kind,
    /// Open parentheses inside `[[ ]]`.
    pub(super) depth: usize,
}

/// What the words of a command are.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A command and its arguments.
    #[default]
    Simple,
    /// `for x in …`, `select x in …`: words that are only data.
    Header,
    /// `[[ … ]]`, where operators do not end the command.
    Condition,
    /// `function NAME`.
    Function,
}

/// A redirection that waits for its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Redirect {
    /// `<`
    From,
    /// `<<<`
    HereString,
    /// Anything else.
    Other,
}

impl Command {
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.word.is_none() && !self.compound && !self.redirected && self.redirect.is_none()
    }
}

/// A list of commands inside one pair of delimiters.
pub(super) struct List {
    pub(super) close: Close,
    /// Where the text inside begins.
    pub(super) start: usize,
    pub(super) command: Command,
    /// Where the pipeline begins, and which here-document that waits for its body would be its first.
    pub(super) pipeline: usize,
    pub(super) waiting: Waiting,
    /// Set when a command in it reads code from the standard input of the list.
    pub(super) fed: Option<Why>,
    /// How many lists from this one outwards a `)` could close, up to the next that is not a list.
    pub(super) parens: usize,
    pub(super) case: Case,
}

/// A place among the here-documents that wait for their bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Waiting {
    /// How many wait.
    pub(super) count: usize,
    /// How often bodies had begun; when it is more by now, the count is of another line.
    pub(super) lines: usize,
}

/// What ends a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Close {
    /// The end of the text.
    End,
    /// `)` of a subshell.
    Paren,
    /// `)` of `$( … )`.
    Substitution,
    /// `)` of `<( … )` and `>( … )`.
    Process,
    /// `}`
    Brace,
    /// `fi`
    Fi,
    /// `done`
    Done,
    /// `esac`
    Esac,
}

impl Close {
    pub(super) fn is_paren(self) -> bool {
        matches!(self, Close::Paren | Close::Substitution | Close::Process)
    }

    /// Whether here-documents that begin inside must end inside.
    pub(super) fn is_substitution(self) -> bool {
        matches!(self, Close::Substitution | Close::Process)
    }
}

/// Where in `case … in a) … ;; esac` we are; meaningful when the list ends with `esac`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// Before `in`.
    Subject,
    /// Before the `)` of a pattern.
    Pattern,
    /// In the commands of a branch; every other list is always here.
    Body,
}
