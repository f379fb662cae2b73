//! What can be typed about objects of clusters that a server knows.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Where an object is.
#[derive(Debug, Args)]
pub(crate) struct PlaceArgs {
    /// The cluster, by its name or id
    #[arg(long, short = 'c', value_name = "CLUSTER", env = "ANSFLOW_CLUSTER")]
    pub(crate) cluster: String,
    /// The namespace; left out: the cluster's default one, in lists all of them
    #[arg(long, short, value_name = "NAMESPACE")]
    pub(crate) namespace: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ObjectCommand {
    /// List objects of a kind, each with what the judge says of it
    List {
        /// `deployments`, `deploy`, `pods`, `certificates.cert-manager.io` …
        kind: String,
        /// Only those whose name contains this
        #[arg(value_name = "TEXT")]
        search: Option<String>,
        /// Only those with these labels: `app=web,tier!=cache`
        #[arg(long, short = 'l', value_name = "SELECTOR")]
        labels: Option<String>,
        #[command(flatten)]
        place: PlaceArgs,
    },
    /// Show an object: whether it is ready and why not, what it owns, what happened to it; `-o yaml`: itself
    Get {
        /// Its kind
        kind: String,
        /// Its name
        name: String,
        #[command(flatten)]
        place: PlaceArgs,
    },
    /// Delete an object
    Delete {
        /// Its kind
        kind: String,
        /// Its name
        name: String,
        #[command(flatten)]
        place: PlaceArgs,
    },
    /// Edit an object in $VISUAL or $EDITOR, or take a file; what changes is shown before it is saved
    Edit {
        /// Its kind
        kind: String,
        /// Its name
        name: String,
        /// The whole of it as it is to be; `-`: the standard input
        #[arg(long, short, value_name = "FILE")]
        file: Option<PathBuf>,
        /// Only show what would change
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        place: PlaceArgs,
    },
    /// Create the objects of a file: all of them, or none where one is refused
    Create {
        /// YAML or JSON; `-`: the standard input
        #[arg(long, short, value_name = "FILE")]
        file: PathBuf,
        /// Only show what would be made
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        place: PlaceArgs,
    },
    /// Print what a pod writes, or all pods with some labels
    Logs(LogArgs),
    /// Run a command in a container; its exit code is this one's
    Exec(ExecArgs),
    /// Want another number of pods
    Scale {
        /// Its kind
        kind: String,
        /// Its name
        name: String,
        /// How many
        #[arg(long, value_name = "N")]
        replicas: u32,
        /// Only where so many are wanted now
        #[arg(long, value_name = "N")]
        current: Option<u32>,
        #[command(flatten)]
        place: PlaceArgs,
    },
    /// Have every pod replaced by a new one of the same template
    Restart {
        /// Its kind
        kind: String,
        /// Its name
        name: String,
        #[command(flatten)]
        place: PlaceArgs,
    },
    /// List the revisions of a Deployment, StatefulSet or DaemonSet
    History {
        /// Its kind
        kind: String,
        /// Its name
        name: String,
        #[command(flatten)]
        place: PlaceArgs,
    },
    /// Go back to a revision, or to the one before the current one
    Rollback {
        /// Its kind
        kind: String,
        /// Its name
        name: String,
        /// Which; `history` lists them
        #[arg(long, value_name = "N")]
        revision: Option<i64>,
        #[command(flatten)]
        place: PlaceArgs,
    },
    /// Show the values of a Secret; who asked for which is written down on the server
    Reveal {
        /// The Secret
        name: String,
        /// Whose values
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
        #[command(flatten)]
        place: PlaceArgs,
    },
}

#[derive(Debug, Args)]
pub(crate) struct LogArgs {
    /// The pod
    #[arg(required_unless_present = "selector", conflicts_with = "selector")]
    pub(crate) pod: Option<String>,
    /// All pods with these labels
    #[arg(long, short = 'l', value_name = "SELECTOR")]
    pub(crate) selector: Option<String>,
    /// Which container; `*`: all of them
    #[arg(long, value_name = "NAME")]
    pub(crate) container: Option<String>,
    /// Go on while they write
    #[arg(long, short)]
    pub(crate) follow: bool,
    /// Of the life before the last restart
    #[arg(long)]
    pub(crate) previous: bool,
    /// So many lines from the end of each
    #[arg(long, value_name = "N")]
    pub(crate) tail: Option<u32>,
    /// Only what was written in the last so many seconds
    #[arg(long, value_name = "SECONDS")]
    pub(crate) since: Option<u64>,
    /// Only lines that have this in them
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ExecArgs {
    /// The pod
    pub(crate) pod: String,
    /// Which container
    #[arg(long, value_name = "NAME")]
    pub(crate) container: Option<String>,
    /// Hand the standard input to it
    #[arg(long, short = 'i')]
    pub(crate) stdin: bool,
    /// The command, behind `--`
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}
