//! What is in clusters: looked at, edited, acted upon. Every question goes to the cluster itself; nothing of it is stored.

mod actions;
mod detail;
mod edit;
mod exec;
mod kinds;
mod list;
mod overview;
mod pods;
mod reach;
mod secrets;
mod stream;
mod views;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use self::views::ObjectRow;
use crate::App;
use crate::access::Access::May;
use crate::access::{Action, Route};

const LIST: &str = "/api/v1/kubernetes/{kind}";
const STREAM: &str = "/api/v1/kubernetes/{kind}/stream";
const ONE: &str = "/api/v1/kubernetes/{kind}/{name}";
const EVENTS: &str = "/api/v1/kubernetes/{kind}/{name}/events";
const PORTS: &str = "/api/v1/kubernetes/{kind}/{name}/ports";
const SCALE: &str = "/api/v1/kubernetes/{kind}/{name}/scale";
const RESTART: &str = "/api/v1/kubernetes/{kind}/{name}/restart";
const ROLLBACK: &str = "/api/v1/kubernetes/{kind}/{name}/rollback";
const HISTORY: &str = "/api/v1/kubernetes/{kind}/{name}/history";
const SUSPEND: &str = "/api/v1/kubernetes/{kind}/{name}/suspend";
const REVEAL: &str = "/api/v1/kubernetes/secrets/{name}/reveal";
const LOG: &str = "/api/v1/kubernetes/pods/{name}/log";
const LOG_STREAM: &str = "/api/v1/kubernetes/pods/{name}/log/stream";
const LOGS_STREAM: &str = "/api/v1/kubernetes/pods/log/stream";
const EXEC: &str = "/api/v1/kubernetes/pods/{name}/exec";
const KINDS: &str = "/api/v1/kubernetes/clusters/{id}/kinds";
const OVERVIEW: &str = "/api/v1/kubernetes/clusters/{id}/overview";

/// What its routes ask. What an object is, who may look may see; a Secret's values, an administrator alone.
pub(crate) const ACCESS: &[Route] = &[
    ("GET", LIST, May(Action::View)),
    ("POST", LIST, May(Action::Edit)),
    ("GET", STREAM, May(Action::View)),
    ("GET", ONE, May(Action::View)),
    ("PUT", ONE, May(Action::Edit)),
    // Of anything but a pod the handler asks for more.
    ("DELETE", ONE, May(Action::Operate)),
    ("GET", EVENTS, May(Action::View)),
    ("GET", PORTS, May(Action::View)),
    ("POST", SCALE, May(Action::Operate)),
    ("POST", RESTART, May(Action::Operate)),
    ("POST", ROLLBACK, May(Action::Operate)),
    ("GET", HISTORY, May(Action::View)),
    ("POST", SUSPEND, May(Action::Operate)),
    ("POST", REVEAL, May(Action::Administer)),
    ("GET", LOG, May(Action::Operate)),
    ("GET", LOG_STREAM, May(Action::Operate)),
    ("GET", LOGS_STREAM, May(Action::Operate)),
    ("GET", EXEC, May(Action::Edit)),
    ("GET", KINDS, May(Action::View)),
    ("GET", OVERVIEW, May(Action::View)),
];

/// Its routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, edit::create))
        .routes(routes!(stream::stream))
        .routes(routes!(detail::get, edit::edit, edit::delete))
        .routes(routes!(detail::events))
        .routes(routes!(detail::listens))
        .routes(routes!(actions::scale))
        .routes(routes!(actions::restart))
        .routes(routes!(actions::rollback))
        .routes(routes!(actions::history))
        .routes(routes!(actions::suspend))
        .routes(routes!(secrets::reveal))
        .routes(routes!(pods::text))
        .routes(routes!(pods::one))
        .routes(routes!(pods::many))
        .routes(routes!(exec::exec))
        .routes(routes!(kinds::kinds))
        .routes(routes!(overview::overview))
}
