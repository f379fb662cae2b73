//! Quantities as whole numbers: thousandths, so that processors and bytes are counted alike, and bytes.

use serde_json::Value;

use crate::quantity::{self, NANO};

/// A quantity in thousandths of its unit. What is no quantity counts nothing.
pub(crate) fn millis(value: &Value) -> i128 {
    quantity::of(value).unwrap_or_default().div_euclid(NANO / 1_000)
}

/// A quantity in whole units, rounded up: bytes.
pub(crate) fn whole(value: &Value) -> i128 {
    let nanos = quantity::of(value).unwrap_or_default();
    nanos.div_euclid(NANO) + i128::from(nanos.rem_euclid(NANO) > 0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{millis, whole};

    #[test]
    fn quantities_are_counted_in_thousandths() {
        for (text, expected) in
            [("100m", 100), ("2", 2_000), ("1.5", 1_500), ("1Ki", 1_024_000), ("20Mi", 20_971_520_000)]
        {
            assert_eq!(millis(&json!(text)), expected, "{text}");
        }
        assert_eq!(millis(&json!(3)), 3_000);
        assert_eq!(millis(&json!("two")), 0);
        assert_eq!(whole(&json!("100m")), 1);
    }
}
