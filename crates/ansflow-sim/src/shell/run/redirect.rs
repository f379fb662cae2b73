//! `<`, `>`, `2>&1`: where the numbers of a command lead.

use std::sync::Arc;

use crate::program::{FileError, Files};
use crate::shell::ast::{Redirect, To};
use crate::shell::machine::{Fd, Pipe};
use crate::shell::state::{Shell, Stop};
use crate::shell::{expand, tools};

/// Leads numbers elsewhere; a status where that is refused.
pub(super) async fn apply(shell: &mut Shell, redirects: &[Redirect]) -> Result<Option<i32>, Stop> {
    for item in redirects {
        let (To::Read(word) | To::Write(word) | To::Append(word) | To::Same(word) | To::Text(word)) = &item.to;
        let text = expand::text(shell, word).await?;
        let fd = match &item.to {
            To::Text(_) => {
                shell.stdin = Arc::new(Pipe::full(text.into_bytes()));
                continue;
            }
            To::Same(_) => match text.as_str() {
                "-" => None,
                number => shell.numbers.get(&number.parse().unwrap_or(255)).cloned(),
            },
            To::Read(_) => {
                let path = shell.path(&text);
                match read(shell, &path).await {
                    Ok(bytes) => shell.stdin = Arc::new(Pipe::full(bytes)),
                    Err(_) => {
                        shell.complain(&format!("sh: can't open {text}: no such file")).await;
                        return Ok(Some(1));
                    }
                }
                continue;
            }
            To::Write(_) | To::Append(_) => {
                let path = shell.path(&text);
                match path.as_str() {
                    "/dev/null" => Some(Fd::Null),
                    "/dev/stdout" | "/proc/1/fd/1" | "/proc/self/fd/1" => Some(Fd::Out),
                    "/dev/stderr" | "/proc/1/fd/2" | "/proc/self/fd/2" => Some(Fd::Err),
                    _ => match open(shell, &path, matches!(item.to, To::Append(_))).await {
                        Ok(()) => Some(Fd::File(path.into())),
                        Err(error) => {
                            let why =
                                if error == FileError::Missing { "nonexistent directory" } else { tools::why(error) };
                            shell.complain(&format!("sh: can't create {text}: {why}")).await;
                            return Ok(Some(1));
                        }
                    },
                }
            }
        };
        match fd {
            Some(fd) => shell.numbers.insert(item.fd, fd),
            None => shell.numbers.remove(&item.fd),
        };
    }
    Ok(None)
}

pub(in crate::shell) async fn read(shell: &Shell, path: &str) -> Result<Vec<u8>, FileError> {
    if path == "/dev/null" {
        return Ok(Vec::new());
    }
    let path = path.to_owned();
    shell.machine.files(move |files, _| files.read(&path)).await
}

async fn open(shell: &Shell, path: &str, append: bool) -> Result<(), FileError> {
    let path = path.to_owned();
    let work = move |files: &mut dyn Files, now| {
        if append && files.stat(&path).is_ok() {
            return Ok(());
        }
        files.write(&path, b"", now)
    };
    shell.machine.files(work).await
}
