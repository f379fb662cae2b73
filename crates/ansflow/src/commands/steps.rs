//! `ansflow steps [TYPE]`: the step catalogue, as validation knows it.

use ansflow_core::catalog::view::step_type;
use ansflow_core::catalog::{self, Param, ParamKind, StepType};
use anyhow::Result;

use super::print_data;
use crate::cli::Output;
use crate::exit::{Exit, Refused};
use crate::terminal::paint::Paint;
use crate::terminal::{
    out,
    table::{table, wrap},
};

pub(super) fn steps(kind: Option<&str>, output: Output) -> Result<Exit> {
    match (kind.map(find).transpose()?, output) {
        (None, Output::Table) => out(&list())?,
        (Some(kind), Output::Table) => out(&describe(kind))?,
        (None, Output::Json | Output::Yaml) => {
            print_data(output, &catalog::all().iter().map(step_type).collect::<Vec<_>>().into())?;
        }
        (Some(kind), Output::Json | Output::Yaml) => print_data(output, &step_type(kind))?,
    }
    Ok(Exit::Success)
}

fn find(word: &str) -> Result<&'static StepType> {
    catalog::find(word).ok_or_else(|| {
        let refused = Refused::invalid(format!("there is no step type `{word}`")).exit(Exit::NotFound);
        let words = catalog::all().iter().map(|kind| kind.word);
        let help = catalog::replacement(word)
            .map(str::to_owned)
            .or_else(|| ansflow_core::suggest::nearest(word, words).map(|near| format!("did you mean `{near}`?")));
        refused.help(help.unwrap_or_else(|| "`ansflow steps` lists them".to_owned())).into()
    })
}

fn list() -> String {
    let rows: Vec<Vec<String>> = catalog::all()
        .iter()
        .map(|kind| {
            let runs = if kind.unavailable.is_none() { "yes" } else { "not yet" };
            vec![kind.word.to_owned(), kind.category.as_str().to_owned(), runs.to_owned(), kind.summary.to_owned()]
        })
        .collect();
    table(&["TYPE", "CATEGORY", "RUNS", "WHAT IT DOES"], &rows)
}

fn describe(kind: &StepType) -> String {
    let paint = Paint::stdout();
    let mut text = format!("{} · {}\n{}", paint.bold(kind.word), kind.title, wrap(kind.summary, 0));
    if !kind.aliases.is_empty() {
        text += &format!("also written: {}\n", kind.aliases.join(", "));
    }
    if let Some(why) = kind.unavailable {
        text += &format!("{} {why}\n", paint.yellow("cannot run yet:"));
    }
    if !kind.params.is_empty() {
        text += &format!("\n{}\n", paint.dim("parameters, under `config:`"));
    }
    text += &kind.params.iter().map(|param| parameter_text(param, paint)).collect::<String>();
    for example in kind.examples {
        text += &format!("\n{}\n{}\n", paint.dim("example:"), example.trim_end());
    }
    text
}

/// What it takes on one line, what it means below, so that nothing is wider than a narrow terminal.
fn parameter_text(param: &Param, paint: Paint) -> String {
    const SHORT: usize = 40;
    let choices = match param.kind {
        ParamKind::Choice(words) => Some(words.join(", ")),
        _ => None,
    };
    let mut takes = match &choices {
        Some(choices) if choices.len() > SHORT => "choice".to_owned(),
        _ => takes(&param.kind),
    };
    if param.required {
        takes += if param.inherits.is_some() { ", required unless a step before has it" } else { ", required" };
    }
    if let Some(default) = param.default.filter(|_| !param.required) {
        takes += &format!(", default {default}");
    }
    let mut text = format!("\n  {}  {}\n", paint.bold(param.key), paint.dim(&takes));
    if let Some(choices) = choices.filter(|choices| choices.len() > SHORT) {
        text += &wrap(&format!("one of {choices}"), 6);
    }
    if !param.aliases.is_empty() {
        text += &wrap(&format!("also {}", param.aliases.join(", ")), 6);
    }
    text + &wrap(param.help, 6)
}

fn takes(kind: &ParamKind) -> String {
    match kind {
        ParamKind::Choice(words) => words.join("|"),
        ParamKind::Int { min, max } => format!("{min}..{max}"),
        _ => kind.word().to_owned(),
    }
}
