//! The id of a request: in its answer, in problems, in the log.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static ID: String;
}

/// The id of the request that is being answered on this task.
pub(crate) fn id() -> String {
    ID.try_with(Clone::clone).unwrap_or_default()
}

/// Gives a request an id: the client's where it is short and plain, else a new one.
pub(crate) async fn give_id(request: Request, next: Next) -> Response {
    let given = request.headers().get(&HEADER).and_then(|value| value.to_str().ok()).filter(|text| is_plain(text));
    let id = given.map_or_else(|| format!("req_{}", uuid::Uuid::now_v7().simple()), str::to_owned);
    let value = HeaderValue::from_str(&id).expect("an id is plain ASCII");
    let mut response = ID.scope(id, next.run(request)).await;
    response.headers_mut().insert(HEADER, value);
    response
}

fn is_plain(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}
