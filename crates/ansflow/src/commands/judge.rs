//! `ansflow judge [FILE…|-]`: what is to be said of Kubernetes objects, each for itself, without a cluster.

use std::io::Read;
use std::path::{Path, PathBuf};

use ansflow_kube::judge::{Judged, judge_all};
use anyhow::Result;

use super::print_data;
use crate::cli::Output;
use crate::exit::{Exit, Refused};
use crate::terminal::{clean::clean, out, table::table};

pub(super) fn judge(files: &[PathBuf], output: Output) -> Result<Exit> {
    let stdin = [PathBuf::from("-")];
    let paths: &[PathBuf] = if files.is_empty() { &stdin } else { files };
    let mut judged = Vec::new();
    for path in paths {
        let text = read(path)?;
        let found = judge_all(&text);
        judged.extend(found.map_err(|problem| Refused::invalid(format!("{}: {problem}", path.display())))?);
    }
    match output {
        Output::Json | Output::Yaml => print_data(output, &serde_json::to_value(&judged)?)?,
        Output::Table => {
            let rows: Vec<Vec<String>> = judged.iter().map(row).collect();
            out(&table(&["KIND", "NAME", "VERDICT", "REASON", "MESSAGE"], &rows))?;
        }
    }
    Ok(Exit::Success)
}

fn read(path: &Path) -> Result<String> {
    let mut text = String::new();
    let read = match path.to_str() {
        Some("-") => std::io::stdin().lock().read_to_string(&mut text).map(|_| ()),
        Some(_) | None => std::fs::read_to_string(path).map(|found| text = found),
    };
    read.map_err(|problem| Refused::invalid(format!("`{}` cannot be read: {problem}", path.display())))?;
    Ok(text)
}

fn row(judged: &Judged) -> Vec<String> {
    let name = match &judged.namespace {
        Some(namespace) => format!("{namespace}/{}", judged.name),
        None => judged.name.clone(),
    };
    let shown = |text: &Option<String>| clean(text.as_deref().unwrap_or("-")).into_owned();
    vec![
        clean(&judged.kind).into_owned(),
        clean(&name).into_owned(),
        judged.verdict.to_owned(),
        shown(&judged.reason),
        shown(&judged.message),
    ]
}
