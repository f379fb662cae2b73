//! `ls` and `stat`.

use super::why;
use crate::program::FileFacts;
use crate::shell::date;
use crate::shell::state::Shell;

pub(super) async fn ls(shell: &mut Shell, arguments: &[String]) -> i32 {
    let has = |letter| super::file::has(arguments, letter);
    let mut names: Vec<String> = arguments.iter().filter(|word| !word.starts_with('-')).cloned().collect();
    if names.is_empty() {
        names.push(".".to_owned());
    }
    let (mut status, several) = (0, names.len() > 1);
    for name in names {
        let path = shell.path(&name);
        let target = path.clone();
        let looked = shell.machine.files(move |files, _| {
            let facts = files.stat(&target)?;
            let inside = if facts.folder { files.list(&target)? } else { Vec::new() };
            let entries = inside.into_iter().filter_map(|name| {
                let facts = files.stat(&format!("{}/{name}", target.trim_end_matches('/'))).ok()?;
                Some((name, facts))
            });
            Ok((facts, entries.collect::<Vec<_>>()))
        });
        let (facts, entries) = match looked.await {
            Ok(found) => found,
            Err(error) => {
                status = shell.complain(&format!("ls: {name}: {}", why(error))).await;
                continue;
            }
        };
        let folder = facts.folder && !has('d');
        let shown = if folder { entries } else { vec![(name.clone(), facts)] };
        if several && folder {
            shell.say(&format!("{name}:")).await;
        }
        for (name, facts) in shown.iter().filter(|(name, _)| has('a') || has('A') || !folder || !name.starts_with('.'))
        {
            let line = if has('l') { long(name, facts) } else { name.clone() };
            shell.say(&line).await;
        }
    }
    status
}

fn long(name: &str, facts: &FileFacts) -> String {
    let changed = date::format(facts.changed, "%b %e %H:%M");
    format!("{}    1 root     root     {:>9} {changed} {name}", letters(facts), facts.size)
}

/// `-rw-r--r--`.
fn letters(facts: &FileFacts) -> String {
    let bits = "rwxrwxrwx".chars().enumerate().map(|(i, c)| if facts.mode & (0o400 >> i) != 0 { c } else { '-' });
    std::iter::once(if facts.folder { 'd' } else { '-' }).chain(bits).collect()
}

/// `stat -c FORMAT`: of the letters those that scripts ask for.
pub(super) async fn stat(shell: &mut Shell, arguments: &[String]) -> i32 {
    let mut format = None;
    let mut names = Vec::new();
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        match word.as_str() {
            "-c" => format = rest.next().cloned(),
            word if word.starts_with('-') => {}
            word => names.push(word.to_owned()),
        }
    }
    let mut status = 0;
    for name in names {
        let path = shell.path(&name);
        // The first process is as old as its container.
        let facts = if path == "/proc/1" || path == "/proc/self" {
            Ok(FileFacts { folder: true, size: 0, mode: 0o555, changed: shell.machine.start.now })
        } else {
            shell.machine.files(move |files, _| files.stat(&path)).await
        };
        match facts {
            Ok(facts) => {
                let default = "  File: %n\n  Size: %s\nModify: %y".to_owned();
                shell.say(&describe(format.as_ref().unwrap_or(&default), &name, &facts)).await;
            }
            Err(error) => status = shell.complain(&format!("stat: can't stat '{name}': {}", why(error))).await,
        }
    }
    status
}

fn describe(format: &str, name: &str, facts: &FileFacts) -> String {
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push_str(name),
            Some('s') => out.push_str(&facts.size.to_string()),
            Some('a') => out.push_str(&format!("{:o}", facts.mode & 0o7777)),
            Some('A') => out.push_str(&letters(facts)),
            Some('X' | 'Y' | 'Z') => out.push_str(&facts.changed.0.div_euclid(1_000_000).to_string()),
            Some('x' | 'y' | 'z') => out.push_str(&date::format(facts.changed, "%F %T.%N +0000")),
            Some('F') => out.push_str(if facts.folder { "directory" } else { "regular file" }),
            Some('u' | 'g') => out.push('0'),
            Some('U' | 'G') => out.push_str("root"),
            Some(other) => out.extend(['%', other]),
            None => out.push('%'),
        }
    }
    out
}
