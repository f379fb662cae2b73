//! Commands about the machine: time, names, the environment.

use crate::shell::date;
use crate::shell::state::{Shell, Stop, root};

pub(super) async fn run(shell: &mut Shell, name: &str, arguments: &[String]) -> Result<Option<i32>, Stop> {
    Ok(Some(match name {
        "sleep" => sleep(shell, arguments).await,
        "date" => print_date(shell, arguments).await,
        "hostname" => {
            let name = shell.machine.start.hostname.clone();
            shell.say(&name).await;
            0
        }
        "env" | "printenv" => environment(shell, name, arguments).await,
        "id" => id(shell, arguments).await,
        "nproc" => {
            shell.say("2").await;
            0
        }
        "sync" => 0,
        "uname" => {
            let all = arguments.iter().any(|word| word.contains('a'));
            let line = match arguments.first().map(String::as_str) {
                _ if all => format!("Linux {} 6.1.0 #1 SMP x86_64 GNU/Linux", shell.machine.start.hostname),
                Some("-m") => "x86_64".to_owned(),
                Some("-r") => "6.1.0".to_owned(),
                Some("-n") => shell.machine.start.hostname.clone(),
                _ => "Linux".to_owned(),
            };
            shell.say(&line).await;
            0
        }
        "ps" => {
            let start = std::sync::Arc::clone(&shell.machine.start);
            let words: Vec<&str> = start.command.iter().chain(&start.args).map(String::as_str).collect();
            shell.say("PID   USER     TIME  COMMAND").await;
            shell.say(&format!("    1 {:<8}  0:00 {}", user(shell), words.join(" "))).await;
            0
        }
        "stty" => match (shell.machine.mode.terminal(), arguments.first().map(String::as_str)) {
            (Some(terminal), Some("size")) => {
                let (rows, columns) = terminal.size();
                shell.say(&format!("{rows} {columns}")).await;
                0
            }
            (Some(_), _) => 0,
            _ => shell.complain("stty: standard input: Not a tty").await,
        },
        "expr" => expr(shell, arguments).await,
        _ => return Ok(None),
    }))
}

/// What `sleep` means by a length, in microseconds: `1`, `0.5`, `2m`, `infinity`.
pub(in crate::shell) fn duration(text: &str) -> Option<i64> {
    if text == "infinity" || text == "inf" {
        return Some(i64::MAX / 4);
    }
    let (number, unit) = match text.char_indices().last()? {
        (at, 's') => (&text[..at], 1.0),
        (at, 'm') => (&text[..at], 60.0),
        (at, 'h') => (&text[..at], 3_600.0),
        (at, 'd') => (&text[..at], 86_400.0),
        _ => (text, 1.0),
    };
    if !number.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let seconds = number.parse::<f64>().ok()? * unit;
    #[expect(clippy::cast_possible_truncation, reason = "it is clamped to what fits")]
    Some((seconds.clamp(0.0, 1e12) * 1e6) as i64)
}

async fn sleep(shell: &mut Shell, arguments: &[String]) -> i32 {
    let mut total = 0_i64;
    for word in arguments {
        match duration(word) {
            Some(length) => total = total.saturating_add(length),
            None => return shell.complain(&format!("sleep: invalid number '{word}'")).await,
        }
    }
    if arguments.is_empty() {
        return shell.complain("BusyBox v1.36.1 multi-call binary.\n\nUsage: sleep [N]...").await;
    }
    // Longer than anybody watches: no timer.
    if total > 86_400 * 365 * 1_000_000 {
        shell.machine.wait(|| None::<()>).await;
    }
    shell.machine.sleep(total).await;
    0
}

async fn print_date(shell: &mut Shell, arguments: &[String]) -> i32 {
    let format = arguments.iter().find_map(|word| word.strip_prefix('+'));
    let now = shell.machine.now();
    let default = if arguments.iter().any(|word| word == "-Iseconds") {
        "%Y-%m-%dT%H:%M:%S+00:00"
    } else {
        "%a %b %e %H:%M:%S UTC %Y"
    };
    shell.say(&date::format(now, format.unwrap_or(default))).await;
    0
}

async fn environment(shell: &mut Shell, command: &str, arguments: &[String]) -> i32 {
    if command == "printenv" && !arguments.is_empty() {
        let mut status = 0;
        for name in arguments {
            match shell.variables.get(name).filter(|variable| variable.exported).map(|variable| variable.value.clone())
            {
                Some(value) => {
                    shell.say(&value).await;
                }
                None => status = 1,
            }
        }
        return status;
    }
    let mut lines: Vec<String> = shell
        .variables
        .iter()
        .filter(|(_, variable)| variable.exported)
        .map(|(name, variable)| format!("{name}={}", variable.value))
        .collect();
    lines.extend(arguments.iter().filter(|word| word.contains('=')).cloned());
    for line in lines {
        shell.say(&line).await;
    }
    0
}

fn user(shell: &Shell) -> String {
    match shell.machine.start.user {
        Some(user) if user != 0 => user.to_string(),
        _ => "root".to_owned(),
    }
}

async fn id(shell: &mut Shell, arguments: &[String]) -> i32 {
    let number = shell.machine.start.user.unwrap_or(0);
    let line = match arguments.first().map(String::as_str) {
        Some("-u" | "-g") => number.to_string(),
        Some("-un") => user(shell),
        _ if root(shell.machine.start.user) => "uid=0(root) gid=0(root) groups=0(root),10(wheel)".to_owned(),
        _ => format!("uid={number} gid=0(root) groups=0(root)"),
    };
    shell.say(&line).await;
    0
}

async fn expr(shell: &mut Shell, arguments: &[String]) -> i32 {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<i64>().ok();
    let value = match words.as_slice() {
        [one] => Some((*one).to_owned()),
        [left, operator, right] => match (number(left), *operator, number(right)) {
            (Some(a), "+", Some(b)) => Some(a.wrapping_add(b).to_string()),
            (Some(a), "-", Some(b)) => Some(a.wrapping_sub(b).to_string()),
            (Some(a), "*", Some(b)) => Some(a.wrapping_mul(b).to_string()),
            (Some(a), "/", Some(b)) if b != 0 => Some(a.wrapping_div(b).to_string()),
            (Some(a), "%", Some(b)) if b != 0 => Some(a.wrapping_rem(b).to_string()),
            (_, "=", _) => Some(i32::from(left == right).to_string()),
            (_, "!=", _) => Some(i32::from(left != right).to_string()),
            (Some(a), "<", Some(b)) => Some(i32::from(a < b).to_string()),
            (Some(a), ">", Some(b)) => Some(i32::from(a > b).to_string()),
            _ => None,
        },
        _ => None,
    };
    match value {
        Some(value) => {
            shell.say(&value).await;
            i32::from(value == "0" || value.is_empty())
        }
        None => {
            shell.complain("expr: syntax error").await;
            2
        }
    }
}
