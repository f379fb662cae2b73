//! What can be typed about image registries on a server. A password is never an argument: others read those.

use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(crate) enum RegistryCommand {
    /// List registries; passwords are never shown
    List,
    /// Add a registry
    Add(RegistryAddArgs),
    /// Change a registry; what is not named stays as it is
    Edit(RegistryEditArgs),
    /// Remove a registry
    Remove {
        /// Name or id
        registry: String,
    },
    /// Ask a registry whether it is there, is one, and takes the login
    Test {
        /// Name or id
        registry: String,
    },
    /// Make a registry the one that `default` means
    Default {
        /// Name or id
        registry: String,
    },
    /// List the repositories of a registry, where it tells
    Repositories {
        /// Name or id
        registry: String,
        /// Only those whose name contains this
        #[arg(value_name = "TEXT")]
        search: Option<String>,
    },
    /// List the tags of a repository
    Tags {
        /// Name or id
        registry: String,
        /// Its whole path, such as `team/shop` or `library/nginx`
        repository: String,
        /// Only those that contain this
        #[arg(value_name = "TEXT")]
        search: Option<String>,
        /// Ask what each of them stands for: digest, size and age
        #[arg(long)]
        digests: bool,
    },
    /// Say what a tag stands for: digest, size, age and platforms
    Image {
        /// Name or id
        registry: String,
        /// Its whole path, such as `team/shop` or `library/nginx`
        repository: String,
        /// A tag, or a digest
        #[arg(default_value = "latest")]
        tag: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RegistryAddArgs {
    /// What steps are to call it
    pub(crate) name: String,
    /// Where it is: `harbor.example.com`, `127.0.0.1:5000/team`; not needed for Docker Hub
    pub(crate) address: Option<String>,
    /// Whose it is
    #[arg(long, value_enum, default_value_t = RegistryKind::Private)]
    pub(crate) kind: RegistryKind,
    /// Who signs in; the password is asked for
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,
    /// Read the password from standard input
    #[arg(long, requires = "user")]
    pub(crate) password_stdin: bool,
    /// Plain HTTP and certificates of nobody's will do
    #[arg(long)]
    pub(crate) insecure: bool,
    /// Make it the default
    #[arg(long)]
    pub(crate) default: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RegistryEditArgs {
    /// Name or id
    pub(crate) registry: String,
    /// What steps are to call it from now on
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Where it is; another host needs its password again
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) address: Option<String>,
    /// Whose it is
    #[arg(long, value_enum)]
    pub(crate) kind: Option<RegistryKind>,
    /// Who signs in
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,
    /// Ask for another password
    #[arg(long, conflicts_with_all = ["password_stdin", "no_login"])]
    pub(crate) ask_password: bool,
    /// Read another password from standard input
    #[arg(long, conflicts_with = "no_login")]
    pub(crate) password_stdin: bool,
    /// Nobody signs in any more; user and password are forgotten
    #[arg(long, conflicts_with = "user")]
    pub(crate) no_login: bool,
    /// Whether plain HTTP and certificates of nobody's will do
    #[arg(long, value_name = "true|false")]
    pub(crate) insecure: Option<bool>,
}

/// Whose registry it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RegistryKind {
    /// Docker Hub
    #[value(name = "dockerhub")]
    DockerHub,
    /// One of one's own
    Private,
    /// Harbor
    Harbor,
    /// Amazon's
    Ecr,
    /// Google's
    Gcr,
    /// Microsoft's
    Acr,
}

impl RegistryKind {
    /// Its word in the API.
    pub(crate) fn name(self) -> &'static str {
        match self {
            RegistryKind::DockerHub => "dockerhub",
            RegistryKind::Private => "private",
            RegistryKind::Harbor => "harbor",
            RegistryKind::Ecr => "ecr",
            RegistryKind::Gcr => "gcr",
            RegistryKind::Acr => "acr",
        }
    }
}
