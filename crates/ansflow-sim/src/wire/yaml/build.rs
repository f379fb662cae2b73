//! Parser events become JSON. What is open lies on a stack of bounded height; aliases are paid for before they are copied.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use serde_json::{Map, Value};

use super::BadYaml;
use super::scalar;

const DEEPEST: usize = 100;
/// Values in all, with what aliases repeat.
const MOST_VALUES: usize = 500_000;

/// The first document, and the keys that a map of it has twice, with their lines; the last of them counts.
pub(super) fn document(text: &str) -> Result<(Value, Vec<(usize, String)>), BadYaml> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| broken(&error, text))?;
        let line = span.start.line();
        match event {
            Event::DocumentEnd => break,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
            Event::Alias(id) => builder.alias(id, line)?,
            Event::Scalar(text, style, anchor, tag) => builder.scalar(&text, style, anchor, tag.as_deref(), line)?,
            Event::SequenceStart(anchor, _) => builder.open(Open::List(Vec::new()), anchor, line)?,
            Event::MappingStart(anchor, _) => {
                builder.open(Open::Map { fields: Map::new(), key: None }, anchor, line)?
            }
            Event::SequenceEnd | Event::MappingEnd => builder.close(line)?,
        }
    }
    Ok((builder.root.unwrap_or(Value::Null), builder.repeated))
}

#[derive(Default)]
struct Builder {
    stack: Vec<(Open, usize)>,
    root: Option<Value>,
    anchors: HashMap<usize, (Value, usize)>,
    spent: usize,
    repeated: Vec<(usize, String)>,
}

/// A collection that is still open.
enum Open {
    List(Vec<Value>),
    Map { fields: Map<String, Value>, key: Option<String> },
}

impl Builder {
    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        line: usize,
    ) -> Result<(), BadYaml> {
        self.spend(1, line)?;
        if let Some((Open::Map { fields, key: key @ None }, _)) = self.stack.last_mut() {
            if fields.contains_key(text) {
                self.repeated.push((line, text.to_owned()));
            }
            *key = Some(text.to_owned());
            return Ok(());
        }
        let is_text = tag.is_some_and(|tag| tag.suffix == "str");
        let value =
            if style == ScalarStyle::Plain && !is_text { scalar::plain(text) } else { Value::String(text.to_owned()) };
        self.put(value, anchor, line)
    }

    fn alias(&mut self, id: usize, line: usize) -> Result<(), BadYaml> {
        let Some((value, cost)) = self.anchors.get(&id) else { return Err(at(line, "unknown anchor referenced")) };
        let (value, cost) = (value.clone(), *cost);
        self.spend(cost, line)?;
        if let Some((Open::Map { key: key @ None, .. }, _)) = self.stack.last_mut() {
            *key = Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            return Ok(());
        }
        self.put(value, 0, line)
    }

    fn open(&mut self, open: Open, anchor: usize, line: usize) -> Result<(), BadYaml> {
        self.spend(1, line)?;
        if self.stack.len() >= DEEPEST {
            return Err(at(line, "exceeded max depth"));
        }
        if let Some((Open::Map { key: None, .. }, _)) = self.stack.last() {
            return Err(at(line, "invalid map key"));
        }
        self.stack.push((open, anchor));
        Ok(())
    }

    fn close(&mut self, line: usize) -> Result<(), BadYaml> {
        let Some((open, anchor)) = self.stack.pop() else { return Ok(()) };
        let value = match open {
            Open::List(items) => Value::Array(items),
            Open::Map { fields, .. } => Value::Object(fields),
        };
        self.put(value, anchor, line)
    }

    fn put(&mut self, value: Value, anchor: usize, line: usize) -> Result<(), BadYaml> {
        if anchor != 0 {
            let cost = size(&value);
            self.spend(cost, line)?;
            self.anchors.insert(anchor, (value.clone(), cost));
        }
        match self.stack.last_mut() {
            Some((Open::List(items), _)) => items.push(value),
            Some((Open::Map { fields, key }, _)) => {
                let key = key.take().unwrap_or_default();
                match value {
                    Value::Object(merged) if key == "<<" => {
                        for (key, value) in merged {
                            fields.entry(key).or_insert(value);
                        }
                    }
                    value => drop(fields.insert(key, value)),
                }
            }
            None => self.root = Some(value),
        }
        Ok(())
    }

    fn spend(&mut self, values: usize, line: usize) -> Result<(), BadYaml> {
        self.spent = self.spent.saturating_add(values);
        if self.spent > MOST_VALUES { Err(at(line, "document contains excessive aliasing")) } else { Ok(()) }
    }
}

fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(fields) => fields.values().map(size).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

fn at(line: usize, why: &str) -> BadYaml {
    BadYaml { line: Some(line), why: why.to_owned() }
}

/// Go's words for the mistakes that people make; the parser's own for the rest. Go counts lines from where the mistake began.
fn broken(error: &saphyr_parser::ScanError, text: &str) -> BadYaml {
    let lines = text.lines().count().max(1);
    let line = error.marker().line().clamp(1, lines);
    let said = error.info();
    let why = if said.contains("',' or ']'") || said.contains("flow sequence") {
        "did not find expected ',' or ']'"
    } else if said.contains("',' or '}'") || said.contains("flow mapping") {
        "did not find expected ',' or '}'"
    } else if said.contains("tab") {
        "found character that cannot start any token"
    } else if said.contains("mapping values") {
        "mapping values are not allowed in this context"
    } else if said.contains("<block end>") || said.contains("block mapping") {
        "did not find expected key"
    } else {
        said
    };
    at(line, why)
}
