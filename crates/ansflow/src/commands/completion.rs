//! `ansflow completion SHELL`

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::exit::Exit;
use crate::terminal::data;

pub(super) fn completion(shell: Shell) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "ansflow", &mut script);
    data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Success)
}
