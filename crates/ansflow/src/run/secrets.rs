//! Secrets of a run on a laptop: named on the command line, never with their value.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use crate::exit::Refused;

/// Where a secret's value is looked for in the environment.
const VARIABLE: &str = "ANSFLOW_SECRET_";

/// Secrets by name. `Debug` shows the names only.
#[derive(Clone, Default)]
pub(crate) struct Secrets(BTreeMap<String, String>);

impl Secrets {
    /// Reads what `--secret NAME` and `--secret-file NAME=PATH` name.
    pub(crate) fn read(names: &[String], files: &[String]) -> Result<Self> {
        let mut secrets = BTreeMap::new();
        for name in names {
            let variable = format!("{VARIABLE}{name}");
            let value = std::env::var(&variable).map_err(|_| {
                Refused::invalid(format!("the secret `{name}` has no value"))
                    .help(format!("give it in the environment variable {variable}, or use --secret-file {name}=PATH"))
            })?;
            add(&mut secrets, name, value)?;
        }
        for pair in files {
            let (name, path) = pair.split_once('=').ok_or_else(|| {
                Refused::invalid(format!("`--secret-file {pair}` names no file")).help("write --secret-file NAME=PATH")
            })?;
            let text = std::fs::read_to_string(path).with_context(|| {
                Refused::invalid(format!("the file `{path}` of the secret `{name}` cannot be read"))
            })?;
            // Editors and `echo` end a file with a newline that is no part of a password.
            let value = text.strip_suffix('\n').unwrap_or(&text).to_owned();
            add(&mut secrets, name, value)?;
        }
        Ok(Self(secrets))
    }

    /// By name.
    pub(crate) fn by_name(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    /// Names of secrets that are too short to be masked.
    pub(crate) fn too_short(&self) -> impl Iterator<Item = &str> {
        let short = |value: &str| value.chars().count() < ansflow_core::mask::SHORTEST;
        self.0.iter().filter(move |(_, value)| short(value)).map(|(name, _)| name.as_str())
    }
}

fn add(secrets: &mut BTreeMap<String, String>, name: &str, value: String) -> Result<()> {
    if value.is_empty() {
        return Err(Refused::invalid(format!("the secret `{name}` is empty")).into());
    }
    if secrets.insert(name.to_owned(), value).is_some() {
        return Err(Refused::invalid(format!("the secret `{name}` is given twice")).into());
    }
    Ok(())
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
