//! Commands that change the text that they pass on: `sort`, `uniq`, `tr`, `cut`, `base64`, `basename`.

use super::input;
use super::text::unescape;
use crate::shell::state::{Shell, Stop};

pub(super) async fn run(shell: &mut Shell, name: &str, arguments: &[String]) -> Result<Option<i32>, Stop> {
    Ok(Some(match name {
        "sort" | "uniq" => order(shell, name, arguments).await,
        "tr" => translate(shell, arguments).await,
        "cut" => cut(shell, arguments).await,
        "base64" => base64(shell, arguments).await,
        "basename" | "dirname" => part_of_path(shell, name, arguments).await,
        _ => return Ok(None),
    }))
}

async fn order(shell: &mut Shell, name: &str, arguments: &[String]) -> i32 {
    let flags: String =
        arguments.iter().filter(|word| word.starts_with('-')).flat_map(|word| word[1..].chars()).collect();
    let files: Vec<String> = arguments.iter().filter(|word| !word.starts_with('-')).cloned().collect();
    let (inputs, status) = input(shell, name, &files).await;
    let text = String::from_utf8_lossy(&inputs.concat()).into_owned();
    let mut lines: Vec<&str> = text.lines().collect();
    if name == "sort" {
        if flags.contains('n') {
            lines.sort_by_key(|line| line.split_whitespace().next().and_then(|n| n.parse::<i64>().ok()).unwrap_or(0));
        } else {
            lines.sort_unstable();
        }
        if flags.contains('r') {
            lines.reverse();
        }
    }
    if name == "uniq" && flags.contains('c') {
        for group in lines.chunk_by(|a, b| a == b) {
            shell.say(&format!("{:>7} {}", group.len(), group[0])).await;
        }
        return status;
    }
    if name == "uniq" || flags.contains('u') {
        lines.dedup();
    }
    for line in lines {
        shell.say(line).await;
    }
    status
}

async fn translate(shell: &mut Shell, arguments: &[String]) -> i32 {
    let delete = arguments.first().is_some_and(|word| word == "-d");
    let words: Vec<Vec<char>> =
        arguments.iter().filter(|word| !word.starts_with('-')).map(|word| range(&unescape(word))).collect();
    let Some(from) = words.first() else { return shell.complain("tr: missing operand").await };
    let to = words.get(1).cloned().unwrap_or_default();
    let text = String::from_utf8_lossy(&super::whole(shell).await).into_owned();
    let change = |c: char| match from.iter().position(|f| *f == c) {
        None => Some(c),
        Some(_) if delete => None,
        Some(at) => to.get(at).or(to.last()).copied().or(Some(c)),
    };
    let out: String = text.chars().filter_map(change).collect();
    shell.write(1, out.as_bytes()).await;
    0
}

fn range(set: &str) -> Vec<char> {
    let named = set
        .replace("[:upper:]", "A-Z")
        .replace("[:lower:]", "a-z")
        .replace("[:digit:]", "0-9")
        .replace("[:space:]", " \t\n");
    let chars: Vec<char> = named.chars().collect();
    let (mut all, mut at) = (Vec::new(), 0);
    while let Some(c) = chars.get(at) {
        if chars.get(at + 1) == Some(&'-')
            && let Some(end) = chars.get(at + 2)
        {
            all.extend(*c..=*end);
            at += 3;
        } else {
            all.push(*c);
            at += 1;
        }
    }
    all
}

async fn cut(shell: &mut Shell, arguments: &[String]) -> i32 {
    let (mut by, mut wanted, mut files) = ('\t', String::new(), Vec::new());
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-d" => by = words.next().and_then(|word| word.chars().next()).unwrap_or(by),
            "-f" | "-c" => wanted = words.next().cloned().unwrap_or_default(),
            word if word.starts_with("-d") => by = word.chars().nth(2).unwrap_or(by),
            word if word.starts_with("-f") => wanted = word[2..].to_owned(),
            word if word.starts_with('-') => {}
            file => files.push(file.to_owned()),
        }
    }
    let fields: Vec<usize> = wanted.split(',').filter_map(|n| n.parse().ok()).collect();
    let (inputs, status) = input(shell, "cut", &files).await;
    let text = String::from_utf8_lossy(&inputs.concat()).into_owned();
    for line in text.lines() {
        let parts: Vec<&str> = line.split(by).collect();
        let chosen: Vec<&str> = fields.iter().filter_map(|n| parts.get(n.wrapping_sub(1)).copied()).collect();
        shell.say(&if parts.len() == 1 { line.to_owned() } else { chosen.join(&by.to_string()) }).await;
    }
    status
}

async fn base64(shell: &mut Shell, arguments: &[String]) -> i32 {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let files: Vec<String> = arguments.iter().filter(|word| !word.starts_with('-')).cloned().collect();
    let (inputs, status) = input(shell, "base64", &files).await;
    if arguments.iter().any(|word| word == "-d" || word == "--decode") {
        let text: Vec<u8> = inputs.concat().into_iter().filter(|b| !b.is_ascii_whitespace()).collect();
        return match STANDARD.decode(text) {
            Ok(bytes) => i32::from(!shell.write(1, &bytes).await),
            Err(_) => shell.complain("base64: truncated input").await,
        };
    }
    shell.say(&STANDARD.encode(inputs.concat())).await;
    status
}

async fn part_of_path(shell: &mut Shell, name: &str, arguments: &[String]) -> i32 {
    let path = arguments.first().map(|path| path.trim_end_matches('/')).unwrap_or_default();
    let (folder, last) = path.rsplit_once('/').unwrap_or((".", path));
    let out = if name == "dirname" {
        if folder.is_empty() { "/" } else { folder }
    } else {
        arguments.get(1).and_then(|end| last.strip_suffix(end.as_str())).unwrap_or(last)
    };
    shell.say(out).await;
    0
}
