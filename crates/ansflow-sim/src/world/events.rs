//! What is told about objects: events, of which the same again is counted.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use serde_json::{Value, json};

use crate::kind::Kind;
use crate::object::{Object, ObjectExt, Str};
use crate::store::{Key, Stored};
use crate::time::Micros;

/// What happened to which object, in whose words.
#[derive(Debug, Clone)]
pub(crate) struct Event<'a> {
    pub(crate) about: Reference<'a>,
    pub(crate) severity: Severity,
    pub(crate) reason: &'a str,
    pub(crate) message: &'a str,
    /// As `kubelet`, `deployment-controller`.
    pub(crate) component: &'a str,
    /// The node, for kubelets.
    pub(crate) host: &'a str,
}

/// The object that an event is about.
#[derive(Debug, Clone)]
pub(crate) struct Reference<'a> {
    pub(crate) api_version: Str,
    pub(crate) kind: Str,
    pub(crate) object: &'a Stored,
    /// As `spec.containers{app}`; "" for the object itself.
    pub(crate) field_path: Str,
}

impl<'a> Reference<'a> {
    pub(crate) fn to(kind: &Kind, object: &'a Stored) -> Reference<'a> {
        let api_version = kind.api_version().into();
        Reference { api_version, kind: kind.kind.clone(), object, field_path: "".into() }
    }

    /// The same object, a part of it.
    pub(crate) fn at(self, field_path: &str) -> Reference<'a> {
        Reference { field_path: field_path.into(), ..self }
    }
}

/// Whether somebody should look.
#[derive(Debug, Copy, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Severity {
    Normal,
    Warning,
}

impl Severity {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Severity::Normal => "Normal",
            Severity::Warning => "Warning",
        }
    }
}

/// What is to be written.
pub(super) enum Telling {
    First(Object),
    Again {
        key: Key,
        count: u64,
        /// What it says now; nothing where it says the same as before.
        message: Option<String>,
        /// The whole of it, where the first one is gone already.
        anew: Object,
    },
    /// Too much of it: nothing.
    Quiet,
}

/// What was told, by object.
#[derive(Default)]
pub(super) struct Events {
    told: HashMap<Str, Told>,
    named: u64,
}

#[derive(Default)]
struct Told {
    same: Vec<(Name, Same)>,
    /// The messages that were told alike, each as a number, and when last.
    alike: Vec<(Name, Vec<u64>, Micros)>,
    /// Events that may still be told at once, by component, and when that was counted.
    left: Vec<(u64, f64, Micros)>,
}

/// What was told before.
struct Same {
    key: Key,
    count: u64,
    first: Micros,
}

/// As client-go: 25 at once, then one every five minutes.
const BURST: f64 = 25.0;
const REFILL: f64 = 300.0;
/// So many messages of one reason, and all further ones are told as one event; after ten minutes of silence anew.
const ALIKE: usize = 10;
const APART: Duration = Duration::from_secs(600);

impl Events {
    /// What is to be written, and under which name it is to be kept.
    pub(super) fn told(&mut self, event: &Event<'_>, now: Micros) -> (Telling, Name) {
        let told = self.told.entry(event.about.object.uid.clone()).or_default();
        let (key, message) = told.combined(event, now);
        let event = Event { message: &message, ..event.clone() };
        // Counted whether it is told or not.
        let again = told.same.iter_mut().find(|(known, _)| *known == key).map(|(_, same)| {
            same.count += 1;
            let mut anew = object(&event, now, self.named);
            anew.insert("count".to_owned(), same.count.into());
            anew.insert("firstTimestamp".to_owned(), same.first.rfc3339().into());
            anew.set_meta("name", (*same.key.name).into());
            let message = key.combined.then(|| message.clone());
            Telling::Again { key: same.key.clone(), count: same.count, message, anew }
        });
        let component = number(event.component);
        let (_, left, since) = entry(&mut told.left, |(known, ..)| *known == component, || (component, BURST, now));
        *left = (*left + now.since(*since).as_secs_f64() / REFILL).min(BURST);
        *since = now;
        if *left < 1.0 {
            return (Telling::Quiet, key);
        }
        *left -= 1.0;
        let telling = again.unwrap_or_else(|| {
            self.named += 1;
            Telling::First(object(&event, now, self.named))
        });
        (telling, key)
    }

    pub(super) fn keep(&mut self, uid: &Str, name: Name, key: Key, now: Micros) {
        let told = self.told.entry(uid.clone()).or_default();
        let same = Same { key, count: 1, first: now };
        match told.same.iter_mut().find(|(known, _)| *known == name) {
            Some(known) => known.1 = same,
            None => {
                told.same.reserve_exact(1);
                told.same.push((name, same));
            }
        }
    }

    pub(super) fn forget(&mut self, uid: &str) {
        self.told.remove(uid);
    }
}

impl Told {
    /// Under which name an event is counted, and what it says: its own words, or that it stands for many.
    fn combined(&mut self, event: &Event<'_>, now: Micros) -> (Name, String) {
        let all = Name::all_like(event);
        let (_, messages, last) = entry(&mut self.alike, |(known, ..)| *known == all, || (all, Vec::new(), now));
        if now.since(*last) > APART {
            messages.clear();
        }
        *last = now;
        let said = number(event.message);
        if !messages.contains(&said) {
            messages.reserve_exact(1);
            messages.push(said);
        }
        if messages.len() < ALIKE {
            return (Name::of(event), event.message.to_owned());
        }
        // As client-go: any one of them is forgotten, so that there are never more.
        messages.remove(0);
        (all, format!("(combined from similar events): {}", event.message))
    }
}

/// The same for the same text, in every process.
fn number(text: &str) -> u64 {
    hashed(text)
}

/// What makes two events of an object the same one, as a number: there are many events.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(super) struct Name {
    number: u64,
    /// It is the one that stands for many.
    combined: bool,
}

impl Name {
    fn all_like(event: &Event<'_>) -> Name {
        Name { number: hashed((event.severity, event.component, event.reason)), combined: true }
    }

    fn of(event: &Event<'_>) -> Name {
        let place = &*event.about.field_path;
        let number = hashed((event.severity, event.component, event.reason, place, event.message));
        Name { number, combined: false }
    }
}

fn hashed(what: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

/// What is found in a short list; put there, where it is not.
fn entry<T>(list: &mut Vec<T>, is: impl Fn(&T) -> bool, new: impl FnOnce() -> T) -> &mut T {
    let at = list.iter().position(is).unwrap_or_else(|| {
        list.reserve_exact(1);
        list.push(new());
        list.len() - 1
    });
    &mut list[at]
}

/// The name of an event: what it is about, and nanoseconds. The clock has microseconds; a running number tells apart the
/// events of one.
pub(crate) fn name(about: &str, now: Micros, number: u64) -> String {
    format!("{about}.{:x}", now.0 * 1_000 + i64::try_from(number % 1_000).unwrap_or_default())
}

fn object(event: &Event<'_>, now: Micros, number: u64) -> Object {
    let about = event.about.object;
    // Events of objects without a namespace are told in `default`.
    let namespace = if about.namespace().is_empty() { "default" } else { about.namespace() };
    let mut involved = json!({"kind": &*event.about.kind, "namespace": about.namespace(), "name": about.name(), "uid": &*about.uid,
        "apiVersion": &*event.about.api_version, "resourceVersion": about.revision.to_string()});
    if about.namespace().is_empty() {
        involved.as_object_mut().map(|fields| fields.shift_remove("namespace"));
    }
    if !event.about.field_path.is_empty() {
        involved["fieldPath"] = (*event.about.field_path).into();
    }
    let mut source = json!({"component": event.component});
    if !event.host.is_empty() {
        source["host"] = event.host.into();
    }
    let name = name(about.name(), now, number);
    let value = json!({
        "apiVersion": "v1", "kind": "Event",
        "metadata": {"name": name, "namespace": namespace},
        "involvedObject": involved, "reason": event.reason, "message": event.message, "source": source,
        "firstTimestamp": now.rfc3339(), "lastTimestamp": now.rfc3339(), "count": 1,
        "type": event.severity.as_str(), "eventTime": null,
        "reportingComponent": event.component, "reportingInstance": event.host,
    });
    match value {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}
