//! `ansflow run FILE` and `ansflow run --resume RUN`: the engine here and now, without a server or network.

mod drive;
mod resume;
mod start;

use anyhow::Result;

use crate::cli::{Output, RunArgs};
use crate::exit::{Exit, Refused};
use crate::run::views::View;
use crate::run::views::{json::JsonView, live::LiveView, plain::PlainView};

pub(super) fn run(args: &RunArgs, output: Output) -> Result<Exit> {
    match (&args.resume, &args.file) {
        (Some(run), _) => resume::resume(run, args, output),
        (None, Some(file)) => start::start(file, args, output),
        (None, None) => Err(Refused::invalid("no pipeline file is named").into()),
    }
}

/// How this invocation shows a run.
fn view(output: Output, run: &str) -> Result<View> {
    match output {
        Output::Json => Ok(View::Json(JsonView::new(run, std::io::stdout()))),
        Output::Yaml => {
            Err(Refused::invalid("`run` prints its events as JSON, not as YAML").help("use -o json").into())
        }
        Output::Table => Ok(LiveView::new().map_or_else(|| View::Plain(PlainView::new()), View::Live)),
    }
}
