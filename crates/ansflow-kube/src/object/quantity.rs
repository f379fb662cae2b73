//! Quantities: `0.5` and `500m` are the same, as are `1024Mi` and `1Gi`.

use serde_json::Value as Json;

/// What the endings of quantities multiply by, in thousandths.
const ENDINGS: [(&str, i128); 13] = [
    ("Ki", 1000 << 10),
    ("Mi", 1000 << 20),
    ("Gi", 1000 << 30),
    ("Ti", 1000 << 40),
    ("Pi", 1000 << 50),
    ("Ei", 1000 << 60),
    ("m", 1),
    ("k", 1_000_000),
    ("M", 1_000_000_000),
    ("G", 1_000_000_000_000),
    ("T", 1_000_000_000_000_000),
    ("P", 1_000_000_000_000_000_000),
    ("E", 1_000_000_000_000_000_000_000),
];

/// Whether two values are the same quantity; numbers count as their text.
pub(super) fn same(one: &Json, other: &Json) -> bool {
    let thousandths = |value: &Json| match value {
        Json::String(text) => parse(text),
        Json::Number(number) => parse(&number.to_string()),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    };
    matches!((thousandths(one), thousandths(other)), (Some(one), Some(other)) if one == other)
}

/// In thousandths; none for what is no quantity or has more places.
fn parse(text: &str) -> Option<i128> {
    let (number, unit) = match ENDINGS.iter().find(|(ending, _)| text.ends_with(ending)) {
        Some((ending, unit)) => (text.strip_suffix(ending)?, *unit),
        None => (text, 1000),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let scale = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let value = whole.parse::<i128>().ok()?.checked_mul(scale)?;
    let value = if fraction.is_empty() { value } else { value.checked_add(fraction.parse().ok()?)? };
    let thousandths = value.checked_mul(unit)?;
    (thousandths % scale == 0).then_some(thousandths / scale)
}
