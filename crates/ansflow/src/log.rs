//! The log of a command that goes on for long, on standard error.

use anyhow::{Context, Result};
use tracing_subscriber::EnvFilter;

use crate::cli::server::LogFormat;
use crate::exit::Refused;

/// Logs from now on what the filter lets through, such as `info` or `info,ansflow_engine=debug`.
///
/// # Errors
/// Where that is no filter.
pub(crate) fn start(filter: &str, format: LogFormat) -> Result<()> {
    let levels = EnvFilter::try_new(filter)
        .with_context(|| Refused::invalid(format!("`--log {filter}` is no level and no filter")))?;
    let log = tracing_subscriber::fmt().with_env_filter(levels).with_writer(std::io::stderr);
    // A log that somebody has set up already is the log.
    let _ = match format {
        LogFormat::Json => log.json().flatten_event(true).try_init(),
        LogFormat::Text => log.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
    };
    Ok(())
}
