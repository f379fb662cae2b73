//! Times as the API shows them: RFC 3339 in UTC.

use jiff::Timestamp;

/// Milliseconds since 1970, as text; what no calendar has becomes its beginning.
pub(crate) fn time(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}
