//! Who is asking, and whether they may.
//!
//! Certificates of our authority, tokens of service accounts and tokens that the cluster was given say who somebody is. Roles
//! are asked only where the cluster was started with them; otherwise everybody who is known may do everything.

mod authenticate;
mod authorize;
pub(crate) mod bootstrap;
mod escalation;
mod impersonate;
pub(crate) mod reviews;
mod roles;
pub(crate) mod token;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

use crate::config::Who;
use crate::kind::Kind;
use crate::lock::lock;
use crate::object::Str;
use crate::sim::Sim;
use crate::status::Status;

pub(crate) use authenticate::{authenticate, bearer};
pub(crate) use authorize::{Question, authorize, decide};
pub(crate) use escalation::Escalation;
pub(crate) use roles::Book;

/// What the cluster knows people by.
pub(crate) struct Door {
    /// Whom we gave certificates, by their SHA-256.
    certificates: Mutex<HashMap<[u8; 32], Who>>,
    pub(crate) keys: token::Keys,
    /// The roles as they were read last, with the revision of their last change.
    book: Mutex<Option<(u64, Arc<Book>)>>,
}

/// Somebody who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Actor {
    pub(crate) user: Str,
    /// "" where there is none.
    pub(crate) uid: Str,
    pub(crate) groups: Vec<Str>,
    /// As credential ids.
    pub(crate) extra: Vec<(Str, Vec<Str>)>,
}

/// What is asked, as roles see it.
#[derive(Debug, Clone)]
pub(crate) enum Attributes<'a> {
    Resource { verb: &'a str, kind: &'a Kind, sub: Option<&'a str>, namespace: &'a str, name: &'a str },
    Path { verb: &'a str, path: &'a str },
}

/// Whether it may be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    Allowed { reason: String },
    Denied { reason: String },
}

impl Door {
    /// A door with a fresh key for tokens.
    pub(crate) fn new() -> Result<Door, String> {
        Ok(Door { certificates: Mutex::default(), keys: token::Keys::new()?, book: Mutex::default() })
    }

    /// Remembers whom a certificate (DER) was given to.
    pub(crate) fn remember(&self, certificate: &[u8], who: &Who) {
        let print: [u8; 32] = Sha256::digest(certificate).into();
        lock(&self.certificates).insert(print, who.clone());
    }

    /// The roles and bindings as they are now, read again only where one of them changed.
    pub(crate) fn book(&self, sim: &Sim) -> Arc<Book> {
        let changed = sim.store().changed(&roles::kinds());
        let mut known = lock(&self.book);
        match known.as_ref() {
            Some((at, book)) if *at == changed => book.clone(),
            _ => {
                let book = Arc::new(Book::read(sim, &|kind| sim.store().all(kind, None)));
                *known = Some((changed, book.clone()));
                book
            }
        }
    }

    fn bearer_of(&self, print: &[u8; 32]) -> Option<Who> {
        lock(&self.certificates).get(print).cloned()
    }
}

impl Actor {
    pub(crate) fn of(who: &Who) -> Actor {
        let mut groups: Vec<Str> = who.groups.iter().map(|group| group.as_str().into()).collect();
        groups.push("system:authenticated".into());
        Actor { user: who.name.as_str().into(), uid: "".into(), groups, extra: Vec::new() }
    }

    /// Somebody who brought nothing to be known by.
    pub(crate) fn anonymous() -> Actor {
        let groups = vec!["system:unauthenticated".into()];
        Actor { user: "system:anonymous".into(), uid: "".into(), groups, extra: Vec::new() }
    }

    /// A part of the cluster itself, as `system:serviceaccount:kube-system:deployment-controller`.
    pub(crate) fn system(name: &str) -> Actor {
        Actor { user: name.into(), uid: "".into(), groups: vec!["system:masters".into()], extra: Vec::new() }
    }

    pub(crate) fn is_in(&self, group: &str) -> bool {
        self.groups.iter().any(|known| &**known == group)
    }

    pub(crate) fn with_credential(mut self, id: String) -> Actor {
        self.extra.push(("authentication.kubernetes.io/credential-id".into(), vec![id.into()]));
        self
    }
}

/// The refusal of somebody who may not, in the words of Kubernetes.
pub(crate) fn refused(actor: &Actor, asked: &Attributes<'_>, reason: &str) -> Status {
    let why = if reason.is_empty() { String::new() } else { format!(": {reason}") };
    match asked {
        Attributes::Resource { verb, kind, sub, namespace, name } => {
            let resource = sub.map_or_else(|| kind.plural.to_string(), |sub| format!("{}/{sub}", kind.plural));
            // A namespace stands in itself.
            let within = if kind.is("", "Namespace") { name } else { namespace };
            let scope = match *within {
                "" => "at the cluster scope".to_owned(),
                namespace => format!("in the namespace \"{namespace}\""),
            };
            let why = format!(
                "User \"{}\" cannot {verb} resource \"{resource}\" in API group \"{}\" {scope}{why}",
                actor.user, kind.group
            );
            Status::forbidden(kind, name, &why)
        }
        Attributes::Path { verb, path } => {
            let message = format!("forbidden: User \"{}\" cannot {verb} path \"{path}\"{why}", actor.user);
            Status::new(403, "Forbidden", message).detailed(crate::status::Details::default())
        }
    }
}
