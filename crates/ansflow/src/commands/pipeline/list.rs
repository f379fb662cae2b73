//! How pipelines are shown.

use anyhow::Result;
use serde_json::Value as Json;

use crate::cli::Output;
use crate::client::{Client, encode};
use crate::commands::print_data;
use crate::terminal::paint::Paint;
use crate::terminal::{out, table::table};

/// A list with the last results.
pub(super) async fn list(client: &Client, search: Option<&str>, output: Output) -> Result<()> {
    let path = search.map_or_else(|| "pipelines".to_owned(), |text| format!("pipelines?search={}", encode(text)));
    let found = client.list(&path, usize::MAX).await?;
    if output != Output::Table {
        return print_data(output, &Json::Array(found));
    }
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|one| {
            let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
            let last = one["recent"].get(0).map_or_else(
                || "never ran".to_owned(),
                |run| format!("#{} {}", run["number"], run["status"].as_str().unwrap_or_default().replace('_', " ")),
            );
            let on = if one["enabled"] == false { "disabled" } else { "" };
            vec![text("name"), one["version"].to_string(), one["steps"].to_string(), last, on.to_owned(), text("id")]
        })
        .collect();
    Ok(out(&table(&["NAME", "VERSION", "STEPS", "LAST RUN", "", "ID"], &rows))?)
}

/// One pipeline.
pub(super) fn show(view: &Json, output: Output) -> Result<()> {
    if output != Output::Table {
        return print_data(output, view);
    }
    let paint = Paint::stdout();
    let text = |key: &str| view[key].as_str().unwrap_or_default();
    let mut lines = format!("{} (version {}, {})\n", paint.bold(text("name")), view["version"], text("id"));
    if !text("description").is_empty() {
        lines += &format!("{}\n", text("description"));
    }
    for step in view["outline"]["steps"].as_array().into_iter().flatten() {
        let word = |key: &str| step[key].as_str().unwrap_or_default();
        lines += &format!("  {}  {}\n", word("name"), paint.dim(word("type")));
    }
    Ok(out(&lines)?)
}

/// The versions of a pipeline.
pub(super) fn versions(found: &[Json], output: Output) -> Result<()> {
    if output != Output::Table {
        return print_data(output, &Json::Array(found.to_vec()));
    }
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|one| {
            let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
            vec![one["version"].to_string(), text("created_at"), text("created_by"), text("note")]
        })
        .collect();
    Ok(out(&table(&["VERSION", "SAVED", "BY", "NOTE"], &rows))?)
}
