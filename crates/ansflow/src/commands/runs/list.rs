//! How runs are shown.

use anyhow::Result;
use serde_json::Value as Json;

use crate::cli::Output;
use crate::client::{Client, encode};
use crate::commands::{pipeline, print_data};
use crate::run::views::words::span;
use crate::terminal::paint::Paint;
use crate::terminal::{out, table::table};

/// Which runs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filter<'a> {
    pub(super) pipeline: Option<&'a str>,
    pub(super) status: Option<&'a str>,
    pub(super) branch: Option<&'a str>,
}

/// Newest first.
pub(super) async fn list(client: &Client, filter: Filter<'_>, most: usize, output: Output) -> Result<()> {
    let mut query = Vec::new();
    if let Some(name) = filter.pipeline {
        query.push(format!("pipeline={}", pipeline::find(client, name).await?));
    }
    query.extend(filter.status.map(|status| format!("status={}", encode(status))));
    query.extend(filter.branch.map(|branch| format!("branch={}", encode(branch))));
    let path = if query.is_empty() { "runs".to_owned() } else { format!("runs?{}", query.join("&")) };
    let found = client.list(&path, most).await?;
    if output != Output::Table {
        return print_data(output, &Json::Array(found));
    }
    let rows: Vec<Vec<String>> = found.iter().map(row).collect();
    Ok(out(&table(&["RUN", "STATUS", "TRIGGER", "BY", "BRANCH", "CREATED", "TOOK", "ID"], &rows))?)
}

fn row(run: &Json) -> Vec<String> {
    let text = |key: &str| run[key].as_str().unwrap_or_default().to_owned();
    let name = run["pipeline"]["name"].as_str().unwrap_or_default();
    let took = run["duration_ms"].as_u64().map(span).unwrap_or_default();
    vec![
        format!("{name}#{}", run["number"]),
        text("status").replace('_', " "),
        text("trigger"),
        text("by"),
        text("branch"),
        text("created_at"),
        took,
        text("id"),
    ]
}

/// One run with its steps.
pub(super) fn show(run: &Json, output: Output) -> Result<()> {
    if output != Output::Table {
        return print_data(output, run);
    }
    let paint = Paint::stdout();
    let name = run["pipeline"]["name"].as_str().unwrap_or_default();
    let word = |value: &Json| value.as_str().unwrap_or_default().replace('_', " ");
    let title = paint.bold(&format!("{name} #{}", run["number"]));
    let mut lines = format!("{title} {} ({})\n", word(&run["status"]), word(&run["id"]).replace(' ', "_"));
    let steps = run["steps"].as_array().map(Vec::as_slice).unwrap_or_default();
    let rows: Vec<Vec<String>> = steps
        .iter()
        .map(|step| {
            let took = step["duration_ms"].as_u64().filter(|ms| *ms > 0).map(span).unwrap_or_default();
            let why = step["why"].as_str().unwrap_or_default().to_owned();
            vec![step["name"].as_str().unwrap_or_default().to_owned(), word(&step["status"]), took, why]
        })
        .collect();
    lines += &table(&["STEP", "STATUS", "TOOK", "WHY"], &rows);
    Ok(out(&lines)?)
}
