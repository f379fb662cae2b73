//! Bytes become text, or one diagnostic: encoding, size, and shapes that would cost the parser too much.

use super::LARGEST;
use super::place::{self, Places};
use crate::diagnostic::{Diagnostic, Position, Span};

/// More brackets, commas and colons than this are refused: until the outermost bracket closes, the YAML scanner holds
/// every token within it in memory, some 100 bytes each.
const MOST_SIGNS: usize = 500_000;

const UTF8_BOM: &str = "\u{feff}";

/// The text of a file, without its byte order mark, and the places in it.
#[derive(Debug)]
pub(super) struct Text<'t> {
    pub(super) text: &'t str,
    pub(super) places: Places,
}

pub(super) fn decode(bytes: &[u8]) -> Result<Text<'_>, Diagnostic> {
    let start = Position { line: 1, column: 1, offset: 0 };
    let refuse = |code, message: String| Diagnostic::error(code, Span { start, end: start }, message);
    if bytes.len() > LARGEST {
        let (size, most) = (bytes.len().div_ceil(1024), LARGEST / 1024);
        return Err(refuse("too-large", format!("the file has {size} KiB, more than the {most} KiB that are read"))
            .help("move long scripts into files of their own"));
    }
    if let Some(name) = wide_encoding(bytes) {
        return Err(refuse("encoding", format!("the file is {name}, not UTF-8")).help("save it as UTF-8"));
    }
    let whole = std::str::from_utf8(bytes).map_err(|error| {
        let at = place::after(start, &String::from_utf8_lossy(&bytes[..error.valid_up_to()]));
        let (name, byte) = (narrow_encoding(bytes), bytes[error.valid_up_to()]);
        let message = format!("the file is not UTF-8 but probably {name}: byte 0x{byte:02X}");
        Diagnostic::error("encoding", Span { start: at, end: at }, message).help("save it as UTF-8")
    })?;
    if let Some(nul) = whole.find('\0') {
        let at = place::after(start, &whole[..nul]);
        return Err(Diagnostic::error(
            "encoding",
            Span { start: at, end: at },
            "the file contains a NUL byte, so it is no text",
        )
        .help("save it as UTF-8 text"));
    }
    let text = whole.strip_prefix(UTF8_BOM).unwrap_or(whole);
    let signs = text.bytes().filter(|b| matches!(b, b'[' | b']' | b'{' | b'}' | b',' | b':')).count();
    if signs > MOST_SIGNS {
        return Err(refuse(
            "too-large",
            format!("the file has {signs} brackets, commas and colons, more than the {MOST_SIGNS} that are read"),
        ));
    }
    let places = Places::of(text, whole.len() - text.len());
    Ok(Text { text, places })
}

/// Encodings of two and four bytes a character: by their mark, or by the zeros that Latin letters have in them.
fn wide_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Some("UTF-32"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("UTF-16"),
        [0, 0, 0, b, ..] | [b, 0, 0, 0, ..] if *b != 0 => Some("UTF-32"),
        [0, b, 0, ..] | [b, 0, _, 0, ..] if *b != 0 => Some("UTF-16"),
        _ => None,
    }
}

/// In GBK the bytes above ASCII nearly always come in pairs; in Latin-1 an accent stands alone between letters.
fn narrow_encoding(bytes: &[u8]) -> &'static str {
    let mut runs = bytes.split(|b| b.is_ascii()).map(<[u8]>::len).filter(|len| *len > 0);
    if runs.all(|len| len % 2 == 0) { "GBK" } else { "Latin-1" }
}
