//! Every namespace has the certificate of the cluster's authority, in the ConfigMap `kube-root-ca.crt`.

use serde_json::json;

use crate::kinds;
use crate::object::Object;
use crate::store::{ChangeKind, Entry, Key};
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

const NAME: &str = "kube-root-ca.crt";
const DESCRIPTION: &str = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such \
                           as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across \
                           distributions of Kubernetes clusters.";

pub(super) struct RootCa;

impl Controller for RootCa {
    fn name(&self) -> &'static str {
        "root-ca-cert-publisher"
    }

    fn interested(&self, change: &Entry, _cx: &Cx<'_>, queue: &mut Keys) {
        let key = change.key();
        if key.kind == kinds::id("", "ConfigMap") && &*key.name == NAME && change.change != ChangeKind::Added {
            queue.add(Key::new(kinds::id("", "Namespace"), "", key.namespace.clone()));
        } else if key.kind == kinds::id("", "Namespace") && change.change != ChangeKind::Deleted {
            queue.add(key.clone());
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        if cx.stored(key).is_none_or(|namespace| namespace.deleting) {
            return Outcome::Done;
        }
        let data = json!({"ca.crt": cx.sim.ca_pem()});
        let wanted = Key::new(kinds::id("", "ConfigMap"), key.name.clone(), NAME);
        let done = if cx.stored(&wanted).is_some() {
            cx.change(&wanted, None, &mut |map| drop(map.insert("data".to_owned(), data.clone())))
        } else {
            let mut map = Object::new();
            map.insert("apiVersion".to_owned(), "v1".into());
            map.insert("kind".to_owned(), "ConfigMap".into());
            let annotations = json!({"kubernetes.io/description": DESCRIPTION});
            map.insert(
                "metadata".to_owned(),
                json!({"name": NAME, "namespace": &*key.name, "annotations": annotations}),
            );
            map.insert("data".to_owned(), data);
            cx.create(map)
        };
        match done {
            Ok(_) => Outcome::Done,
            Err(_) => Outcome::Retry,
        }
    }
}
