//! What can be typed about a server.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, Subcommand, ValueEnum};

/// Which server, and who we are there.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct RemoteArgs {
    /// Address of the server; that of the last login where it is left out
    #[arg(long, global = true, value_name = "URL", env = "ANSFLOW_SERVER")]
    pub(crate) server: Option<String>,
    /// API token; that of the last login where it is left out
    #[arg(long, global = true, value_name = "TOKEN", env = "ANSFLOW_TOKEN", hide_env_values = true)]
    pub(crate) token: Option<String>,
}

impl RemoteArgs {
    /// The token that was given: by a flag, the environment, or the file that `ANSFLOW_TOKEN_FILE` names.
    pub(crate) fn token(&self) -> Result<Option<String>> {
        if self.token.is_some() {
            return Ok(self.token.clone());
        }
        let Some(path) = std::env::var_os("ANSFLOW_TOKEN_FILE").map(PathBuf::from) else { return Ok(None) };
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("failed to read the token in `{}`", path.display()))?;
        Ok(Some(text.trim().to_owned()))
    }
}

#[derive(Debug, Args)]
pub(crate) struct LoginArgs {
    /// User name; asked for where it is left out
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,
    /// Read the password from standard input
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// The token expires after so many days
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3_650))]
    pub(crate) days: u32,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PipelineCommand {
    /// List pipelines with their last results
    List {
        /// Only those whose name or description contains this
        #[arg(value_name = "TEXT")]
        search: Option<String>,
    },
    /// Show a pipeline
    Get {
        /// Name or id
        pipeline: String,
    },
    /// Create a pipeline from its file, or save a new version
    Apply {
        /// The pipeline file; `-` is standard input
        #[arg(short = 'f', long = "file", value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        /// What has changed, for the list of versions
        #[arg(long, value_name = "TEXT", default_value = "")]
        note: String,
    },
    /// Delete a pipeline; its runs are kept
    Delete {
        /// Name or id
        pipeline: String,
    },
    /// Start a run
    Run(PipelineRunArgs),
    /// Make another pipeline of the same text
    Clone {
        /// Name or id
        pipeline: String,
        /// Name of the new one
        name: String,
    },
    /// Print a pipeline's file as it was written
    Export {
        /// Name or id
        pipeline: String,
    },
    /// Bring in pipeline files
    Import {
        /// Pipeline files
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        /// What becomes of one whose name is taken
        #[arg(long, value_enum, default_value_t = OnConflict::Fail)]
        on_conflict: OnConflict,
    },
    /// List the versions of a pipeline
    Versions {
        /// Name or id
        pipeline: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct PipelineRunArgs {
    /// Name or id
    pub(crate) pipeline: String,
    /// Set or add a variable
    #[arg(long = "var", value_name = "K=V")]
    pub(crate) vars: Vec<String>,
    /// The branch that it is about
    #[arg(long, value_name = "NAME")]
    pub(crate) branch: Option<String>,
    /// The commit that it is about
    #[arg(long, value_name = "SHA")]
    pub(crate) commit: Option<String>,
    /// Begin at this step
    #[arg(long, value_name = "STEP", conflicts_with = "only")]
    pub(crate) from: Option<String>,
    /// Run this step and no other
    #[arg(long, value_name = "STEP")]
    pub(crate) only: Option<String>,
    /// Follow it to its end, and end like it
    #[arg(long, short = 'w')]
    pub(crate) wait: bool,
}

/// What becomes of an imported pipeline whose name is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnConflict {
    /// It is refused
    Fail,
    /// It becomes the next version of the one that is there
    NewVersion,
    /// It gets another name
    Rename,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RunsCommand {
    /// List runs, newest first
    List {
        /// Of this pipeline, by name or id
        #[arg(long, value_name = "PIPELINE")]
        pipeline: Option<String>,
        /// With one of these statuses, with commas in between
        #[arg(long, value_name = "STATUS")]
        status: Option<String>,
        /// Of this branch
        #[arg(long, value_name = "NAME")]
        branch: Option<String>,
        /// At most so many
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: usize,
    },
    /// Show a run with its steps
    Get {
        /// Id, or PIPELINE#NUMBER
        run: String,
    },
    /// Print the output of a run's steps
    Logs {
        /// Id, or PIPELINE#NUMBER
        run: String,
        /// Of this step only
        step: Option<String>,
        /// Go on with what is still to come
        #[arg(short, long)]
        follow: bool,
        /// Of this attempt; the latest where it is left out
        #[arg(long, value_name = "N", requires = "step")]
        attempt: Option<u32>,
    },
    /// Follow a run to its end, and end like it
    Watch {
        /// Id, or PIPELINE#NUMBER
        run: String,
    },
    /// Cancel a run
    Cancel {
        /// Id, or PIPELINE#NUMBER
        run: String,
    },
    /// Run it again: all of it, from a step, or what has failed
    Retry {
        /// Id, or PIPELINE#NUMBER
        run: String,
        /// From this step on
        #[arg(long, value_name = "STEP", conflicts_with = "failed")]
        from: Option<String>,
        /// Only what has failed, and what follows it
        #[arg(long)]
        failed: bool,
        /// Follow it to its end, and end like it
        #[arg(long, short = 'w')]
        wait: bool,
    },
    /// Say yes to a step that waits for approval
    Approve(DecisionArgs),
    /// Say no to a step that waits for approval
    Reject(DecisionArgs),
}

#[derive(Debug, Args)]
pub(crate) struct DecisionArgs {
    /// Id, or PIPELINE#NUMBER
    pub(crate) run: String,
    /// The step; the one that waits where there is only one
    pub(crate) step: Option<String>,
    /// What to add
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) message: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SecretCommand {
    /// List secrets; values are never shown
    List,
    /// Store a secret, its value read from standard input or a file
    Set {
        /// Its name, as in `{{ secrets.NAME }}`
        name: String,
        /// Read the value from this file instead of standard input
        #[arg(long, value_name = "FILE")]
        from_file: Option<PathBuf>,
        /// What it is for
        #[arg(long, value_name = "TEXT", default_value = "")]
        description: String,
    },
    /// Remove a secret
    Remove {
        /// Its name
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// List your API tokens
    List,
    /// Make an API token and print it, once
    Create {
        /// What to call it
        name: String,
        /// It expires after so many days; left out, when the token that you are logged in with does
        #[arg(long, value_name = "N")]
        days: Option<u32>,
        /// It may look and nothing else
        #[arg(long)]
        read_only: bool,
    },
    /// Revoke an API token
    Revoke {
        /// Its id or name
        token: String,
    },
}
