//! A shell that somebody types at: banner, prompt, echo, line editing as far as the backspace key.

use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use super::run;
use super::state::{Shell, Stop};
use crate::lock::lock;

/// The window of whoever types; its size changes while the shell runs.
#[derive(Clone, Default)]
pub(crate) struct Terminal(Arc<Mutex<Window>>);

#[derive(Default)]
struct Window {
    rows: u16,
    columns: u16,
    changed: bool,
}

impl Terminal {
    /// Rows and columns.
    pub(crate) fn size(&self) -> (u16, u16) {
        let window = lock(&self.0);
        (window.rows, window.columns)
    }

    pub(crate) fn resize(&self, rows: u16, columns: u16) {
        *lock(&self.0) = Window { rows, columns, changed: true };
    }

    fn take_changed(&self) -> bool {
        std::mem::take(&mut lock(&self.0).changed)
    }
}

const BANNER: &str = "\n\nBusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1) built-in shell (ash)\nEnter 'help' for a list of built-in commands.\n\n";

/// Reads a line, runs it, until `exit` or the end of the input.
pub(super) async fn interactive(shell: &mut Shell) -> Result<i32, Stop> {
    shell.write(1, BANNER.as_bytes()).await;
    shell.name = "sh".to_owned();
    loop {
        let prompt = format!("{} # ", shell.folder);
        // `ESC [6n` asks the terminal where the cursor stands, as ash does.
        shell.write(1, format!("{prompt}\u{1b}[6n").as_bytes()).await;
        let Some(line) = line(shell).await else { return Ok(shell.status) };
        shell.main = false;
        match interruptible(shell, &line).await {
            Ok(status) => shell.status = status,
            Err(Stop::Exit(2)) if super::parse::parse(&line).is_err() => shell.status = 2,
            Err(Stop::Return(status)) => shell.status = status,
            Err(Stop::Break(_) | Stop::Continue(_)) => {}
            Err(stop) => return Err(stop),
        }
    }
}

/// Runs a line until it ends or Ctrl-C is typed.
async fn interruptible(shell: &mut Shell, line: &str) -> Result<i32, Stop> {
    let stdin = Arc::clone(&shell.stdin);
    let machine = Arc::clone(&shell.machine);
    let ended = {
        let mut running = run::script(shell, line);
        poll_fn(|context| {
            if stdin.interrupted() {
                return Poll::Ready(None);
            }
            running.as_mut().poll(context).map(Some)
        })
        .await
    };
    if ended.is_none() {
        machine.serve(None);
        shell.write(1, b"^C\n").await;
    }
    ended.unwrap_or(Ok(130))
}

/// A typed line, echoed key by key; nothing at the end of the input (or Ctrl-D).
async fn line(shell: &Shell) -> Option<String> {
    let mut typed = String::new();
    let stdin = Arc::clone(&shell.stdin);
    let terminal = shell.machine.mode.terminal().cloned().unwrap_or_default();
    loop {
        let key = shell
            .machine
            .wait(|| if terminal.take_changed() { Some(Key::Resized) } else { stdin.take_key().map(Key::Byte) });
        let byte = match key.await {
            Key::Byte(byte) => byte?,
            Key::Resized => {
                shell.write(1, format!("\r{} # {typed}\u{1b}[J", shell.folder).as_bytes()).await;
                continue;
            }
        };
        match byte {
            b'\r' | b'\n' => {
                shell.write(1, b"\n").await;
                return Some(typed);
            }
            4 if typed.is_empty() => return None,
            3 => {
                shell.write(1, b"^C\n").await;
                return Some(String::new());
            }
            8 | 127 if typed.is_empty() => {}
            8 | 127 => {
                typed.pop();
                shell.write(1, b"\x08 \x08").await;
            }
            27 => skip_sequence(shell).await,
            byte if byte >= 32 => {
                typed.push(byte as char);
                shell.write(1, &[byte]).await;
            }
            _ => {}
        }
    }
}

enum Key {
    Byte(Option<u8>),
    Resized,
}

/// Arrow keys and the terminal's answers: `ESC [ … letter`.
async fn skip_sequence(shell: &Shell) {
    let stdin = Arc::clone(&shell.stdin);
    if shell.machine.wait(|| stdin.take_key()).await != Some(b'[') {
        return;
    }
    while let Some(byte) = shell.machine.wait(|| stdin.take_key()).await {
        if byte.is_ascii_alphabetic() || byte == b'~' {
            return;
        }
    }
}
