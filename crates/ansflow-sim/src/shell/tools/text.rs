//! Commands that pass text on.

use super::input;
use crate::program::FileError;
use crate::shell::condition;
use crate::shell::run::read;
use crate::shell::state::{Shell, Stop};

pub(super) async fn run(shell: &mut Shell, name: &str, arguments: &[String]) -> Result<Option<i32>, Stop> {
    Ok(Some(match name {
        "true" => 0,
        "false" => 1,
        "test" | "[" => condition::run(shell, name, arguments).await,
        "echo" => echo(shell, arguments).await,
        "printf" => printf(shell, arguments).await,
        "cat" => cat(shell, arguments).await,
        "tee" => tee(shell, arguments).await,
        "head" | "tail" => ends(shell, name, arguments).await,
        "wc" => count(shell, arguments).await,
        "seq" => seq(shell, arguments).await?,
        _ => return Ok(None),
    }))
}

async fn echo(shell: &mut Shell, arguments: &[String]) -> i32 {
    let (mut rest, mut newline, mut escapes) = (arguments, true, false);
    while let Some((word, after)) = rest.split_first() {
        if word.len() < 2 || !word.starts_with('-') || !word[1..].chars().all(|c| "neE".contains(c)) {
            break;
        }
        newline &= !word.contains('n');
        escapes |= word.contains('e');
        rest = after;
    }
    let mut text = rest.join(" ");
    if escapes {
        text = unescape(&text);
    }
    if newline {
        text.push('\n');
    }
    i32::from(!shell.write(1, text.as_bytes()).await)
}

pub(super) fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('a') => out.push('\u{7}'),
            Some('b') => out.push('\u{8}'),
            Some('e') => out.push('\u{1b}'),
            Some('\\') => out.push('\\'),
            Some('0'..='7') | None => {}
            Some(other) => out.extend(['\\', other]),
        }
    }
    out
}

/// `%s %d %i %u %x %o %c %b %%`, widths, and the format again as long as arguments remain.
async fn printf(shell: &mut Shell, arguments: &[String]) -> i32 {
    let Some((format, rest)) = arguments.split_first() else {
        return shell.complain("printf: missing format").await;
    };
    let (mut out, mut status, mut left) = (String::new(), 0, rest);
    loop {
        let before = left.len();
        let mut chars = format.chars().peekable();
        let mut literal = String::new();
        while let Some(c) = chars.next() {
            if c != '%' {
                literal.push(c);
                continue;
            }
            out.push_str(&unescape(&std::mem::take(&mut literal)));
            let mut flags = String::new();
            while let Some(c) = chars.next_if(|c| c.is_ascii_digit() || "-+ .#".contains(*c)) {
                flags.push(c);
            }
            let kind = chars.next().unwrap_or('%');
            if kind == '%' {
                out.push('%');
                continue;
            }
            let argument = left.split_first().map(|(first, after)| {
                left = after;
                first.as_str()
            });
            match directive(&flags, kind, argument.unwrap_or_default()) {
                Some(text) => out.push_str(&text),
                None => {
                    status =
                        shell.complain(&format!("printf: invalid number '{}'", argument.unwrap_or_default())).await;
                    out.push('0');
                }
            }
        }
        out.push_str(&unescape(&literal));
        if left.is_empty() || left.len() == before {
            break;
        }
    }
    shell.write(1, out.as_bytes()).await;
    status
}

fn directive(flags: &str, kind: char, argument: &str) -> Option<String> {
    let number = || if argument.is_empty() { Some(0) } else { argument.trim().parse::<i64>().ok() };
    let text = match kind {
        'd' | 'i' | 'u' => number()?.to_string(),
        'x' => format!("{:x}", number()?),
        'X' => format!("{:X}", number()?),
        'o' => format!("{:o}", number()?),
        'c' => argument.chars().take(1).collect(),
        'b' => unescape(argument),
        _ => argument.to_owned(),
    };
    let (sizes, left) = (flags.trim_start_matches(['-', '+', ' ', '#']), flags.contains('-'));
    let zeros = sizes.starts_with('0') && !left && kind != 's';
    let (width, precision) = sizes.split_once('.').map_or((sizes, None), |(width, rest)| (width, rest.parse().ok()));
    let width = width.parse::<usize>().unwrap_or(0).min(1_000);
    let text: String = match precision {
        Some(most) if kind == 's' => text.chars().take(most).collect(),
        _ => text,
    };
    Some(match (left, zeros) {
        (true, _) => format!("{text:<width$}"),
        (false, true) => format!("{text:0>width$}"),
        (false, false) => format!("{text:>width$}"),
    })
}

/// Passes on what comes as it comes.
async fn cat(shell: &mut Shell, arguments: &[String]) -> i32 {
    let files: Vec<String> = arguments.iter().filter(|word| *word == "-" || !word.starts_with('-')).cloned().collect();
    let mut status = 0;
    for file in if files.is_empty() { vec!["-".to_owned()] } else { files } {
        if file == "-" {
            loop {
                let stdin = std::sync::Arc::clone(&shell.stdin);
                let bytes = shell.machine.wait(|| stdin.chunk()).await;
                if bytes.is_empty() {
                    break;
                }
                if !shell.write(1, &bytes).await {
                    return 141;
                }
            }
            continue;
        }
        match read(shell, &shell.path(&file)).await {
            Ok(bytes) => {
                shell.write(1, &bytes).await;
            }
            Err(FileError::IsFolder) => status = shell.complain("cat: read error: Is a directory").await,
            Err(error) => status = shell.complain(&format!("cat: can't open '{file}': {}", super::why(error))).await,
        }
    }
    status
}

async fn tee(shell: &mut Shell, arguments: &[String]) -> i32 {
    let append = arguments.iter().any(|word| word == "-a");
    let bytes = super::whole(shell).await;
    shell.write(1, &bytes).await;
    let mut status = 0;
    for file in arguments.iter().filter(|word| !word.starts_with('-')) {
        let (path, new) = (shell.path(file), bytes.clone());
        let work = move |files: &mut dyn crate::program::Files, now| {
            let mut all = if append { files.read(&path).unwrap_or_default() } else { Vec::new() };
            all.extend(new);
            files.write(&path, &all, now)
        };
        if let Err(error) = shell.machine.files(work).await {
            status = shell.complain(&format!("tee: {file}: {}", super::why(error))).await;
        }
    }
    status
}

async fn ends(shell: &mut Shell, name: &str, arguments: &[String]) -> i32 {
    let (mut count, mut bytes, mut follow, mut files) = ("10".to_owned(), false, false, Vec::new());
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-n" | "-c" => {
                bytes = word == "-c";
                count = words.next().cloned().unwrap_or_default();
            }
            "-f" | "-F" => follow = true,
            word if word.len() > 1 && word.starts_with('-') => {
                bytes |= word.starts_with("-c");
                let digits = word.trim_start_matches(['-', 'n', 'c']);
                if !digits.is_empty() {
                    count = digits.to_owned();
                }
            }
            file => files.push(file.to_owned()),
        }
    }
    if follow && files.iter().all(|file| file == "/dev/null") {
        // `tail -f /dev/null`: for ever, without a timer.
        shell.machine.wait(|| None::<()>).await;
    }
    let Ok(number) = count.trim_start_matches('+').parse::<usize>() else {
        return shell.complain(&format!("{name}: invalid number '{count}'")).await;
    };
    let (inputs, status) = input(shell, name, &files).await;
    for all in inputs {
        let pieces: Vec<&[u8]> =
            if bytes { all.chunks(1).collect() } else { all.split_inclusive(|b| *b == b'\n').collect() };
        let range = match (name, count.starts_with('+')) {
            ("head", _) => 0..number.min(pieces.len()),
            (_, true) => number.saturating_sub(1).min(pieces.len())..pieces.len(),
            (_, false) => pieces.len().saturating_sub(number)..pieces.len(),
        };
        shell.write(1, &pieces[range].concat()).await;
    }
    if follow {
        shell.machine.wait(|| None::<()>).await;
    }
    status
}

async fn count(shell: &mut Shell, arguments: &[String]) -> i32 {
    let flags: String =
        arguments.iter().filter(|word| word.starts_with('-')).flat_map(|word| word[1..].chars()).collect();
    let files: Vec<String> = arguments.iter().filter(|word| !word.starts_with('-')).cloned().collect();
    let (inputs, status) = input(shell, "wc", &files).await;
    for (index, all) in inputs.iter().enumerate() {
        let text = String::from_utf8_lossy(all);
        let figures = [
            ('l', all.iter().filter(|b| **b == b'\n').count()),
            ('w', text.split_whitespace().count()),
            ('c', all.len()),
        ];
        let wanted: Vec<usize> =
            figures.iter().filter(|(c, _)| flags.is_empty() || flags.contains(*c)).map(|(_, n)| *n).collect();
        let mut line = match wanted.as_slice() {
            [only] => only.to_string(),
            several => several.iter().map(|n| format!("{n:>9}")).collect::<Vec<_>>().join(" "),
        };
        if let Some(file) = files.get(index) {
            line = format!("{line} {file}");
        }
        shell.say(&line).await;
    }
    status
}

async fn seq(shell: &mut Shell, arguments: &[String]) -> Result<i32, Stop> {
    let numbers: Option<Vec<i64>> = arguments.iter().map(|word| word.parse().ok()).collect();
    let (mut at, step, last) = match numbers.as_deref() {
        Some([last]) => (1, 1, *last),
        Some([first, last]) => (*first, 1, *last),
        Some([first, step, last]) if *step != 0 => (*first, *step, *last),
        _ => return Ok(shell.complain("seq: invalid number").await),
    };
    while (step > 0 && at <= last) || (step < 0 && at >= last) {
        shell.machine.spend().await;
        if !shell.write(1, format!("{at}\n").as_bytes()).await {
            return Ok(141);
        }
        at += step;
    }
    Ok(0)
}
