//! One file a command.

mod audit;
mod cluster;
mod completion;
mod demo;
mod doctor;
mod healthcheck;
mod judge;
mod object;
mod pipeline;
mod plan;
mod registry;
mod run;
mod runs;
mod schema;
mod secret;
mod server;
mod session;
mod simulate;
mod steps;
mod token;
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
        Command::Judge { files } => judge::judge(&files, output),
        Command::Server(args) => server::server(&args),
        Command::Demo(args) => demo::demo(&args),
        Command::Simulate(args) => simulate::simulate(&args, output),
        Command::Pipeline(command) => on_server(pipeline::pipeline(&command, &cli.remote, output)),
        Command::Runs(command) => on_server(runs::runs(&command, &cli.remote, output)),
        Command::Secret(command) => on_server(secret::secret(&command, &cli.remote, output)),
        Command::Cluster(command) => on_server(cluster::cluster(&command, &cli.remote, output)),
        Command::Object(command) => on_server(object::object(&command, &cli.remote, output)),
        Command::Audit(command) => on_server(audit::audit(&command, &cli.remote, output)),
        Command::Registry(command) => on_server(registry::registry(&command, &cli.remote, output)),
        Command::Token(command) => on_server(token::token(&command, &cli.remote, output)),
        Command::Login(args) => on_server(session::login(&args, &cli.remote)),
        Command::Logout => on_server(session::logout(&cli.remote)),
        Command::Whoami => on_server(session::whoami(&cli.remote, output)),
        Command::Doctor => doctor::doctor(output),
        Command::Healthcheck { listen } => healthcheck::healthcheck(&listen),
        Command::Completion { shell } => completion::completion(shell),
        Command::Version => version::version(output),
    }
}

/// Talks to a server; one thread is enough.
fn on_server(talk: impl Future<Output = Result<Exit>>) -> Result<Exit> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let exit = runtime.block_on(async {
        tokio::select! {
            exit = talk => exit,
            // Whoever watches may stop watching; the run goes on.
            _ = tokio::signal::ctrl_c() => Ok(Exit::Signal(2)),
        }
    });
    runtime.shutdown_background();
    exit
}

/// Prints data for programs. JSON is YAML as well, and reads the same everywhere.
fn print_data(output: Output, value: &serde_json::Value) -> Result<()> {
    let text = match output {
        Output::Yaml => ansflow_core::yaml::print(value),
        Output::Json | Output::Table => format!("{value:#}\n"),
    };
    Ok(data(&text)?)
}
