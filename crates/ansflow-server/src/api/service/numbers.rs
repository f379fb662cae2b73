//! `/metrics`, for Prometheus.

use ansflow_core::run::event::RunStatus;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use crate::App;
use crate::error::ApiResult;
use crate::metrics::{head, line};

const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What is counted.
#[utoipa::path(get, path = "/metrics", operation_id = "metrics", tag = "service",
    responses((status = 200, body = String, content_type = "text/plain")))]
pub(super) async fn metrics(State(app): State<App>) -> ApiResult<impl IntoResponse> {
    let runs = app.store().runs_by_status().await?;
    let mut text = head("ansflow_build_info", "gauge", "Which AnsFlow this is.");
    let version = app.config().version.replace(['"', '\\', '\n'], "");
    line(&mut text, "ansflow_build_info", &format!("version=\"{version}\""), 1);
    text.push_str(&head("ansflow_runs", "gauge", "Runs that are stored, by status."));
    for status in STATUSES {
        let number = number_of(&runs, status);
        line(&mut text, "ansflow_runs", &format!("status=\"{}\"", status.as_str()), number);
    }
    text.push_str(&head("ansflow_queue_depth", "gauge", "Runs that wait for their turn."));
    line(&mut text, "ansflow_queue_depth", "", number_of(&runs, RunStatus::Queued));
    let checks = "ansflow_password_checks_total";
    text.push_str(&head(checks, "counter", "Passwords that were checked, right ones and wrong ones."));
    line(&mut text, checks, "", app.passwords().checks());
    text.push_str(&app.metrics().text());
    Ok(([(CONTENT_TYPE, TEXT_FORMAT)], text))
}

const STATUSES: [RunStatus; 7] = [
    RunStatus::Queued,
    RunStatus::Running,
    RunStatus::Waiting,
    RunStatus::Success,
    RunStatus::Failed,
    RunStatus::Cancelled,
    RunStatus::TimedOut,
];

fn number_of(runs: &[(String, u64)], status: RunStatus) -> u64 {
    let word = status.as_str();
    runs.iter().find(|(of, _)| of == word).map_or(0, |(_, number)| *number)
}
