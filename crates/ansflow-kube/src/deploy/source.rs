//! The files that manifests are read from: one, a folder's, or those that a pattern fits.
//!
//! No path leads out of the workspace, by whatever way it is written, and no link does.

use super::manifest::Problem;
use globset::{GlobBuilder, GlobMatcher};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

/// Where manifests are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dir {
    /// The run's workspace; nothing outside of it is read.
    pub workspace: PathBuf,
    /// Where the step works, within the workspace.
    pub directory: PathBuf,
}

/// A text that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    /// Its name, relative to the step's directory.
    pub(super) name: String,
    pub(super) text: String,
}

/// Where manifests lie by themselves.
const USUAL: &str = "k8s";
/// What a file of manifests ends with.
const ENDINGS: [&str; 3] = ["yml", "yaml", "json"];
/// The files by which kustomize knows its folders.
const KUSTOMIZE: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
/// The file by which Helm knows its charts.
const CHART: &str = "Chart.yaml";
/// More files than this are no deploy.
const MOST_FILES: usize = 2_000;
/// A file is no longer than this, in bytes; the reader of YAML has the same limit.
const LARGEST: u64 = ansflow_core::yaml::LARGEST as u64;
/// Folders do not nest deeper than this.
const DEEPEST: usize = 32;

impl Dir {
    /// The texts that `path` means: a file, a folder, or a pattern such as `k8s/**/*.yaml`.
    pub(super) fn texts(&self, path: &str) -> Result<Vec<Text>, Problem> {
        let path = path.trim();
        if path.is_empty() || path.contains('\0') {
            return Err(Problem::of("manifest_path", "this is no path"));
        }
        let name = Path::new(path);
        let there = self.directory.join(name);
        if there.symlink_metadata().is_err() && path.contains(['*', '?', '[', '{']) {
            return self.fitting(path);
        }
        let real = self.real(&there, path)?;
        if real.is_dir() { self.folder(&real, name) } else { Ok(vec![self.file(&there, name)?]) }
    }

    /// The texts of a step that names none: those in `k8s/`.
    pub(super) fn look(&self) -> Result<Vec<Text>, Problem> {
        if self.directory.join(CHART).symlink_metadata().is_ok() {
            return Err(chart(CHART));
        }
        if self.directory.join(USUAL).is_dir() {
            return self.texts(USUAL);
        }
        let looked = "there is neither manifest_content, manifest_path nor deployment_spec, no Chart.yaml in the step's directory, and no folder `k8s/` in it";
        Err(Problem::of(USUAL, looked).help("name the manifests with manifest_path"))
    }

    fn folder(&self, folder: &Path, name: &Path) -> Result<Vec<Text>, Problem> {
        let mut names = Vec::new();
        self.walk(folder, name, DEEPEST, &mut |file| names.push(file.to_owned()))?;
        if names.is_empty() {
            let message = "this folder has no file that ends with .yml, .yaml or .json";
            return Err(Problem::of(&shown(name), message));
        }
        self.read_all(&names)
    }

    fn fitting(&self, pattern: &str) -> Result<Vec<Text>, Problem> {
        let wrong = |error: globset::Error| Problem::of(pattern, format!("this pattern is none: {}", error.kind()));
        let pattern_path = plain(Path::new(pattern));
        let glob = GlobBuilder::new(&shown(&pattern_path)).literal_separator(true).build().map_err(wrong)?;
        let glob: GlobMatcher = glob.compile_matcher();
        // Up to the first part that is a pattern: nothing else needs to be looked through.
        let fixed = |part: &Component<'_>| !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']);
        let base: PathBuf = pattern_path.components().take_while(fixed).collect();
        let there = self.directory.join(&base);
        let mut names = Vec::new();
        if there.is_dir() {
            let real = self.real(&there, pattern)?;
            self.walk(&real, &base, DEEPEST, &mut |file| {
                if glob.is_match(file) {
                    names.push(file.to_owned());
                }
            })?;
        }
        if names.is_empty() {
            return Err(Problem::of(pattern, "no file that ends with .yml, .yaml or .json fits this pattern"));
        }
        self.read_all(&names)
    }

    /// Tells of every file of manifests in a folder and below, sorted by name. Links to folders are not followed.
    fn walk(&self, folder: &Path, name: &Path, depth: usize, found: &mut dyn FnMut(&Path)) -> Result<(), Problem> {
        let problem = |error: std::io::Error| Problem::of(&shown(name), format!("it cannot be read: {error}"));
        if depth == 0 {
            return Err(Problem::of(&shown(name), format!("folders nest deeper than {DEEPEST}")));
        }
        let mut entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(problem)?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let (path, kind) = (entry.path(), entry.file_type().map_err(problem)?);
            let file = name.join(entry.file_name());
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if kind.is_dir() {
                self.walk(&path, &file, depth - 1, found)?;
            } else if is_special(&file) || (has_ending(&file) && !path.is_dir()) {
                found(&file);
            }
        }
        Ok(())
    }

    fn read_all(&self, names: &[PathBuf]) -> Result<Vec<Text>, Problem> {
        if let Some(special) = names.iter().find(|name| is_special(name)) {
            return Err(refusal(special));
        }
        if names.len() > MOST_FILES {
            let first = names.first().map(|name| shown(name)).unwrap_or_default();
            return Err(Problem::of(&first, format!("there are {} files; {MOST_FILES} are the most", names.len())));
        }
        names.iter().map(|name| self.file(&self.directory.join(name), name)).collect()
    }

    fn file(&self, path: &Path, name: &Path) -> Result<Text, Problem> {
        if is_special(name) {
            return Err(refusal(name));
        }
        let name = shown(name);
        let real = self.real(path, &name)?;
        let problem = |error: std::io::Error| Problem::of(&name, format!("it cannot be read: {error}"));
        let looked = real.symlink_metadata().map_err(problem)?;
        if !looked.is_file() {
            return Err(Problem::of(&name, "this is no file"));
        }
        if looked.len() > LARGEST {
            return Err(Problem::of(&name, format!("it has more than {} MiB", LARGEST >> 20)));
        }
        let file = File::open(&real).map_err(problem)?;
        // Something may have taken its place since it was looked at.
        if !is_same(&file.metadata().map_err(problem)?, &looked) || self.real(path, &name)? != real {
            return Err(Problem::of(&name, "it changed while it was opened"));
        }
        let mut bytes = Vec::new();
        file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(problem)?;
        let text = String::from_utf8(bytes).map_err(|_| Problem::of(&name, "it is no UTF-8"))?;
        Ok(Text { text: text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text), name })
    }

    /// The real place of a path, which lies in the workspace.
    fn real(&self, path: &Path, name: &str) -> Result<PathBuf, Problem> {
        let workspace =
            self.workspace.canonicalize().map_err(|error| Problem::of(name, format!("no workspace: {error}")))?;
        let real = path.canonicalize().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                Problem::of(name, "there is no such file or folder in the step's directory")
            }
            _ => Problem::of(name, format!("it cannot be read: {error}")),
        })?;
        if real.starts_with(&workspace) { Ok(real) } else { Err(Problem::of(name, "it lies outside the workspace")) }
    }
}

#[cfg(unix)]
fn is_same(opened: &fs::Metadata, looked: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (opened.dev(), opened.ino()) == (looked.dev(), looked.ino())
}

#[cfg(not(unix))]
fn is_same(opened: &fs::Metadata, looked: &fs::Metadata) -> bool {
    opened.len() == looked.len()
}

fn has_ending(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

fn is_special(file: &Path) -> bool {
    file.file_name().is_some_and(|name| KUSTOMIZE.iter().any(|known| name == *known) || name == CHART)
}

fn refusal(file: &Path) -> Problem {
    if file.ends_with(CHART) {
        return chart(&shown(file));
    }
    let folder = file.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let message = "this folder is for kustomize, which AnsFlow does not run";
    let folder = shown(folder);
    Problem::of(&shown(file), message).help(format!(
        "write its output in a step before, `kubectl kustomize {folder} > manifests.yaml`, and deploy that"
    ))
}

fn chart(file: &str) -> Problem {
    Problem::of(file, "this folder is a Helm chart; `deploy_type: helm` is not there yet")
        .help("render it in a step before, `helm template NAME . > manifests.yaml`, and deploy that")
}

/// Without `.` and the blanks of `a/./b`.
fn plain(path: &Path) -> PathBuf {
    path.components().filter(|part| !matches!(part, Component::CurDir)).collect()
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
