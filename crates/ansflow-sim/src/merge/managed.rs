//! The managers of an object: read from its entries, changed by a write, written back in Kubernetes' order.

mod owned;

use std::sync::LazyLock;

use serde_json::Value;

use super::compare::Comparison;
use super::path::Element;
use super::set::Set;
use super::typed;
use crate::manager::{Manager, ManagerId, Operation};
use crate::schema::TypeId;
use crate::time::Micros;

pub(super) use owned::Owned;

/// Who writes, and when.
#[derive(Debug, Clone)]
pub(crate) struct By {
    pub(crate) id: ManagerId,
    pub(crate) now: Micros,
    /// The kind's status is a subresource, which writes of the object itself leave alone.
    pub(crate) status_apart: bool,
}

/// An entry, taken apart.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) id: ManagerId,
    pub(super) time: Option<Micros>,
    pub(super) set: Owned,
}

/// At most so many entries of updates; older ones are thrown together.
const MOST_UPDATERS: usize = 10;

pub(super) fn read(managers: &[Manager]) -> Vec<Entry> {
    let entries = managers.iter().map(|manager| Entry {
        id: manager.id.clone(),
        time: manager.time,
        set: Owned::read(&manager.fields),
    });
    entries.collect()
}

/// Back to entries: what is empty drops out, applies come first, then by time and name.
pub(super) fn write(mut entries: Vec<Entry>) -> Vec<Manager> {
    entries.retain(|entry| !entry.set.is_empty());
    let order =
        |entry: &Entry| (entry.id.operation, seconds(entry), entry.id.name.clone(), entry.id.api_version.clone());
    entries.sort_by(|one, other| {
        order(one).cmp(&order(other)).then_with(|| one.id.subresource.cmp(&other.id.subresource))
    });
    let managers = entries.into_iter().map(|entry| Manager {
        id: entry.id,
        time: entry.time.map(Micros::whole_second),
        fields: entry.set.into_text(),
    });
    managers.collect()
}

fn seconds(entry: &Entry) -> i64 {
    entry.time.map_or(0, |time| time.0.div_euclid(Micros::SECOND))
}

/// Whether two entries are the same manager's. An apply is the same in whatever version it is sent.
pub(super) fn same(one: &ManagerId, other: &ManagerId) -> bool {
    one.name == other.name
        && one.operation == other.operation
        && one.subresource == other.subresource
        && (one.operation == Operation::Apply || one.api_version == other.api_version)
}

pub(super) fn find<'e>(entries: &'e [Entry], id: &ManagerId) -> Option<&'e Entry> {
    entries.iter().find(|entry| same(&entry.id, id))
}

/// Puts an entry in the place of its predecessor.
pub(super) fn put(entries: &mut Vec<Entry>, entry: Entry) {
    match entries.iter_mut().find(|known| same(&known.id, &entry.id)) {
        Some(known) => *known = entry,
        None => entries.push(entry),
    }
}

/// An update's effect on managers: who writes owns what it added and changed, others lose what was changed or removed.
pub(super) fn take_over(entries: &mut Vec<Entry>, found: &Comparison, by: &By) {
    let touched = found.added.union(&found.modified);
    for entry in entries.iter_mut() {
        entry.set.lose(&touched);
        entry.set.lose(&found.removed);
    }
    let taken = touched.difference(stripped());
    if taken.is_empty() {
        return;
    }
    let mut set = find(entries, &by.id).map(|known| known.set.clone()).unwrap_or_default();
    set.gain(&taken);
    // The scale of an object is written without a time.
    let time = (&*by.id.subresource != "scale").then_some(by.now);
    put(entries, Entry { id: by.id.clone(), time, set });
}

/// Throws the oldest updates together where there are too many.
pub(super) fn cap(entries: &mut Vec<Entry>) {
    let is_update = |entry: &&Entry| entry.id.operation == Operation::Update;
    let mut updates: Vec<Entry> = entries.iter().filter(is_update).cloned().collect();
    if updates.len() <= MOST_UPDATERS {
        return;
    }
    updates.sort_by(|one, other| (seconds(one), &one.id).cmp(&(seconds(other), &other.id)));
    let mut left = updates.len();
    let mut firsts: Vec<Entry> = Vec::new();
    for entry in updates {
        if left <= MOST_UPDATERS {
            break;
        }
        let Some(first) = firsts.iter().find(|first| first.id.api_version == entry.id.api_version) else {
            firsts.push(entry);
            continue;
        };
        let bucket = ManagerId { name: "ancient-changes".into(), subresource: "".into(), ..entry.id.clone() };
        let set = match find(entries, &bucket) {
            Some(known) => known.set.union(&entry.set).into(),
            None => {
                let first = first.id.clone();
                let set = find(entries, &first).map(|known| known.set.union(&entry.set).into()).unwrap_or_default();
                entries.retain(|known| !same(&known.id, &first));
                set
            }
        };
        entries.retain(|known| !same(&known.id, &entry.id));
        put(entries, Entry { id: bucket, time: entry.time, set });
        left -= 1;
    }
}

/// Fields that nobody manages.
pub(super) fn stripped() -> &'static Set {
    static STRIPPED: LazyLock<Set> = LazyLock::new(unmanaged);
    &STRIPPED
}

fn unmanaged() -> Set {
    let mut set = Set::default();
    for field in ["apiVersion", "kind", "metadata"] {
        set.insert(&[Element::field(field)]);
    }
    for field in [
        "name",
        "namespace",
        "creationTimestamp",
        "selfLink",
        "uid",
        "clusterName",
        "generation",
        "managedFields",
        "resourceVersion",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
    ] {
        set.insert(&[Element::field("metadata"), Element::field(field)]);
    }
    set
}

/// Fields that a write of this subresource does not reach, with all below them.
pub(super) fn out_of_reach(ty: TypeId, by: &By) -> Set {
    let mut set = Set::default();
    let mut add = |path: &[&str]| set.insert(&path.iter().map(|field| Element::field(field)).collect::<Vec<_>>());
    match &*by.id.subresource {
        "" if by.status_apart => add(&["status"]),
        "status" => {
            add(&["spec"]);
            match ty.short() {
                _ if typed::is_custom(ty) => add(&["metadata"]),
                "CustomResourceDefinition" => add(&["metadata"]),
                "Deployment" => add(&["metadata", "labels"]),
                "Pod" => {
                    add(&["metadata", "deletionTimestamp"]);
                    add(&["metadata", "ownerReferences"]);
                }
                _ => {}
            }
        }
        _ => {}
    }
    set
}

/// The entries that a write starts from: those that were sent with the object where they can be read, otherwise the stored
/// ones. A list that is empty, or that holds an empty entry, takes all of them away; a subresource never changes them.
pub(crate) fn sent_or_live(sent: Option<&Value>, live: &[Manager], subresource: &str) -> Vec<Manager> {
    let Some(sent) = sent.and_then(Value::as_array).filter(|_| subresource.is_empty()) else {
        return live.to_vec();
    };
    let empty = |value: &Value| value.as_object().is_some_and(serde_json::Map::is_empty);
    match sent.as_slice() {
        [] => Vec::new(),
        [one] if empty(one) => Vec::new(),
        entries => match entries.iter().map(readable).collect::<Option<Vec<_>>>() {
            Some(entries) => entries,
            None => live.to_vec(),
        },
    }
}

fn readable(entry: &Value) -> Option<Manager> {
    if entry["fieldsType"] != "FieldsV1" {
        return None;
    }
    let manager = Manager::read(entry)?;
    Set::parse(&manager.fields).map(|_| manager)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(name: &str, second: i64) -> Entry {
        let id = ManagerId {
            name: name.into(),
            operation: Operation::Update,
            api_version: "v1".into(),
            subresource: "".into(),
        };
        let set = Set::parse(&format!("{{\"f:{name}\":{{}}}}")).unwrap().into();
        Entry { id, time: Some(Micros(second * Micros::SECOND)), set }
    }

    #[test]
    fn the_oldest_of_many_updates_are_thrown_together() {
        let mut entries: Vec<Entry> = (0..12).map(|at| entry(&format!("m{at:02}"), at)).collect();
        cap(&mut entries);
        let managers = write(entries);
        assert_eq!(managers.len(), 10);
        let ancient = managers.iter().find(|manager| &*manager.id.name == "ancient-changes").unwrap();
        assert_eq!(&*ancient.fields, r#"{"f:m00":{},"f:m01":{},"f:m02":{}}"#);
        assert_eq!(ancient.time, Some(Micros(2 * Micros::SECOND)));
    }

    #[test]
    fn entries_that_were_sent_count_unless_they_cannot_be_read() {
        let live = write(vec![entry("live", 1)]);
        let sent = json!([{"manager": "a", "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": {"f:a": {}}}]);
        assert_eq!(&*sent_or_live(Some(&sent), &live, "")[0].id.name, "a");
        assert_eq!(sent_or_live(Some(&sent), &live, "status"), live);
        assert_eq!(sent_or_live(None, &live, ""), live);
        assert_eq!(sent_or_live(Some(&json!([{"manager": "a"}])), &live, ""), live);
        assert_eq!(sent_or_live(Some(&json!([])), &live, ""), []);
        assert_eq!(sent_or_live(Some(&json!([{}])), &live, ""), []);
    }
}
