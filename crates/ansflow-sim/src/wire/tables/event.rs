//! Events of the core; those of `events.k8s.io` are the same objects under other names.

use serde_json::Value;

use super::{age, name};
use crate::object::{Object, ObjectExt};
use crate::time::Micros;

pub(super) fn cells(event: &Object, now: Micros) -> Vec<Value> {
    row(event, now, &OLD)
}

pub(super) fn cells_new(event: &Object, now: Micros) -> Vec<Value> {
    row(event, now, &NEW)
}

/// Where the two versions keep the same thing.
struct Places {
    object: &'static str,
    message: &'static str,
    first: &'static str,
    last: &'static str,
    count: &'static str,
    component: &'static str,
    host: &'static str,
    controller: &'static str,
}

const OLD: Places = Places {
    object: "/involvedObject",
    message: "/message",
    first: "/firstTimestamp",
    last: "/lastTimestamp",
    count: "/count",
    component: "/source/component",
    host: "/source/host",
    controller: "/reportingComponent",
};
const NEW: Places = Places {
    object: "/regarding",
    message: "/note",
    first: "/deprecatedFirstTimestamp",
    last: "/deprecatedLastTimestamp",
    count: "/deprecatedCount",
    component: "/deprecatedSource/component",
    host: "/deprecatedSource/host",
    controller: "/reportingController",
};

fn row(event: &Object, now: Micros, places: &Places) -> Vec<Value> {
    let moment = |pointer: &str| event.moment(pointer);
    let first = moment(places.first).or_else(|| moment("/eventTime"));
    let mut last = moment(places.last).or(first);
    let mut count = event.int(places.count).filter(|count| *count != 0).unwrap_or(1);
    if event.at("/series").is_some_and(Value::is_object) {
        last = moment("/series/lastObservedTime");
        count = event.int("/series/count").unwrap_or(0) + 1;
    }
    let said = |moment: Option<Micros>| {
        Value::from(moment.map_or_else(|| "<unknown>".to_owned(), |moment| age::between(moment, now)))
    };
    let of = |field: &str| event.text(&format!("{}/{field}", places.object));
    let kind = of("kind").to_lowercase();
    let object = if of("name").is_empty() { kind } else { format!("{kind}/{}", of("name")) };
    vec![
        said(last),
        event.text("/type").into(),
        event.text("/reason").into(),
        object.into(),
        of("fieldPath").into(),
        source(event, places).into(),
        event.text(places.message).trim().into(),
        said(first),
        count.into(),
        name(event),
    ]
}

fn source(event: &Object, places: &Places) -> String {
    let or = |first: &str, second: &str| if first.is_empty() { second.to_owned() } else { first.to_owned() };
    let component = or(event.text(places.component), event.text(places.controller));
    match or(event.text(places.host), event.text("/reportingInstance")).as_str() {
        "" => component,
        instance => format!("{component}, {instance}"),
    }
}
