//! `GET pipelines/{id}/export`

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue};

use super::show;
use crate::App;
use crate::error::{ApiResult, Problem};
use crate::extract::Path;

/// The text as it was written, as a file.
#[utoipa::path(
    get,
    path = "/api/v1/pipelines/{id}/export",
    operation_id = "export_pipeline",
    tag = "pipelines",
    params(("id" = String, Path)),
    responses(
        (status = 200, description = "the text, to the last byte", body = serde_json::Value, content_type = "text/yaml",
         headers(("Content-Disposition" = String))),
        (status = 401, description = "nobody is signed in", body = Problem),
        (status = 404, description = "no such pipeline", body = Problem),
    )
)]
pub(super) async fn export(
    State(app): State<App>,
    Path(id): Path<String>,
) -> ApiResult<([(HeaderName, HeaderValue); 3], String)> {
    let row = show::load(&app, &id).await?;
    let text = app.store().pipelines().version(&id, row.version).await?.body;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/yaml; charset=utf-8")),
        (CONTENT_DISPOSITION, attachment(&row.name)),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, text))
}

/// A file to be kept, by its name: plain for old programs, and as RFC 6266 has it for all others.
fn attachment(name: &str) -> HeaderValue {
    // Whatever has a meaning in a path or in a header is none of a file's name.
    let safe = |c: char| {
        if c.is_control() || matches!(c, '/' | '\\' | ':' | '"' | '*' | '?' | '<' | '>' | '|') { '-' } else { c }
    };
    let name: String = name.trim_start_matches('.').chars().map(safe).take(100).collect();
    let ascii: String = name.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
    let encoded: String = name.bytes().map(encoded).collect();
    HeaderValue::try_from(format!("attachment; filename=\"{ascii}.yml\"; filename*=UTF-8''{encoded}.yml"))
        .expect("control characters and everything that is not ASCII were replaced")
}

/// What RFC 5987 lets stand as it is, and the rest in hexadecimal.
fn encoded(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expect: &str) {
        assert_eq!(attachment(name).to_str().unwrap(), format!("attachment; {expect}"));
    }

    #[test]
    fn a_name_cannot_leave_its_place() {
        check("shop", r#"filename="shop.yml"; filename*=UTF-8''shop.yml"#);
        check("构建 1", r#"filename="__ 1.yml"; filename*=UTF-8''%E6%9E%84%E5%BB%BA%201.yml"#);
        check("../../etc", r#"filename="-..-etc.yml"; filename*=UTF-8''-..-etc.yml"#);
        check(
            "a\"; filename=evil\r\nX: y",
            r#"filename="a-; filename=evil--X- y.yml"; filename*=UTF-8''a-%3B%20filename%3Devil--X-%20y.yml"#,
        );
    }
}
