//! Whether somebody may do something.

use super::{Actor, Attributes, Book, Decision};
use crate::sim::Sim;

/// What is asked, by names alone: of resources that may not even be served.
#[derive(Debug, Clone)]
pub(crate) enum Question<'a> {
    Resource { verb: &'a str, group: &'a str, resource: &'a str, sub: &'a str, namespace: &'a str, name: &'a str },
    Path { verb: &'a str, path: &'a str },
}

impl<'a> From<&Attributes<'a>> for Question<'a> {
    fn from(asked: &Attributes<'a>) -> Question<'a> {
        match *asked {
            Attributes::Resource { verb, kind, sub, namespace, name } => Question::Resource {
                verb,
                group: &kind.group,
                resource: &kind.plural,
                sub: sub.unwrap_or_default(),
                // A namespace is read as a thing inside itself, so that roles of it may speak of it.
                namespace: if kind.is("", "Namespace") { name } else { namespace },
                name,
            },
            Attributes::Path { verb, path } => Question::Path { verb, path },
        }
    }
}

/// Says whether they may.
pub(crate) fn authorize(sim: &Sim, actor: &Actor, attributes: &Attributes<'_>) -> Decision {
    decide(sim, actor, &Question::from(attributes))
}

/// The same, of anything that can be asked.
pub(crate) fn decide(sim: &Sim, actor: &Actor, asked: &Question<'_>) -> Decision {
    if everything(sim, actor) {
        return Decision::Allowed { reason: String::new() };
    }
    match Book::of(sim).allows(actor, asked) {
        Some(reason) => Decision::Allowed { reason },
        None => Decision::Denied { reason: String::new() },
    }
}

/// Whether nobody looks at roles for them.
pub(super) fn everything(sim: &Sim, actor: &Actor) -> bool {
    actor.is_in("system:masters") || (!sim.config().rbac && actor.is_in("system:authenticated"))
}
