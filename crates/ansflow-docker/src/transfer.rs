//! Pulling and pushing images through the daemon.

use std::time::{Duration, Instant};

use ansflow_core::image::LATEST;
use bollard::models::ProgressDetail;
use bollard::query_parameters::{
    CreateImageOptionsBuilder, ListImagesOptionsBuilder, PushImageOptionsBuilder, TagImageOptionsBuilder,
};
use futures_util::StreamExt;

use crate::cause::Cause;
use crate::credentials::Login;
use crate::daemon::Daemon;
use crate::error::{Error, Result, said};
use crate::image::{name_or_id, new_name, reference};
use crate::progress::{OnLine, Progress};

/// An image as the daemon has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local {
    /// Its id, which is its configuration's digest: `sha256:…`.
    pub id: String,
    /// `REPOSITORY@sha256:…` for each registry that it came from or went to.
    pub repo_digests: Vec<String>,
    /// Bytes on the disk, layers that it shares included.
    pub size: u64,
    /// What it is for: `linux/amd64`, `linux/arm64/v8`.
    pub platform: String,
    /// Its labels.
    pub labels: crate::labels::Labels,
}

impl Local {
    /// Whether it is for a platform, where one is asked for: `linux/arm64` is met by `linux/arm64/v8`.
    pub fn is_for(&self, wanted: Option<&str>) -> bool {
        let meets = |wanted: &str| {
            let rest = self.platform.strip_prefix(wanted);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        wanted.is_none_or(meets)
    }
}

/// What was pulled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulled {
    /// The image as it is now.
    pub image: Local,
    /// The digest under which the registry has it.
    pub digest: Option<String>,
}

/// What was pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// The digest under which the registry has it now.
    pub digest: String,
}

/// Looks at an image of the daemon: an error [`Error::NoImage`] where it has none of that name.
pub async fn inspect(daemon: &Daemon, name: &str) -> Result<Local> {
    let asked = name_or_id(name)?;
    let found = daemon.docker.inspect_image(&asked).await.map_err(|error| no_image(error, name))?;
    Ok(Local {
        id: found.id.unwrap_or_default(),
        repo_digests: found.repo_digests.unwrap_or_default(),
        platform: [found.os, found.architecture, found.variant]
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("/"),
        size: found.size.and_then(|size| u64::try_from(size).ok()).unwrap_or(0),
        labels: found.config.and_then(|config| config.labels).unwrap_or_default().into_iter().collect(),
    })
}

/// The tags that the daemon has of a repository, in order.
pub async fn tags(daemon: &Daemon, repository: &str) -> Result<Vec<String>> {
    let name = reference(repository)?.name();
    let options = ListImagesOptionsBuilder::default().filters(&[("reference", vec![name.clone()])].into()).build();
    let listed = daemon.docker.list_images(Some(options)).await;
    let listed = listed.map_err(|error| Error::daemon("listing images", error))?;
    let tags = listed.iter().flat_map(|image| &image.repo_tags).filter_map(|tag| reference(tag).ok());
    // The filter is a pattern, and an image has names of other repositories too.
    let mut tags: Vec<String> =
        tags.filter(|tag| tag.name() == name).filter_map(|tag| tag.tag().map(str::to_owned)).collect();
    tags.sort();
    Ok(tags)
}

/// Gives an image another name.
pub async fn tag(daemon: &Daemon, name: &str, new: &str) -> Result<()> {
    let (source, target) = (name_or_id(name)?, new_name(new)?);
    let options = TagImageOptionsBuilder::default().repo(&target.name()).tag(target.tag().unwrap_or(LATEST));
    daemon.docker.tag_image(&source, Some(options.build())).await.map_err(|error| no_image(error, name))
}

/// Pulls an image, with the login that its registry asks for.
pub async fn pull(
    daemon: &Daemon,
    name: &str,
    platform: Option<&str>,
    login: Option<&Login>,
    on_line: &mut OnLine<'_>,
) -> Result<Pulled> {
    let image = reference(name)?;
    let failed = |cause| Error::Transfer { image: image.to_string(), verb: "pulled", cause };
    let options = CreateImageOptionsBuilder::default().from_image(&image.to_string()).platform(platform.unwrap_or(""));
    let credentials = login.map(|login| login.for_daemon(image.host()));
    let mut stream = Box::pin(daemon.docker.create_image(Some(options.build()), None, credentials));
    let mut told = Told::new("pulling");
    while let Some(step) = stream.next().await {
        let step = step.map_err(|error| failed(cause(error, login)))?;
        told.on(step.id.as_deref(), step.status.as_deref(), step.progress_detail.as_ref(), on_line);
    }
    told.end("pulled", &image.to_string(), on_line);
    Ok(Pulled { image: inspect(daemon, &image.to_string()).await?, digest: told.digest })
}

/// Pushes an image under its whole name, with the login that its registry asks for.
pub async fn push(daemon: &Daemon, name: &str, login: Option<&Login>, on_line: &mut OnLine<'_>) -> Result<Pushed> {
    let image = new_name(name)?;
    let failed = |cause| Error::Transfer { image: image.to_string(), verb: "pushed", cause };
    let options = PushImageOptionsBuilder::default().tag(image.tag().unwrap_or(LATEST)).build();
    let credentials = login.map(|login| login.for_daemon(image.host()));
    let mut stream = Box::pin(daemon.docker.push_image(&image.name(), Some(options), credentials));
    let mut told = Told::new("pushing");
    while let Some(step) = stream.next().await {
        let step = step.map_err(|error| match said(error) {
            (_, why) if why.contains("image does not exist locally") || why.contains("No such image") => {
                Error::NoImage { image: image.to_string() }
            }
            (status, why) => failed(of_words(status, &why, login)),
        })?;
        told.on(None, step.status.as_deref(), step.progress_detail.as_ref(), on_line);
    }
    told.end("pushed", &image.to_string(), on_line);
    // Without this line the registry has not said that it has the image.
    let digest = told.digest.ok_or_else(|| failed(Cause::Other("the registry gave no digest for it".to_owned())))?;
    Ok(Pushed { digest })
}

/// What came by until now.
struct Told {
    progress: Progress,
    digest: Option<String>,
}

impl Told {
    fn new(doing: &'static str) -> Told {
        Told { progress: Progress::new(doing, Instant::now()), digest: None }
    }

    fn on(
        &mut self,
        id: Option<&str>,
        status: Option<&str>,
        detail: Option<&ProgressDetail>,
        on_line: &mut OnLine<'_>,
    ) {
        let Some(status) = status else { return };
        // "Digest: sha256:…" of a pull, "v1: digest: sha256:… size: 528" of a push.
        let digest = status.split_whitespace().skip_while(|word| !word.eq_ignore_ascii_case("digest:")).nth(1);
        if let Some(digest) = digest.filter(|digest| crate::image::is_digest(digest)) {
            self.digest = Some(digest.to_owned());
        }
        let line = match id {
            Some(id) => self.progress.on(id, status, detail, Instant::now()),
            None => self.progress.on_nameless(status, detail, Instant::now()),
        };
        if let Some(line) = line {
            on_line(&line);
        }
    }

    fn end(&self, done: &str, name: &str, on_line: &mut OnLine<'_>) {
        let took: Duration = self.progress.began.elapsed();
        on_line(&format!("{done} {name}: {} in {:.1} s", self.progress.summary(), took.as_secs_f64()));
    }
}

fn cause(error: bollard::errors::Error, login: Option<&Login>) -> Cause {
    let (status, why) = said(error);
    of_words(status, &why, login)
}

fn of_words(status: Option<u16>, why: &str, login: Option<&Login>) -> Cause {
    match status {
        Some(_) => Cause::of_words(why, login.is_some()),
        None => Cause::Other(format!("the Docker daemon did not answer: {why}")),
    }
}

fn no_image(error: bollard::errors::Error, name: &str) -> Error {
    match said(error) {
        (Some(404), _) => Error::NoImage { image: name.to_owned() },
        (Some(_), why) => Error::DaemonRefused { doing: format!("to look at the image `{name}`"), why },
        (None, why) => Error::DaemonLost { doing: format!("looking at the image `{name}`"), why },
    }
}
