//! Every namespace has a service account named `default`.

use serde_json::json;

use crate::kinds;
use crate::object::Object;
use crate::store::{ChangeKind, Entry, Key};
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

pub(super) struct ServiceAccounts;

impl Controller for ServiceAccounts {
    fn name(&self) -> &'static str {
        "service-account-controller"
    }

    fn interested(&self, change: &Entry, _cx: &Cx<'_>, queue: &mut Keys) {
        let key = change.key();
        let lost = change.change == ChangeKind::Deleted
            && key.kind == kinds::id("", "ServiceAccount")
            && &*key.name == "default";
        if lost {
            queue.add(Key::new(kinds::id("", "Namespace"), "", key.namespace.clone()));
        } else if key.kind == kinds::id("", "Namespace") && change.change != ChangeKind::Deleted {
            queue.add(key.clone());
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        let wanted = Key::new(kinds::id("", "ServiceAccount"), key.name.clone(), "default");
        let lives = cx.stored(key).is_some_and(|namespace| !namespace.deleting);
        if !lives || cx.stored(&wanted).is_some() {
            return Outcome::Done;
        }
        let mut account = Object::new();
        account.insert("apiVersion".to_owned(), "v1".into());
        account.insert("kind".to_owned(), "ServiceAccount".into());
        account.insert("metadata".to_owned(), json!({"name": "default", "namespace": &*key.name}));
        match cx.create(account) {
            Ok(_) => Outcome::Done,
            Err(_) => Outcome::Retry,
        }
    }
}
