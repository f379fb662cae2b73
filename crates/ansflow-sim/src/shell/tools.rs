//! The commands that images have: which there are, and what is said of those that are not.

mod archive;
mod change;
mod file;
mod folder;
mod search;
mod system;
mod text;

use std::sync::Arc;

use super::lex::Reader;
use super::machine::Pipe;
use super::park::Park;
use super::run::{self, Ran};
use super::state::{Shell, Stop};
use super::{Mode, Server, terminal};
use crate::program::FileError;
use crate::programs;

pub(super) use self::system::duration;

/// Commands that do what they should.
const DONE: [&str; 52] = [
    "[", "agnhost", "ash", "base64", "basename", "bash", "busybox", "cat", "chmod", "chown", "cp", "cut", "date", "dd",
    "dirname", "echo", "env", "expr", "false", "grep", "head", "hostname", "id", "ls", "mkdir", "mv", "nginx", "nproc",
    "printenv", "printf", "ps", "pwd", "rm", "rmdir", "sed", "seq", "sh", "sleep", "sort", "stat", "stty", "sync",
    "tail", "tar", "tee", "test", "touch", "tr", "true", "uname", "uniq", "wc",
];

/// Further ones that busybox has, of which nothing is known here but their names.
const NAMES: &str = " ar arp arping awk bc bunzip2 bzcat bzip2 cal chgrp chroot chvt cksum clear cmp comm crond crontab \
    cryptpw dc deluser df diff dmesg dnsdomainname dos2unix du ed egrep ether-wake expand factor fdisk fgrep flock fold free \
    fsync ftpget ftpput fuser getopt getty groups gunzip gzip halt hd hexdump hexedit hostid httpd hwclock ifconfig inetd init \
    install ionice iostat ip ipcalc ipcrm ipcs kill killall klogd less logger login logread lsmod lsof lspci lsusb lzcat md5sum \
    mesg microcom mkfifo mknod mkpasswd more mount mountpoint mpstat nc netstat nice nl nohup nslookup ntpd od passwd paste \
    patch pgrep pidof ping ping6 pkill pmap poweroff printenv pstree pwdx rdate realpath reboot renice reset resize rev route \
    run-parts setsid sha1sum sha256sum sha512sum shred shuf split start-stop-daemon strings su sum swapoff swapon switch_root \
    sysctl syslogd tac telnet telnetd tftp time timeout top traceroute truncate tty ttysize udhcpc umount unexpand unix2dos \
    unzip uptime usleep users vi volname vmstat w watch watchdog wget which who xargs xxd xz xzcat yes zcat ";

/// Whether the command is there, simulated or not. In an image that nobody knows, everything may be.
pub(crate) fn has(image: &str, name: &str) -> bool {
    let image = programs::Image::of(image);
    match name {
        "nginx" => image == programs::Image::Nginx,
        "agnhost" => image == programs::Image::Agnhost,
        name => !image.is_known() || DONE.contains(&name) || NAMES.split_whitespace().any(|known| known == name),
    }
}

pub(super) fn exists(shell: &Shell, name: &str) -> bool {
    programs::Image::of(&shell.machine.start.image).is_known() && has(&shell.machine.start.image, name)
        || DONE.contains(&name)
}

pub(super) fn is_builtin(name: &str) -> bool {
    let builtin =
        ["cd", "exit", "export", "read", "set", "trap", "wait", "eval", "exec", ":", "true", "false", "echo", "test"];
    builtin.contains(&name)
}

/// Runs a command; its words are at least one.
pub(super) async fn run(shell: &mut Shell, words: &[String]) -> Result<i32, Stop> {
    let Some((word, arguments)) = words.split_first() else { return Ok(0) };
    let name = match word.rsplit_once('/') {
        None => word.as_str(),
        Some((folder, name)) => {
            let usual = ["/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", ""].contains(&folder);
            if !(usual && DONE.contains(&name) && has(&shell.machine.start.image, name)) {
                return file_or_unknown(shell, word, arguments).await;
            }
            name
        }
    };
    if !has(&shell.machine.start.image, name) {
        return Ok(unknown(shell, word).await);
    }
    let status = match name {
        "sh" | "ash" | "bash" => sh(shell, arguments).await?,
        "busybox" if !arguments.is_empty() => again(shell, arguments).await?,
        "env" if arguments.iter().any(|word| !word.contains('=') && !word.starts_with('-')) => {
            let command = arguments.iter().position(|word| !word.contains('=')).unwrap_or(0);
            for (name, value) in arguments[..command].iter().filter_map(|word| word.split_once('=')) {
                shell.set(name, value.to_owned())?;
            }
            again(shell, &arguments[command..]).await?
        }
        "nginx" | "agnhost" => return programs_server(shell, name, arguments).await,
        _ => {
            if let Some(status) = text::run(shell, name, arguments).await? {
                return Ok(status);
            }
            if let Some(status) = change::run(shell, name, arguments).await? {
                return Ok(status);
            }
            if let Some(status) = search::run(shell, name, arguments).await? {
                return Ok(status);
            }
            if let Some(status) = file::run(shell, name, arguments).await? {
                return Ok(status);
            }
            match system::run(shell, name, arguments).await? {
                Some(status) => status,
                None => return not_simulated(shell, word).await,
            }
        }
    };
    Ok(status)
}

/// The words of the C library.
pub(super) fn why(error: FileError) -> &'static str {
    match error {
        FileError::Missing => "No such file or directory",
        FileError::Denied => "Permission denied",
        FileError::IsFolder => "Is a directory",
        FileError::NotFolder => "Not a directory",
        FileError::ReadOnly => "Read-only file system",
        FileError::Exists => "File exists",
    }
}

fn again<'a>(shell: &'a mut Shell, words: &'a [String]) -> Ran<'a> {
    Box::pin(run(shell, words))
}

/// A command by its path: a script that somebody mounted, or nothing.
async fn file_or_unknown(shell: &mut Shell, word: &str, arguments: &[String]) -> Result<i32, Stop> {
    let path = shell.path(word);
    let target = path.clone();
    let facts = shell.machine.files(move |files, _| files.stat(&target)).await;
    match facts {
        Err(_) if !programs::Image::of(&shell.machine.start.image).is_known() => not_simulated(shell, word).await,
        Err(_) => Ok(unknown(shell, word).await),
        Ok(facts) if facts.folder || facts.mode & 0o111 == 0 => {
            shell.complain(&format!("sh: {word}: Permission denied")).await;
            Ok(126)
        }
        Ok(_) => {
            let words: Vec<String> = std::iter::once(path).chain(arguments.iter().cloned()).collect();
            child(shell, &words).await
        }
    }
}

async fn unknown(shell: &Shell, word: &str) -> i32 {
    if programs::Image::of(&shell.machine.start.image).is_known() {
        shell.complain(&format!("sh: {word}: not found")).await;
        return 127;
    }
    shell.complain(&format!("not simulated: {word}")).await;
    127
}

/// What nobody wrote a simulation for. As a container's own work it does what most do: it serves for ever, or it succeeds.
async fn not_simulated(shell: &mut Shell, word: &str) -> Result<i32, Stop> {
    let guess =
        matches!(shell.machine.mode, Mode::Main(_)) && !programs::Image::of(&shell.machine.start.image).is_known();
    if !guess {
        shell.complain(&format!("not simulated: {word}")).await;
        return Ok(127);
    }
    if shell.machine.start.restarts_always {
        return serve(shell, Arc::new(programs::unknown::Unknown)).await;
    }
    shell.machine.sleep(1_000_000).await;
    Ok(0)
}

async fn programs_server(shell: &mut Shell, name: &str, arguments: &[String]) -> Result<i32, Stop> {
    let (start, user) = (Arc::clone(&shell.machine.start), shell.machine.start.user);
    let arguments = arguments.to_vec();
    let name = name.to_owned();
    let made = shell.machine.files(move |files, now| match name.as_str() {
        "nginx" => programs::nginx::start(&arguments, files, user, now),
        _ => programs::agnhost::start(&arguments, &start, now),
    });
    match made.await {
        Ok(server) => serve(shell, server).await,
        Err(failed) => {
            for line in &failed.lines {
                shell.complain(line).await;
            }
            Ok(failed.code)
        }
    }
}

/// Answers until a signal ends it.
async fn serve(shell: &mut Shell, server: Arc<dyn Server>) -> Result<i32, Stop> {
    let machine = Arc::clone(&shell.machine);
    machine.serve(Some(Arc::clone(&server)));
    // Signals go to the first process. A shell that waits for its child with a trap set never passes them on.
    if !shell.main || !shell.traps.is_empty() {
        return machine.wait(|| None).await;
    }
    machine.offer(Park::Server(Arc::clone(&server)));
    loop {
        machine.wait(|| machine.signalled().then_some(())).await;
        if let Some(code) = machine.take_signal().and_then(|signal| server.ended_by(signal)) {
            machine.serve(None);
            return Ok(code);
        }
    }
}

/// `sh -c TEXT NAME ARGUMENTS`, `sh FILE ARGUMENTS`, `sh` alone.
async fn sh(shell: &mut Shell, arguments: &[String]) -> Result<i32, Stop> {
    let mut rest = arguments;
    let (mut text, mut options) = (false, Vec::new());
    while let Some((word, after)) = rest.split_first() {
        if word.len() < 2 || !word.starts_with(['-', '+']) {
            break;
        }
        rest = after;
        if word == "--" {
            break;
        }
        text |= word.starts_with('-') && word.contains('c');
        options.extend(word[1..].chars().filter(|letter| *letter != 'c'));
        if word.ends_with('o') {
            rest = rest.split_first().map_or(rest, |(_, after)| after);
        }
    }
    let words = rest;
    // Signals go to the first process only.
    let mut inner = if shell.main && shell.depth == 0 { shell.clone() } else { shell.copy() };
    inner.depth += 1;
    inner.variables.retain(|_, variable| variable.exported);
    inner.functions.clear();
    inner.exit_on_error = options.contains(&'e');
    inner.refuse_unset = options.contains(&'u');
    if text {
        let Some((script, after)) = words.split_first() else {
            shell.complain("sh: -c requires an argument").await;
            return Ok(2);
        };
        if let Some((name, arguments)) = after.split_first() {
            inner.name = name.clone();
            inner.arguments = arguments.to_vec();
        }
        let status = run::script(&mut inner, script).await;
        return ended(shell, &mut inner, status).await;
    }
    if let Some((file, arguments)) = words.split_first() {
        let path = inner.path(file);
        let Ok(bytes) = run::read(shell, &path).await else {
            shell.complain(&format!("sh: can't open '{file}': No such file or directory")).await;
            return Ok(2);
        };
        inner.name = file.clone();
        inner.arguments = arguments.to_vec();
        let status = run::script(&mut inner, &String::from_utf8_lossy(&bytes)).await;
        return ended(shell, &mut inner, status).await;
    }
    if shell.machine.mode.terminal().is_some() {
        return terminal::interactive(&mut inner).await;
    }
    let status = typed(&mut inner).await;
    ended(shell, &mut inner, status).await
}

/// A script that comes through stdin: each command runs as soon as it is whole, and may itself read what follows.
async fn typed(inner: &mut Shell) -> Result<i32, Stop> {
    let stdin = Arc::clone(&inner.stdin);
    let mut text = String::new();
    loop {
        let line = inner.machine.wait(|| stdin.line()).await;
        text.push_str(&String::from_utf8_lossy(&line));
        if line.is_empty() {
            return run::script(inner, &text).await;
        }
        // A very long text is waited for to its end.
        if text.len() > 64 << 10 || Reader::is_unfinished(&text) {
            continue;
        }
        inner.status = run::script(inner, &std::mem::take(&mut text)).await?;
    }
}

async fn child(shell: &mut Shell, words: &[String]) -> Result<i32, Stop> {
    let run: Ran<'_> = Box::pin(sh(shell, words));
    run.await
}

/// What a shell of its own leaves, when it has done what it wants done at its end.
async fn ended(shell: &mut Shell, inner: &mut Shell, status: Result<i32, Stop>) -> Result<i32, Stop> {
    let status = match status {
        Ok(status) | Err(Stop::Exit(status) | Stop::Return(status)) => status,
        Err(Stop::Break(_) | Stop::Continue(_)) => 0,
        Err(Stop::OutOfMemory) => return Err(Stop::OutOfMemory),
    };
    if let Some(action) = inner.traps.remove("EXIT") {
        inner.status = status;
        if let Err(Stop::Exit(status)) = run::script(inner, &action).await {
            return Ok(status & 0xff);
        }
    }
    shell.status = status;
    Ok(status & 0xff)
}

/// Whole input: the files that are named, or stdin; complaints are made here.
async fn input(shell: &Shell, name: &str, files: &[String]) -> (Vec<Vec<u8>>, i32) {
    let (mut all, mut status) = (Vec::new(), 0);
    if files.is_empty() {
        all.push(whole(shell).await);
    }
    for file in files {
        if file == "-" {
            all.push(whole(shell).await);
            continue;
        }
        match run::read(shell, &shell.path(file)).await {
            Ok(bytes) => all.push(bytes),
            Err(FileError::IsFolder) => status = shell.complain(&format!("{name}: read error: Is a directory")).await,
            Err(error) => {
                let line = match name {
                    "grep" | "head" | "tail" | "wc" | "sort" => format!("{name}: {file}: {}", why(error)),
                    _ => format!("{name}: can't open '{file}': {}", why(error)),
                };
                status = shell.complain(&line).await;
            }
        }
    }
    (all, status)
}

async fn whole(shell: &Shell) -> Vec<u8> {
    let stdin: Arc<Pipe> = Arc::clone(&shell.stdin);
    shell.machine.wait(|| stdin.whole()).await
}
