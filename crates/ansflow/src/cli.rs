//! What can be typed.

pub(crate) mod audit;
pub(crate) mod cluster;
pub(crate) mod object;
pub(crate) mod registry;
pub(crate) mod remote;
pub(crate) mod server;
pub(crate) mod simulate;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use self::audit::AuditCommand;
use self::cluster::ClusterCommand;
use self::object::ObjectCommand;
use self::registry::RegistryCommand;
use self::remote::{LoginArgs, PipelineCommand, RemoteArgs, RunsCommand, SecretCommand, TokenCommand};
use self::server::{DemoArgs, ServerArgs};
use self::simulate::SimulateArgs;

/// CI/CD that ships containers to Kubernetes: pipelines here and now, and on a server.
#[derive(Debug, Parser)]
#[command(name = "ansflow", version, disable_help_subcommand = true, max_term_width = 100)]
pub(crate) struct Cli {
    /// How data is printed on standard output.
    #[arg(short, long, global = true, value_enum, default_value_t = Output::Table, value_name = "FORMAT")]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) remote: RemoteArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The form of what goes to standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people.
    Table,
    /// For programs.
    Json,
    /// For programs and people.
    Yaml,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a pipeline file here and now
    Run(Box<RunArgs>),
    /// Say what is wrong with pipeline files, all of it, with file, line and column
    Validate(ValidateArgs),
    /// Show what would run, in which order, with which values, without running it
    Plan(PlanArgs),
    /// Print the JSON Schema of the pipeline file
    Schema,
    /// List the step types, or describe one
    Steps {
        /// A step type, such as `command` or `k8s_deploy`
        #[arg(value_name = "TYPE")]
        kind: Option<String>,
    },
    /// Say of Kubernetes objects whether they are ready: `kubectl get all -o yaml | ansflow judge -`
    Judge {
        /// Files of objects, YAML or JSON; the standard input where there is none, or `-`
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Serve: pipelines, runs and the web UI, for everybody who may sign in
    Server(ServerArgs),
    /// Look around: the real server on a temporary folder, with sample pipelines and an administrator
    Demo(DemoArgs),
    /// A simulated Kubernetes on its own, for kubectl and helm: no image is pulled, no container runs
    Simulate(SimulateArgs),
    /// Pipelines on a server
    #[command(subcommand)]
    Pipeline(PipelineCommand),
    /// Runs on a server
    #[command(subcommand)]
    Runs(RunsCommand),
    /// Secrets on a server
    #[command(subcommand)]
    Secret(SecretCommand),
    /// Kubernetes clusters on a server
    #[command(subcommand)]
    Cluster(ClusterCommand),
    /// Objects of clusters that a server knows
    #[command(subcommand)]
    Object(ObjectCommand),
    /// Who did what to clusters and in them, on a server
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Image registries on a server
    #[command(subcommand)]
    Registry(RegistryCommand),
    /// Your API tokens on a server
    #[command(subcommand)]
    Token(TokenCommand),
    /// Sign in to a server and keep a token
    Login(LoginArgs),
    /// Forget the token, and revoke it
    Logout,
    /// Say who you are on the server
    Whoami,
    /// Check what this machine has of what pipelines need
    Doctor,
    /// Say by the exit code whether the server of this machine is ready, for container engines
    Healthcheck {
        /// Where it listens
        #[arg(long, value_name = "ADDR", env = "ANSFLOW_LISTEN", default_value = "127.0.0.1:8080")]
        listen: String,
    },
    /// Print a completion script for a shell
    Completion {
        /// For which shell
        shell: clap_complete::Shell,
    },
    /// Print the version
    Version,
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// The pipeline file
    #[arg(value_name = "FILE", required_unless_present = "resume", conflicts_with = "resume")]
    pub(crate) file: Option<PathBuf>,
    /// Set or add a variable
    #[arg(long = "var", value_name = "K=V", conflicts_with = "resume")]
    pub(crate) vars: Vec<String>,
    /// Environment of the steps, one K=V a line
    #[arg(long, value_name = "FILE", conflicts_with = "resume")]
    pub(crate) env_file: Option<PathBuf>,
    /// A secret, its value in the environment variable ANSFLOW_SECRET_NAME
    #[arg(long = "secret", value_name = "NAME")]
    pub(crate) secrets: Vec<String>,
    /// A secret, its value the content of a file
    #[arg(long = "secret-file", value_name = "NAME=PATH")]
    pub(crate) secret_files: Vec<String>,
    /// The workspace; the current directory where it is left out
    #[arg(long, value_name = "DIR", conflicts_with = "resume")]
    pub(crate) dir: Option<PathBuf>,
    /// Begin at this step; earlier ones are skipped
    #[arg(long, value_name = "STEP", conflicts_with_all = ["only", "resume"])]
    pub(crate) from: Option<String>,
    /// Run this step and no other
    #[arg(long, value_name = "STEP", conflicts_with = "resume")]
    pub(crate) only: Option<String>,
    /// Start a simulated Kubernetes for this run: the cluster `simulated`, and KUBECONFIG of the steps
    #[arg(long)]
    pub(crate) simulate: bool,
    /// What a cluster's name means here
    #[arg(long = "cluster", value_name = "NAME=KUBECONFIG[#CONTEXT]")]
    pub(crate) clusters: Vec<String>,
    /// A program that a kubeconfig may run for its token, as it is written there
    #[arg(long = "allow-exec", value_name = "PROGRAM")]
    pub(crate) allowed_exec: Vec<PathBuf>,
    /// What a registry's name means here
    #[arg(long = "registry", value_name = "NAME=ADDRESS")]
    pub(crate) registries: Vec<String>,
    /// A folder of this machine that containers may mount besides the workspace
    #[arg(long = "allow-mount", value_name = "PATH")]
    pub(crate) allowed_mounts: Vec<PathBuf>,
    /// Say yes to every approval; recorded under your name
    #[arg(long, short = 'y')]
    pub(crate) yes: bool,
    /// At most so many steps at once; the number of processors, but at least 4, where it is left out
    #[arg(long, value_name = "N", env = "ANSFLOW_CONCURRENCY", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) concurrency: Option<u32>,
    /// Go on with an interrupted run
    #[arg(long, value_name = "RUN")]
    pub(crate) resume: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ValidateArgs {
    /// Pipeline files
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Set or add a variable
    #[arg(long = "var", value_name = "K=V")]
    pub(crate) vars: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// The pipeline file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Set or add a variable
    #[arg(long = "var", value_name = "K=V")]
    pub(crate) vars: Vec<String>,
    /// The workspace; the current directory where it is left out
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}
