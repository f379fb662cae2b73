//! Parser events become a tree. No recursion: what is open lies on a stack of bounded height.

use super::budget::{Budget, Cost};
use super::input::Text;
use super::map::Problems;
use super::scalar::{self, Style};
use super::{DEEPEST, Entry, Key, Node, Value, map, short, syntax};
use crate::diagnostic::{Diagnostic, Position, Span};
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use std::collections::BTreeMap;
use std::ops::Range;

const CORE_TAG: &str = "tag:yaml.org,2002:";

pub(super) fn build(text: &Text<'_>) -> (Option<Node>, Vec<Diagnostic>) {
    let mut builder = Builder {
        text,
        stack: Vec::new(),
        root: None,
        anchors: BTreeMap::new(),
        budget: Budget::default(),
        problems: Problems::default(),
    };
    let mut documents = 0;
    for event in Parser::new_from_str(text.text) {
        let result = match event {
            Ok((Event::DocumentStart(_), span)) if documents == 1 => {
                let span = builder.span(span);
                builder.problems.report(
                    Diagnostic::error(
                        "several-documents",
                        span,
                        "a second document starts here, but one is all that is read",
                    )
                    .help("move it into a file of its own"),
                );
                break;
            }
            Ok((event, span)) => {
                documents += usize::from(matches!(event, Event::DocumentStart(_)));
                builder.event(event, span)
            }
            Err(error) => Err(syntax::explain(&error, text)),
        };
        if let Err(fatal) = result {
            return (None, builder.problems.ended_by(fatal));
        }
    }
    let root = builder.root.filter(|root| !is_nothing(root));
    if root.is_none() && builder.problems.is_empty() {
        let start = Position { line: 1, column: 1, offset: 0 };
        builder.problems.report(Diagnostic::error("empty", Span { start, end: start }, "the file is empty"));
    }
    (root, builder.problems.sorted())
}

/// A document without any content, unlike one that says `null`.
fn is_nothing(root: &Node) -> bool {
    root.value == Value::Null && root.written.as_deref().is_none_or(str::is_empty)
}

struct Builder<'t> {
    text: &'t Text<'t>,
    stack: Vec<Frame>,
    root: Option<Node>,
    /// Finished values that have an anchor, by the parser's number for it.
    anchors: BTreeMap<usize, Anchored>,
    budget: Budget,
    problems: Problems,
}

struct Anchored {
    node: Node,
    cost: Cost,
}

/// A collection that is still open.
struct Frame {
    start: usize,
    /// Past what it holds so far.
    end: Position,
    anchor: usize,
    tag: Option<String>,
    open: Open,
}

enum Open {
    List(Vec<Node>),
    Map {
        entries: Vec<Entry>,
        merges: Vec<(Span, Node)>,
        pending: Pending,
        /// It is no map but an unquoted `{{ x }}`.
        template: bool,
    },
}

/// Between a key and its value.
enum Pending {
    None,
    Key(Key),
    Merge(Span),
    /// The key was refused, its value goes the same way.
    Refused,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: saphyr_parser::Span) -> Result<(), Diagnostic> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                Ok(())
            }
            Event::Alias(id) => self.alias(id, span),
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), span),
            Event::SequenceStart(anchor, tag) => self.open(Open::List(Vec::new()), anchor, tag.as_deref(), span),
            Event::MappingStart(anchor, tag) => {
                let open =
                    Open::Map { entries: Vec::new(), merges: Vec::new(), pending: Pending::None, template: false };
                self.open(open, anchor, tag.as_deref(), span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: saphyr_parser::Span,
    ) -> Result<(), Diagnostic> {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::Single,
            ScalarStyle::DoubleQuoted => Style::Double,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        let bytes = self.scalar_bytes(text, style, anchor != 0 || tag.is_some(), span);
        let span = self.span_of(bytes);
        self.budget.charge(Cost::of(text), span)?;
        if self.wants_key() {
            self.key(text, style, span);
            return Ok(());
        }
        let value = match (tag.map(tag_name), style) {
            (Some(tag), _) => self.tagged(&tag, text, span),
            (None, Style::Plain) => scalar::resolve(text),
            (None, _) => Value::Text(text.to_owned()),
        };
        let written = (!matches!(value, Value::Text(_))).then(|| text.into());
        self.put(Node { span, value, style, written }, anchor)
    }

    fn tagged(&mut self, tag: &str, text: &str, span: Span) -> Value {
        let known =
            tag.strip_prefix(CORE_TAG).filter(|name| matches!(*name, "str" | "int" | "float" | "bool" | "null"));
        if let Some(name) = known {
            if let Some(value) = scalar::tagged(name, text) {
                return value;
            }
            self.problems.report(Diagnostic::error(
                "tag",
                span,
                format!("`{}` does not fit its tag `!!{name}`", short(text)),
            ));
        } else if tag != "!" {
            self.unknown_tag(tag, span);
        }
        Value::Text(text.to_owned())
    }

    fn unknown_tag(&mut self, tag: &str, span: Span) {
        let tag = tag.strip_prefix(CORE_TAG).map_or_else(|| tag.to_owned(), |name| format!("!!{name}"));
        let tag = short(&tag);
        self.problems.report(
            Diagnostic::error("tag", span, format!("the tag `{tag}` means nothing here"))
                .help("leave it out; a text that starts with `!` stands in quotes"),
        );
    }

    fn alias(&mut self, id: usize, span: saphyr_parser::Span) -> Result<(), Diagnostic> {
        let span = self.span(span);
        let Some(anchored) = self.anchors.get(&id) else {
            return Err(Diagnostic::error("alias", span, "the alias stands inside the value that it repeats"));
        };
        let cost = anchored.cost;
        if self.stack.len() + cost.height > DEEPEST {
            return Err(too_deep(span));
        }
        self.budget.charge(cost, span)?;
        let node = self.anchors.get(&id).map(|anchored| anchored.node.clone());
        match node {
            Some(node) if self.wants_key() && !matches!(node.value, Value::List(_) | Value::Map(_)) => {
                let text = node.written.as_deref().map_or_else(|| node.scalar().unwrap_or_default(), str::to_owned);
                self.key(&text, Style::None, span);
                Ok(())
            }
            Some(node) => {
                self.reach(span.end);
                self.put(node, 0)
            }
            None => Ok(()),
        }
    }

    fn open(
        &mut self,
        open: Open,
        anchor: usize,
        tag: Option<&Tag>,
        span: saphyr_parser::Span,
    ) -> Result<(), Diagnostic> {
        let text = self.text;
        let mut start = text.places.byte(text.text, span.start.index());
        if anchor != 0 || tag.is_some() {
            start = syntax::after_properties(text.text, start);
        }
        let place = self.span_of(start..start);
        if self.stack.len() >= DEEPEST {
            return Err(too_deep(place));
        }
        self.budget.charge(Cost::of(""), place)?;
        if let (
            Open::Map { .. },
            Some(Frame { start: outer, open: Open::Map { pending: Pending::None, entries, template, .. }, .. }),
        ) = (&open, self.stack.last_mut())
            && entries.is_empty()
            && *outer + 1 == start
            && text.text[*outer..].starts_with("{{")
        {
            *template = true;
        }
        self.stack.push(Frame { start, end: place.start, anchor, tag: tag.map(tag_name), open });
        Ok(())
    }

    fn close(&mut self, span: saphyr_parser::Span) -> Result<(), Diagnostic> {
        let Some(Frame { start, end: last, anchor, tag, open }) = self.stack.pop() else { return Ok(()) };
        let text = self.text;
        let closing = text.places.byte(text.text, span.start.index());
        let flow = text.text[start..].starts_with(['[', '{']) && text.text[closing..].starts_with([']', '}']);
        let start_at = self.span_of(start..start).start;
        let end = if flow { self.span_of(closing..closing + 1).end } else { last };
        let span = Span { start: start_at, end };
        let (value, expected) = match open {
            Open::Map { template: true, .. } if flow => return self.unquoted_template(start..closing + 1, anchor),
            Open::List(items) => (Value::List(items), "seq"),
            Open::Map { entries, merges, .. } => (Value::Map(map::finish(entries, merges, &mut self.problems)), "map"),
        };
        if let Some(tag) = tag.filter(|tag| tag.strip_prefix(CORE_TAG) != Some(expected)) {
            self.unknown_tag(&tag, span);
        }
        self.put(Node { span, value, style: Style::None, written: None }, anchor)
    }

    /// `tag: {{ x }}` is a map whose key is a map to YAML, and a forgotten pair of quotes to everybody else.
    fn unquoted_template(&mut self, bytes: Range<usize>, anchor: usize) -> Result<(), Diagnostic> {
        let span = self.span_of(bytes.clone());
        let written = &self.text.text[bytes];
        let key = match self.stack.last() {
            Some(Frame { open: Open::Map { pending: Pending::Key(key), .. }, .. }) => Some(key.text.as_str()),
            _ => None,
        };
        let diagnostic = syntax::unquoted_template(key, written, span);
        self.problems.report(diagnostic);
        self.put(Node { span, value: Value::Text(written.to_owned()), style: Style::Plain, written: None }, anchor)
    }

    /// A finished value goes where it belongs: into the open collection, or to the root.
    fn put(&mut self, node: Node, anchor: usize) -> Result<(), Diagnostic> {
        if anchor != 0 {
            let cost = Cost::measure(&node);
            self.budget.charge(cost, node.span)?;
            self.anchors.insert(anchor, Anchored { node: node.clone(), cost });
        }
        self.reach(node.span.end);
        let Some(frame) = self.stack.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut frame.open {
            Open::List(items) => items.push(node),
            Open::Map { entries, merges, pending, template } => match std::mem::replace(pending, Pending::None) {
                Pending::Key(key) => entries.push(Entry { key, value: node }),
                Pending::Merge(span) => merges.push((span, node)),
                Pending::Refused => {}
                Pending::None => {
                    *pending = Pending::Refused;
                    if !*template {
                        let message = format!("a key is a text, not {}", node.describe());
                        self.problems.report(
                            Diagnostic::error("complex-key", node.span, message)
                                .help("a value that starts with [ or { stands in quotes if it is meant as text"),
                        );
                    }
                }
            },
        }
        Ok(())
    }

    /// The open collection goes at least to here. What an alias repeats stands elsewhere, so its own end says nothing.
    fn reach(&mut self, end: Position) {
        if let Some(frame) = self.stack.last_mut() {
            frame.end = frame.end.max(end);
        }
    }

    fn wants_key(&self) -> bool {
        matches!(self.stack.last(), Some(Frame { open: Open::Map { pending: Pending::None, .. }, .. }))
    }

    fn key(&mut self, text: &str, style: Style, span: Span) {
        let empty = text.is_empty() && style == Style::Plain;
        if let Some(Frame { open: Open::Map { pending, .. }, .. }) = self.stack.last_mut() {
            *pending = match text {
                _ if empty => Pending::Refused,
                "<<" if style == Style::Plain => Pending::Merge(span),
                _ => Pending::Key(Key { text: text.to_owned(), span }),
            };
        }
        if empty {
            self.problems.report(Diagnostic::error("empty-key", span, "a key is missing before the `:`"));
        }
    }

    fn span(&self, span: saphyr_parser::Span) -> Span {
        let Text { text, places } = self.text;
        self.span_of(places.byte(text, span.start.index())..places.byte(text, span.end.index()))
    }

    fn span_of(&self, bytes: Range<usize>) -> Span {
        let Text { text, places } = self.text;
        let start = places.position(text, bytes.start);
        Span { start, end: if bytes.is_empty() { start } else { places.position(text, bytes.end) } }
    }

    /// The bytes of a scalar: without its anchor and tag, without blanks at its end, and for nothing at all the empty
    /// place after the `:` or `-`.
    fn scalar_bytes(&self, value: &str, style: Style, properties: bool, span: saphyr_parser::Span) -> Range<usize> {
        let Text { text, places } = self.text;
        let (start, end) = (places.byte(text, span.start.index()), places.byte(text, span.end.index()));
        if value.is_empty() && style == Style::Plain {
            let indicator = !properties && text[start..].starts_with([':', '-', '?']);
            let at = if properties { end } else { start + usize::from(indicator) };
            return at..at;
        }
        let start = if properties && !matches!(style, Style::Literal | Style::Folded) {
            syntax::after_properties(text, start)
        } else {
            start
        };
        let end = end.max(start);
        match style {
            Style::Literal | Style::Folded => {
                start..start + text[start..end].trim_end_matches([' ', '\t', '\r', '\n']).len()
            }
            Style::Plain | Style::Single | Style::Double | Style::None => start..end,
        }
    }
}

fn tag_name(tag: &Tag) -> String {
    format!("{}{}", tag.handle, tag.suffix)
}

fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error("too-deep", span, format!("lists and maps nest deeper than {DEEPEST} levels"))
}
