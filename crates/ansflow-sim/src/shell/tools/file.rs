//! Commands that make, change and remove files.

use super::{archive, folder, why};
use crate::program::{FileError, Files};
use crate::shell::state::{Shell, Stop};
use crate::time::Micros;

pub(super) async fn run(shell: &mut Shell, name: &str, arguments: &[String]) -> Result<Option<i32>, Stop> {
    Ok(Some(match name {
        "mkdir" => mkdir(shell, arguments).await,
        "rm" | "rmdir" => rm(shell, name, arguments).await,
        "touch" => touch(shell, arguments).await,
        "cp" | "mv" => copy(shell, name, arguments).await,
        "dd" => dd(shell, arguments).await,
        "chmod" | "chown" => there(shell, name, arguments.get(1..).unwrap_or_default()).await,
        "ls" => folder::ls(shell, arguments).await,
        "stat" => folder::stat(shell, arguments).await,
        "tar" => archive::run(shell, arguments).await,
        _ => return Ok(None),
    }))
}

fn named(arguments: &[String]) -> Vec<String> {
    arguments.iter().filter(|word| !word.starts_with('-')).cloned().collect()
}

/// Whether one of the options has this letter.
pub(super) fn has(arguments: &[String], letter: char) -> bool {
    arguments.iter().any(|word| word.starts_with('-') && !word.starts_with("--") && word.contains(letter))
}

async fn mkdir(shell: &mut Shell, arguments: &[String]) -> i32 {
    let parents = has(arguments, 'p');
    let mut status = 0;
    for name in named(arguments) {
        let path = shell.path(&name);
        let made = shell.machine.files(move |files, now| make(files, &path, parents, now)).await;
        if let Err(error) = made {
            status = shell.complain(&format!("mkdir: can't create directory '{name}': {}", why(error))).await;
        }
    }
    status
}

pub(super) fn make(files: &mut dyn Files, path: &str, parents: bool, now: Micros) -> Result<(), FileError> {
    if !parents {
        return files.make_folder(path, now);
    }
    let ends = path.char_indices().skip(1).filter(|(_, c)| *c == '/').map(|(at, _)| at).chain([path.len()]);
    for end in ends {
        match files.make_folder(&path[..end], now) {
            Ok(()) | Err(FileError::Exists) => {}
            Err(error) => {
                return if files.stat(&path[..end]).is_ok_and(|facts| facts.folder) { continue } else { Err(error) };
            }
        }
    }
    Ok(())
}

async fn rm(shell: &mut Shell, command: &str, arguments: &[String]) -> i32 {
    let (force, recursive) = (has(arguments, 'f'), has(arguments, 'r') || has(arguments, 'R') || command == "rmdir");
    let mut status = 0;
    for name in named(arguments) {
        let path = shell.path(&name);
        let removed = shell.machine.files(move |files, _| {
            let facts = files.stat(&path)?;
            if facts.folder && !recursive {
                return Err(FileError::IsFolder);
            }
            remove(files, &path, 0)
        });
        match removed.await {
            Ok(()) => {}
            Err(FileError::Missing) if force => {}
            Err(FileError::IsFolder) => status = shell.complain(&format!("{command}: '{name}' is a directory")).await,
            Err(error) => status = shell.complain(&format!("{command}: can't remove '{name}': {}", why(error))).await,
        }
    }
    status
}

fn remove(files: &mut dyn Files, path: &str, depth: u32) -> Result<(), FileError> {
    if depth < 32 && files.stat(path)?.folder {
        for name in files.list(path)? {
            remove(files, &format!("{}/{name}", path.trim_end_matches('/')), depth + 1)?;
        }
    }
    files.remove(path)
}

async fn touch(shell: &mut Shell, arguments: &[String]) -> i32 {
    let mut status = 0;
    for name in named(arguments) {
        let path = shell.path(&name);
        let work = move |files: &mut dyn Files, now| {
            let bytes = files.read(&path).unwrap_or_default();
            files.write(&path, &bytes, now)
        };
        match shell.machine.files(work).await {
            Ok(()) | Err(FileError::IsFolder) => {}
            Err(error) => status = shell.complain(&format!("touch: {name}: {}", why(error))).await,
        }
    }
    status
}

async fn copy(shell: &mut Shell, command: &str, arguments: &[String]) -> i32 {
    let names = named(arguments);
    let Some((target, sources)) = names.split_last().filter(|(_, sources)| !sources.is_empty()) else {
        return shell.complain(&format!("{command}: missing file operand")).await;
    };
    let (recursive, moves) = (has(arguments, 'r') || has(arguments, 'a') || command == "mv", command == "mv");
    let mut status = 0;
    for source in sources {
        let (from, to) = (shell.path(source), shell.path(target));
        let work = move |files: &mut dyn Files, now: Micros| {
            let last = from.rsplit('/').next().unwrap_or_default().to_owned();
            let to = if files.stat(&to).is_ok_and(|facts| facts.folder) { format!("{to}/{last}") } else { to };
            if files.stat(&from)?.folder && !recursive {
                return Err(FileError::IsFolder);
            }
            duplicate(files, &from, &to, now, 0)?;
            if moves { remove(files, &from, 0) } else { Ok(()) }
        };
        if let Err(error) = shell.machine.files(work).await {
            status = shell.complain(&format!("{command}: can't stat '{source}': {}", why(error))).await;
        }
    }
    status
}

fn duplicate(files: &mut dyn Files, from: &str, to: &str, now: Micros, depth: u32) -> Result<(), FileError> {
    if depth > 32 || !files.stat(from)?.folder {
        let bytes = files.read(from)?;
        return files.write(to, &bytes, now);
    }
    make(files, to, true, now)?;
    for name in files.list(from)? {
        duplicate(files, &format!("{from}/{name}"), &format!("{to}/{name}"), now, depth + 1)?;
    }
    Ok(())
}

/// Only how much it writes is kept: nobody reads what `dd` writes, limits count it.
async fn dd(shell: &mut Shell, arguments: &[String]) -> i32 {
    let value = |name: &str| arguments.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    let block = value("bs").and_then(size).unwrap_or(512);
    let blocks = value("count").and_then(size);
    let from = value("if").map(|path| shell.path(path));
    let source = match from.as_deref() {
        Some("/dev/zero" | "/dev/urandom" | "/dev/random") => u64::MAX,
        Some(path) => {
            let path = path.to_owned();
            match shell.machine.files(move |files, _| files.stat(&path)).await {
                Ok(facts) => facts.size,
                Err(error) => {
                    return shell
                        .complain(&format!("dd: can't open '{}': {}", value("if").unwrap_or_default(), why(error)))
                        .await;
                }
            }
        }
        None => super::whole(shell).await.len() as u64,
    };
    let wanted = blocks.map_or(u64::MAX, |blocks| blocks.saturating_mul(block));
    let bytes = wanted.min(source).min(1 << 40);
    // A disk of this world takes 1 GiB in a second.
    shell.machine.sleep(i64::try_from(bytes / 1_074).unwrap_or(i64::MAX)).await;
    if let Some(target) = value("of").filter(|target| *target != "/dev/null") {
        let path = shell.path(target);
        let grown = shell.machine.files(move |files, now| {
            files.write(&path, b"", now)?;
            files.grow(&path, bytes, now)
        });
        if let Err(error) = grown.await {
            return shell.complain(&format!("dd: can't open '{target}': {}", why(error))).await;
        }
    }
    let (whole, part) = (bytes / block.max(1), u64::from(bytes % block.max(1) != 0));
    shell.complain(&format!("{whole}+{part} records in\n{whole}+{part} records out")).await;
    0
}

fn size(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit: u64 = match &text[digits.len()..] {
        "" | "c" => 1,
        "k" | "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

async fn there(shell: &mut Shell, command: &str, names: &[String]) -> i32 {
    let mut status = 0;
    for name in names {
        let path = shell.path(name);
        if let Err(error) = shell.machine.files(move |files, _| files.stat(&path)).await {
            status = shell.complain(&format!("{command}: {name}: {}", why(error))).await;
        }
    }
    status
}
