//! `ansflow object edit` and `create`: what changes is shown first.

use std::ffi::OsString;
use std::io::{IsTerminal as _, Read as _, Write as _};
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::{Value as Json, json};

use super::{said, warned};
use crate::cli::Output;
use crate::client::Client;
use crate::exit::Refused;
use crate::state::write_private;
use crate::terminal::{err, out};

/// Edits an object: by a file, or in the user's editor.
pub(super) async fn edit(
    client: &Client,
    path: &str,
    file: Option<&Path>,
    dry_run: bool,
    output: Output,
) -> Result<()> {
    let before = client.get(path).await?;
    let text = before["yaml"].as_str().unwrap_or_default();
    let written = match file {
        Some(file) => read(file)?,
        None => by_hand(text)?,
    };
    if written == text {
        return said(&before, "nothing was changed", output);
    }
    let mut body = json!({ "yaml": written, "resource_version": before["resource_version"], "dry_run": true });
    let looked = client.put(path, None, &body).await?;
    warned(&looked);
    let lines = looked["lines"].as_str().unwrap_or_default();
    if lines.is_empty() {
        return said(&looked, "nothing would change", output);
    }
    if output == Output::Table {
        out(lines)?;
    }
    if dry_run {
        return if output == Output::Table { Ok(()) } else { said(&looked, "", output) };
    }
    if file.is_none() && !agreed()? {
        return said(&looked, "nothing was saved", output);
    }
    body["dry_run"] = false.into();
    said(&client.put(path, None, &body).await?, "saved", output)
}

/// Creates the objects of a file.
pub(super) async fn create(client: &Client, path: &str, file: &Path, dry_run: bool, output: Output) -> Result<()> {
    let made = client.post(path, &json!({ "yaml": read(file)?, "dry_run": dry_run })).await?;
    let items = made["items"].as_array().cloned().unwrap_or_default();
    items.iter().for_each(warned);
    let name = |item: &Json| {
        let place = item["namespace"].as_str().map(|namespace| format!("{namespace}/")).unwrap_or_default();
        let (kind, name) = (item["kind"].as_str().unwrap_or_default(), item["name"].as_str().unwrap_or_default());
        format!("{kind} {place}{name} {}", if dry_run { "would be created" } else { "is created" })
    };
    said(&made, &items.iter().map(name).collect::<Vec<_>>().join("\n"), output)
}

fn read(file: &Path) -> Result<String> {
    if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("failed to read the standard input")?;
        return Ok(text);
    }
    std::fs::read_to_string(file).with_context(|| Refused::invalid(format!("failed to read `{}`", file.display())))
}

/// What the user's editor makes of a text.
fn by_hand(text: &str) -> Result<String> {
    let editor = ["VISUAL", "EDITOR"].iter().find_map(std::env::var_os).filter(|editor| !editor.is_empty());
    let editor = editor.unwrap_or_else(|| OsString::from("vi"));
    let path = std::env::temp_dir().join(format!("ansflow-{}.yml", uuid::Uuid::now_v7().simple()));
    write_private(&path, text.as_bytes()).with_context(|| format!("failed to write `{}`", path.display()))?;
    // An editor may have words of its own, as in `code --wait`; the file is no word of the shell's.
    let words = ["-c", "$ANSFLOW_EDITOR \"$1\"", "sh"];
    let ended = Command::new("sh").args(words).arg(&path).env("ANSFLOW_EDITOR", &editor).status();
    let written = std::fs::read_to_string(&path);
    // It was ours alone.
    let _ = std::fs::remove_file(&path);
    let ended = ended.with_context(|| format!("failed to run {}", editor.display()))?;
    if !ended.success() {
        return Err(Refused::invalid(format!("{} ended with an error; nothing was changed", editor.display())).into());
    }
    written.context("failed to read what the editor wrote")
}

/// Whether a person says yes; without one, what was edited by hand is not saved.
fn agreed() -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(true);
    }
    err("save this? [y/N] ");
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
