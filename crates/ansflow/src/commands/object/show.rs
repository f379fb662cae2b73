//! Objects on the screen.

use anyhow::Result;
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::cli::Output;
use crate::client::Client;
use crate::commands::print_data;
use crate::terminal::{data, err, out, table::table};

/// No more rows are asked for.
const MOST: usize = 10_000;

/// All of a list, page by page.
pub(super) async fn list(client: &Client, path: &str, output: Output) -> Result<()> {
    let first = client.get(&format!("{path}&limit=1")).await?;
    let items = client.list(path, MOST).await?;
    if items.len() == MOST {
        err(&format!("only the first {MOST} are shown; narrow it with a namespace, labels or a part of the name\n"));
    }
    if output != Output::Table {
        return print_data(output, &json!({ "columns": first["columns"], "items": items }));
    }
    let columns: Vec<&str> = first["columns"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let names: Vec<String> = columns.iter().map(|column| column.to_uppercase().replace('_', " ")).collect();
    let mut heading = vec!["NAMESPACE", "NAME", "STATE"];
    heading.extend(names.iter().map(String::as_str));
    heading.extend(["AGE", "WHY"]);
    let row = |item: &Json| {
        let mut row = vec![text(&item["namespace"]), text(&item["name"]), text(&item["state"])];
        let cells = item["cells"].as_array().into_iter().flatten();
        row.extend(
            cells.zip(&columns).map(|(cell, column)| if column.ends_with("_at") { age(cell) } else { text(cell) }),
        );
        row.extend([age(&item["created_at"]), item["message"].as_str().unwrap_or_default().to_owned()]);
        row
    };
    let rows: Vec<Vec<String>> = items.iter().map(row).collect();
    Ok(out(&table(&heading, &rows))?)
}

/// One object; as YAML it is itself.
pub(super) fn object(view: &Json, output: Output) -> Result<()> {
    match output {
        Output::Yaml => return Ok(data(view["yaml"].as_str().unwrap_or_default())?),
        Output::Json => return print_data(output, view),
        Output::Table => {}
    }
    let place = view["namespace"].as_str().map(|namespace| format!("{namespace}/")).unwrap_or_default();
    let why = view["message"].as_str().map(|why| format!(": {why}")).unwrap_or_default();
    let kind = text(&view["kind"]["kind"]);
    let mut words = format!("{kind} {place}{} is {}{why}\n", text(&view["name"]), text(&view["state"]));
    for branch in view["tree"].as_array().into_iter().flatten() {
        grow(branch, 1, &mut words);
    }
    let event = |event: &Json| {
        let object = format!("{}/{}", text(&event["object"]["kind"]), text(&event["object"]["name"]));
        vec![age(&event["at"]), text(&event["type"]), text(&event["reason"]), object, text(&event["text"])]
    };
    let events: Vec<Vec<String>> = view["events"].as_array().into_iter().flatten().map(event).collect();
    if !events.is_empty() {
        words += "\n";
        words += &table(&["AGE", "TYPE", "REASON", "OBJECT", "TEXT"], &events);
    }
    for unseen in view["unseen"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        err(&format!("{unseen}\n"));
    }
    Ok(out(&words)?)
}

fn grow(branch: &Json, depth: usize, words: &mut String) {
    let why = branch["message"].as_str().map(|why| format!(": {why}")).unwrap_or_default();
    let line = format!("{}/{} {}{why}", text(&branch["kind"]), text(&branch["name"]), text(&branch["state"]));
    *words += &format!("{}{line}\n", "  ".repeat(depth));
    branch["children"].as_array().into_iter().flatten().for_each(|child| grow(child, depth + 1, words));
}

/// Revisions, the newest first.
pub(super) fn history(view: &Json, output: Output) -> Result<()> {
    if output != Output::Table {
        return print_data(output, view);
    }
    let row = |item: &Json| {
        let images: Vec<&str> = item["images"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        let current = if item["current"] == true { "yes" } else { "" };
        let cause = item["change_cause"].as_str().unwrap_or_default().to_owned();
        vec![text(&item["revision"]), age(&item["created_at"]), current.to_owned(), images.join(", "), cause]
    };
    let rows: Vec<Vec<String>> = view["items"].as_array().into_iter().flatten().map(row).collect();
    Ok(out(&table(&["REVISION", "AGE", "CURRENT", "IMAGES", "CHANGE CAUSE"], &rows))?)
}

/// Values of a Secret: the only one as it is, of several each behind its key.
pub(super) fn values(view: &Json, output: Output) -> Result<()> {
    if output != Output::Table {
        return print_data(output, &view["values"]);
    }
    let values = view["values"].as_object().cloned().unwrap_or_default();
    let is_one = values.len() == 1;
    for (key, value) in &values {
        let value = value.as_str().unwrap_or_default();
        data(&if is_one { format!("{value}\n") } else { format!("{key}={value}\n") })?;
    }
    Ok(())
}

fn text(value: &Json) -> String {
    match value {
        Json::Null => "-".to_owned(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// How long ago, in the largest unit of which there are two: `45 s`, `12 m`, `3 d`.
fn age(at: &Json) -> String {
    let Some(at) = at.as_str().and_then(|at| at.parse::<Timestamp>().ok()) else { return "-".to_owned() };
    match Timestamp::now().duration_since(at).as_secs().max(0) {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ 120..7_200 => format!("{} m", seconds / 60),
        seconds @ 7_200..172_800 => format!("{} h", seconds / 3_600),
        seconds => format!("{} d", seconds / 86_400),
    }
}
