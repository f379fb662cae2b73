//! `ssh host CODE`

use super::super::why::Why;
use super::Judge;
use super::table::{self, Rule};

/// Options that take a value.
const VALUED: &str = "BbcDEeFIiJLlmMOoPpQRSWw";
/// Settings whose value is run by a shell here or there.
const RUN: [&str; 6] = ["proxycommand", "localcommand", "remotecommand", "knownhostscommand", "match", "proxyjump"];

impl Judge<'_, '_, '_> {
    /// From the host on all is code: ssh joins the words with spaces, and the far shell reads them.
    pub(super) fn ssh(&mut self, at: usize, name: &str) {
        let why = Why::Code(name.to_owned());
        let words = self.words;
        let mut dashes = false;
        let mut at = at + 1;
        while let Some(word) = words.get(at) {
            if word.is("--") {
                dashes = true;
                at += 1;
                break;
            }
            if !word.is_option() {
                break;
            }
            let letters = &word.text[1..];
            let found = letters.char_indices().find(|(_, letter)| VALUED.contains(*letter));
            if let Some((index, letter)) = found {
                let glued = index + 1 < letters.len() || word.open;
                let value = at + usize::from(!glued);
                let text = words.get(value).map_or("", |word| if glued { &letters[index + 1..] } else { &word.text });
                let setting = text.trim_start().split(['=', ' ']).next().unwrap_or_default().to_ascii_lowercase();
                let named = text.trim_start().contains(['=', ' ']);
                if letter == 'J' || (letter == 'o' && (!named || RUN.contains(&setting.as_str()))) {
                    self.refuse(value, &why);
                }
                at = value;
            }
            at += 1;
        }
        if let Some(host) = words.get(at) {
            if !dashes && !host.text.contains('@') {
                self.refuse(at, &Why::Host);
            }
            self.refuse_all(at + 1, &why);
        }
        if reads_code(words.get(at + 1..).unwrap_or_default().iter().map(|word| word.text.as_str())) {
            self.feeds(name);
        }
    }
}

/// Whether the far command runs what it reads: a login shell, or a shell by name somewhere in it.
fn reads_code<'w>(words: impl Iterator<Item = &'w str>) -> bool {
    let mut some = false;
    for text in words {
        some = true;
        let mut rest = text.split(|c: char| c.is_whitespace() || ";&|(){}'\"".contains(c));
        let feeds = |word: &str| {
            let name = word.rsplit('/').next().unwrap_or(word);
            matches!(table::rule(name), Rule::Shell | Rule::Interpreter(_) | Rule::PowerShell)
                || matches!(name, "su" | "." | "source" | "eval" | "xargs")
        };
        if rest.any(|word| !word.is_empty() && feeds(word)) {
            return true;
        }
    }
    !some
}
