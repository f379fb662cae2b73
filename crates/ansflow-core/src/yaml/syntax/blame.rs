//! Where a slip was made, given where the parser stumbled over it. Guesses by looking at the text, and only at a window
//! of it: an error in a line of megabytes must stay cheap.

use std::ops::Range;

/// How far to look, in bytes to either side.
const WINDOW: usize = 16 * 1024;

/// The line that holds a byte, and where it starts.
pub(super) fn line_of(text: &str, at: usize) -> (usize, &str) {
    let window = near(text, at);
    let start = text[window.start..at].rfind(['\n', '\r']).map_or(window.start, |found| window.start + found + 1);
    let end = text[at..window.end].find(['\n', '\r']).map_or(window.end, |found| at + found);
    (start, &text[start..end])
}

/// The last line before a line that has content, if there is one.
pub(super) fn line_before(text: &str, mut line_start: usize) -> Option<(usize, &str)> {
    loop {
        let end = text[near(text, line_start).start..line_start].trim_end_matches(['\n', '\r', ' ', '\t']).len();
        let end = near(text, line_start).start + end;
        let (start, line) = line_of(text, end);
        if start >= line_start || line.trim().is_empty() {
            return None;
        }
        if !line.trim_start().starts_with('#') {
            return Some((start, line));
        }
        line_start = start;
    }
}

/// An unquoted `{{ … }}` on the line, or the line before, that starts a value: its key and its bytes.
pub(super) fn template(text: &str, at: usize) -> Option<(Option<&str>, Range<usize>)> {
    let line = line_of(text, at);
    [Some(line), line_before(text, line.0)].into_iter().flatten().find_map(|(start, line)| {
        let open = template_value(line)?;
        let key = line[..open].trim_end().strip_suffix(':').map(|key| key.trim().trim_start_matches("- ").trim_start());
        Some((key, start + open..start + line.trim_end().len()))
    })
}

fn template_value(line: &str) -> Option<usize> {
    line.match_indices("{{").map(|(open, _)| open).find(|&open| {
        let before = &line[..open];
        let trimmed = before.trim_end_matches(' ');
        let starts_value = trimmed.is_empty() || (trimmed.ends_with([':', '-']) && trimmed.len() < before.len());
        starts_value && !before.contains(['"', '\'', '#'])
    })
}

/// A tab that indents the line, or one soon after it.
pub(super) fn tab(text: &str, at: usize) -> Option<Range<usize>> {
    let mut start = line_of(text, at).0;
    for line in text[start..near(text, at).end].split_inclusive(['\n', '\r']).take(20) {
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..indentation].find('\t') {
            return Some(start + tab..start + tab + 1);
        }
        start += line.len();
    }
    None
}

/// The opening of a quoted text that ended right before a byte, if it is on an earlier line.
pub(super) fn quote(text: &str, at: usize) -> Option<Range<usize>> {
    let start = near(text, at).start;
    let closed = text[start..at].trim_end_matches([' ', '\t']);
    let quote = closed.chars().next_back().filter(|c| matches!(c, '"' | '\''))?;
    let inside = &closed[..closed.len() - 1];
    let open = inside.rfind(quote)?;
    inside[open..].contains('\n').then_some(start + open..start + open + 1)
}

/// The bracket that was open when a line came that no longer belongs to it, or the end of the file.
pub(super) fn bracket(text: &str, at: usize) -> Option<Range<usize>> {
    let window = near(text, at).start;
    let start = line_of(text, window).0.max(window);
    let mut open = Vec::new();
    let mut before = '\n';
    let mut chars = text[start..at].char_indices();
    while let Some((place, c)) = chars.next() {
        let starts_value = matches!(before, ':' | '-' | ',' | '[' | '{' | '\n');
        match c {
            '[' | '{' if starts_value => open.push(start + place),
            ']' | '}' => drop(open.pop()),
            '"' | '\'' if starts_value => {
                chars.find(|(_, closing)| *closing == c);
            }
            _ => {}
        }
        if !matches!(c, ' ' | '\t' | '\r') {
            before = c;
        }
    }
    let open = open.pop()?;
    let indentation = |at: usize| {
        let line = line_of(text, at).1;
        line.chars().take_while(|c| matches!(c, ' ' | '-')).count()
    };
    let ended = text[at..].trim_start().is_empty();
    let later_line = text[open..at].contains('\n');
    (ended || later_line && indentation(at) <= indentation(open)).then_some(open..open + 1)
}

/// The bytes around a byte that are looked at, cut between characters.
fn near(text: &str, at: usize) -> Range<usize> {
    text.floor_char_boundary(at.saturating_sub(WINDOW))..text.ceil_char_boundary((at + WINDOW).min(text.len()))
}
