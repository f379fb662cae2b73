//! Whether a client has a document already: tags and dates of HTTP, and whether packing an answer is worth it.

use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use crate::time::Micros;

const DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// `Sat, 21 Nov 2026 04:23:51 GMT`.
pub(crate) fn date(moment: Micros) -> String {
    strtime::format(DATE, &moment.timestamp().to_zoned(TimeZone::UTC)).unwrap_or_default()
}

/// Whether what was last changed at `modified` is not newer than the `If-Modified-Since` of a request.
pub(crate) fn is_unmodified(modified: Micros, since: Option<&str>) -> bool {
    since.and_then(moment).is_some_and(|since| modified.whole_second() <= since)
}

/// The moment of a date as HTTP writes it.
pub(super) fn moment(date: &str) -> Option<Micros> {
    let parsed = strtime::parse(DATE, date).ok()?.to_datetime().ok()?;
    parsed.to_zoned(TimeZone::UTC).ok().map(|moment| Micros::from(moment.timestamp()))
}

/// Whether an `If-None-Match` names the tag of a document, which stands in quotes.
pub(crate) fn is_known(tag: &str, if_none_match: Option<&str>) -> bool {
    let known = |one: &str| one == "*" || one.trim_start_matches("W/") == tag;
    if_none_match.is_some_and(|tags| tags.split(',').map(str::trim).any(known))
}

/// As large as an answer is before it is packed, as in Kubernetes.
const WORTH_PACKING: usize = 128 * 1024;

/// The packed answer, where the client takes one and it is large.
pub(crate) fn packed(body: &Bytes, accept_encoding: Option<&str>) -> Option<Bytes> {
    let accepts = accept_encoding.is_some_and(|accepted| accepted.split(',').any(|one| one.trim().starts_with("gzip")));
    if !accepts || body.len() <= WORTH_PACKING {
        return None;
    }
    let mut packer = GzEncoder::new(Vec::with_capacity(body.len() / 8), Compression::new(1));
    packer.write_all(body).ok()?;
    packer.finish().ok().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{date, is_known, is_unmodified, packed};
    use crate::time::Micros;

    #[test]
    fn a_date_is_written_and_compared_in_seconds() {
        let moment = Micros::parse("2026-11-21T04:23:51.7Z").unwrap();
        assert_eq!(date(moment), "Sat, 21 Nov 2026 04:23:51 GMT");
        assert!(is_unmodified(moment, Some("Sat, 21 Nov 2026 04:23:51 GMT")));
        assert!(!is_unmodified(moment, Some("Sat, 21 Nov 2026 04:23:50 GMT")));
        assert!(!is_unmodified(moment, Some("yesterday")));
        assert!(!is_unmodified(moment, None));
    }

    #[test]
    fn a_tag_may_be_one_of_several() {
        assert!(is_known("\"A\"", Some("\"B\", W/\"A\"")));
        assert!(!is_known("\"A\"", Some("\"B\"")));
        assert!(!is_known("\"A\"", None));
    }

    #[test]
    fn only_large_answers_are_packed_for_who_takes_them() {
        let large = Bytes::from(vec![b'a'; 200_000]);
        assert!(packed(&large, Some("gzip, deflate")).is_some_and(|packed| packed.len() < 2_000));
        assert!(packed(&large, Some("br")).is_none());
        assert!(packed(&Bytes::from_static(b"a"), Some("gzip")).is_none());
    }
}
