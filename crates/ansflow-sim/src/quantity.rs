//! Amounts as Kubernetes writes them: `100m`, `1.5Gi`, `2e3`.

use std::cmp::Ordering;
use std::fmt;

use serde_json::Value;

use crate::merge::normal;

/// Billionths of one.
pub(crate) const NANO: i128 = 1_000_000_000;

/// The amount in billionths; what is finer is rounded up. None where it is no quantity.
pub(crate) fn nanos(text: &str) -> Option<i128> {
    let unit = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '+' | '-'))).unwrap_or(text.len());
    let (number, unit) = text.split_at(unit);
    let (base, power): (i128, i32) = match unit {
        "n" => (10, -9),
        "u" => (10, -6),
        "m" => (10, -3),
        "" => (10, 0),
        "k" => (10, 3),
        "M" => (10, 6),
        "G" => (10, 9),
        "T" => (10, 12),
        "P" => (10, 15),
        "E" => (10, 18),
        "Ki" => (2, 10),
        "Mi" => (2, 20),
        "Gi" => (2, 30),
        "Ti" => (2, 40),
        "Pi" => (2, 50),
        "Ei" => (2, 60),
        _ => (10, unit.strip_prefix(['e', 'E'])?.parse().ok().filter(|power| (-18..=18).contains(power))?),
    };
    let negative = number.starts_with('-');
    let digits = number.strip_prefix(['+', '-']).unwrap_or(number);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if (whole.is_empty() && fraction.is_empty()) || digits.len() > 30 {
        return None;
    }
    let digits: i128 = format!("0{whole}{fraction}").parse().ok()?;
    let shift = u32::try_from(fraction.len()).ok()?;
    let factor = base.checked_pow(power.unsigned_abs())?;
    let below = 10_i128.checked_pow(shift)?.checked_mul(if power < 0 { factor } else { 1 })?;
    let above = digits.checked_mul(NANO)?.checked_mul(if power < 0 { 1 } else { factor })?;
    let rounded = above / below + i128::from(above % below != 0);
    Some(if negative { -rounded } else { rounded })
}

/// The amount that a value of an object says, which may be a number.
pub(crate) fn of(value: &Value) -> Option<i128> {
    match value {
        Value::String(text) => nanos(text),
        Value::Number(number) => nanos(&number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// So much of something, to the billionth.
#[derive(Debug, Copy, Clone, Default)]
pub(crate) struct Quantity {
    nanos: i128,
    /// Whether it was written with `Ki`, `Mi`, …: sums are then, too.
    binary: bool,
}

impl Quantity {
    pub(crate) const ZERO: Quantity = Quantity { nanos: 0, binary: false };

    pub(crate) fn read(value: &Value) -> Option<Quantity> {
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some(Quantity { nanos: nanos(&text)?, binary: text.ends_with('i') })
    }

    /// So many whole ones.
    pub(crate) fn whole(count: i64) -> Quantity {
        Quantity { nanos: i128::from(count) * NANO, binary: false }
    }

    pub(crate) fn is_zero(self) -> bool {
        self.nanos == 0
    }

    pub(crate) fn plus(self, other: Quantity) -> Quantity {
        let binary = if self.is_zero() { other.binary } else { self.binary };
        Quantity { nanos: self.nanos.saturating_add(other.nanos), binary }
    }

    pub(crate) fn minus(self, other: Quantity) -> Quantity {
        Quantity { nanos: self.nanos.saturating_sub(other.nanos), binary: self.binary }
    }

    /// How many times as much as the other; nothing where the other is none.
    #[expect(clippy::cast_precision_loss, reason = "a ratio is compared with a small number")]
    pub(crate) fn over(self, other: Quantity) -> Option<f64> {
        (other.nanos != 0).then(|| self.nanos as f64 / other.nanos as f64)
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Quantity) -> bool {
        self.nanos == other.nanos
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Quantity) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Quantity) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

/// In its canonical form.
impl fmt::Display for Quantity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kibi = 1024 * NANO;
        let text = match self.binary && self.nanos % kibi == 0 {
            true => format!("{}Ki", self.nanos / kibi),
            false => format!("{}n", self.nanos),
        };
        // Numbers of 20 digits and more are written as they are.
        out.write_str(&normal::quantity(&text.as_str().into()).unwrap_or_else(|| (self.nanos / NANO).to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_all_their_units() {
        let cases = [
            ("1", NANO),
            ("100m", NANO / 10),
            ("0.5", NANO / 2),
            ("1Ki", 1024 * NANO),
            ("1.5Gi", 1536 * 1024 * 1024 * NANO),
            ("2e3", 2_000 * NANO),
            ("-1", -NANO),
            ("0.0000000001", 1),
            ("+3k", 3_000 * NANO),
            (".5", NANO / 2),
        ];
        for (text, amount) in cases {
            assert_eq!(nanos(text), Some(amount), "{text}");
        }
        for text in ["", "x", "1x", "1.2.3", "m", "1e99", "--1"] {
            assert_eq!(nanos(text), None, "{text}");
        }
    }

    fn quantity(text: &str) -> Quantity {
        Quantity::read(&text.into()).unwrap()
    }

    #[test]
    fn quantities_are_added_and_written_in_the_form_of_the_first() {
        assert_eq!(quantity("500m").plus(quantity("1500m")).to_string(), "2");
        assert_eq!(quantity("512Mi").plus(quantity("1536Mi")).to_string(), "2Gi");
        assert_eq!(Quantity::ZERO.plus(quantity("1Gi")).to_string(), "1Gi");
        assert_eq!(quantity("1").minus(quantity("900m")).to_string(), "100m");
        assert_eq!(Quantity::whole(3).to_string(), "3");
        assert_eq!(Quantity::ZERO.to_string(), "0");
    }

    #[test]
    fn quantities_are_compared_by_what_they_are() {
        assert!(quantity("2Gi") > quantity("512Mi"));
        assert_eq!(quantity("1000m"), quantity("1"));
        assert_eq!(quantity("2").over(quantity("500m")), Some(4.0));
    }
}
