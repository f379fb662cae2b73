//! How much memory and how many processors a container may use.

use crate::catalog::Misfit;

/// Docker starts no container with less.
const LEAST_MEMORY: u64 = 6 << 20;

/// `512m`, `1.5g`, `512Mi`, or a number of bytes.
///
/// # Errors
/// Why it is no amount of memory.
pub(crate) fn memory(text: &str) -> Result<u64, Misfit> {
    let written = text.trim();
    let number = written.trim_end_matches(|c: char| c.is_ascii_alphabetic()).trim_end();
    let unit = written[number.len()..].trim().to_ascii_lowercase();
    let shift = match unit.as_str() {
        "" | "b" => Some(0),
        "k" | "kb" | "ki" | "kib" => Some(10),
        "m" | "mb" | "mi" | "mib" => Some(20),
        "g" | "gb" | "gi" | "gib" => Some(30),
        "t" | "tb" | "ti" | "tib" => Some(40),
        _ => None,
    };
    let scaled = shift.zip(thousandths(number)).and_then(|(shift, thousandths)| {
        let bytes = (thousandths << shift) / 1000;
        u64::try_from(bytes).ok().filter(|bytes| i64::try_from(*bytes).is_ok())
    });
    match scaled {
        Some(bytes) if bytes >= LEAST_MEMORY => Ok(bytes),
        Some(bytes) => {
            let help =
                if unit.is_empty() { format!("write `{number}m` for mebibytes") } else { "write `6m` or more".into() };
            Err(Misfit::new(format!("`{written}` is {bytes} bytes, and no container starts with less than 6m"), help))
        }
        None => Err(Misfit::new(
            format!("`{}` is no amount of memory", written.escape_debug()),
            "write a number with `k`, `m` or `g`, such as `512m` or `1.5g`",
        )),
    }
}

/// `1.5`, or thousandths as `1500m`; in billionths of a processor.
///
/// # Errors
/// Why it is no number of processors.
pub(crate) fn nano_cpus(text: &str) -> Result<u64, Misfit> {
    let written = text.trim();
    let thousandths = match written.strip_suffix('m') {
        Some(number) => thousandths(number).map(|number| number / 1000),
        None => thousandths(written),
    };
    match thousandths {
        // Docker takes no less than a hundredth.
        Some(thousandths @ 10..=1_000_000) => Ok(u64::try_from(thousandths).unwrap_or_default() * 1_000_000),
        Some(_) | None => Err(Misfit::new(
            format!("`{}` is no number of processors", written.escape_debug()),
            "write a number from 0.01 to 1000, such as `1.5` or `500m`",
        )),
    }
}

/// A decimal number times a thousand, what is smaller cut off.
fn thousandths(text: &str) -> Option<u128> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return None;
    }
    let part: u128 = format!("{part:0<3}")[..3].parse().ok()?;
    Some(whole.parse::<u128>().ok()? * 1000 + part)
}
