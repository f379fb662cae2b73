//! Values as Go writes them back: quantities in their canonical form, times in whole seconds of UTC.

use serde_json::Value;

use crate::time::Micros;

/// A quantity in its canonical form: `1000m` is `1`, `0.5` is `500m`, `1024Mi` is `1Gi`.
pub(crate) fn quantity(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => canonical(text.trim()),
        Value::Number(number) => canonical(&number.to_string()),
        _ => None,
    }
}

/// A time to the second.
pub(crate) fn time(value: &Value) -> Option<Micros> {
    Micros::parse(value.as_str()?).map(Micros::whole_second)
}

/// How the number was written, which it keeps.
#[derive(Copy, Clone, PartialEq)]
enum Form {
    Binary,
    Decimal,
    Exponent,
}

fn canonical(text: &str) -> Option<String> {
    let digits_end =
        text.find(|at: char| !(at.is_ascii_digit() || matches!(at, '.' | '+' | '-'))).unwrap_or(text.len());
    let (number, suffix) = text.split_at(digits_end);
    let (scale, form) = scale(suffix)?;
    let nanos = nanos(number, &scale)?;
    if nanos == 0 {
        return Some("0".to_owned());
    }
    let small = nanos.abs() < 1024 * NANO;
    match form {
        Form::Binary if !small => Some(binary(whole(nanos))),
        Form::Exponent => {
            Some(decimal(nanos, |exponent| if exponent == 0 { String::new() } else { format!("e{exponent}") }))
        }
        Form::Binary | Form::Decimal => Some(decimal(nanos, |exponent| symbol(exponent).to_owned())),
    }
}

const NANO: i128 = 1_000_000_000;

/// By what the number is multiplied: a power of ten, or of two.
enum Scale {
    Ten(i32),
    Two(u32),
}

fn scale(suffix: &str) -> Option<(Scale, Form)> {
    let two = |power: u32| Some((Scale::Two(power), Form::Binary));
    let ten = |power: i32| Some((Scale::Ten(power), Form::Decimal));
    match suffix {
        "" => ten(0),
        "n" => ten(-9),
        "u" => ten(-6),
        "m" => ten(-3),
        "k" => ten(3),
        "M" => ten(6),
        "G" => ten(9),
        "T" => ten(12),
        "P" => ten(15),
        "E" => ten(18),
        "Ki" => two(10),
        "Mi" => two(20),
        "Gi" => two(30),
        "Ti" => two(40),
        "Pi" => two(50),
        "Ei" => two(60),
        _ => {
            let power = suffix.strip_prefix(['e', 'E'])?.parse::<i32>().ok()?;
            (-18..=18).contains(&power).then_some((Scale::Ten(power), Form::Exponent))
        }
    }
}

/// The number in billionths, rounded up.
fn nanos(number: &str, scale: &Scale) -> Option<i128> {
    let (negative, digits) = match number.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.len() > 18 || whole.len() > 20 {
        return None;
    }
    let value: i128 = format!("{whole}{fraction}").parse().ok()?;
    let behind = u32::try_from(fraction.len()).ok()?;
    let (up, down) = match *scale {
        Scale::Two(power) => (NANO.checked_mul(1 << power)?, 10_i128.pow(behind)),
        Scale::Ten(power) if power >= -9 => (10_i128.pow(u32::try_from(power + 9).ok()?), 10_i128.pow(behind)),
        Scale::Ten(power) => (1, 10_i128.pow(behind + u32::try_from(-9 - power).ok()?)),
    };
    let scaled = value.checked_mul(up)?;
    let rounded = scaled / down + i128::from(scaled % down != 0);
    Some(if negative { -rounded } else { rounded })
}

fn whole(nanos: i128) -> i128 {
    nanos / NANO + i128::from(nanos % NANO > 0)
}

fn binary(mut number: i128) -> String {
    let mut suffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].into_iter().peekable();
    let mut suffix = suffixes.next().unwrap_or_default();
    while number % 1024 == 0 && suffixes.peek().is_some() {
        number /= 1024;
        suffix = suffixes.next().unwrap_or_default();
    }
    format!("{number}{suffix}")
}

fn decimal(mut number: i128, suffix: impl Fn(i32) -> String) -> String {
    let mut exponent = -9;
    while number % 1000 == 0 && exponent < 18 {
        number /= 1000;
        exponent += 3;
    }
    format!("{number}{}", suffix(exponent))
}

fn symbol(exponent: i32) -> &'static str {
    match exponent {
        -9 => "n",
        -6 => "u",
        -3 => "m",
        3 => "k",
        6 => "M",
        9 => "G",
        12 => "T",
        15 => "P",
        18 => "E",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_have_one_form() {
        for (given, canonical) in [
            ("1000m", "1"),
            ("0.5", "500m"),
            ("1", "1"),
            ("1000", "1k"),
            ("1500", "1500"),
            ("1.5G", "1500M"),
            ("100000", "100k"),
            ("1024Mi", "1Gi"),
            ("1Gi", "1Gi"),
            ("1.5Gi", "1536Mi"),
            ("1000Ki", "1000Ki"),
            ("512", "512"),
            ("0.5Ki", "512"),
            ("0", "0"),
            ("0Mi", "0"),
            ("-1500m", "-1500m"),
            ("1e3", "1e3"),
            ("250m", "250m"),
            ("0.0000000001", "1n"),
            ("+3", "3"),
        ] {
            assert_eq!(quantity(&given.into()).as_deref(), Some(canonical), "{given}");
        }
        assert_eq!(quantity(&serde_json::json!(2)).as_deref(), Some("2"));
        assert_eq!(quantity(&"two".into()), None);
        assert_eq!(quantity(&"1Q".into()), None);
        assert_eq!(quantity(&"".into()), None);
    }
}
