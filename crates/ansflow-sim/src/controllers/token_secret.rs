//! Secrets of the type `kubernetes.io/service-account-token` are filled with a token that lasts as long as they do.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::door::token;
use crate::kinds;
use crate::object::{Object, ObjectExt};
use crate::store::{ChangeKind, Entry, Key};
use crate::world::controller::{Controller, Keys, Outcome};
use crate::world::cx::Cx;

const TYPE: &str = "kubernetes.io/service-account-token";
const NAME: &str = "kubernetes.io/service-account.name";
const UID: &str = "kubernetes.io/service-account.uid";

pub(super) struct TokenSecrets;

impl Controller for TokenSecrets {
    fn name(&self) -> &'static str {
        "tokens-controller"
    }

    fn interested(&self, change: &Entry, _cx: &Cx<'_>, queue: &mut Keys) {
        if change.key().kind == kinds::id("", "Secret") && change.change != ChangeKind::Deleted {
            queue.add(change.key().clone());
        }
    }

    fn reconcile(&mut self, cx: &mut Cx<'_>, key: &Key) -> Outcome {
        let Some(secret) = cx.stored(key).and_then(|stored| cx.thaw(&stored)) else { return Outcome::Done };
        if secret.text("/type") != TYPE || !secret.text("/data/token").is_empty() {
            return Outcome::Done;
        }
        let name = secret.annotations().get(NAME).unwrap_or_default().to_owned();
        let account = cx.stored(&Key::new(kinds::id("", "ServiceAccount"), key.namespace.clone(), name.as_str()));
        let Some(account) = account else { return Outcome::Done };
        let token = token::of_secret(cx.sim, &key.namespace, &name, &account.uid, &key.name);
        let authority = cx.sim.ca_pem();
        let mut fill = |secret: &mut Object| {
            for (field, text) in
                [("ca.crt", authority.as_str()), ("namespace", &*key.namespace), ("token", token.as_str())]
            {
                secret.put(&["data", field], STANDARD.encode(text).into());
            }
            secret.put(&["metadata", "annotations", UID], (*account.uid).into());
        };
        match cx.change(key, None, &mut fill) {
            Ok(_) => Outcome::Done,
            Err(_) => Outcome::Retry,
        }
    }
}
