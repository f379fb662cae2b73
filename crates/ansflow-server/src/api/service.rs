//! The service itself: whether it is well, what it counts, and what can be asked of it.

mod docs;
mod numbers;

use ansflow_store::Error;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::{Access, Route};
use crate::error::Problem;
use crate::extract::Query;

/// What its routes ask. Numbers are public: they name nobody and nothing.
pub(crate) const ACCESS: &[Route] = &[
    ("GET", "/healthz", Access::Public),
    ("GET", "/readyz", Access::Public),
    ("GET", "/metrics", Access::Public),
    ("GET", "/version", Access::Public),
    ("GET", "/api/openapi.json", Access::Public),
    ("GET", "/api/docs", Access::Public),
    ("GET", "/api/docs/{file}", Access::Public),
];

/// Its routes.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(healthz))
        .routes(routes!(readyz))
        .routes(routes!(numbers::metrics))
        .routes(routes!(version))
        .routes(routes!(docs::openapi))
        .routes(routes!(docs::docs))
        .routes(routes!(docs::file))
}

/// Which AnsFlow this is, and what about it is not real.
#[derive(Debug, Serialize, ToSchema)]
struct Version {
    version: String,
    /// The Kubernetes version of the simulated cluster that runs beside this server; null: there is none.
    #[schema(example = "v1.34.9+ansflow.simulated")]
    simulated_cluster: Option<String>,
}

/// How much is to be told.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Readiness {
    /// A line for everything that was looked at; `?verbose` will do.
    verbose: Option<String>,
}

/// Whether the process lives.
#[utoipa::path(get, path = "/healthz", operation_id = "healthz", tag = "service",
    responses((status = 200, body = String, content_type = "text/plain")))]
async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether it can do its work.
#[utoipa::path(get, path = "/readyz", operation_id = "readyz", tag = "service", params(Readiness),
    responses(
        (status = 200, body = String, content_type = "text/plain"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = String, content_type = "text/plain"),
    ))]
async fn readyz(State(app): State<App>, Query(asked): Query<Readiness>) -> (StatusCode, String) {
    let checks = [("database", app.store().ping().await), ("key", key_fits(&app).await)];
    let is_ready = checks.iter().all(|(_, answer)| answer.is_ok());
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let verdict = if is_ready { "ok\n" } else { "not ready\n" };
    if is_ready && asked.verbose.is_none() {
        return (status, verdict.to_owned());
    }
    let line = |(what, answer): &(&str, Result<(), Error>)| match answer {
        Ok(()) => format!("[+]{what} ok\n"),
        Err(why) => {
            tracing::warn!("not ready: {what}: {why}");
            format!("[-]{what} failed\n")
        }
    };
    (status, checks.iter().map(line).collect::<String>() + verdict)
}

/// The settings' seal opens: a key that was changed is found before a run misses its secrets.
async fn key_fits(app: &App) -> Result<(), Error> {
    app.store().settings(app.keyring()).get().await?.mail_password().map(drop)
}

/// Which AnsFlow this is.
#[utoipa::path(get, path = "/version", operation_id = "version", tag = "service",
    responses((status = 200, body = Version)))]
async fn version(State(app): State<App>) -> axum::Json<Version> {
    let config = app.config();
    axum::Json(Version { version: config.version.clone(), simulated_cluster: config.simulated_cluster.clone() })
}
