//! From a push to the runs that it starts, each exactly once.
//!
//! The run is asked for under a key made of the delivery, and only then the delivery is remembered: whoever falls
//! between the two finds the same run when the delivery comes again.

use ansflow_core::pipeline::{self, Pipeline};
use ansflow_core::webhook::address::{self, Place};
use ansflow_core::webhook::{Push, Source, Verdict, verdict};
use ansflow_store::Error as StoreError;
use ansflow_store::deliveries::{NewDelivery, Recorded, Status};
use ansflow_store::launch::{Launch, LaunchError};
use serde_json::Map;

use super::answer::HookResult;
use super::row::row;
use super::sender::Sender;
use crate::App;
use crate::error::{ApiError, ApiResult};

/// So many texts are looked at in one go.
const PAGE: u64 = 100;

/// Starts the pipeline whose hook it came to, or every pipeline that asks for pushes to this repository.
pub(super) async fn all(app: &App, sender: &Sender, push: &Push, pipeline: Option<&str>) -> ApiResult<Vec<HookResult>> {
    if let Some(pipeline) = pipeline {
        let mut texts = app.store().pipelines().texts(&[pipeline]).await?;
        let (id, _, body) = texts.pop().ok_or_else(|| ApiError::not_found(format!("pipeline `{pipeline}`")))?;
        let (pipeline, body) = parse(body).await?;
        let Some(pipeline) = pipeline else {
            return Ok(vec![say(app, sender, push, &id, Status::Refused, &body).await?]);
        };
        return Ok(vec![one(app, sender, push, &id, &pipeline).await?]);
    }
    let mut items = Vec::new();
    for (id, pipeline) in of_repository(app, push).await? {
        items.push(one(app, sender, push, &id, &pipeline).await?);
    }
    if items.is_empty() {
        let why = match push.starts_nothing() {
            Some(why) => why,
            None => format!("no pipeline has a `webhook` trigger and checks out `{}`", push.repository),
        };
        items.push(say(app, sender, push, "", Status::Ignored, &why).await?);
    }
    Ok(items)
}

/// Pipelines with a `webhook` trigger that check out what was pushed to.
async fn of_repository(app: &App, push: &Push) -> ApiResult<Vec<(String, Pipeline)>> {
    let places: Vec<Place> = push.addresses.iter().filter_map(|address| Place::of(address)).collect();
    let names: Vec<String> = places.iter().map(|place| place.last_name().to_owned()).collect();
    let (mut found, mut behind) = (Vec::new(), String::new());
    if places.is_empty() {
        return Ok(found);
    }
    loop {
        let page = app.store().hooks().candidates(&behind, PAGE).await?;
        let Some(last) = page.last() else { return Ok(found) };
        behind.clone_from(&last.pipeline);
        for candidate in page {
            // To read a text takes longer than to look for a word in it.
            let text = candidate.body.to_lowercase();
            if !names.iter().any(|name| text.contains(name.as_str())) {
                continue;
            }
            if let (Some(pipeline), _) = parse(candidate.body).await?
                && pipeline.triggers.iter().any(|trigger| matches!(trigger, pipeline::Trigger::Webhook { .. }))
                && address::repositories(&pipeline).any(|place| places.contains(&place))
            {
                found.push((candidate.pipeline, pipeline));
            }
        }
    }
}

/// What a text says, or what is wrong with it; beside the threads that answer requests.
async fn parse(body: String) -> ApiResult<(Option<Pipeline>, String)> {
    let read = tokio::task::spawn_blocking(move || {
        let source = pipeline::Source { text: body.as_bytes(), file_stem: "pipeline", variables: &Map::new() };
        let (pipeline, problems) = pipeline::parse(&source);
        let why = problems.iter().find(|problem| problem.is_error()).map(|problem| problem.message.clone());
        (pipeline, format!("the pipeline cannot be read: {}", why.unwrap_or_default()))
    });
    read.await.map_err(|panic| ApiError::internal(&panic))
}

async fn one(app: &App, sender: &Sender, push: &Push, id: &str, pipeline: &Pipeline) -> ApiResult<HookResult> {
    let source = sender.source.as_str();
    if let Some(run) = app.store().deliveries().started(source, &sender.delivery, id).await? {
        return duplicate(app, sender, push, id, &run).await;
    }
    let note = match verdict(&pipeline.triggers, push) {
        Verdict::Starts(note) => note,
        Verdict::Ignored(why) => return say(app, sender, push, id, Status::Ignored, &why).await,
    };
    // A program of one's own names no repository: the commit is one of the pipeline's only one.
    let repository = match sender.source {
        Source::Generic => address::only_repository(pipeline).filter(|_| push.commit.is_some()).map(str::to_owned),
        Source::Github | Source::Gitlab | Source::Gitea | Source::Gitee => push.addresses.first().cloned(),
    };
    let key = format!("hook:{source}:{id}:{}", sender.delivery);
    let by = if push.sender.is_empty() { source.to_owned() } else { format!("{source}:{}", push.sender) };
    let launch = Launch {
        pipeline: id,
        variables: push.variables.clone(),
        branch: push.branch().map(str::to_owned),
        commit: push.commit.clone(),
        repository,
        cause: "webhook",
        by: &by,
        request_key: Some(key.as_str()).filter(|_| !sender.delivery.is_empty()),
        concurrency: app.store().settings(app.keyring()).get().await?.steps_per_run,
        ..Launch::default()
    };
    match app.store().launch(launch, app.files(), app.now()).await {
        Ok(launched) => {
            let run = &launched.run.created().run;
            let row = NewDelivery { run, ..row(sender, Some(push), id, Status::Started, &note) };
            match app.store().deliveries().record(&row, app.now()).await? {
                Recorded::Here => Ok(HookResult::new(id, Status::Started, &note, run)),
                Recorded::Before(run) => duplicate(app, sender, push, id, &run).await,
            }
        }
        // It will be sent again, and is not to be taken for one that came to nothing.
        Err(LaunchError::Store(error @ (StoreError::Unavailable(_) | StoreError::Io { .. }))) => Err(error.into()),
        Err(why) => say(app, sender, push, id, Status::Refused, &why.to_string()).await,
    }
}

/// Remembers a delivery that started nothing.
async fn say(
    app: &App,
    sender: &Sender,
    push: &Push,
    pipeline: &str,
    status: Status,
    why: &str,
) -> ApiResult<HookResult> {
    let row = row(sender, Some(push), pipeline, status, why);
    match app.store().deliveries().record(&row, app.now()).await? {
        Recorded::Here => Ok(HookResult::new(pipeline, status, why, "")),
        Recorded::Before(run) => duplicate(app, sender, push, pipeline, &run).await,
    }
}

async fn duplicate(app: &App, sender: &Sender, push: &Push, pipeline: &str, run: &str) -> ApiResult<HookResult> {
    let why = "it came before";
    let row = NewDelivery { run, dedupe: "", ..row(sender, Some(push), pipeline, Status::Duplicate, why) };
    app.store().deliveries().record(&row, app.now()).await?;
    Ok(HookResult::new(pipeline, Status::Duplicate, why, run))
}
