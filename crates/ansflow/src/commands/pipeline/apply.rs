//! `ansflow pipeline apply -f FILE`: what is in the file is what is on the server, whatever was there before.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use ansflow_core::pipeline::{self, Source};
use anyhow::{Context, Result};
use serde_json::{Map, Value as Json, json};

use crate::cli::Output;
use crate::client::{Client, encode};
use crate::commands::print_data;
use crate::exit::{Exit, Refused};
use crate::terminal::diagnostics::for_people;
use crate::terminal::paint::Paint;
use crate::terminal::{err, out};

pub(super) async fn apply(client: &Client, files: &[PathBuf], note: &str, output: Output) -> Result<Exit> {
    let mut views = Vec::new();
    for path in files {
        let (done, view) = apply_one(client, path, note).await?;
        let text = |key: &str| view[key].as_str().unwrap_or_default();
        if output == Output::Table {
            out(&format!("pipeline `{}` {done} (version {})\n", text("name"), view["version"]))?;
        }
        views.push(view);
    }
    if output != Output::Table {
        print_data(output, &Json::Array(views))?;
    }
    Ok(Exit::Success)
}

async fn apply_one(client: &Client, path: &Path, note: &str) -> Result<(&'static str, Json)> {
    let text = read(path)?;
    let name = name(path, &text)?;
    let found = client.list(&format!("pipelines?search={}", encode(&name)), usize::MAX).await?;
    let there = found.iter().find(|one| one["name"] == *name).and_then(|one| one["id"].as_str());
    let body = json!({ "text": text, "note": note });
    let Some(id) = there else {
        return Ok(("created", client.post("pipelines", &body).await?));
    };
    let path = format!("pipelines/{id}");
    let (before, tag) = client.get_tagged(&path).await?;
    let after = client.put(&path, Some(&tag), &body).await?;
    Ok((if before["version"] == after["version"] { "unchanged" } else { "saved" }, after))
}

/// Problems are told here, with the file's own lines; the server would say the same without them.
fn name(path: &Path, text: &str) -> Result<String> {
    let source = Source { text: text.as_bytes(), file_stem: "", variables: &Map::new() };
    let (found, problems) = pipeline::parse(&source);
    let wrong = problems.iter().any(ansflow_core::diagnostic::Diagnostic::is_error);
    err(&for_people(path, text, &problems, Paint::stderr()));
    let refused = || Refused::invalid(format!("`{}` is not well; nothing was saved", path.display()));
    let pipeline = found.filter(|_| !wrong).ok_or_else(refused)?;
    if pipeline.name.value.is_empty() {
        return Err(refused().help("on a server a pipeline needs a `name:`").into());
    }
    Ok(pipeline.name.value)
}

/// A file's text; `-` is standard input.
pub(super) fn read(path: &Path) -> Result<String> {
    let refused = || Refused::invalid(format!("the file `{}` cannot be read", path.display()));
    if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().lock().read_to_string(&mut text).context("failed to read standard input")?;
        return Ok(text);
    }
    std::fs::read_to_string(path).with_context(refused)
}
