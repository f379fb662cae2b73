//! A registry's password: asked for where there is a terminal, or all of standard input.

use std::io::{IsTerminal as _, Read as _};

use anyhow::{Context, Result};

use crate::exit::Refused;

/// The password of this user. It may have several lines, as Google's keys do; the last newline is an editor's.
pub(super) fn read(from_stdin: bool, user: &str) -> Result<String> {
    let mut stdin = std::io::stdin().lock();
    if !from_stdin && !stdin.is_terminal() {
        return Err(Refused::invalid("there is no terminal to ask for the password")
            .help("use --password-stdin, and give it on standard input")
            .into());
    }
    if !from_stdin {
        let asked = rpassword::prompt_password(format!("password of {user}: "));
        return asked.context("failed to read the password");
    }
    let mut text = String::new();
    stdin.read_to_string(&mut text).context("failed to read the password")?;
    let end = text.trim_end_matches(['\r', '\n']).len();
    text.truncate(end);
    Ok(text)
}
