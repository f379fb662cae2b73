//! The commands that change the shell itself.

use std::sync::Arc;

use super::machine::Pipe;
use super::run::{self, Ran};
use super::state::{Shell, Stop, Variable};
use super::tools;
use crate::lock::lock;
use crate::program::Signal;

/// Runs a builtin; `None` when the word is none.
pub(super) async fn run(shell: &mut Shell, words: &[String]) -> Result<Option<i32>, Stop> {
    let Some((name, arguments)) = words.split_first() else { return Ok(Some(0)) };
    let number = |default: i32| arguments.first().map_or(Ok(default), |text| text.parse::<i32>());
    let status = match name.as_str() {
        ":" => 0,
        "exit" => {
            let Ok(code) = number(shell.status) else {
                shell.complain(&format!("sh: exit: Illegal number: {}", arguments[0])).await;
                return Err(Stop::Exit(2));
            };
            return Err(Stop::Exit(code & 0xff));
        }
        "return" => return Err(Stop::Return(number(shell.status).unwrap_or(2) & 0xff)),
        "break" => return Err(Stop::Break(u32::try_from(number(1).unwrap_or(1)).unwrap_or(1).max(1))),
        "continue" => return Err(Stop::Continue(u32::try_from(number(1).unwrap_or(1)).unwrap_or(1).max(1))),
        "cd" => cd(shell, arguments).await,
        "pwd" => {
            shell.say(&shell.folder).await;
            0
        }
        "export" | "readonly" | "local" => declare(shell, name, arguments).await?,
        "unset" => {
            for name in arguments.iter().filter(|word| !word.starts_with('-')) {
                shell.variables.remove(name);
                shell.functions.remove(name);
            }
            0
        }
        "set" => set(shell, arguments).await?,
        "shift" => {
            let count = usize::try_from(number(1).unwrap_or(1)).unwrap_or(0);
            if count > shell.arguments.len() {
                return Ok(Some(1));
            }
            shell.arguments.drain(..count);
            0
        }
        "trap" => trap(shell, arguments).await,
        "wait" => wait(shell).await?,
        "umask" | "ulimit" | "alias" | "unalias" | "hash" | "fg" | "bg" | "jobs" | "times" => 0,
        "kill" => kill(shell, arguments).await,
        "read" => read(shell, arguments).await?,
        "eval" => nested(shell, arguments.join(" ")).await?,
        "." | "source" => source(shell, arguments).await?,
        "command" if arguments.first().is_some_and(|word| word == "-v") => which(shell, &arguments[1..]).await,
        "type" | "which" => which(shell, arguments).await,
        "command" => return external(shell, arguments.to_vec()).await.map(Some),
        "exec" if arguments.is_empty() => 0,
        "exec" => {
            shell.traps.clear();
            let status = external(shell, arguments.to_vec()).await?;
            return Err(Stop::Exit(status));
        }
        _ => return Ok(None),
    };
    Ok(Some(status))
}

fn external(shell: &mut Shell, words: Vec<String>) -> Ran<'_> {
    run::external(shell, words)
}

fn nested(shell: &mut Shell, text: String) -> Ran<'_> {
    Box::pin(async move { run::script(shell, &text).await })
}

async fn cd(shell: &mut Shell, arguments: &[String]) -> i32 {
    let to = arguments.first().cloned().or_else(|| shell.get("HOME")).unwrap_or_else(|| "/".to_owned());
    let path = shell.path(&to);
    let target = path.clone();
    match shell.machine.files(move |files, _| files.stat(&target)).await {
        Ok(facts) if facts.folder => {
            shell.folder = path;
            0
        }
        Ok(_) => shell.complain(&format!("sh: cd: can't cd to {to}: Not a directory")).await,
        Err(error) => shell.complain(&format!("sh: cd: can't cd to {to}: {}", tools::why(error))).await,
    }
}

async fn declare(shell: &mut Shell, kind: &str, arguments: &[String]) -> Result<i32, Stop> {
    let names: Vec<&String> = arguments.iter().filter(|word| !word.starts_with('-')).collect();
    if names.is_empty() {
        let exported = shell.variables.iter().filter(|(_, variable)| variable.exported);
        let lines: Vec<String> =
            exported.map(|(name, variable)| format!("{kind} {name}='{}'", variable.value)).collect();
        for line in lines {
            shell.say(&line).await;
        }
    }
    for word in names {
        let (name, value) = word.split_once('=').map_or((word.as_str(), None), |(name, value)| (name, Some(value)));
        if let Some(value) = value {
            shell.set(name, value.to_owned())?;
        }
        if kind == "export" {
            let empty = || Variable { value: String::new(), exported: true };
            shell.variables.entry(name.to_owned()).or_insert_with(empty).exported = true;
        }
    }
    Ok(0)
}

async fn set(shell: &mut Shell, arguments: &[String]) -> Result<i32, Stop> {
    if arguments.is_empty() {
        let lines: Vec<String> =
            shell.variables.iter().map(|(name, variable)| format!("{name}='{}'", variable.value)).collect();
        for line in lines {
            shell.say(&line).await;
        }
    }
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        let on = word.starts_with('-');
        match word.as_str() {
            "--" => {
                shell.arguments = rest.cloned().collect();
                return Ok(0);
            }
            "-o" | "+o" => match rest.next().map(String::as_str) {
                Some("errexit") => shell.exit_on_error = on,
                Some("nounset") => shell.refuse_unset = on,
                _ => {}
            },
            word if word.len() > 1 && (on || word.starts_with('+')) => {
                for letter in word[1..].chars() {
                    match letter {
                        'e' => shell.exit_on_error = on,
                        'u' => shell.refuse_unset = on,
                        _ => {}
                    }
                }
                if word.ends_with('o') {
                    rest.next();
                }
            }
            first => {
                shell.arguments = std::iter::once(first.to_owned()).chain(rest.cloned()).collect();
                return Ok(0);
            }
        }
    }
    Ok(0)
}

async fn trap(shell: &mut Shell, arguments: &[String]) -> i32 {
    let Some((action, names)) = arguments.split_first() else {
        let lines: Vec<String> =
            shell.traps.iter().map(|(name, action)| format!("trap -- '{action}' {name}")).collect();
        for line in lines {
            shell.say(&line).await;
        }
        return 0;
    };
    let (action, names) = if names.is_empty() { ("-", arguments) } else { (action.as_str(), names) };
    for name in names {
        let name = match name.trim_start_matches("SIG") {
            "15" => "TERM",
            "2" => "INT",
            "1" => "HUP",
            "0" => "EXIT",
            name => name,
        };
        if action == "-" {
            shell.traps.remove(name);
        } else {
            shell.traps.insert(name.to_owned(), action.to_owned());
        }
    }
    0
}

/// Waits for background commands; a signal with a trap interrupts it.
async fn wait(shell: &mut Shell) -> Result<i32, Stop> {
    let (jobs, machine) = (shell.jobs.clone(), Arc::clone(&shell.machine));
    let trapped = shell.main && !shell.traps.is_empty();
    let status = machine
        .wait(|| {
            if trapped && machine.signalled() {
                return Some(143);
            }
            let statuses: Option<Vec<i32>> = jobs.iter().map(|job| *lock(job)).collect();
            statuses.map(|statuses| statuses.last().copied().unwrap_or(0))
        })
        .await;
    run::signals(shell).await?;
    Ok(status)
}

/// Signals to the first process and to background commands, which it ends.
async fn kill(shell: &mut Shell, arguments: &[String]) -> i32 {
    let mut signal = Some(Signal::Term);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let named = if word == "-s" { words.next() } else { word.starts_with('-').then_some(word) };
        if let Some(name) = named {
            signal = match name.trim_start_matches('-').trim_start_matches("SIG") {
                "9" | "KILL" => Some(Signal::Kill),
                "2" | "INT" => Some(Signal::Int),
                "1" | "HUP" => Some(Signal::Hup),
                "0" => None,
                _ => Some(Signal::Term),
            };
            continue;
        }
        if word == "1" {
            signal.into_iter().for_each(|signal| shell.machine.signal(signal));
            continue;
        }
        let job = word.parse::<usize>().ok().and_then(|pid| shell.jobs.get(pid.checked_sub(2)?));
        let Some(job) = job.filter(|job| lock(job).is_none()) else {
            return shell.complain(&format!("sh: can't kill pid {word}: No such process")).await;
        };
        if let Some(signal) = signal {
            *lock(job) = Some(if signal == Signal::Kill { 137 } else { 143 });
            shell.machine.stir();
        }
    }
    0
}

async fn read(shell: &mut Shell, arguments: &[String]) -> Result<i32, Stop> {
    let names: Vec<&String> = arguments.iter().filter(|word| !word.starts_with('-')).collect();
    let stdin: Arc<Pipe> = Arc::clone(&shell.stdin);
    let line = shell.machine.wait(|| stdin.line()).await;
    let ended = !line.ends_with(b"\n");
    let line = String::from_utf8_lossy(&line).trim_end_matches('\n').to_owned();
    let mut rest = line.trim();
    for (index, name) in names.iter().enumerate() {
        let (word, after) = if index + 1 == names.len() {
            (rest, "")
        } else {
            rest.split_once(|c: char| c.is_whitespace()).unwrap_or((rest, ""))
        };
        shell.set(name, word.to_owned())?;
        rest = after.trim_start();
    }
    Ok(i32::from(ended))
}

async fn source(shell: &mut Shell, arguments: &[String]) -> Result<i32, Stop> {
    let name = arguments.first().cloned().unwrap_or_default();
    let path = shell.path(&name);
    match run::read(shell, &path).await {
        Ok(bytes) => match nested(shell, String::from_utf8_lossy(&bytes).into_owned()).await {
            Err(Stop::Return(status)) => Ok(status),
            status => status,
        },
        Err(_) => {
            shell.complain(&format!("sh: .: can't open '{name}': No such file or directory")).await;
            Err(Stop::Exit(2))
        }
    }
}

async fn which(shell: &mut Shell, names: &[String]) -> i32 {
    let mut status = 0;
    for name in names {
        if shell.functions.contains_key(name) || tools::is_builtin(name) {
            shell.say(name).await;
        } else if tools::exists(shell, name) {
            shell.say(&format!("/bin/{name}")).await;
        } else {
            status = 127;
        }
    }
    status
}
