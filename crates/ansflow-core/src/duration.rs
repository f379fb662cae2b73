//! Durations as people write them: `90s`, `5m`, `1h30m`, `250ms`, `1.5h`, or a bare number of seconds.
//!
//! Whole milliseconds only, and no calendar: a day is 24 hours here.

#[cfg(test)]
mod tests;

/// The units, largest first: the order in which they must stand, and in which they are printed.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Reads a duration and returns it in milliseconds.
///
/// # Errors
/// A lower-case fragment that names the text and says what is wrong with it.
pub fn parse(text: &str) -> Result<u64, String> {
    let trimmed = text.trim();
    let too_long = || format!("`{trimmed}` is too long for a duration");
    if trimmed.is_empty() {
        return Err("the duration is empty; write 90s, 5m or 1h30m".to_owned());
    }
    if trimmed.starts_with('-') {
        return Err(format!("the duration `{trimmed}` is negative"));
    }
    if trimmed.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return scale(trimmed, 1_000, trimmed);
    }
    let mut total = 0_u64;
    let mut allowed = &UNITS[..];
    let mut rest = trimmed;
    while !rest.is_empty() {
        let (number, tail) = split(rest, |c| c.is_ascii_digit() || c == '.');
        let (unit, tail) = split(tail.trim_start(), char::is_alphabetic);
        if number.is_empty() || (unit.is_empty() && !tail.is_empty()) {
            return Err(format!("`{trimmed}` is not a duration; write 90s, 5m or 1h30m"));
        }
        if unit.is_empty() {
            return Err(format!("`{number}` in the duration `{trimmed}` has no unit; write ms, s, m, h or d after it"));
        }
        let Some(place) = UNITS.iter().position(|(name, _)| *name == unit) else {
            return Err(format!("unknown unit `{unit}` in the duration `{trimmed}`; write ms, s, m, h or d"));
        };
        if place < UNITS.len() - allowed.len() {
            return Err(format!(
                "`{unit}` is out of place in the duration `{trimmed}`; larger units come first, each once"
            ));
        }
        allowed = &UNITS[place + 1..];
        total = total.checked_add(scale(number, UNITS[place].1, trimmed)?).ok_or_else(too_long)?;
        rest = tail.trim_start();
    }
    Ok(total)
}

/// Prints milliseconds in the shortest form that [`parse`] reads back to the same number.
#[must_use]
pub fn print(ms: u64) -> String {
    if ms == 0 {
        return "0s".to_owned();
    }
    let mut rest = ms;
    let mut out = String::new();
    for (name, size) in UNITS {
        if rest >= size {
            out.push_str(&format!("{}{name}", rest / size));
            rest %= size;
        }
    }
    out
}

/// `number` (digits, perhaps with a fraction) times `unit`, exactly.
fn scale(number: &str, unit: u64, whole: &str) -> Result<u64, String> {
    let bad = || format!("`{number}` in the duration `{whole}` is not a number");
    let too_long = || format!("`{whole}` is too long for a duration");
    let (integer, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if integer.is_empty() || fraction.is_empty() || fraction.contains('.') {
        return Err(bad());
    }
    let integer = integer.parse::<u64>().map_err(|_| too_long())?;
    let fraction = fraction.trim_end_matches('0');
    let mut total = u128::from(integer) * u128::from(unit);
    if !fraction.is_empty() {
        let too_fine = || format!("`{number}` in the duration `{whole}` is finer than a millisecond");
        let digits = u32::try_from(fraction.len()).ok().filter(|n| *n <= 12).ok_or_else(too_fine)?;
        let part = u128::from(fraction.parse::<u64>().map_err(|_| bad())?) * u128::from(unit);
        let scale = 10_u128.pow(digits);
        if part % scale != 0 {
            return Err(too_fine());
        }
        total += part / scale;
    }
    u64::try_from(total).map_err(|_| too_long())
}

fn split(text: &str, keep: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !keep(c)).unwrap_or(text.len()))
}
