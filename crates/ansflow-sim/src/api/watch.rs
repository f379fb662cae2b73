//! What a watch is: which objects, from where on, and what is told of a change. `http/stream.rs` carries it out.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::json;

use super::list::{Filter, bad_revision, too_new};
use super::options::invalid;
use super::table::Include;
use super::{Answer, Call, show};
use crate::kind::Kind;
use crate::object::{Object, ObjectExt};
use crate::sim::Sim;
use crate::status::{Cause, Status};
use crate::store::{Behind, ChangeKind, Cursor, Entry, ListAt, Query, Stored};
use crate::wire::accept::{self, Form};

/// So many seconds a watch goes on where its client does not say.
const USUAL: u64 = 2_400;
/// And so many at most: a week.
const LONGEST: u64 = 7 * 24 * 3_600;

/// How many changes are told at once.
const BATCH: usize = 200;

/// A watch that goes on.
#[derive(Debug)]
pub(crate) struct Watch {
    kind: Arc<Kind>,
    filter: Filter,
    form: Form,
    /// What rows of tables carry.
    include: Include,
    /// What was there when it began.
    initial: Vec<Arc<Stored>>,
    /// The end of what was there is to be told, at this revision.
    initial_end: Option<u64>,
    start: Start,
    pub(crate) bookmarks: bool,
    /// After which it ends, on the wall's clock.
    pub(crate) timeout: Duration,
    told_columns: bool,
}

#[derive(Debug)]
enum Start {
    At(Cursor),
    /// Behind the log: this is all that there is to say.
    Gone(Status),
}

/// What comes next.
#[derive(Debug)]
pub(crate) enum Next {
    Lines(Bytes),
    /// Nothing yet: wait for the revision to move.
    Nothing,
    /// The last words.
    Last(Bytes),
}

pub(super) fn answer(call: &Call<'_>) -> Result<Answer, Status> {
    let form = accept::form(call.request.header("accept"))?;
    let (kind, options) = (&call.route.kind, &call.request.options);
    let filter = Filter::of(call)?;
    let asked = match options.given("resourceVersion") {
        Some(text) => text.parse::<u64>().map_err(|_| bad_revision(text))?,
        None => 0,
    };
    let send_initial = options.get("sendInitialEvents").map(|_| options.flag("sendInitialEvents"));
    check(send_initial, options.given("resourceVersionMatch"))?;
    let store = call.sim.store();
    let now = store.revision();
    let everything = send_initial == Some(true) || (asked == 0 && send_initial.is_none());
    if everything && asked > now {
        return Err(too_new(asked, now));
    }
    let mut initial = Vec::new();
    let after = if everything {
        let keep = |stored: &Stored| filter.keeps(kind, stored);
        let namespace = filter.namespace.as_deref();
        let query = Query { namespace, at: ListAt::Now, after: None, limit: None, keep: &keep };
        let page = store.list(kind.id, &query).map_err(|_| Status::internal("the present is never too old"))?;
        initial = page.items;
        page.revision
    } else if asked == 0 {
        now
    } else {
        asked
    };
    let start = match store.watch(kind.id, after) {
        Ok(cursor) => Start::At(cursor),
        Err(behind) => Start::Gone(gone(behind)),
    };
    let seconds = options.number::<u64>("timeoutSeconds")?.filter(|seconds| *seconds > 0);
    let watch = Watch {
        kind: kind.clone(),
        filter,
        form,
        include: Include::parse(options.get("includeObject"))?,
        initial,
        initial_end: (send_initial == Some(true)).then_some(after),
        start,
        bookmarks: options.flag("allowWatchBookmarks"),
        timeout: Duration::from_secs(seconds.unwrap_or(USUAL).min(LONGEST)),
        told_columns: false,
    };
    Ok(Answer::Watch(Box::new(watch)))
}

fn check(send_initial: Option<bool>, matching: Option<&str>) -> Result<(), Status> {
    let why = match (send_initial, matching) {
        (Some(_), Some("NotOlderThan")) | (None, None) => return Ok(()),
        (Some(_), _) => "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
        (None, Some(_)) => {
            "Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
        }
    };
    Err(invalid("ListOptions", vec![Cause::new("FieldValueForbidden", "resourceVersionMatch", why)]))
}

fn gone(behind: Behind) -> Status {
    match behind {
        Behind::TooOld { asked, oldest } => Status::expired(format!("too old resource version: {asked} ({oldest})")),
        Behind::TooNew { asked, current } => too_new(asked, current),
    }
}

impl Watch {
    /// What there is to tell now.
    pub(crate) fn next(&mut self, sim: &Sim) -> Next {
        let mut out = Vec::new();
        for stored in std::mem::take(&mut self.initial) {
            self.tell(sim, "ADDED", &stored, None, &mut out);
        }
        if let Some(revision) = self.initial_end.take() {
            self.bookmark_at(sim, revision, true, &mut out);
        }
        let Start::At(cursor) = &mut self.start else {
            let Start::Gone(status) = &self.start else { return Next::Nothing };
            out.extend_from_slice(error(status).as_ref());
            return Next::Last(out.into());
        };
        match sim.store().next(cursor, BATCH) {
            Ok(entries) => {
                for entry in &entries {
                    self.tell_change(sim, entry, &mut out);
                }
                match (out.is_empty(), entries.is_empty()) {
                    (false, _) => Next::Lines(out.into()),
                    // Nothing of it was for this watcher, but more may follow at once.
                    (true, false) => self.next(sim),
                    (true, true) => Next::Nothing,
                }
            }
            Err(behind) => {
                out.extend_from_slice(error(&gone(behind)).as_ref());
                Next::Last(out.into())
            }
        }
    }

    /// How far this watcher has come.
    pub(crate) fn bookmark(&mut self, sim: &Sim) -> Bytes {
        let mut out = Vec::new();
        if let Start::At(Cursor { after, .. }) = self.start {
            self.bookmark_at(sim, after, false, &mut out);
        }
        out.into()
    }

    fn tell_change(&mut self, sim: &Sim, entry: &Entry, out: &mut Vec<u8>) {
        let kind = self.kind.clone();
        let keeps = |stored: &Stored| self.filter.keeps(&kind, stored);
        let was = entry.old.as_ref().is_some_and(|old| keeps(old));
        let is = entry.change != ChangeKind::Deleted && keeps(&entry.object);
        match (was, is) {
            (true, true) => self.tell(sim, "MODIFIED", &entry.object, Some(entry), out),
            (false, true) => self.tell(sim, "ADDED", &entry.object, Some(entry), out),
            (true, false) if entry.change == ChangeKind::Deleted => {
                self.tell(sim, "DELETED", &entry.object, Some(entry), out);
            }
            (true, false) => {
                if let Some(old) = &entry.old {
                    self.tell(sim, "DELETED", &old.at_revision(entry.revision), None, out);
                }
            }
            (false, false) => {}
        }
    }

    fn tell(&mut self, sim: &Sim, what: &str, stored: &Stored, entry: Option<&Entry>, out: &mut Vec<u8>) {
        let object = match (self.form, entry) {
            (Form::Json, Some(entry)) if self.kind.stored => entry.json(&self.kind),
            _ => show::event(sim, &self.kind, self.form, self.include, stored, !self.told_columns),
        };
        self.told_columns = true;
        line(what, &object, out);
    }

    fn bookmark_at(&mut self, sim: &Sim, revision: u64, ends_initial: bool, out: &mut Vec<u8>) {
        let mut object = Object::new();
        object.insert("kind".to_owned(), (*self.kind.kind).into());
        object.insert("apiVersion".to_owned(), self.kind.api_version().into());
        object.set_meta("resourceVersion", revision.to_string().into());
        if ends_initial {
            object.set_meta("annotations", json!({"k8s.io/initial-events-end": "true"}));
        }
        let object = show::bookmark(sim, &self.kind, self.form, object, !self.told_columns);
        self.told_columns = true;
        line("BOOKMARK", object.to_string().as_bytes(), out);
    }
}

/// The last event of a watch that cannot go on.
pub(crate) fn error(status: &Status) -> Bytes {
    let mut out = Vec::new();
    line("ERROR", status.to_value().to_string().as_bytes(), &mut out);
    out.into()
}

fn line(what: &str, object: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"type\":\"");
    out.extend_from_slice(what.as_bytes());
    out.extend_from_slice(b"\",\"object\":");
    out.extend_from_slice(object);
    out.extend_from_slice(b"}\n");
}
