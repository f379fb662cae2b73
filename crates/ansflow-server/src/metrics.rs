//! What is counted of the answers, as Prometheus reads it. Labels are templates and words, never ids: their number is
//! bounded by the code.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::App;

/// Upper bounds of the histogram, in seconds.
const BOUNDS: [f64; 9] = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Answers by route, method and status.
#[derive(Default)]
pub(crate) struct Metrics {
    answers: Mutex<BTreeMap<(String, &'static str), Answers>>,
}

#[derive(Default)]
struct Answers {
    by_status: BTreeMap<u16, u64>,
    /// Of each bound, how many took longer than the bound before it and no longer than it.
    buckets: [u64; BOUNDS.len()],
    seconds: f64,
}

/// Counts an answer, by the time until its head was ready.
pub(crate) async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = match request.extensions().get::<MatchedPath>() {
        Some(path) => path.as_str().to_owned(),
        None => "other".to_owned(),
    };
    let method = word(request.method());
    let begun = Instant::now();
    let response = next.run(request).await;
    app.metrics().add(route, method, response.status(), begun.elapsed());
    response
}

/// A client may invent methods.
fn word(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];
    known.into_iter().find(|word| *word == method.as_str()).unwrap_or("other")
}

impl Metrics {
    fn add(&self, route: String, method: &'static str, status: StatusCode, took: Duration) {
        let seconds = took.as_secs_f64();
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let answers = answers.entry((route, method)).or_default();
        *answers.by_status.entry(status.as_u16()).or_default() += 1;
        answers.seconds += seconds;
        if let Some(bucket) = BOUNDS.iter().position(|bound| seconds <= *bound) {
            answers.buckets[bucket] += 1;
        }
    }

    /// In the text format.
    pub(crate) fn text(&self) -> String {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = head("ansflow_http_requests_total", "counter", "Answers by route, method and status.");
        for ((route, method), of) in &*answers {
            for (status, number) in &of.by_status {
                let labels = format!("route=\"{route}\",method=\"{method}\",status=\"{status}\"");
                line(&mut text, "ansflow_http_requests_total", &labels, number);
            }
        }
        let name = "ansflow_http_request_duration_seconds";
        text.push_str(&head(name, "histogram", "Time until the head of an answer was ready."));
        for ((route, method), of) in &*answers {
            let labels = format!("route=\"{route}\",method=\"{method}\"");
            let mut so_far = 0;
            for (bound, number) in BOUNDS.iter().zip(of.buckets) {
                so_far += number;
                line(&mut text, &format!("{name}_bucket"), &format!("{labels},le=\"{bound}\""), so_far);
            }
            let all: u64 = of.by_status.values().sum();
            line(&mut text, &format!("{name}_bucket"), &format!("{labels},le=\"+Inf\""), all);
            line(&mut text, &format!("{name}_sum"), &labels, of.seconds);
            line(&mut text, &format!("{name}_count"), &labels, all);
        }
        text
    }
}

/// What stands before a family of numbers.
pub(crate) fn head(name: &str, kind: &str, help: &str) -> String {
    format!("# HELP {name} {help}\n# TYPE {name} {kind}\n")
}

/// One number; without labels where there are none.
pub(crate) fn line(text: &mut String, name: &str, labels: &str, number: impl std::fmt::Display) {
    let written = if labels.is_empty() {
        writeln!(text, "{name} {number}")
    } else {
        writeln!(text, "{name}{{{labels}}} {number}")
    };
    written.expect("a text takes everything");
}
