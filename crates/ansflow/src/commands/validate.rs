//! `ansflow validate FILE…`

use anyhow::Result;
use serde_json::Value as Json;

use super::print_data;
use crate::cli::{Output, ValidateArgs};
use crate::exit::Exit;
use crate::run::prepare::{File, variables};
use crate::terminal::diagnostics::{View, for_people};
use crate::terminal::{out, paint::Paint};

pub(super) fn validate(args: &ValidateArgs, output: Output) -> Result<Exit> {
    let variables = variables(&args.vars)?;
    let paint = Paint::stdout();
    let mut views = Vec::new();
    let mut wrong = false;
    for path in &args.files {
        let file = File::read(path)?;
        let (pipeline, problems) = file.parse(&variables);
        wrong |= problems.iter().any(|problem| problem.is_error());
        match output {
            Output::Table => {
                out(&for_people(path, &file.text(), &problems, paint))?;
                if let Some(pipeline) = pipeline.filter(|_| problems.iter().all(|problem| !problem.is_error())) {
                    let steps = pipeline.steps.len();
                    let steps = if steps == 1 { "1 step".to_owned() } else { format!("{steps} steps") };
                    out(&format!("{}: {} ({steps})\n", path.display(), paint.green("ok")))?;
                }
            }
            Output::Json | Output::Yaml => {
                for problem in &problems {
                    views.push(serde_json::to_value(View::of(path, problem))?);
                }
            }
        }
    }
    if output != Output::Table {
        print_data(output, &Json::Array(views))?;
    }
    Ok(if wrong { Exit::Failed } else { Exit::Success })
}
