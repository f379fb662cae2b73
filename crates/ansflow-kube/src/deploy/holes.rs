//! `{{ expr }}` in files of manifests, filled where it is ours.
//!
//! Templates of Prometheus, Argo and Helm use the same braces. A hole is filled when it is an expression that uses only
//! names which the run knows; any other stays as it is written, and is counted. What stands in quotes stays text; a hole
//! that stands bare (`replicas: {{ count }}`) becomes what its value says, as if somebody had typed it.

use super::read::plain_scalar;
use ansflow_core::expr::{Expr, Lookup, NameUse};
use regex::Regex;
use serde_json::{Map, Value as Json};
use std::borrow::Cow;
use std::cell::Cell;
use std::sync::LazyLock;

/// Stands before a scalar that began with a hole and had no quotes. Nobody types it: it is a private character.
const BARE: char = '\u{f5a5}';
/// So many ends of a hole are tried: `{{ "}}" }}` has two.
const MOST_ENDS: usize = 8;

/// `key: {{ hole }} …` or `- {{ hole }} …`, outside of block texts.
static BARE_LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^(\s*(?:- +)*(?:[^\s:#'"{}\[\],&*!|>%@`-][^:#'"{}]*|"[^"]*"|'[^']*'):[ \t]+|\s*(?:- +)+)(\{\{.*\}\}[^#]*?)(\s+#.*)?\s*$"#).ok()
});
/// A line after which a block text begins.
static BLOCK_HEAD: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|[:-][ \t]+)(?:[&!]\S+[ \t]+)*[|>][-+0-9]*[ \t]*(?:#.*)?$").ok());

/// What a run knows, and how many pairs of braces it did not.
pub(super) struct Holes<'a> {
    names: &'a Map<String, Json>,
    left: Cell<usize>,
}

/// A piece of a text.
enum Piece<'t> {
    Text(&'t str),
    Value(Json),
    Left(&'t str),
}

impl<'a> Holes<'a> {
    pub(super) fn new(names: &'a Map<String, Json>) -> Holes<'a> {
        Holes { names, left: Cell::new(0) }
    }

    /// How many pairs of braces were left as they are.
    pub(super) fn left(&self) -> usize {
        self.left.get()
    }

    /// What a scalar says once its holes are filled.
    pub(super) fn fill(&self, text: &str) -> Result<Json, String> {
        match text.strip_prefix(BARE) {
            Some(bare) => self.fill_bare(bare),
            None if text.contains("{{") => self.text(&self.pieces(text)?).map(Json::String),
            None => Ok(Json::String(text.to_owned())),
        }
    }

    fn fill_bare(&self, text: &str) -> Result<Json, String> {
        let pieces = self.pieces(text)?;
        if let Some(left) = pieces.iter().find_map(Piece::left) {
            return Err(format!(
                "`{left}` uses a name that this run does not know; in quotes it would be left as it is"
            ));
        }
        match pieces.as_slice() {
            [Piece::Value(value)] if !value.is_string() => Ok(value.clone()),
            pieces => Ok(plain_scalar(&self.text(pieces)?)),
        }
    }

    fn text(&self, pieces: &[Piece<'_>]) -> Result<String, String> {
        let mut filled = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Left(text) => {
                    self.left.set(self.left.get() + 1);
                    filled.push_str(text);
                }
                Piece::Value(Json::String(text)) => filled.push_str(text),
                Piece::Value(Json::Null) => return Err("null cannot be put into text".to_owned()),
                Piece::Value(other) => filled.push_str(&other.to_string()),
            }
        }
        Ok(filled)
    }

    fn pieces<'t>(&self, text: &'t str) -> Result<Vec<Piece<'t>>, String> {
        let (mut pieces, mut rest) = (Vec::new(), text);
        while let Some(open) = rest.find("{{") {
            let (before, hole) = rest.split_at(open);
            pieces.extend((!before.is_empty()).then_some(Piece::Text(before)));
            let (piece, length) = self.hole(hole)?;
            pieces.push(piece);
            rest = hole.get(length..).unwrap_or_default();
        }
        pieces.extend((!rest.is_empty()).then_some(Piece::Text(rest)));
        Ok(pieces)
    }

    /// The hole at the beginning of a text, and its length.
    fn hole<'t>(&self, text: &'t str) -> Result<(Piece<'t>, usize), String> {
        for (end, _) in text.match_indices("}}").take(MOST_ENDS) {
            let Some(Ok(expr)) = text.get(2..end).map(Expr::parse) else { continue };
            let (length, written) = (end + 2, text.get(..end + 2).unwrap_or(text));
            if !expr.names().iter().all(|name| self.knows(name)) {
                return Ok((Piece::Left(written), length));
            }
            let value =
                expr.eval(&|path: &[String]| self.lookup(path)).map_err(|error| format!("`{written}`: {error}"))?;
            return Ok((Piece::Value(value), length));
        }
        let length = text.find("}}").map_or(2, |end| end + 2);
        Ok((Piece::Left(text.get(..length).unwrap_or(text)), length))
    }

    fn knows(&self, name: &NameUse) -> bool {
        name.optional || self.find(&name.path).is_some()
    }

    fn lookup(&self, path: &[String]) -> Lookup {
        match self.find(path) {
            Some(value) => Lookup::Value(value.clone()),
            None => Lookup::Unknown(format!("`{}` is not known", path.join("."))),
        }
    }

    fn find(&self, path: &[String]) -> Option<&Json> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.names.get(first)?, |value, key| match value {
            Json::Array(items) => items.get(key.parse::<usize>().ok()?),
            other => other.get(key),
        })
    }
}

impl<'t> Piece<'t> {
    fn left(&self) -> Option<&'t str> {
        match self {
            Piece::Left(text) => Some(text),
            Piece::Text(_) | Piece::Value(_) => None,
        }
    }
}

/// A text of YAML in which every bare hole is a scalar that [`Holes::fill`] knows again. Lines stay where they are.
pub(super) fn mark(text: &str) -> Cow<'_, str> {
    let (Some(bare), Some(head)) = (BARE_LINE.as_ref(), BLOCK_HEAD.as_ref()) else { return text.into() };
    if !text.contains("{{") || text.contains(BARE) {
        return text.into();
    }
    let (mut marked, mut block) = (String::with_capacity(text.len() + 64), None);
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let indent = content.len() - content.trim_start_matches(' ').len();
        let is_blank = content.trim().is_empty();
        if block.is_some_and(|outer| is_blank || indent > outer) {
            marked.push_str(line);
            continue;
        }
        block = head.is_match(content).then_some(indent);
        let Some(found) = bare.captures(content) else {
            marked.push_str(line);
            continue;
        };
        let part = |at: usize| found.get(at).map_or("", |part| part.as_str());
        marked.push_str(&format!("{}'{BARE}{}'{}", part(1), part(2).trim_end().replace('\'', "''"), part(3)));
        marked.push_str(line.get(content.len()..).unwrap_or_default());
    }
    marked.into()
}
