//! Recordings as they might have come, too: slower, shuffled, in batches, with a list in between.

use ansflow_kube::object::Obj;
use ansflow_kube::replay::{Line, Recording};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, HashMap};

/// Every time of it, in percent.
pub(crate) fn stretch(recording: &Recording, percent: i64) -> Recording {
    let mut bent = recording.clone();
    bent.lines.iter_mut().for_each(|line| line.at = line.at * percent / 100);
    bent.writes.iter_mut().for_each(|write| write.at = write.at * percent / 100);
    bent
}

/// Each kind is a stream of its own, and some are slower by up to 60 ms.
pub(crate) fn jitter(recording: &Recording, seed: u64) -> Recording {
    let mut bent = recording.clone();
    for line in &mut bent.lines {
        line.at += i64::try_from(chance(seed, line.object.kind()) % 61).unwrap();
    }
    bent.lines.sort_by_key(|line| line.at);
    bent
}

/// A number that a seed and a text make.
pub(crate) fn chance(seed: u64, text: &str) -> u64 {
    let mix = |number: u64, byte: u8| (number ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let number = text.bytes().chain(seed.to_le_bytes()).fold(0xcbf2_9ce4_8422_2325, mix);
    number ^ (number >> 29)
}

/// Everything of a window comes at its end.
pub(crate) fn batch(recording: &Recording, window: i64) -> Recording {
    let mut bent = recording.clone();
    bent.lines
        .iter_mut()
        .filter(|line| line.at > 0)
        .for_each(|line| line.at = (line.at + window - 1) / window * window);
    bent
}

/// The watches break at a moment, and all that is there is listed again.
pub(crate) fn relist(recording: &Recording, at: i64) -> Recording {
    let mut bent = recording.clone();
    let place = bent.lines.iter().position(|line| line.at > at).unwrap_or(bent.lines.len());
    let mut there: BTreeMap<String, Line> = BTreeMap::new();
    for line in bent.lines.iter().take(place) {
        if line.gone {
            there.remove(line.object.uid());
        } else {
            there.insert(line.object.uid().to_owned(), line.clone());
        }
    }
    let again = there.into_values().map(|line| Line { at, ..line });
    bent.lines.splice(place..place, again.collect::<Vec<_>>());
    bent
}

/// Another rollout happens in the same namespace.
pub(crate) fn beside(recording: &Recording, other: &Recording) -> Recording {
    let mut bent = recording.clone();
    let ours: HashMap<String, ()> = recording.lines.iter().map(|line| (name(line), ())).collect();
    bent.lines.extend(other.lines.iter().filter(|line| !ours.contains_key(&name(line))).cloned());
    bent.lines.sort_by_key(|line| line.at);
    bent
}

fn name(line: &Line) -> String {
    format!("{}/{}", line.object.kind(), line.object.name())
}

/// Nobody may list this kind.
pub(crate) fn without_kind(recording: &Recording, kind: &str) -> Recording {
    let mut bent = recording.clone();
    bent.lines.retain(|line| line.object.kind() != kind);
    bent
}

/// A cluster that says nonsense: here and there a value is another one.
pub(crate) fn mangle(recording: &Recording, seed: u64) -> Recording {
    let mut bent = recording.clone();
    for (number, line) in bent.lines.iter_mut().enumerate() {
        let mut object = Json::Object(line.object.map().clone());
        mangle_value(&mut object, &format!("{number}"), seed);
        line.object = Obj::new(object).unwrap_or_else(|| line.object.clone());
    }
    bent
}

fn mangle_value(value: &mut Json, path: &str, seed: u64) {
    let nonsense = [
        json!(null),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(-1),
        json!("ü\u{0}\n"),
        json!([]),
        json!({}),
        json!(true),
        json!(1e300),
    ];
    let dice = chance(seed, path);
    if dice.is_multiple_of(61) {
        let which = usize::try_from(dice / 61).unwrap_or_default() % nonsense.len();
        *value = nonsense.into_iter().nth(which).unwrap_or_default();
        return;
    }
    match value {
        Json::Array(items) => {
            items.iter_mut().enumerate().for_each(|(index, item)| mangle_value(item, &format!("{path}/{index}"), seed))
        }
        Json::Object(map) => {
            map.iter_mut().for_each(|(name, item)| mangle_value(item, &format!("{path}/{name}"), seed))
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}
