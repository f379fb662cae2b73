//! `GET …/log/search`: where the output says something, within bounds of time and of hits.

use std::ops::{ControlFlow, Range};
use std::time::{Duration, Instant};

use ansflow_store::Result;
use ansflow_store::output::{LetterCase, LogEnd, LogReader};
use axum::Json;
use axum::extract::State;
use regex::bytes::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::which::{Output, aside};
use crate::App;
use crate::error::{ApiError, ApiResult, Problem};
use crate::extract::{Path, Query};

/// The most hits, and how many where nothing is said.
const MOST: usize = 500;
const USUAL: usize = 100;

/// Longer texts are not searched for, in bytes.
const LONGEST: usize = 1_000;

/// After so long what was found is the answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// An expression that needs more memory is refused, in bytes.
const MEMORY: usize = 1024 * 1024;

/// So much of a line is shown on both sides of a hit, in bytes.
const AROUND: usize = 1_024;

/// What is searched for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Left out: the latest.
    attempt: Option<u32>,
    /// The text, or the expression.
    q: String,
    /// `q` is a regular expression, for one line at a time.
    #[serde(default)]
    regex: bool,
    /// `A` is not `a`.
    #[serde(default)]
    case: bool,
    /// 1 to 500; 100 where it is left out.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

/// Places where it was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct LogHits {
    hits: Vec<LogHit>,
    /// All of the output was looked at, and every hit is here.
    complete: bool,
}

/// A place where it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct LogHit {
    /// Of the line, from 1.
    number: u64,
    /// Place of the hit's first byte in the output.
    offset: u64,
    /// The line, or a kilobyte of it on both sides of the hit.
    text: String,
    /// Where in `text` it begins, in UTF-16 units, as JavaScript counts.
    start: usize,
    /// Where in `text` it ends.
    end: usize,
}

/// Finds a text in a step's output.
#[utoipa::path(get, path = "/api/v1/runs/{id}/steps/{name}/log/search", operation_id = "search_log", tag = "logs",
    params(("id" = String, Path), ("name" = String, Path), Asked),
    responses(
        (status = 200, body = LogHits),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem), (status = 429, body = Problem),
))]
pub(super) async fn search(
    State(app): State<App>,
    Path((id, name)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> ApiResult<Json<LogHits>> {
    let wanted = Wanted::of(&asked)?;
    let output = Output::find(&app, &id, &name, asked.attempt).await?;
    let busy = |_| ApiError::too_many("too many searches run at once", 1);
    let _turn = tokio::time::timeout(PATIENCE, app.live().searches.acquire()).await.map_err(busy)?;
    let found = aside(move || match output.open()? {
        Some(reader) => wanted.find(&reader, if output.ended { LogEnd::Final } else { LogEnd::Growing }),
        None => Ok(LogHits { hits: Vec::new(), complete: true }),
    });
    Ok(Json(found.await?))
}

/// A search that may be done.
#[derive(Debug)]
struct Wanted {
    what: What,
    limit: usize,
}

#[derive(Debug)]
enum What {
    Text(Vec<u8>, LetterCase),
    Expression(Regex),
}

impl Wanted {
    fn of(asked: &Asked) -> ApiResult<Wanted> {
        let limit = match asked.limit {
            None => USUAL,
            Some(limit @ 1..=MOST) => limit,
            Some(_) => return Err(ApiError::invalid("limit", format!("`limit` must be from 1 to {MOST}"))),
        };
        if !(1..=LONGEST).contains(&asked.q.len()) {
            return Err(ApiError::invalid("q", format!("`q` must have from 1 to {LONGEST} bytes")));
        }
        if !asked.regex {
            let case = if asked.case { LetterCase::Exact } else { LetterCase::Ignored };
            return Ok(Wanted { what: What::Text(asked.q.clone().into_bytes(), case), limit });
        }
        let expression =
            RegexBuilder::new(&asked.q).case_insensitive(!asked.case).size_limit(MEMORY).dfa_size_limit(MEMORY).build();
        match expression {
            Ok(expression) => Ok(Wanted { what: What::Expression(expression), limit }),
            Err(error) => Err(ApiError::invalid("q", format!("`q` is no expression: {error}"))),
        }
    }

    fn find(&self, reader: &LogReader, end: LogEnd) -> Result<LogHits> {
        let until = Instant::now() + PATIENCE;
        match &self.what {
            What::Text(text, case) => {
                let found = reader.search_while(text, *case, self.limit, 0, || Instant::now() < until)?;
                let hit = |hit: ansflow_store::output::Hit| {
                    let start = usize::try_from(hit.offset - hit.text_offset).unwrap_or_default();
                    LogHit::of(hit.line, hit.offset, &hit.text, start..start + text.len())
                };
                Ok(LogHits { hits: found.0.into_iter().map(hit).collect(), complete: found.1 })
            }
            What::Expression(expression) => {
                let (mut hits, mut complete) = (Vec::new(), true);
                reader.for_each_line(0, end, |line| {
                    for found in expression.find_iter(line.bytes).filter(|found| !found.is_empty()) {
                        if hits.len() == self.limit {
                            complete = false;
                            return ControlFlow::Break(());
                        }
                        let (start, end) = (found.start().saturating_sub(AROUND), found.end().saturating_add(AROUND));
                        let around = &line.bytes[start..end.min(line.bytes.len())];
                        let place = found.start() - start..found.end() - start;
                        hits.push(LogHit::of(line.number, line.offset + found.start() as u64, around, place));
                    }
                    complete = Instant::now() < until;
                    if complete { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
                })?;
                Ok(LogHits { hits, complete })
            }
        }
    }
}

impl LogHit {
    fn of(number: u64, offset: u64, text: &[u8], place: Range<usize>) -> LogHit {
        let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let units = |text: &str| text.encode_utf16().count();
        let end = place.end.min(text.len());
        let (before, hit) = (shown(&text[..place.start]), shown(&text[place.start..end]));
        let (start, text) = (units(&before), format!("{before}{hit}{}", shown(&text[end..])));
        LogHit { number, offset, start, end: start + units(&hit), text }
    }
}
