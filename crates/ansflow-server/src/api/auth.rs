//! Signing in: the first administrator, sessions, and who sends a request.

mod cookie;
mod origin;
mod password;
mod peer;
mod sessions;
mod setup;
mod sign_in;
mod who;

use ansflow_store::people::Person;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::{Access, Action, Actor, Route, Via};

pub(crate) use origin::{must_be_ours, must_not_be_anothers};
pub(crate) use who::who;

/// What its routes ask.
pub(crate) const ACCESS: &[Route] = &[
    ("GET", "/api/v1/auth/state", Access::Public),
    ("POST", "/api/v1/auth/setup", Access::Public),
    ("POST", "/api/v1/auth/login", Access::Public),
    ("POST", "/api/v1/auth/logout", Access::May(Action::Own)),
    ("GET", "/api/v1/auth/me", Access::May(Action::View)),
    ("PUT", "/api/v1/auth/me/password", Access::May(Action::Own)),
    ("GET", "/api/v1/auth/sessions", Access::May(Action::View)),
    ("DELETE", "/api/v1/auth/sessions/{id}", Access::May(Action::Own)),
];

/// Its routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(setup::state))
        .routes(routes!(setup::setup))
        .routes(routes!(sign_in::login))
        .routes(routes!(sign_in::logout))
        .routes(routes!(sign_in::me))
        .routes(routes!(password::change))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::end))
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    id: String,
    name: String,
    /// `admin`, until there are roles.
    role: String,
    via: MeVia,
    /// An API token that may look and nothing else.
    read_only: bool,
}

/// How somebody came.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum MeVia {
    Session,
    Token,
}

impl Me {
    fn of(actor: Actor) -> Me {
        let (via, read_only) = match actor.via {
            Via::Session(_) => (MeVia::Session, false),
            Via::Token { read_only, .. } => (MeVia::Token, read_only),
        };
        Me { id: actor.id, name: actor.name, role: actor.role, via, read_only }
    }

    fn signed_in(person: Person) -> Me {
        Me { id: person.id, name: person.name, role: person.role, via: MeVia::Session, read_only: false }
    }
}
