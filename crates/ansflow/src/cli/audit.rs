//! What can be typed about what was done on a server.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// List who did what, newest first
    List(AuditListArgs),
    /// Go through the chain of entries: whether one was changed, taken out or put in between; exit code 1 where it breaks
    Verify,
}

#[derive(Debug, Args)]
pub(crate) struct AuditListArgs {
    /// Of this person
    #[arg(long, value_name = "NAME")]
    pub(crate) actor: Option<String>,
    /// What was done: `secret.reveal`, or `secret` for all that begins with it and a dot
    #[arg(long, value_name = "ACTION")]
    pub(crate) action: Option<String>,
    /// Done to what this text stands in: a cluster's name, `shop/db`
    #[arg(long, value_name = "TEXT")]
    pub(crate) object: Option<String>,
    /// Only since then: `2h`, `7d`, or a time as 2026-11-22T05:00:00Z
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
}
