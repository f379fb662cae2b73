//! Which attempt's output is meant, and whether more of it may come.

use std::path::PathBuf;

use ansflow_core::plan::StepIndex;
use ansflow_store::output::LogReader;
use ansflow_store::{Error, Result};

use crate::App;
use crate::api::runs::short;
use crate::error::{ApiError, ApiResult};

/// One attempt's output.
#[derive(Debug, Clone)]
pub(super) struct Output {
    /// Number of the attempt; where none has begun, of the one that would.
    pub(super) attempt: u32,
    pub(super) folder: PathBuf,
    /// Nothing is written any more.
    pub(super) ended: bool,
}

impl Output {
    /// Of this attempt, or of the latest.
    ///
    /// # Errors
    /// 404 for a run, a step or an attempt that is not there.
    pub(super) async fn find(app: &App, run: &str, name: &str, attempt: Option<u32>) -> ApiResult<Output> {
        let history = app.live().run(app.store(), run).await?;
        let step = history.index(name).ok_or_else(|| no_step(run, name))?;
        let tries = &history.steps[step].tries;
        let found = match attempt {
            Some(number) => tries.iter().find(|made| made.number == number),
            None => tries.last(),
        };
        match (found, attempt) {
            (Some(made), _) => {
                let folder = app.files().attempt(run, step, made.number);
                Ok(Output { attempt: made.number, folder, ended: made.ended.is_some() })
            }
            (None, None) => {
                let ended = history.run.step(step).finished().is_some();
                Ok(Output { attempt: 1, folder: app.files().attempt(run, step, 1), ended })
            }
            (None, Some(number)) => Err(no_attempt(name, number)),
        }
    }

    /// A reader of it; none before the first byte.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn open(&self) -> Result<Option<LogReader>> {
        match LogReader::open(&self.folder) {
            Ok(reader) => Ok(Some(reader)),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The step of a run whose output is to be followed; an attempt that is asked for is there, or may come.
///
/// # Errors
/// 404 for what is not there.
pub(super) async fn step(app: &App, run: &str, name: &str, attempt: Option<u32>) -> ApiResult<StepIndex> {
    let history = app.live().run(app.store(), run).await?;
    let step = history.index(name).ok_or_else(|| no_step(run, name))?;
    let is_there = |number| history.steps[step].tries.iter().any(|made| made.number == number);
    match attempt {
        Some(number) if !is_there(number) && history.run.step(step).finished().is_some() => {
            Err(no_attempt(name, number))
        }
        Some(0) => Err(no_attempt(name, 0)),
        Some(_) | None => Ok(step),
    }
}

/// Reading files takes a thread that may wait for a disk.
///
/// # Errors
/// What the work says.
pub(super) async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> ApiResult<T> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|panic| ApiError::internal(&panic))?;
    Ok(done?)
}

fn no_step(run: &str, name: &str) -> ApiError {
    ApiError::not_found(format!("step `{}` of run `{run}`", short(name)))
}

fn no_attempt(name: &str, number: u32) -> ApiError {
    ApiError::not_found(format!("attempt {number} of step `{}`", short(name)))
}
