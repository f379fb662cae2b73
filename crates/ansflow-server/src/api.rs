//! One module a resource: its routes, what they ask of the caller, its views.

pub(crate) mod audit;
pub(crate) mod auth;
pub(crate) mod catalogue;
pub(crate) mod hooks;
pub(crate) mod kubernetes;
pub(crate) mod launching;
pub(crate) mod logs;
pub(crate) mod notifications;
pub(crate) mod page;
pub(crate) mod pipelines;
pub(crate) mod registries;
pub(crate) mod revision;
pub(crate) mod runs;
pub(crate) mod secrets;
pub(crate) mod service;
pub(crate) mod settings;
pub(crate) mod statistics;
pub(crate) mod times;
pub(crate) mod tokens;
pub(crate) mod triggers;
pub(crate) mod words;

pub(crate) use self::kubernetes::objects::ObjectRow;
use utoipa_axum::router::OpenApiRouter;

use crate::App;
use crate::access::Route;

/// What every route asks of its caller.
pub(crate) const ACCESS: &[&[Route]] = &[
    audit::ACCESS,
    auth::ACCESS,
    catalogue::ACCESS,
    hooks::ACCESS,
    kubernetes::ACCESS,
    kubernetes::objects::ACCESS,
    kubernetes::monitor::ACCESS,
    logs::ACCESS,
    notifications::ACCESS,
    pipelines::ACCESS,
    registries::ACCESS,
    runs::ACCESS,
    secrets::ACCESS,
    service::ACCESS,
    settings::ACCESS,
    statistics::ACCESS,
    tokens::ACCESS,
    triggers::ACCESS,
];

/// Every route.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(audit::routes())
        .merge(auth::routes())
        .merge(catalogue::routes())
        .merge(hooks::routes())
        .merge(kubernetes::routes())
        .merge(kubernetes::objects::routes())
        .merge(kubernetes::monitor::routes())
        .merge(logs::routes())
        .merge(notifications::routes())
        .merge(pipelines::routes())
        .merge(registries::routes())
        .merge(runs::routes())
        .merge(secrets::routes())
        .merge(service::routes())
        .merge(settings::routes())
        .merge(statistics::routes())
        .merge(tokens::routes())
        .merge(triggers::routes())
}
