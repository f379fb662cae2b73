//! One file a command.

mod completion;
mod doctor;
mod plan;
mod run;
mod schema;
mod steps;
mod validate;
mod version;

use anyhow::Result;

use crate::cli::{Cli, Command, Output};
use crate::exit::Exit;
use crate::terminal::data;

/// Does what was typed.
pub(crate) fn dispatch(cli: Cli) -> Result<Exit> {
    let output = cli.output;
    match cli.command {
        Command::Run(args) => run::run(&args, output),
        Command::Validate(args) => validate::validate(&args, output),
        Command::Plan(args) => plan::plan(&args, output),
        Command::Schema => schema::schema(),
        Command::Steps { kind } => steps::steps(kind.as_deref(), output),
        Command::Doctor => doctor::doctor(output),
        Command::Completion { shell } => completion::completion(shell),
        Command::Version => version::version(output),
    }
}

/// Prints data for programs. JSON is YAML as well, and reads the same everywhere.
fn print_data(output: Output, value: &serde_json::Value) -> Result<()> {
    let text = match output {
        Output::Yaml => ansflow_core::yaml::print(value),
        Output::Json | Output::Table => format!("{value:#}\n"),
    };
    Ok(data(&text)?)
}
