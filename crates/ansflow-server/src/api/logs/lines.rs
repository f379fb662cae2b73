//! `GET …/log/lines`: a window of lines, counted from the beginning or from the end.

use std::ops::ControlFlow;

use ansflow_store::Result;
use ansflow_store::output::{LogEnd, LogReader};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::which::{Output, aside};
use crate::App;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Path, Query};
use crate::live::{Lines, LogLine};

/// The most lines of a page, and how many where nothing is said.
const MOST: u64 = 2_000;
const USUAL: u64 = 500;

/// About so many bytes are a page, whatever its lines.
const BYTES: u64 = 1024 * 1024;

/// Which lines are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Left out: the latest.
    attempt: Option<u32>,
    /// Number of the first line, from 1.
    #[param(minimum = 1)]
    first: Option<u64>,
    /// How many, 1 to 2000; fewer come where they are long.
    #[param(minimum = 1, maximum = 2000)]
    count: Option<u64>,
    /// Instead: the last so many, 1 to 2000.
    #[param(minimum = 1, maximum = 2000)]
    tail: Option<u64>,
}

/// A page of lines.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct LogPage {
    /// Of which attempt; where none has begun, of the one that would.
    attempt: u32,
    lines: Vec<LogLine>,
    total_lines: u64,
    total_bytes: u64,
    /// Where a stream goes on that shows what comes after everything counted here.
    next_offset: u64,
    /// Nothing is written any more.
    ended: bool,
}

/// Lines of a step's output.
#[utoipa::path(get, path = "/api/v1/runs/{id}/steps/{name}/log/lines", operation_id = "log_lines", tag = "logs",
    params(("id" = String, Path), ("name" = String, Path), Asked),
    responses(
        (status = 200, body = LogPage),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem),
))]
pub(super) async fn lines(
    State(app): State<App>,
    Path((id, name)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> ApiResult<Json<LogPage>> {
    let window = window(&asked)?;
    let output = Output::find(&app, &id, &name, asked.attempt).await?;
    Ok(Json(aside(move || page(&output, window)).await?))
}

#[derive(Debug, Clone, Copy)]
enum Window {
    From { first: u64, count: u64 },
    Last(u64),
}

fn window(asked: &Asked) -> ApiResult<Window> {
    let few = |field: &'static str, number: Option<u64>| match number {
        Some(0 | 2_001..) => Err(ApiError::invalid(field, format!("`{field}` must be from 1 to {MOST}"))),
        number => Ok(number),
    };
    let (count, tail) = (few("count", asked.count)?, few("tail", asked.tail)?);
    match (asked.first, count, tail) {
        (None, None, Some(tail)) => Ok(Window::Last(tail)),
        (_, _, Some(_)) => Err(ApiError::invalid("tail", "`tail` excludes `first` and `count`")),
        (Some(0), _, None) => Err(ApiError::invalid("first", "lines count from 1")),
        (first, count, None) => Ok(Window::From { first: first.unwrap_or(1), count: count.unwrap_or(USUAL) }),
    }
}

fn page(output: &Output, window: Window) -> Result<LogPage> {
    let (attempt, ended) = (output.attempt, output.ended);
    let Some(reader) = output.open()? else {
        return Ok(LogPage { attempt, lines: Vec::new(), total_lines: 0, total_bytes: 0, next_offset: 0, ended });
    };
    let end = if ended { LogEnd::Final } else { LogEnd::Growing };
    let (total_lines, total_bytes) = counted(&reader, end)?;
    let (first, count) = match window {
        Window::From { first, count } => (first, count),
        Window::Last(count) => (total_lines.saturating_sub(count) + 1, count),
    };
    let mut lines = Vec::new();
    if let Some(start) = reader.line_start(first)?.filter(|start| *start < total_bytes) {
        let start = match window {
            Window::Last(_) if total_bytes - start > BYTES => line_behind(&reader, total_bytes - BYTES)?,
            Window::From { .. } | Window::Last(_) => start,
        };
        let (mut made, behind) = (Lines::default(), first.saturating_add(count));
        reader.for_each_line(start, end, |line| {
            if line.number >= behind || line.next > total_bytes || line.next - start > BYTES && !lines.is_empty() {
                return ControlFlow::Break(());
            }
            lines.push(made.line(&line));
            ControlFlow::Continue(())
        })?;
    }
    Ok(LogPage { attempt, lines, total_lines, total_bytes, next_offset: total_bytes, ended })
}

/// How many lines there are, and where the last of them ends; of a growing log without the one that is unfinished.
fn counted(reader: &LogReader, end: LogEnd) -> Result<(u64, u64)> {
    let last = reader.line_count()?;
    let Some(start) = reader.line_start(last)? else { return Ok((0, 0)) };
    let mut counted = last - 1;
    let bytes = reader.for_each_line(start, end, |line| {
        counted = line.number;
        ControlFlow::Continue(())
    })?;
    Ok((counted, bytes))
}

/// Where the first line begins behind this place; the place itself where no line ends for long.
fn line_behind(reader: &LogReader, place: u64) -> Result<u64> {
    let bytes = reader.byte_range(place..place + BYTES)?;
    let newline = bytes.iter().position(|byte| *byte == b'\n');
    Ok(newline.map_or(place, |newline| place + newline as u64 + 1))
}
