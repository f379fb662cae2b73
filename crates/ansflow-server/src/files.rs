//! Sending files: whole or a range of them, a window at a time, under names that mean harm to nobody.

use std::io::SeekFrom;
use std::ops::Range;

use axum::body::Body;
use axum::http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, IF_RANGE, RANGE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use crate::error::{ApiError, ApiResult};

/// So much of a file is in memory at once.
const WINDOW: u64 = 64 * 1024;

/// The first `len` bytes of a file, or the range of them that the request asks for.
///
/// # Errors
/// 416 when there is no such range.
pub(crate) async fn send(mut file: File, len: u64, headers: &HeaderMap) -> ApiResult<Response> {
    let (status, range) = match range(headers, len) {
        Asked::All => (StatusCode::OK, 0..len),
        Asked::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Asked::Nothing => {
            let why = format!("the range is outside of the {len} bytes that there are");
            let problem = ApiError::with_status(StatusCode::RANGE_NOT_SATISFIABLE, "range", why);
            let mut response = problem.into_response();
            response.headers_mut().insert(CONTENT_RANGE, value(format!("bytes */{len}")));
            return Ok(response);
        }
    };
    file.seek(SeekFrom::Start(range.start)).await.map_err(|error| ApiError::internal(&error))?;
    let mut response = Response::new(Body::from_stream(windows(file, range.end - range.start)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(CONTENT_LENGTH, value((range.end - range.start).to_string()));
    if status == StatusCode::PARTIAL_CONTENT {
        headers.insert(CONTENT_RANGE, value(format!("bytes {}-{}/{len}", range.start, range.end - 1)));
    }
    Ok(response)
}

/// The next bytes of a file, window by window. One that is shorter than it was breaks the connection: half a file must
/// not look like a whole one.
fn windows(file: File, bytes: u64) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold((file, bytes), |(mut file, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let mut window = vec![0; usize::try_from(left.min(WINDOW)).unwrap_or_default()];
        file.read_exact(&mut window).await?;
        let left = left - window.len() as u64;
        Ok(Some((Bytes::from(window), (file, left))))
    })
}

/// What a request asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    All,
    Part(Range<u64>),
    /// A range that is not there.
    Nothing,
}

/// One range is sent; of several, of another unit, or of a file that may have changed, all of it is.
fn range(headers: &HeaderMap, len: u64) -> Asked {
    let text = headers.get(RANGE).and_then(|value| value.to_str().ok()?.strip_prefix("bytes="));
    let Some((first, last)) = text.and_then(|text| text.trim().split_once('-')) else { return Asked::All };
    if headers.contains_key(IF_RANGE) {
        return Asked::All;
    }
    // More digits than fit are more than there are.
    let number = |digits: &str| {
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse().unwrap_or(u64::MAX))
    };
    match (number(first), number(last)) {
        (None, Some(suffix)) if first.is_empty() => match suffix.min(len) {
            0 => Asked::Nothing,
            suffix => Asked::Part(len - suffix..len),
        },
        (Some(first), None) if last.is_empty() => {
            if first < len {
                Asked::Part(first..len)
            } else {
                Asked::Nothing
            }
        }
        (Some(first), Some(last)) if first <= last => {
            if first < len {
                Asked::Part(first..last.saturating_add(1).min(len))
            } else {
                Asked::Nothing
            }
        }
        _ => Asked::All,
    }
}

/// `Content-Disposition` as RFC 6266 has it: an ASCII name for old clients, the true one beside it.
pub(crate) fn attachment(name: &str) -> HeaderValue {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' })
        .collect();
    value(format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", encoded(name)))
}

/// Percent-encoded, all but what is plain in every part of an address.
pub(crate) fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

fn value(text: String) -> HeaderValue {
    HeaderValue::try_from(text).expect("it is made of plain ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, expect: &Asked) {
        let headers = HeaderMap::from_iter([(RANGE, HeaderValue::from_str(header).unwrap())]);
        assert_eq!(&range(&headers, 10), expect, "{header}");
    }

    #[test]
    fn one_range_is_sent_and_what_is_no_range_is_everything() {
        check("bytes=0-3", &Asked::Part(0..4));
        check("bytes=4-", &Asked::Part(4..10));
        check("bytes=-3", &Asked::Part(7..10));
        check("bytes=-99", &Asked::Part(0..10));
        check("bytes=9-99999999999999999999999999", &Asked::Part(9..10));
        for nowhere in ["bytes=10-", "bytes=10-11", "bytes=-0", "bytes=99999999999999999999999999-"] {
            check(nowhere, &Asked::Nothing);
        }
        for all in ["bytes=3-2", "bytes=", "bytes=-", "bytes=a-b", "bytes=0-1,3-4", "lines=0-1", "bytes=+1-2", "0-1"] {
            check(all, &Asked::All);
        }
    }

    #[test]
    fn a_hostile_name_stays_inside_its_quotes() {
        let header = attachment("构建\"; filename=\"evil.html\r\nx: y");
        let text = header.to_str().unwrap();
        assert_eq!(text.matches('"').count(), 2);
        assert!(text.starts_with("attachment; filename=\"____ filename__evil.html__x_ y\""), "{text}");
        assert!(text.ends_with("%0D%0Ax%3A%20y"), "{text}");
    }
}
