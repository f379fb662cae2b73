//! The one binary: commands, configuration, wiring.
//!
//! Two programs live in it. `ansflow __attempt DIR` is one attempt of one step: it is started thousands of times, so
//! it is recognised before anything else is set up. Everything else is the command line.

mod cli;
mod client;
mod commands;
mod demo;
mod exit;
mod log;
mod mounts;
mod run;
mod serve;
mod simulated;
mod state;
mod terminal;
mod ui;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    if let (Some(first), Some(dir), None) = (words.next(), words.next(), words.next())
        && first == ansflow_engine::ATTEMPT_COMMAND
    {
        return ansflow_engine::attempt_main(dir.as_ref());
    }
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(help_or_error) => help_or_error.exit(),
    };
    match commands::dispatch(cli) {
        Ok(exit) => exit.into(),
        Err(problem) => {
            let exit = exit::Exit::of(&problem);
            terminal::complain(&problem);
            exit.into()
        }
    }
}
