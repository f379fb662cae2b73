//! Whether two answers say the same. What a cluster makes up is matched by where it first stood side by side; of times only
//! the form counts, and of revisions whether they moved.

use std::collections::HashMap;

use serde_json::Value;

use super::tokens::{Pairs, alike};
use crate::cluster::Told;

/// What is known of recorded revisions, uids and names: which of ours they are.
#[derive(Default)]
pub(super) struct Comparison {
    pairs: Pairs,
    continues: HashMap<String, String>,
    revisions: Vec<(u64, String)>,
    /// By uid and revision: the other side's revision.
    moved: HashMap<(String, String), String>,
}

/// Where an answer is another, and how.
#[derive(Debug)]
pub(super) struct Difference {
    pub(super) at: String,
    pub(super) said: String,
}

impl Comparison {
    /// A path or body with our words in the place of theirs.
    pub(super) fn translated(&self, text: &str) -> String {
        let mut out = self.pairs.translated(text);
        for (theirs, ours) in &self.continues {
            out = out.replace(theirs.as_str(), ours);
        }
        for pattern in ["resourceVersion=", "\"resourceVersion\":\""] {
            let mut from = 0;
            while let Some(at) = out[from..].find(pattern) {
                let start = from + at + pattern.len();
                let digits: String = out[start..].chars().take_while(char::is_ascii_digit).collect();
                let asked = digits.parse().unwrap_or(0);
                let ours =
                    self.revisions.iter().filter(|(theirs, _)| *theirs <= asked).max_by_key(|(theirs, _)| *theirs);
                match ours {
                    Some((_, ours)) if asked > 10_000 && asked < 100_000 => {
                        out.replace_range(start..start + digits.len(), ours);
                        from = start + ours.len();
                    }
                    _ => from = start,
                }
            }
        }
        out
    }

    /// In what an answer differs from the recorded one.
    pub(super) fn answers(&mut self, recorded: &Value, told: &Told) -> Vec<Difference> {
        let mut out = Vec::new();
        if recorded["status"] != told.code {
            let text: String = told.text.chars().take(300).collect();
            let said = format!("{} became {}: {text}", recorded["status"], told.code);
            return vec![Difference { at: "status".to_owned(), said }];
        }
        for header in recorded["headers"].as_array().into_iter().flatten() {
            let (name, value) = (header[0].as_str().unwrap_or_default(), header[1].as_str().unwrap_or_default());
            let got: Vec<&str> = told
                .headers
                .iter()
                .filter(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.as_str())
                .collect();
            if matches!(name, "Content-Type" | "Warning" | "Retry-After") && !got.contains(&value) {
                let said = format!("`{value}` became {got:?}");
                out.push(Difference { at: format!("header {name}"), said });
            }
        }
        if let Some(stream) = recorded["stream"].as_array() {
            self.streams(stream, told, &mut out);
        } else if !recorded["body"].is_null() || recorded["status"] == 204 {
            // The large documents stand packed beside their recordings, and have tests of their own.
            let got: Value = serde_json::from_str(&told.text).unwrap_or_else(|_| told.text.clone().into());
            let recorded = match &recorded["body"] {
                Value::Null => &Value::String(String::new()),
                body => body,
            };
            self.values(if recorded.is_string() { "text" } else { "" }, recorded, &got, &mut out);
        }
        out
    }

    fn streams(&mut self, stream: &[Value], told: &Told, out: &mut Vec<Difference>) {
        let texts: String = stream.iter().filter_map(|line| line["text"].as_str()).collect();
        if !texts.is_empty() {
            self.values("text", &texts.into(), &told.text.clone().into(), out);
            return;
        }
        let events: Vec<&Value> = stream.iter().map(|line| &line["event"]).filter(|event| event.is_object()).collect();
        let lines: Vec<Value> = told.text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        // Of a watch that was left in the recording's middle, what came later was not waited for.
        if events.len() > lines.len() {
            let said = format!("{} events became {}", events.len(), lines.len());
            out.push(Difference { at: "stream".to_owned(), said });
        }
        for (at, (event, line)) in events.into_iter().zip(&lines).enumerate() {
            self.values(&format!("[{at}]"), event, line, out);
        }
    }

    /// Says which of ours a recorded word is.
    pub(super) fn learn(&mut self, theirs: &str, ours: &str) {
        self.pairs.paired(theirs, ours);
    }

    pub(super) fn learn_revision(&mut self, theirs: &str, ours: &str) {
        self.revisions.extend(theirs.parse().map(|number| (number, ours.to_owned())));
    }

    /// Whether a revision of theirs came after all that were told.
    pub(super) fn is_newer(&self, theirs: &str) -> bool {
        let newest = self.revisions.iter().map(|(theirs, _)| *theirs).max();
        theirs.parse().is_ok_and(|theirs: u64| theirs < 100_000 && newest.is_some_and(|newest| theirs > newest))
    }

    fn values(&mut self, at: &str, recorded: &Value, got: &Value, out: &mut Vec<Difference>) {
        match (recorded, got) {
            (Value::Object(recorded), Value::Object(got)) => {
                let mut known = Vec::new();
                for (field, value) in recorded {
                    // Keys of managedFields hold uids and addresses.
                    let like = |other: &&String| self.pairs.translated(field) == **other || alike(field, other);
                    match got.get_key_value(field).or_else(|| got.get_key_value(got.keys().find(like)?)) {
                        Some((name, got)) => {
                            self.pairs.same(field, name);
                            known.push(name);
                            self.values(&format!("{at}.{field}"), value, got, out);
                        }
                        None => out.push(missing(format!("{at}.{field}"), value)),
                    }
                }
                for (field, value) in got.iter().filter(|(field, _)| !known.contains(field)) {
                    let said = format!("is too much: {}", short(value));
                    out.push(Difference { at: format!("{at}.{field}"), said });
                }
                self.moves(at, recorded.get("resourceVersion"), got.get("resourceVersion"), recorded.get("uid"), out);
            }
            (Value::Array(recorded), Value::Array(got)) => {
                if recorded.len() != got.len() {
                    let said = format!("{} items became {}", recorded.len(), got.len());
                    out.push(Difference { at: at.to_owned(), said });
                }
                let order = self.order(recorded, got);
                for (index, (recorded, got)) in recorded.iter().zip(order).enumerate() {
                    self.values(&format!("{at}[{index}]"), recorded, got, out);
                }
            }
            (Value::String(recorded), Value::String(got)) if self.same(at, recorded, got) => {}
            _ if recorded == got => {}
            _ => {
                let said = format!("{} became {}", short(recorded), short(got));
                out.push(Difference { at: at.to_owned(), said });
            }
        }
    }

    /// Lists are sorted by name, and names are made up: ours, in the order in which the recording has its own.
    fn order<'a>(&self, recorded: &[Value], got: &'a [Value]) -> Vec<&'a Value> {
        let mut rest: Vec<&Value> = got.iter().collect();
        let mut out = Vec::new();
        for (index, item) in recorded.iter().enumerate() {
            let ours = name(item).map(|name| self.pairs.translated(name));
            let known = ours.and_then(|ours| rest.iter().position(|got| name(got) == Some(&ours)));
            // Who is somebody else's is left to them.
            let later = |got: &Value| {
                let names = recorded.iter().skip(index + 1).filter_map(name);
                names.map(|name| self.pairs.translated(name)).any(|ours| name(got) == Some(&ours))
            };
            let free = || rest.iter().position(|got| !later(got));
            if let Some(at) = known.or_else(free).or_else(|| (!rest.is_empty()).then_some(0)) {
                out.push(rest.remove(at));
            }
        }
        out
    }

    /// An object's revision is another where, and only where, the recorded one is.
    fn moves(
        &mut self,
        at: &str,
        recorded: Option<&Value>,
        got: Option<&Value>,
        uid: Option<&Value>,
        out: &mut Vec<Difference>,
    ) {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let (Some(recorded), Some(got), Some(uid)) = (text(recorded), text(got), text(uid)) else { return };
        let there = self.moved.entry((uid.clone(), recorded.clone())).or_insert_with(|| got.clone()).clone();
        let back = self.moved.entry((format!("ours of {uid}"), got.clone())).or_insert_with(|| recorded.clone());
        if there != got || *back != recorded {
            let said = format!("{recorded} was {there} and became {got}, which was {back}");
            out.push(Difference { at: format!("{at}.resourceVersion"), said });
        }
    }

    fn same(&mut self, at: &str, recorded: &str, got: &str) -> bool {
        let field = at.rsplit('.').next().unwrap_or_default();
        match field {
            "resourceVersion" => {
                self.learn_revision(recorded, got);
                recorded.is_empty() == got.is_empty()
            }
            "serverAddress" => true,
            "serverRelativeURL" => recorded.split('?').next() == got.split('?').next(),
            "continue" if !recorded.is_empty() => {
                self.continues.insert(recorded.to_owned(), got.to_owned());
                !got.is_empty()
            }
            _ => match recorded.split_once("REDACTED") {
                Some((head, tail)) => {
                    got.starts_with(head) && got.ends_with(tail) && got.len() > head.len() + tail.len()
                }
                None => recorded == got || self.pairs.same(recorded, got),
            },
        }
    }
}

/// The name that an item of a list, a row or an event goes by.
fn name(item: &Value) -> Option<&str> {
    let places = ["/metadata/name", "/object/metadata/name", "/cells/0"];
    places.into_iter().find_map(|place| item.pointer(place)?.as_str())
}

fn missing(at: String, value: &Value) -> Difference {
    Difference { at, said: format!("is missing: {}", short(value)) }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() > 140 { text.chars().take(140).chain("…".chars()).collect() } else { text }
}

#[cfg(test)]
mod tests;
