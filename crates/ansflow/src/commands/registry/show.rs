//! Registries on the screen.

use anyhow::Result;
use serde_json::Value as Json;

use crate::cli::Output;
use crate::commands::print_data;
use crate::terminal::{out, table::table};

/// A table of registries.
pub(super) fn list(registries: &[Json], output: Output) -> Result<()> {
    if output != Output::Table {
        return print_data(output, &Json::Array(registries.to_vec()));
    }
    let rows: Vec<Vec<String>> = registries.iter().map(row).collect();
    Ok(out(&table(&["NAME", "KIND", "ADDRESS", "USER", "DEFAULT", "LAST TEST"], &rows))?)
}

fn row(registry: &Json) -> Vec<String> {
    let text = |key: &str| registry[key].as_str().unwrap_or_default().to_owned();
    let address = text("address");
    let insecure = if registry["insecure"] == true { " (insecure)" } else { "" };
    let is_default = if registry["is_default"] == true { "yes" } else { "" };
    let last = match (&registry["last_check"]["ok"], registry["last_check"]["message"].as_str()) {
        (Json::Bool(true), _) => "ok".to_owned(),
        (Json::Bool(false), why) => {
            // Which one stands beside it.
            let host = address.split('/').next().unwrap_or_default();
            let why = why.unwrap_or("failed");
            why.strip_prefix(&format!("the registry {host} ")).unwrap_or(why).to_owned()
        }
        _ => "never".to_owned(),
    };
    vec![text("name"), text("kind"), format!("{address}{insecure}"), text("username"), is_default.into(), last]
}

/// What was done, or for programs what there is now.
pub(super) fn done(view: &Json, words: &str, output: Output) -> Result<()> {
    match output {
        Output::Table => Ok(out(&format!("{words}\n"))?),
        Output::Json | Output::Yaml => print_data(output, view),
    }
}

/// Tags and what they stand for.
pub(super) fn images(images: &[Json], output: Output) -> Result<()> {
    if output != Output::Table {
        return print_data(output, &Json::Array(images.to_vec()));
    }
    let text = |image: &Json, key: &str| image[key].as_str().unwrap_or_default().to_owned();
    let row = |image: &Json| vec![text(image, "tag"), size(image), text(image, "created"), text(image, "digest")];
    let rows: Vec<Vec<String>> = images.iter().map(row).collect();
    Ok(out(&table(&["TAG", "SIZE", "BUILT", "DIGEST"], &rows))?)
}

/// What a tag stands for, a line each.
pub(super) fn image(image: &Json, output: Output) -> Result<()> {
    if output != Output::Table {
        return print_data(output, image);
    }
    let text = |key: &str| image[key].as_str().unwrap_or_default().to_owned();
    let platforms: Vec<&str> = image["platforms"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let rows = [
        vec!["DIGEST".to_owned(), text("digest")],
        vec!["SIZE".to_owned(), size(image)],
        vec!["BUILT".to_owned(), text("created")],
        vec!["PLATFORMS".to_owned(), platforms.join(", ")],
    ];
    Ok(out(&table(&["IMAGE", &text("reference")], &rows))?)
}

/// What a pull of it transfers.
fn size(image: &Json) -> String {
    match image["size"].as_u64().unwrap_or_default() {
        bytes @ ..1_000 => format!("{bytes} B"),
        bytes @ 1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        bytes => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// Names, one a line.
pub(super) fn names(page: &Json, output: Output) -> Result<()> {
    if output != Output::Table {
        return print_data(output, &page["items"]);
    }
    let names = page["items"].as_array().into_iter().flatten().filter_map(Json::as_str);
    Ok(out(&names.map(|name| format!("{name}\n")).collect::<String>())?)
}
