//! Other spellings of paths: `/api/kubernetes/…` is `/api/v1/kubernetes/…`, and the acts there may be written with `_` for
//! `-`. It is settled before anything else looks at the path, so that no two parts see different ones.

use axum::extract::Request;
use axum::http::Uri;

/// Where clusters and what is in them are.
const ROOT: &str = "/api/v1/kubernetes";
/// The same without a version.
const SHORT: &str = "/api/kubernetes";
/// Acts that have a `-`; names of objects and ids are left as they are.
const ACTS: [&str; 8] = [
    "validate-connection",
    "check-connection",
    "sync-resources",
    "token-status",
    "token-renewal-strategy",
    "token-guide",
    "validate-token",
    "rotate-token",
];

/// The request with its path as the routes have it.
pub(super) fn settle(mut request: Request) -> Request {
    if let Some(path) = settled(request.uri().path()) {
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        let mut parts = request.uri().clone().into_parts();
        parts.path_and_query = format!("{path}{query}").parse().ok();
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
        }
    }
    request
}

/// Where a step's rollout is watched, and its other name.
const MONITOR: (&str, &str) = ("/api/v1/k8s/monitor/", "/ws/k8s/monitor/");

/// The path as the routes have it; none: it is so already.
fn settled(path: &str) -> Option<String> {
    if let Some(rest) = path.strip_prefix(MONITOR.1) {
        return Some(format!("{}{rest}", MONITOR.0));
    }
    let below = |root: &str| path.strip_prefix(root).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let rest = below(ROOT).or_else(|| below(SHORT))?;
    let part = |part: &str| {
        ACTS.iter().find(|act| act.replace('-', "_") == part).map_or(part.to_owned(), |act| (*act).to_owned())
    };
    let settled = format!("{ROOT}{}", rest.split('/').map(part).collect::<Vec<_>>().join("/"));
    (settled != path).then_some(settled)
}

#[cfg(test)]
mod tests {
    use super::settled;

    #[test]
    fn both_spellings_lead_to_the_same_route_and_nothing_else_is_touched() {
        for (path, expected) in [
            ("/api/kubernetes/clusters", Some("/api/v1/kubernetes/clusters")),
            ("/api/kubernetes/clusters/a/check_connection", Some("/api/v1/kubernetes/clusters/a/check-connection")),
            ("/api/v1/kubernetes/clusters/clu_1/token_status", Some("/api/v1/kubernetes/clusters/clu_1/token-status")),
            ("/api/v1/kubernetes/clusters/clu_1/token-status", None),
            ("/api/v1/kubernetes/configmaps/my_map", None),
            ("/api/kubernetesque", None),
            ("/ws/k8s/monitor/run_1.2", Some("/api/v1/k8s/monitor/run_1.2")),
            ("/ws/k8s/monitors", None),
            ("/api/v1/runs/validate_connection", None),
        ] {
            assert_eq!(settled(path).as_deref(), expected, "{path}");
        }
    }
}
