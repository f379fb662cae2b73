//! What the YAML parser complains about, said so that it can be mended, and where it can be mended.
//!
//! The parser names what it was doing and where it noticed; people need to hear what they wrote and where. The common
//! slips are recognised by the lines around the place.

mod blame;

use super::input::Text;
use super::{DEEPEST, short};
use crate::diagnostic::{Diagnostic, Span};
use blame::{line_before, line_of};
use saphyr_parser::ScanError;
use std::ops::Range;

/// What to say instead of the parser's own words.
struct Said {
    place: Range<usize>,
    message: String,
    help: Option<&'static str>,
}

/// A syntax error as a diagnostic, with help for the common slips.
pub(super) fn explain(error: &ScanError, text: &Text<'_>) -> Diagnostic {
    let Text { text, places } = text;
    let at = places.byte(text, error.marker().index());
    let span =
        |range: Range<usize>| Span { start: places.position(text, range.start), end: places.position(text, range.end) };
    if let Some((key, value)) = blame::template(text, at) {
        return unquoted_template(key, &text[value.clone()], span(value));
    }
    let said = slip(error.info(), text, at);
    let code = if error.info().contains("recursion limit") { "too-deep" } else { "syntax" };
    let diagnostic = Diagnostic::error(code, span(said.place), said.message);
    match said.help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// `tag: {{ x }}`, for which YAML has another meaning.
pub(super) fn unquoted_template(key: Option<&str>, written: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error("unquoted-template", span, "a value that starts with `{{` stands in quotes");
    if written.len() > 200 || written.contains('\n') {
        return diagnostic.help("put the whole value in quotes");
    }
    let quoted =
        if written.contains('"') { format!("'{}'", written.replace('\'', "''")) } else { format!("\"{written}\"") };
    let key = key.map(|key| format!("{}: ", short(key))).unwrap_or_default();
    diagnostic.help(format!("write {key}{quoted}"))
}

/// Where a value starts, after the anchor and tag before it.
pub(super) fn after_properties(text: &str, from: usize) -> usize {
    let mut at = from;
    loop {
        let rest = &text[at..];
        let width = match rest.as_bytes().first() {
            Some(b'&' | b'!') => rest.find([' ', '\t', '\n', '\r', ',', '[', ']', '{', '}']).unwrap_or(rest.len()),
            Some(b' ' | b'\t' | b'\n' | b'\r') => 1,
            Some(b'#') => rest.find(['\n', '\r']).unwrap_or(rest.len()),
            _ => return at,
        };
        at += width;
    }
}

const BRACKETS: &str = "a text that contains , [ ] { } or `: ` stands in quotes";

/// The parser's sentence `info` about the byte `at`, in words of ours. Order matters: the earlier knows more.
fn slip(info: &str, text: &str, at: usize) -> Said {
    let has = |part: &str| info.contains(part);
    let rest = &text[at..];
    let here = at..at + rest.chars().next().filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8);
    let said =
        |message: &str, help: &'static str| Said { place: here.clone(), message: message.to_owned(), help: Some(help) };

    if let Some(place) = blame::tab(text, at).filter(|_| has("tab") || has("indentation") || has("token")) {
        return Said { place, ..said("a tab stands where spaces should", "indent with spaces") };
    }
    if has("mapping values are not allowed") || has("simple key expect") {
        return no_key_here(info, text, at).unwrap_or_else(|| {
            said(
                "unexpected `:`",
                "a text that contains `: ` stands in quotes; otherwise check the indentation of this line",
            )
        });
    }
    if has("unexpected end of stream") || has("in quoted scalar") || has("unexpected document indicator") {
        return said("the quote that opens here is never closed", "close it");
    }
    if has("invalid trailing content") {
        return match blame::quote(text, at) {
            Some(place) => Said { place, ..said("the quote that opens here is not closed on its line", "close it") },
            None => {
                said("something follows a quoted text that has ended", "to quote a part of a text, quote all of it")
            }
        };
    }
    if has("or '}'")
        || has("or ']'")
        || has("illegal placement")
        || has("inside a block")
        || has("flow construct")
        || has("node content")
    {
        if let Some(place) = blame::bracket(text, at) {
            let sign = &text[place.clone()];
            return Said { message: format!("this `{sign}` is never closed"), place, help: Some(BRACKETS) };
        }
        let message = match () {
            () if has("or '}'") => "expected `,` or `}` here",
            () if has("or ']'") => "expected `,` or `]` here",
            () if has("node content") => "a value is missing here",
            () => "this does not belong between brackets",
        };
        return said(message, BRACKETS);
    }
    if has("misplaced bracket") {
        return said("this bracket closes nothing", BRACKETS);
    }
    if has("did not find expected key") {
        return said(
            "expected a key here",
            "keys of one map line up; check the indentation of this line, and the quotes of the line before",
        );
    }
    if has("expected '-' indicator") {
        return said("expected `- ` here", "entries of one list line up; check the indentation of this line");
    }
    if has("indentation") || has("wrongly indented") {
        return said("the indentation of this line fits nothing above it", "line it up with what it belongs to");
    }
    if has("block sequence entries are not allowed") {
        return said("a list cannot start here", "start it on a line of its own, below the key");
    }
    if has("anchor") {
        let word = rest.split([' ', '\t', '\n', '\r', ',', ']', '}']).next().unwrap_or_default();
        let message = format!("there is no anchor for the alias `{}`", short(word));
        return Said { message, ..said("", "a text that starts with * or & stands in quotes") };
    }
    if has("unexpected character") {
        let message = match rest.chars().next() {
            Some('`') | None => "a text cannot start with a backtick".to_owned(),
            Some(c) => format!("a text cannot start with `{c}`"),
        };
        return Said { message, ..said("", "put it in quotes") };
    }
    if has("escape") || has("hexadecimal") {
        return said("unknown escape in a text in double quotes", "write \\\\ for a backslash, or use single quotes");
    }
    if has("while scanning a block scalar") {
        return said(
            "after `|` or `>` the text starts on the next line",
            "a text that starts with | or > stands in quotes",
        );
    }
    if has("tag") || has("handle") {
        return said("this is no tag", "a text that starts with ! stands in quotes");
    }
    if has("<document start>") {
        return said("this belongs to nothing above", "a file is one map; check the indentation of this line");
    }
    let message =
        if has("recursion limit") { format!("brackets nest deeper than {DEEPEST} levels") } else { general(info) };
    Said { place: here, message, help: None }
}

/// A `:` that YAML does not expect, or a key without one: the slip may be on the line before.
fn no_key_here(info: &str, text: &str, at: usize) -> Option<Said> {
    let (start, line) = line_of(text, at);
    let before_colon = &text[start..at];
    let continues = !before_colon.contains(": ") && !before_colon.trim_start().starts_with("- ");
    let (start, line) = if info.contains("simple key") && before_colon.trim().is_empty() || continues && !glued(line) {
        line_before(text, start)?
    } else {
        (start, line)
    };
    let content = line.trim().trim_start_matches("- ");
    let place = start + line.len() - line.trim_start().len()..start + line.trim_end().len();
    let word = content.split([' ', '\t']).next().unwrap_or_default();
    if glued(line) {
        let message = format!("a space is missing after the `:` of `{}`", short(word));
        return Some(Said { place, message, help: Some("write key: value") });
    }
    // A line that has its key and value is not to blame: what follows it is indented wrongly.
    if content.contains(": ") || content.ends_with(':') || content.is_empty() {
        return None;
    }
    let message = format!("`{}` is neither `key: value` nor an entry of a list", short(content));
    Some(Said { place, message, help: Some("write key: value, or quote a text of several lines") })
}

/// Whether a line starts with `key:value`, lacking the space.
fn glued(line: &str) -> bool {
    let word = line.trim().trim_start_matches("- ").split([' ', '\t']).next().unwrap_or_default();
    word.split_once(':').is_some_and(|(key, value)| {
        let plain =
            key.starts_with(char::is_alphabetic) && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        plain && !value.is_empty() && !value.starts_with("//")
    })
}

/// The parser's own words, without the part about what it was doing.
fn general(info: &str) -> String {
    match info.split_once(", ") {
        Some((context, rest)) if context.starts_with("while ") => rest.to_owned(),
        _ => info.to_lowercase(),
    }
}
