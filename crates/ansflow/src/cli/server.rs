//! What can be typed behind `ansflow server`. Every flag has an environment variable.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct ServerArgs {
    /// Where to listen
    #[arg(long, value_name = "ADDR", env = "ANSFLOW_LISTEN", default_value = "127.0.0.1:8080")]
    pub(crate) listen: String,
    /// Where everything is kept: /var/lib/ansflow for root, else $XDG_DATA_HOME/ansflow
    #[arg(long, value_name = "DIR", env = "ANSFLOW_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// A PostgreSQL; SQLite in the data directory where it is left out
    #[arg(long, value_name = "URL", env = "ANSFLOW_DATABASE_URL", hide_env_values = true)]
    pub(crate) database_url: Option<String>,
    /// The same, in a file
    #[arg(long, value_name = "FILE", env = "ANSFLOW_DATABASE_URL_FILE", conflicts_with = "database_url")]
    pub(crate) database_url_file: Option<PathBuf>,
    /// Let notifications go to services of this machine, such as 127.0.0.1, and clusters be some
    #[arg(long, env = "ANSFLOW_ALLOW_LOOPBACK")]
    pub(crate) allow_loopback: bool,
    /// A folder of this machine that containers of steps may mount besides their workspace
    #[arg(long = "allow-mount", value_name = "PATH", env = "ANSFLOW_ALLOW_MOUNT", value_delimiter = ':')]
    pub(crate) allowed_mounts: Vec<PathBuf>,
    /// A program that a cluster's kubeconfig may have run for a token, by its whole path
    #[arg(long = "allow-exec", value_name = "PATH", env = "ANSFLOW_ALLOW_EXEC", value_delimiter = ':')]
    pub(crate) allowed_exec: Vec<PathBuf>,
    /// How its log is written to standard error
    #[arg(long, value_name = "FORMAT", env = "ANSFLOW_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
    /// What is logged: error, warn, info, debug, trace, or a filter such as `info,ansflow_engine=debug`
    #[arg(long, value_name = "LEVEL", env = "ANSFLOW_LOG", default_value = "info")]
    pub(crate) log: String,
}

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One object a line.
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Where to listen; a free port where it is left out
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub(crate) listen: String,
    /// Write address, user and password, one line, into this file when it is ready
    #[arg(long, value_name = "FILE")]
    pub(crate) address_file: Option<PathBuf>,
}
