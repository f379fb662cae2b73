//! The daemon's classic builder, by its API: no command, no BuildKit, the context sent by us.

use std::collections::HashMap;
use std::time::Instant;

use bollard::auth::DockerCredentials;
use bollard::body_try_stream;
use bollard::models::BuildInfo;
use bollard::query_parameters::BuildImageOptionsBuilder;
use futures_util::StreamExt;

use super::context::Context;
use super::dockerfile;
use super::failure::{BuildFailure, FailedStep, number_after};
use super::throttle::cut;
use super::{Build, Checked};
use crate::daemon::Daemon;
use crate::error::{Error, Result, said};
use crate::progress::{OnLine, Progress};
use crate::{credentials, transfer};

/// Builds: the image's id.
pub(super) async fn build(daemon: &Daemon, checked: &Checked<'_>, on_line: &mut OnLine<'_>) -> Result<String> {
    let build = checked.build;
    if !build.secrets.is_empty() {
        return Err(Error::NeedsBuildKit { what: "build secrets" });
    }
    let text = std::fs::read_to_string(&checked.dockerfile)
        .map_err(|error| Error::file(&checked.dockerfile, "read", &error))?;
    let context = Context::of(checked)?;
    let options = options(build, &context.dockerfile).build();
    let logins: HashMap<String, DockerCredentials> =
        build.logins.iter().map(|(host, login)| (credentials::key(host), login.for_daemon(host))).collect();
    let body = body_try_stream(context.stream());
    let mut stream = Box::pin(daemon.docker.build_image(options, Some(logins), Some(body)));
    let mut told = Told::new();
    while let Some(part) = stream.next().await {
        match part {
            Ok(part) => told.on(part, on_line),
            Err(error) => return Err(told.failed(error, &text)),
        }
    }
    let id = told.id.ok_or_else(|| Error::DaemonLost {
        doing: "building the image".to_owned(),
        why: "the build ended without an image".to_owned(),
    })?;
    // The API gives one name only.
    for tag in build.tags.iter().skip(1) {
        transfer::tag(daemon, &id, tag).await?;
    }
    Ok(id)
}

fn options(build: &Build, dockerfile: &str) -> BuildImageOptionsBuilder {
    let args: HashMap<&str, &str> = build.args.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let labels: HashMap<&str, &str> =
        build.labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let options = BuildImageOptionsBuilder::default()
        .dockerfile(dockerfile)
        .buildargs(&args)
        .labels(&labels)
        .nocache(build.no_cache)
        .platform(build.platform.as_deref().unwrap_or(""))
        .target(build.target.as_deref().unwrap_or(""))
        // What an instruction ran in is removed, also when it failed.
        .rm(true)
        .forcerm(true);
    let options = if build.pull { options.pull("true") } else { options };
    let options = if build.cache_from.is_empty() { options } else { options.cachefrom(&build.cache_from) };
    let options = match build.network.as_deref() {
        Some(network) => options.networkmode(network),
        None => options,
    };
    match build.tags.first() {
        Some(tag) => options.t(tag),
        None => options,
    }
}

/// What the builder said until now.
struct Told {
    step: Option<(usize, FailedStep)>,
    id: Option<String>,
    line: String,
    progress: Progress,
}

impl Told {
    fn new() -> Told {
        Told { step: None, id: None, line: String::new(), progress: Progress::new("pulling", Instant::now()) }
    }

    fn on(&mut self, part: BuildInfo, on_line: &mut OnLine<'_>) {
        if let Some(id) = part.aux.and_then(|aux| aux.id) {
            self.id = Some(id);
        }
        let layer = part
            .id
            .as_ref()
            .zip(part.status.as_ref())
            .and_then(|(id, status)| self.progress.on(id, status, part.progress_detail.as_ref(), Instant::now()));
        if let Some(line) = layer {
            on_line(&line);
        }
        self.line.push_str(&part.stream.unwrap_or_default());
        while let Some((line, rest)) = self.line.split_once('\n') {
            let (line, rest) = (line.trim_end_matches('\r').to_owned(), rest.to_owned());
            self.line = rest;
            self.show(&line, on_line);
        }
        // A command may write for hours without ending a line.
        if self.line.len() > 64 * 1024 {
            let line = std::mem::take(&mut self.line);
            self.show(&line, on_line);
        }
    }

    fn show(&mut self, line: &str, on_line: &mut OnLine<'_>) {
        if let Some((place, instruction)) = line.strip_prefix("Step ").and_then(|rest| rest.split_once(" : ")) {
            let number = place.split('/').next().and_then(|number| number.parse().ok());
            if let Some(number) = number {
                let step = FailedStep { place: place.to_owned(), instruction: instruction.to_owned() };
                self.step = Some((number, step));
            }
        }
        // Which container an instruction ran in, and that it is gone again, helps nobody.
        let is_noise = line.trim().is_empty()
            || line.trim() == "--->"
            || line.starts_with(" ---> Running in ")
            || line.starts_with("Removing intermediate container ");
        if !is_noise {
            on_line(cut(line));
        }
    }

    fn failed(self, error: bollard::errors::Error, dockerfile_text: &str) -> Error {
        let (status, why) = said(error);
        if status.is_none() {
            return Error::DaemonLost { doing: "building the image".to_owned(), why };
        }
        let parsed = number_after(&why, "dockerfile parse error line ")
            .or_else(|| number_after(&why, "parse error on line "))
            .and_then(|line| usize::try_from(line).ok());
        let (number, step) = self.step.unzip();
        let nth = |number: usize| dockerfile::instructions(dockerfile_text).into_iter().nth(number.checked_sub(1)?);
        let line = parsed.or_else(|| Some(nth(number?)?.line));
        let code = number_after(&why, "returned a non-zero code: ");
        Error::Build(Box::new(BuildFailure { step, line, code, why }))
    }
}
