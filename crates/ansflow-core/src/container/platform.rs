//! `system/processor[/variant]`.

use crate::catalog::Misfit;

/// Whether the text names one platform.
///
/// # Errors
/// Why it does not.
pub(crate) fn check(text: &str) -> Result<(), Misfit> {
    let help = "write one such as `linux/amd64`, `linux/arm64` or `linux/arm/v7`";
    if text.contains(',') {
        return Err(Misfit::new(format!("`{}` is more than one platform", text.escape_debug()), help));
    }
    let parts: Vec<&str> = text.split('/').collect();
    let word = |part: &&str| {
        !part.is_empty()
            && part.len() <= 32
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if !(2..=3).contains(&parts.len()) || !parts.iter().all(word) {
        let message =
            format!("`{}` is no platform: it is system, processor and perhaps a variant", text.escape_debug());
        return Err(Misfit::new(message, help));
    }
    if !matches!(parts[0], "linux" | "windows" | "darwin" | "freebsd") {
        return Err(Misfit::new(format!("`{}` is no system that images are made for", parts[0]), help));
    }
    Ok(())
}
