//! What a text must be that is more than a text: judged where it stands, and again when its values are put in.

use crate::container::{limits, name, platform};
use crate::image::{self, Address, Reference, Refused};

/// What a text must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The name of an image.
    Image,
    /// A tag.
    Tag,
    /// A project, between registry and image.
    Project,
    /// The address of a registry.
    Address,
    /// `linux/amd64`, `linux/arm/v7`.
    Platform,
    /// `512m`, `1.5g`.
    Memory,
    /// `1.5`, `500m`.
    Cpus,
    /// The name of a container.
    ContainerName,
    /// A network, `host`, `none`, `bridge`.
    Network,
    /// `1000`, `1000:1000`, `node`.
    User,
}

/// Why a text is not what it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// What is wrong, naming the text.
    pub why: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl Format {
    /// Judges a text without holes.
    ///
    /// # Errors
    /// Why it is not what it must be.
    pub fn check(self, text: &str) -> Result<(), Misfit> {
        match self {
            Format::Image => Reference::parse(text).map(drop).map_err(Misfit::from),
            Format::Tag => image::check_tag(text).map_err(Misfit::from),
            Format::Project => image::check_project(text).map_err(Misfit::from),
            Format::Address => Address::parse(text).map(drop).map_err(Misfit::from),
            Format::Platform => platform::check(text),
            Format::Memory => limits::memory(text).map(drop),
            Format::Cpus => limits::nano_cpus(text).map(drop),
            Format::ContainerName => name::container(text),
            Format::Network => name::network(text),
            Format::User => name::user(text),
        }
    }
}

impl Misfit {
    pub(crate) fn new(why: impl Into<String>, help: impl Into<String>) -> Self {
        Self { why: why.into(), help: Some(help.into()) }
    }
}

impl From<Refused> for Misfit {
    fn from(refused: Refused) -> Self {
        let help = refused.help();
        Self { why: refused.reason, help }
    }
}

impl std::fmt::Display for Misfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.help {
            Some(help) => write!(f, "{}; {help}", self.why),
            None => f.write_str(&self.why),
        }
    }
}
