//! The files that a container sees: what its image has, its own layer over it, and the volumes that are mounted.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::lock::lock;
use crate::program::{FileError, FileFacts, Files};
use crate::programs::Image;
use crate::time::Micros;

/// Bytes of one file that are kept; what is longer only counts.
const KEPT: usize = 1 << 20;

#[derive(Debug, Clone, Default)]
struct Entry {
    bytes: Arc<[u8]>,
    size: u64,
    mode: u32,
    folder: bool,
    changed: Micros,
}

/// Paths from the root of a tree (`/a/b`; the root itself is no entry) to what is there.
#[derive(Debug, Clone, Default)]
struct Tree(BTreeMap<String, Entry>);

/// A volume: shared by the containers of a pod, and by their lives.
#[derive(Debug, Clone, Default)]
pub(crate) struct Volume {
    tree: Arc<Mutex<Tree>>,
    read_only: bool,
}

impl Volume {
    /// An empty folder that all may write.
    pub(crate) fn empty() -> Volume {
        Volume::default()
    }

    /// The keys of a ConfigMap or a Secret: name or path, bytes, mode.
    pub(crate) fn of(files: impl IntoIterator<Item = (String, Vec<u8>, u32)>, at: Micros) -> Volume {
        let volume = Volume { read_only: true, ..Volume::default() };
        volume.replace(files, at);
        volume
    }

    /// Puts other files in the place of all that are there.
    pub(crate) fn replace(&self, files: impl IntoIterator<Item = (String, Vec<u8>, u32)>, at: Micros) {
        let mut tree = Tree::default();
        for (name, bytes, mode) in files {
            let path = format!("/{}", name.trim_matches('/'));
            for (end, _) in path.char_indices().skip(1).filter(|(_, c)| *c == '/') {
                tree.0.insert(
                    path[..end].to_owned(),
                    Entry { folder: true, mode: 0o755, changed: at, ..Entry::default() },
                );
            }
            let size = bytes.len() as u64;
            tree.0.insert(path, Entry { bytes: bytes.into(), size, mode, folder: false, changed: at });
        }
        let mut held = self.lock();
        let same = |one: &Entry, other: &Entry| (&one.bytes, one.mode) == (&other.bytes, other.mode);
        let unchanged = held.0.len() == tree.0.len()
            && held.0.iter().zip(&tree.0).all(|(held, new)| held.0 == new.0 && same(held.1, new.1));
        if !unchanged {
            *held = tree;
        }
    }

    /// What is written in it, in bytes.
    pub(crate) fn used(&self) -> u64 {
        self.lock().used()
    }

    fn lock(&self) -> MutexGuard<'_, Tree> {
        lock(&self.tree)
    }
}

#[derive(Debug, Clone)]
struct Mount {
    path: String,
    within: String,
    volume: Volume,
    read_only: bool,
}

/// One life of a container: a restart begins with an empty layer and the same mounts.
#[derive(Debug, Clone)]
pub(crate) struct ContainerFiles {
    image: String,
    hostname: String,
    user: Option<i64>,
    read_only: bool,
    born: Micros,
    layer: Tree,
    mounts: Vec<Mount>,
}

impl ContainerFiles {
    pub(crate) fn new(image: &str, hostname: &str, user: Option<i64>, born: Micros) -> ContainerFiles {
        ContainerFiles {
            image: image.to_owned(),
            hostname: hostname.to_owned(),
            user,
            read_only: false,
            born,
            layer: Tree::default(),
            mounts: Vec::new(),
        }
    }

    /// `readOnlyRootFilesystem`.
    pub(crate) fn read_only(mut self) -> ContainerFiles {
        self.read_only = true;
        self
    }

    /// Mounts a volume, or what stands in it at `within` (its `subPath`).
    pub(crate) fn mount(&mut self, path: &str, volume: &Volume, within: &str, read_only: bool) {
        let within = if within.is_empty() { String::new() } else { format!("/{}", within.trim_matches('/')) };
        let path = format!("/{}", path.trim_matches('/'));
        self.mounts.push(Mount { path, within, volume: volume.clone(), read_only: read_only || volume.read_only });
        // The longest path is the innermost mount.
        self.mounts.sort_by_key(|mount| std::cmp::Reverse(mount.path.len()));
    }

    /// The same container once more: mounts stay, the layer is new.
    #[cfg(test)]
    pub(crate) fn again(&self, born: Micros) -> ContainerFiles {
        ContainerFiles { layer: Tree::default(), born, ..self.clone() }
    }

    /// What is written in the layer, in bytes.
    pub(crate) fn used(&self) -> u64 {
        self.layer.used()
    }

    /// The mount that a path lies in, and the path in its volume.
    fn mounted(&self, path: &str) -> Option<(&Mount, String)> {
        self.mounts.iter().find_map(|mount| {
            let rest = path.strip_prefix(mount.path.as_str())?;
            (rest.is_empty() || rest.starts_with('/')).then(|| (mount, format!("{}{rest}", mount.within)))
        })
    }

    /// What the image has at a path.
    fn base(&self, path: &str) -> Option<Entry> {
        let folder = || Entry {
            folder: true,
            mode: if path == "/tmp" { 0o1777 } else { 0o755 },
            changed: self.born,
            ..Entry::default()
        };
        let file = |text: String, mode| {
            let size = text.len() as u64;
            Entry { bytes: text.into_bytes().into(), size, mode, folder: false, changed: self.born }
        };
        let nginx = Image::of(&self.image) == Image::Nginx;
        let (parent, name) = path.rsplit_once('/')?;
        match path {
            "/etc/hostname" => Some(file(format!("{}\n", self.hostname), 0o644)),
            "/etc/hosts" => Some(file(format!("127.0.0.1\tlocalhost\n::1\tlocalhost\n{}\n", self.hostname), 0o644)),
            "/etc/resolv.conf" => Some(file("nameserver 10.96.0.10\noptions ndots:5\n".to_owned(), 0o644)),
            "/etc/passwd" => Some(file("root:x:0:0:root:/root:/bin/sh\n".to_owned(), 0o644)),
            "/etc/nginx/nginx.conf" if nginx => Some(file("include /etc/nginx/conf.d/*.conf;\n".to_owned(), 0o644)),
            "/etc/nginx/conf.d/default.conf" if nginx => Some(file(DEFAULT_SITE.to_owned(), 0o644)),
            "/etc/nginx" | "/etc/nginx/conf.d" | "/usr/share" | "/usr/share/nginx" | "/usr/share/nginx/html"
                if nginx =>
            {
                Some(folder())
            }
            "/usr/bin" | "/usr/sbin" | "/usr/local" | "/usr/local/bin" | "/var/log" | "/var/run" | "/var/lib" => {
                Some(folder())
            }
            "/agnhost" if Image::of(&self.image) == Image::Agnhost => Some(file(String::new(), 0o755)),
            _ if parent.is_empty() && ROOT.contains(&name) => Some(folder()),
            _ if BINARIES.contains(&parent) && Image::of(&self.image).is_known() && super::has(&self.image, name) => {
                Some(Entry { size: 1 << 20, mode: 0o755, changed: self.born, ..Entry::default() })
            }
            _ => None,
        }
    }

    fn entry(&self, path: &str) -> Result<Entry, FileError> {
        let root = || Entry { folder: true, mode: 0o755, changed: self.born, ..Entry::default() };
        if path == "/" {
            return Ok(root());
        }
        if let Some((mount, inner)) = self.mounted(path) {
            if inner.is_empty() {
                return Ok(Entry { mode: 0o777, ..root() });
            }
            return mount.volume.lock().0.get(&inner).cloned().ok_or(FileError::Missing);
        }
        let above = self.mounts.iter().any(|mount| mount.path.starts_with(&format!("{path}/")));
        let found = self.layer.0.get(path).cloned().or_else(|| self.base(path)).or_else(|| above.then(root));
        found.filter(|entry| entry.mode != GONE).ok_or(FileError::Missing)
    }

    /// Whether something may be made or removed here.
    fn may_change(&self, path: &str) -> Result<(), FileError> {
        let parent = path.rsplit_once('/').map_or("/", |(parent, _)| if parent.is_empty() { "/" } else { parent });
        if let Some((mount, inner)) = self.mounted(path) {
            if mount.read_only {
                return Err(FileError::ReadOnly);
            }
            return if inner.is_empty() || self.entry(parent)?.folder { Ok(()) } else { Err(FileError::NotFolder) };
        }
        if self.read_only {
            return Err(FileError::ReadOnly);
        }
        if !self.entry(parent)?.folder {
            return Err(FileError::NotFolder);
        }
        let open = parent == "/tmp" || parent.starts_with("/tmp/") || self.layer.0.contains_key(parent);
        if self.user.unwrap_or(0) == 0 || open { Ok(()) } else { Err(FileError::Denied) }
    }

    fn put(&mut self, path: &str, entry: Entry) {
        match self.mounted(path).map(|(mount, inner)| (mount.volume.clone(), inner)) {
            Some((volume, inner)) => {
                volume.lock().0.insert(inner, entry);
            }
            None => {
                self.layer.0.insert(path.to_owned(), entry);
            }
        }
    }
}

/// The mode of what the image has and the layer removed.
const GONE: u32 = u32::MAX;
const ROOT: [&str; 14] =
    ["bin", "dev", "etc", "home", "lib", "opt", "proc", "root", "run", "sbin", "sys", "tmp", "usr", "var"];
const BINARIES: [&str; 5] = ["/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin"];
const DEFAULT_SITE: &str =
    "server {\n    listen 80;\n    location / {\n        root /usr/share/nginx/html;\n    }\n}\n";

impl Files for ContainerFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        let entry = self.entry(path)?;
        match (entry.folder, self.user.unwrap_or(0) != 0 && entry.mode & 0o044 == 0) {
            (true, _) => Err(FileError::IsFolder),
            (false, true) => Err(FileError::Denied),
            (false, false) => Ok(entry.bytes.to_vec()),
        }
    }

    fn write(&mut self, path: &str, bytes: &[u8], at: Micros) -> Result<(), FileError> {
        let before = self.entry(path);
        if before.as_ref().is_ok_and(|entry| entry.folder) {
            return Err(FileError::IsFolder);
        }
        self.may_change(path)?;
        let mode = before.map_or(0o644, |entry| entry.mode);
        let kept = &bytes[..bytes.len().min(KEPT)];
        self.put(path, Entry { bytes: kept.into(), size: bytes.len() as u64, mode, folder: false, changed: at });
        Ok(())
    }

    fn list(&self, path: &str) -> Result<Vec<String>, FileError> {
        if !self.entry(path)?.folder {
            return Err(FileError::NotFolder);
        }
        let prefix = if path == "/" { String::from("/") } else { format!("{path}/") };
        let mut names: Vec<String> = Vec::new();
        let mut add = |path: &str, prefix: &str| {
            if let Some(rest) = path.strip_prefix(prefix).filter(|rest| !rest.is_empty()) {
                names.push(rest.split('/').next().unwrap_or_default().to_owned());
            }
        };
        match self.mounted(path) {
            Some((mount, inner)) => {
                let inner = format!("{inner}/");
                mount.volume.lock().0.keys().for_each(|key| add(key, &inner));
            }
            None => {
                self.layer.0.keys().for_each(|key| add(key, &prefix));
                if path == "/" {
                    ROOT.iter().for_each(|name| add(&format!("/{name}"), "/"));
                }
                for known in
                    ["/etc/hostname", "/etc/hosts", "/etc/passwd", "/etc/resolv.conf", "/etc/nginx/conf.d/default.conf"]
                {
                    add(known, &prefix);
                }
            }
        }
        self.mounts.iter().for_each(|mount| add(&mount.path, &prefix));
        names.sort_unstable();
        names.dedup();
        names.retain(|name| self.entry(&format!("{prefix}{name}")).is_ok());
        Ok(names)
    }

    fn stat(&self, path: &str) -> Result<FileFacts, FileError> {
        let entry = self.entry(path.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(path))?;
        Ok(FileFacts { folder: entry.folder, size: entry.size, mode: entry.mode, changed: entry.changed })
    }

    fn make_folder(&mut self, path: &str, at: Micros) -> Result<(), FileError> {
        if self.entry(path).is_ok() {
            return Err(FileError::Exists);
        }
        self.may_change(path)?;
        self.put(path, Entry { folder: true, mode: 0o755, changed: at, ..Entry::default() });
        Ok(())
    }

    fn remove(&mut self, path: &str) -> Result<(), FileError> {
        self.entry(path)?;
        self.may_change(path)?;
        match self.mounted(path).map(|(mount, inner)| (mount.volume.clone(), inner)) {
            Some((volume, inner)) => {
                volume.lock().0.remove(&inner);
            }
            None if self.base(path).is_some() => {
                self.layer.0.insert(path.to_owned(), Entry { mode: GONE, ..Entry::default() });
            }
            None => {
                self.layer.0.remove(path);
            }
        }
        Ok(())
    }

    fn grow(&mut self, path: &str, bytes: u64, at: Micros) -> Result<(), FileError> {
        let mut entry = self.entry(path)?;
        if entry.folder {
            return Err(FileError::IsFolder);
        }
        self.may_change(path)?;
        entry.size = entry.size.saturating_add(bytes);
        entry.changed = at;
        self.put(path, entry);
        Ok(())
    }
}

impl Tree {
    fn used(&self) -> u64 {
        self.0.values().map(|entry| entry.size).sum()
    }
}
