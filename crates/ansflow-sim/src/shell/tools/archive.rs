//! `tar x` from stdin and `tar c` to stdout: what `kubectl cp` does.

use super::file::make;
use super::why;
use crate::program::{FileError, Files};
use crate::shell::state::Shell;
use crate::time::Micros;

const BLOCK: usize = 512;
/// What stands in a header of a name.
const LONGEST_NAME: usize = 99;
/// More than this nobody copies into a simulated container.
const LARGEST: usize = 64 << 20;

pub(super) async fn run(shell: &mut Shell, arguments: &[String]) -> i32 {
    let (mut letters, mut folder, mut file, mut names) = (String::new(), ".".to_owned(), None, Vec::new());
    let mut rest = arguments.iter().enumerate();
    while let Some((index, word)) = rest.next() {
        match word.as_str() {
            "-C" => folder = rest.next().map(|(_, word)| word.clone()).unwrap_or_default(),
            "-" => names.push(word.clone()),
            word if word.starts_with("--") => {}
            word if index == 0 || word.starts_with('-') => {
                letters.push_str(word.trim_start_matches('-'));
                if word.ends_with('f') {
                    file = rest.next().map(|(_, word)| word.clone());
                }
            }
            word => names.push(word.to_owned()),
        }
    }
    if file.as_deref().is_some_and(|file| file != "-") {
        return shell.complain("not simulated: tar with a file").await + 126;
    }
    let folder = shell.path(&folder);
    if letters.contains('x') {
        let bytes = super::whole(shell).await;
        let result = shell.machine.files(move |files, now| extract(files, &folder, &bytes, now)).await;
        return match result {
            Ok(()) => 0,
            Err((name, error)) => shell.complain(&format!("tar: can't open '{name}': {}", why(error))).await,
        };
    }
    if !letters.contains('c') {
        return shell.complain("not simulated: tar").await + 126;
    }
    let packed = shell.machine.files(move |files, _| {
        let mut out = Vec::new();
        for name in names {
            let path = match name.as_str() {
                "." | "./" => folder.clone(),
                absolute if absolute.starts_with('/') => name.clone(),
                relative => format!("{}/{}", folder.trim_end_matches('/'), relative.trim_start_matches("./")),
            };
            pack(files, &path, name.trim_start_matches('/'), &mut out, 0).map_err(|error| (name.clone(), error))?;
        }
        out.resize(out.len() + 2 * BLOCK, 0);
        Ok::<_, (String, FileError)>(out)
    });
    match packed.await {
        Ok(bytes) => {
            shell.write(1, &bytes).await;
            0
        }
        Err((name, error)) => shell.complain(&format!("tar: {name}: {}", why(error))).await,
    }
}

fn extract(files: &mut dyn Files, folder: &str, bytes: &[u8], now: Micros) -> Result<(), (String, FileError)> {
    let mut at = 0;
    let mut long: Option<String> = None;
    while let Some(head) = bytes.get(at..at + BLOCK).filter(|head| head[0] != 0 && at < LARGEST) {
        let size = octal(&head[124..136]);
        let body = bytes.get(at + BLOCK..(at + BLOCK).saturating_add(size)).unwrap_or_default();
        at += BLOCK + size.div_ceil(BLOCK).saturating_mul(BLOCK);
        let prefix = text(&head[345..500]);
        let short = text(&head[..100]);
        let kind = head[156];
        if kind == b'L' {
            long = Some(text(body));
            continue;
        }
        if kind == b'x' || kind == b'g' {
            long = pax(body).or(long);
            continue;
        }
        let name = long.take().unwrap_or(if prefix.is_empty() { short } else { format!("{prefix}/{short}") });
        if name.split('/').any(|part| part == "..") {
            return Err((name, FileError::Denied));
        }
        let path = format!("{}/{}", folder.trim_end_matches('/'), name.trim_matches('/'));
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        let done = match kind {
            b'5' => make(files, &path, true, now),
            b'0' | 0 => make(files, parent, true, now).and_then(|()| files.write(&path, body, now)),
            _ => Ok(()),
        };
        done.map_err(|error| (name, error))?;
    }
    Ok(())
}

fn octal(field: &[u8]) -> usize {
    usize::from_str_radix(text(field).trim(), 8).unwrap_or(0)
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|b| *b == 0).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).into_owned()
}

/// The path in a pax header: lines of `LENGTH path=VALUE`.
fn pax(body: &[u8]) -> Option<String> {
    let body = String::from_utf8_lossy(body);
    body.lines().find_map(|line| line.split_once(" path=").map(|(_, path)| path.to_owned()))
}

fn pack(files: &mut dyn Files, path: &str, name: &str, out: &mut Vec<u8>, depth: u32) -> Result<(), FileError> {
    let facts = files.stat(path)?;
    if facts.folder {
        header(name, 0, facts.mode, b'5', facts.changed, out);
        if depth < 32 {
            for inner in files.list(path)? {
                pack(files, &format!("{path}/{inner}"), &format!("{name}/{inner}"), out, depth + 1)?;
            }
        }
        return Ok(());
    }
    let bytes = files.read(path)?;
    header(name, bytes.len(), facts.mode, b'0', facts.changed, out);
    out.extend(&bytes);
    out.resize(out.len().div_ceil(BLOCK) * BLOCK, 0);
    Ok(())
}

fn header(name: &str, size: usize, mode: u32, kind: u8, changed: Micros, out: &mut Vec<u8>) {
    if name.len() > LONGEST_NAME && kind != b'L' {
        // The whole name, as GNU's tar and busybox' have it; what stands in the header itself is cut.
        header("././@LongLink", name.len() + 1, 0, b'L', changed, out);
        out.extend(name.as_bytes());
        out.push(0);
        out.resize(out.len().div_ceil(BLOCK) * BLOCK, 0);
    }
    let mut head = [0_u8; BLOCK];
    let mut put = |at: usize, text: &str| {
        let bytes = text.as_bytes();
        head[at..at + bytes.len()].copy_from_slice(bytes);
    };
    put(0, &name.chars().filter(char::is_ascii).take(LONGEST_NAME).collect::<String>());
    put(100, &format!("{:07o}", mode & 0o7777));
    put(108, "0000000");
    put(116, "0000000");
    put(124, &format!("{size:011o}"));
    put(136, &format!("{:011o}", changed.0.div_euclid(1_000_000).max(0)));
    put(148, "        ");
    put(257, "ustar");
    put(263, "00");
    head[156] = kind;
    let sum: u32 = head.iter().map(|b| u32::from(*b)).sum();
    head[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    out.extend(head);
}
