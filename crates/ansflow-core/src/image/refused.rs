//! Why a name is none, and what to write instead.

use std::fmt;

/// A name that Docker would not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Half a sentence that names the text, such as "`Shop` has upper-case letters, and names of images have none".
    pub reason: String,
    /// A text that would be taken, where one is near.
    pub suggestion: Option<String>,
}

impl Refused {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), suggestion: None }
    }

    pub(super) fn instead(mut self, suggestion: Option<String>) -> Self {
        self.suggestion = suggestion;
        self
    }

    /// The suggestion as advice, where there is one.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        self.suggestion.as_ref().map(|text| format!("write `{text}`"))
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.help() {
            Some(help) => write!(f, "{}; {help}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

impl std::error::Error for Refused {}

/// A text for a message: on one line, short, and with nothing in it that a terminal would obey.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut shown: String = text.chars().take(LONGEST).flat_map(visible).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

fn visible(c: char) -> Vec<char> {
    // What turns the direction of writing or takes no room would show another name than the one that is meant.
    let invisible = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    match c.is_control() || invisible {
        true => c.escape_unicode().collect(),
        false => vec![c],
    }
}
