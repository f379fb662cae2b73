//! The environment that the docker command would read, given by whoever calls: nothing in here asks the process itself.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Variables by their names. What a name is set to, if it is the empty text, is as good as not set.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
}

impl Environment {
    /// Of these variables.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Environment {
        Environment { variables: variables.into_iter().collect() }
    }

    /// Of this process. Variables that are not text are left out.
    pub fn of_process() -> Environment {
        Environment::new(
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))),
        )
    }

    /// A variable that is set to something.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Sets a variable.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.variables.insert(name.to_owned(), value.into());
    }

    /// Takes a variable out.
    pub fn remove(&mut self, name: &str) {
        self.variables.remove(name);
    }

    pub(crate) fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The folder of the docker command's settings.
    pub(crate) fn docker_config(&self) -> Option<PathBuf> {
        let own = self.get("DOCKER_CONFIG").map(PathBuf::from);
        own.or_else(|| self.get("HOME").map(|home| Path::new(home).join(".docker")))
    }

    /// A program of the path.
    pub(crate) fn program(&self, name: &str) -> Option<PathBuf> {
        self.programs(name).next()
    }

    /// The programs of that name, as the path has them. The name is one word: no folder is looked into but those of
    /// `PATH`.
    pub(crate) fn programs(&self, name: &str) -> impl Iterator<Item = PathBuf> {
        let folders = std::env::split_paths(self.get("PATH").unwrap_or_default());
        folders
            .filter(|folder| folder.is_absolute())
            .map(move |folder| folder.join(name))
            .filter(|file| is_executable(file))
    }
}

/// Values may be secrets: only the names are shown.
impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}
