//! `ansflow pipeline import FILE…`

use std::path::PathBuf;

use anyhow::Result;
use serde_json::{Value as Json, json};

use super::apply::read;
use crate::cli::Output;
use crate::cli::remote::OnConflict;
use crate::client::Client;
use crate::commands::print_data;
use crate::exit::Exit;
use crate::terminal::{err, out};

pub(super) async fn import(
    client: &Client,
    files: &[PathBuf],
    on_conflict: OnConflict,
    output: Output,
) -> Result<Exit> {
    let items = files.iter().map(|path| {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        Ok(json!({ "text": read(path)?, "name": stem }))
    });
    let items: Vec<Json> = items.collect::<Result<_>>()?;
    let word = match on_conflict {
        OnConflict::Fail => "fail",
        OnConflict::NewVersion => "new_version",
        OnConflict::Rename => "rename",
    };
    let answer = client.post("pipelines/import", &json!({ "items": items, "on_conflict": word })).await?;
    let results = answer["items"].as_array().cloned().unwrap_or_default();
    if output != Output::Table {
        print_data(output, &answer["items"])?;
    }
    let mut exit = Exit::Success;
    for result in &results {
        let name = result["name"].as_str().unwrap_or_default();
        match result["problem"]["detail"].as_str() {
            None if output == Output::Table => out(&format!("pipeline `{name}` is imported\n"))?,
            None => (),
            Some(why) => {
                exit = Exit::Failed;
                err(&format!("pipeline `{name}` was not imported: {why}\n"));
            }
        }
    }
    Ok(exit)
}
