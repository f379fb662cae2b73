//! `ansflow runs approve` and `reject`.

use anyhow::Result;
use serde_json::{Value as Json, json};

use crate::cli::Output;
use crate::cli::remote::DecisionArgs;
use crate::client::{Client, encode};
use crate::exit::{Exit, Refused};

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
}

pub(super) async fn decide(client: &Client, args: &DecisionArgs, answer: Answer, output: Output) -> Result<()> {
    let id = super::find(client, &args.run).await?;
    let step = match &args.step {
        Some(step) => step.clone(),
        None => the_one_that_waits(&client.get(&format!("runs/{id}")).await?)?,
    };
    let (verb, done) = match answer {
        Answer::Yes => ("approve", "approved"),
        Answer::No => ("reject", "rejected"),
    };
    let path = format!("runs/{id}/steps/{}/{verb}", encode(&step));
    let run = client.post(&path, &json!({ "comment": args.message })).await?;
    super::said(&run, &format!("has its step `{step}` {done}"), output)
}

fn the_one_that_waits(run: &Json) -> Result<String> {
    let steps = run["steps"].as_array().map(Vec::as_slice).unwrap_or_default();
    let waiting = steps.iter().filter(|step| step["status"] == "waiting");
    let names: Vec<&str> = waiting.filter_map(|step| step["name"].as_str()).collect();
    match names.as_slice() {
        [name] => Ok((*name).to_owned()),
        [] => Err(Refused::invalid("no step of the run waits for approval").exit(Exit::Conflict).into()),
        several => Err(Refused::invalid("several steps of the run wait for approval")
            .help(format!("name one of them: {}", several.join(", ")))
            .into()),
    }
}
