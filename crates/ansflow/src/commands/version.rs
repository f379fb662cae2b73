//! `ansflow version`

use anyhow::Result;
use serde_json::json;

use super::print_data;
use crate::cli::Output;
use crate::exit::Exit;
use crate::terminal::out;

const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(super) fn version(output: Output) -> Result<Exit> {
    match output {
        Output::Table => out(&format!("ansflow {VERSION}\n"))?,
        Output::Json | Output::Yaml => print_data(output, &json!({ "version": VERSION }))?,
    }
    Ok(Exit::Success)
}
