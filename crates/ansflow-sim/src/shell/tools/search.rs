//! `grep`, and of `sed` what manifests use: `s/…/…/` and `-n Np`.

use regex::{Regex, RegexBuilder};

use super::input;
use crate::shell::state::{Shell, Stop};

pub(super) async fn run(shell: &mut Shell, name: &str, arguments: &[String]) -> Result<Option<i32>, Stop> {
    Ok(Some(match name {
        "grep" => grep(shell, arguments).await,
        "sed" => sed(shell, arguments).await,
        _ => return Ok(None),
    }))
}

async fn grep(shell: &mut Shell, arguments: &[String]) -> i32 {
    let (mut flags, mut words, mut pattern) = (String::new(), Vec::new(), None);
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        match word.as_str() {
            "-e" => pattern = rest.next().cloned(),
            "--" => words.extend(rest.by_ref().cloned()),
            word if word.len() > 1 && word.starts_with('-') => flags.push_str(&word[1..]),
            word => words.push(word.to_owned()),
        }
    }
    if pattern.is_none() && !words.is_empty() {
        pattern = Some(words.remove(0));
    }
    let Some(pattern) = pattern else { return shell.complain("grep: no pattern").await + 1 };
    let Some(expression) = expression(&pattern, &flags) else {
        return shell.complain(&format!("grep: bad regex '{pattern}'")).await + 1;
    };
    let (inputs, status) = input(shell, "grep", &words).await;
    let (mut found, mut count) = (false, 0);
    for (index, all) in inputs.iter().enumerate() {
        for (number, line) in String::from_utf8_lossy(all).lines().enumerate() {
            if expression.is_match(line) == flags.contains('v') {
                continue;
            }
            found = true;
            count += 1;
            if flags.contains('q') || flags.contains('c') {
                continue;
            }
            let file = if words.len() > 1 { format!("{}:", words[index]) } else { String::new() };
            let number = if flags.contains('n') { format!("{}:", number + 1) } else { String::new() };
            let part =
                if flags.contains('o') { expression.find(line).map_or(line, |found| found.as_str()) } else { line };
            shell.say(&format!("{file}{number}{part}")).await;
        }
    }
    if flags.contains('c') {
        shell.say(&count.to_string()).await;
    }
    if status != 0 { 2 } else { i32::from(!found) }
}

fn expression(pattern: &str, flags: &str) -> Option<Regex> {
    let text = if flags.contains('F') {
        regex::escape(pattern)
    } else if flags.contains('E') {
        pattern.to_owned()
    } else {
        basic(pattern)
    };
    let text = if flags.contains('w') { format!(r"\b(?:{text})\b") } else { text };
    RegexBuilder::new(&text).case_insensitive(flags.contains('i')).size_limit(1 << 20).build().ok()
}

/// A basic expression as an extended one: `\(`, `\|`, `\{` mean what `(`, `|`, `{` mean there.
fn basic(pattern: &str) -> String {
    let mut out = String::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(c @ ('(' | ')' | '{' | '}' | '|' | '+' | '?')) => out.push(c),
                Some(c) => out.extend(['\\', c]),
                None => out.push_str("\\\\"),
            },
            '(' | ')' | '{' | '}' | '|' | '+' | '?' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

async fn sed(shell: &mut Shell, arguments: &[String]) -> i32 {
    let (mut quiet, mut extended, mut in_place, mut scripts, mut files) = (false, false, false, Vec::new(), Vec::new());
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        match word.as_str() {
            "-n" => quiet = true,
            "-E" | "-r" => extended = true,
            "-i" => in_place = true,
            "-e" => scripts.extend(rest.next().cloned()),
            word if scripts.is_empty() => scripts.push(word.to_owned()),
            word => files.push(word.to_owned()),
        }
    }
    let parsed: Option<Vec<Edit>> =
        scripts.iter().flat_map(|script| script.split(';')).map(|script| edit(script.trim(), extended)).collect();
    let Some(edits) = parsed.filter(|edits| !edits.is_empty()) else {
        return shell.complain("sed: unsupported command").await;
    };
    let (inputs, status) = input(shell, "sed", &files).await;
    for (index, all) in inputs.iter().enumerate() {
        let mut out = String::new();
        for (number, line) in String::from_utf8_lossy(all).lines().enumerate() {
            let mut line = line.to_owned();
            let mut printed = 0;
            for edit in &edits {
                match edit {
                    Edit::Replace { from, to, all: true } => line = from.replace_all(&line, to.as_str()).into_owned(),
                    Edit::Replace { from, to, all: false } => line = from.replace(&line, to.as_str()).into_owned(),
                    Edit::Print { first, last } => printed += usize::from((*first..=*last).contains(&(number + 1))),
                }
            }
            for _ in 0..printed + usize::from(!quiet) {
                out.push_str(&line);
                out.push('\n');
            }
        }
        match files.get(index).filter(|_| in_place) {
            None => {
                shell.write(1, out.as_bytes()).await;
            }
            Some(file) => {
                let path = shell.path(file);
                if let Err(error) = shell.machine.files(move |files, now| files.write(&path, out.as_bytes(), now)).await
                {
                    return shell.complain(&format!("sed: {file}: {}", super::why(error))).await;
                }
            }
        }
    }
    status
}

enum Edit {
    Replace { from: Regex, to: String, all: bool },
    Print { first: usize, last: usize },
}

fn edit(script: &str, extended: bool) -> Option<Edit> {
    if let Some(range) = script.strip_suffix('p') {
        let (first, last) = range.split_once(',').unwrap_or((range, range));
        let last = if last == "$" { usize::MAX } else { last.parse().ok()? };
        return Some(Edit::Print { first: first.parse().ok()?, last });
    }
    let body = script.strip_prefix('s')?;
    let by = body.chars().next()?;
    let parts: Vec<&str> = body[by.len_utf8()..].split(by).collect();
    let [from, to, flags] = parts.as_slice() else { return None };
    let flag = if extended { "E" } else { "" };
    let from = expression(from, &format!("{flag}{}", flags.replace('g', "")))?;
    let mut target = String::new();
    let mut chars = to.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(digit) if digit.is_ascii_digit() => target.push_str(&format!("${{{digit}}}")),
                Some(c) => target.push(c),
                None => {}
            },
            '&' => target.push_str("${0}"),
            '$' => target.push_str("$$"),
            c => target.push(c),
        }
    }
    Some(Edit::Replace { from, to: target, all: flags.contains('g') })
}
