//! What controllers read of objects: structs of just the fields they need, read once a revision.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::object::Str;
use crate::store::Stored;

/// A part of an object that is read as a whole: `#[derive(Deserialize)]` of the fields that somebody needs.
pub(crate) trait View: DeserializeOwned + Send + Sync + 'static {}

impl<T: DeserializeOwned + Send + Sync + 'static> View for T {}

/// Views by object.
#[derive(Default)]
pub(super) struct Views {
    known: HashMap<Str, Vec<Seen>>,
}

struct Seen {
    what: TypeId,
    revision: u64,
    /// Nothing where the object cannot be read as that.
    view: Option<Arc<dyn Any + Send + Sync>>,
}

impl Views {
    pub(super) fn of<T: View>(&mut self, stored: &Stored) -> Option<Arc<T>> {
        let seen = self.known.entry(stored.uid.clone()).or_default();
        let what = TypeId::of::<T>();
        let fresh = |seen: &Seen| seen.what == what && seen.revision == stored.revision;
        if !seen.iter().any(fresh) {
            seen.retain(|seen| seen.what != what);
            let view = stored.view::<T>();
            if let Err(why) = &view {
                tracing::warn!("`{}` cannot be read by a controller: {why}", stored.name());
            }
            let view = view.ok().map(|view| Arc::new(view) as Arc<dyn Any + Send + Sync>);
            seen.push(Seen { what, revision: stored.revision, view });
        }
        seen.iter().find(|seen| fresh(seen))?.view.clone()?.downcast().ok()
    }

    pub(super) fn forget(&mut self, uid: &str) {
        self.known.remove(uid);
    }
}
