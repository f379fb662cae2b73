//! Text of others made fit for a terminal: colours stay, whatever else steers a terminal goes.
//!
//! What steps print is stored as it came; this is for what people see. It hides no printable text: a sequence that is
//! never closed loses its beginning only.

use std::borrow::Cow;

/// Ends whatever colours a line has set.
const RESET: &str = "\x1b[0m";

/// Text without control characters but tabs, line breaks and colours (SGR). Colours that a line sets end with it.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(is_steering) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        clean_line(line.strip_suffix('\r').unwrap_or(line), &mut cleaned);
        cleaned.push_str(end);
    }
    Cow::Owned(cleaned)
}

/// The same for a line of bytes; what is no UTF-8 becomes `U+FFFD`.
pub(crate) fn clean_bytes(line: &[u8], to: &mut Vec<u8>) {
    // Almost every line there is.
    if line.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\t')) {
        to.extend_from_slice(line);
    } else {
        to.extend_from_slice(clean(&String::from_utf8_lossy(line)).as_bytes());
    }
}

fn is_steering(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n')
}

fn clean_line(line: &str, to: &mut String) {
    let mut coloured = false;
    let mut rest = line;
    while let Some(at) = rest.find(is_steering) {
        to.push_str(&rest[..at]);
        let (sequence, behind) = rest[at..].split_at(length(&rest[at..]));
        if let Some(colours) = sequence.strip_prefix("\x1b[").and_then(|colours| colours.strip_suffix('m')) {
            if colours.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b';' | b':')) {
                to.push_str(sequence);
                coloured = !matches!(colours, "" | "0");
            }
        } else if sequence == "\r" {
            // What stood before it would be overwritten, the step's name with it.
            to.push(' ');
        }
        rest = behind;
    }
    to.push_str(rest);
    if coloured {
        to.push_str(RESET);
    }
}

/// How many bytes belong to the control character that the text begins with.
fn length(text: &str) -> usize {
    let mut chars = text.chars();
    let first = chars.next().map_or(0, char::len_utf8);
    match (text.as_bytes()[0], chars.next()) {
        (0x1b, Some('[')) => control_sequence(text, first + 1),
        (0x1b, Some(']' | 'P' | 'X' | '^' | '_')) => string(text, first + 1),
        (0x1b, Some(next)) if next.is_ascii() && !next.is_ascii_control() => {
            // `ESC ( B` and the like: any number of spaces to slashes, then one more.
            let between = text[first..].bytes().take_while(|byte| matches!(byte, b' '..=b'/')).count();
            let last = text[first + between..].bytes().next().is_some_and(|byte| matches!(byte, b'0'..=b'~'));
            first + between + usize::from(last)
        }
        _ => match text.chars().next() {
            Some('\u{9b}') => control_sequence(text, first),
            Some('\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}') => string(text, first),
            _ => first,
        },
    }
}

/// Parameters, then a letter.
fn control_sequence(text: &str, opening: usize) -> usize {
    let parameters = text[opening..].bytes().take_while(|byte| matches!(byte, b' '..=b'?')).count();
    match text.as_bytes().get(opening + parameters) {
        Some(b'@'..=b'~') => opening + parameters + 1,
        _ => opening,
    }
}

/// Printable text, up to a bell or a string terminator. It ends at any other control character too, so that no text is
/// looked at twice.
fn string(text: &str, opening: usize) -> usize {
    let end = text[opening..].find(char::is_control).map_or(text.len(), |at| opening + at);
    let closing = ["\x07", "\x1b\\", "\u{9c}"].into_iter().find(|closing| text[end..].starts_with(closing));
    closing.map_or(opening, |closing| end + closing.len())
}

#[cfg(test)]
mod tests;
