//! `pods/log`: whose log, which lines of it, and why there is none.

use serde_json::Value;

use crate::api::options::Options;
use crate::containers::{Line, Log};
use crate::object::{Object, ObjectExt};
use crate::status::{Cause, Details, Status};
use crate::time::Micros;

/// What of a log is asked for.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) container: String,
    pub(crate) previous: bool,
    pub(crate) follow: bool,
    timestamps: bool,
    tail: Option<u64>,
    since_seconds: Option<i64>,
    since_time: Option<Micros>,
    limit: Option<usize>,
}

/// Reads the query, with everything that is wrong in it.
pub(crate) fn wanted(pod: &str, options: &Options) -> Result<Wanted, Status> {
    let since_time = match options.given("sinceTime") {
        None => None,
        Some(text) => {
            let moment: Result<jiff::Timestamp, _> = text.parse();
            let told = |_| {
                Status::bad_request(format!("parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse"))
            };
            Some(Micros::from(moment.map_err(told)?))
        }
    };
    let tail: Option<i64> = options.number("tailLines")?;
    let limit: Option<i64> = options.number("limitBytes")?;
    let since_seconds: Option<i64> = options.number("sinceSeconds")?;
    let mut causes = Vec::new();
    let mut cause = |field: &str, reason: &str, message: String| {
        causes.push(Cause { reason: reason.to_owned(), message, field: field.to_owned() });
    };
    if let Some(tail) = tail.filter(|tail| *tail < 0) {
        cause("tailLines", "FieldValueInvalid", format!("Invalid value: {tail}: must be greater than or equal to 0"));
    }
    if let Some(limit) = limit.filter(|limit| *limit < 1) {
        cause("limitBytes", "FieldValueInvalid", format!("Invalid value: {limit}: must be greater than 0"));
    }
    if since_seconds.is_some() && since_time.is_some() {
        let message = "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified";
        cause("", "FieldValueForbidden", message.to_owned());
    } else if let Some(seconds) = since_seconds.filter(|seconds| *seconds < 1) {
        cause("sinceSeconds", "FieldValueInvalid", format!("Invalid value: {seconds}: must be greater than 0"));
    }
    if options.given("stream").is_some() {
        cause("stream", "FieldValueForbidden", "Forbidden: may not be specified".to_owned());
    }
    if !causes.is_empty() {
        let said: Vec<String> = causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
        let said = if said.len() == 1 { said.concat() } else { format!("[{}]", said.join(", ")) };
        let details = Details { name: pod.to_owned(), kind: "PodLogOptions".to_owned(), causes, ..Details::default() };
        return Err(
            Status::new(422, "Invalid", format!("PodLogOptions \"{pod}\" is invalid: {said}")).detailed(details)
        );
    }
    Ok(Wanted {
        container: options.get("container").unwrap_or_default().to_owned(),
        previous: options.flag("previous"),
        follow: options.flag("follow"),
        timestamps: options.flag("timestamps"),
        tail: tail.and_then(|tail| u64::try_from(tail).ok()),
        since_seconds,
        since_time,
        limit: limit.and_then(|limit| usize::try_from(limit).ok()),
    })
}

/// Which life's log is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    Current,
    Previous,
}

/// Which of a container's lives is meant, by the status of the pod.
pub(crate) fn which(pod: &Object, name: &str, wanted: &Wanted) -> Result<Which, Status> {
    let of = pod.name();
    let Some(status) = status_of(pod, name) else {
        // The kubelet has not looked at the pod yet.
        return Err(Status::bad_request(format!("container \"{name}\" in pod \"{of}\" is not available")));
    };
    let has = |pointer: &str| status.pointer(pointer).is_some_and(|value| !value.is_null());
    let began = |pointer: &str| has(&format!("{pointer}/containerID"));
    if wanted.previous {
        let message = format!("previous terminated container \"{name}\" in pod \"{of}\" not found");
        return if began("/lastState/terminated") { Ok(Which::Previous) } else { Err(Status::bad_request(message)) };
    }
    if has("/state/running") || began("/state/terminated") {
        return Ok(Which::Current);
    }
    // In back-off the life that ended last is the current one of the runtime.
    if began("/lastState/terminated") {
        return Ok(Which::Current);
    }
    let why = match status.pointer("/state/waiting/reason").and_then(Value::as_str) {
        _ if has("/state/terminated") => format!("container \"{name}\" in pod \"{of}\" is terminated"),
        None => format!("container \"{name}\" in pod \"{of}\" is waiting to start - no logs yet"),
        Some(reason) => {
            let reason = match reason {
                "ErrImagePull" => "image can't be pulled",
                "ImagePullBackOff" => "trying and failing to pull image",
                reason => reason,
            };
            format!("container \"{name}\" in pod \"{of}\" is waiting to start: {reason}")
        }
    };
    Err(Status::bad_request(why))
}

fn status_of<'a>(pod: &'a Object, name: &str) -> Option<&'a Value> {
    let lists = ["/status/containerStatuses", "/status/initContainerStatuses", "/status/ephemeralContainerStatuses"];
    let all = lists.iter().filter_map(|list| pod.at(list)?.as_array()).flatten();
    all.into_iter().find(|status| status["name"] == name)
}

/// Reads a log for one request: what there is, then what comes.
pub(crate) struct Reader {
    wanted: Wanted,
    next: u64,
    begun: bool,
    left: Option<usize>,
}

impl Reader {
    pub(crate) fn new(wanted: Wanted) -> Reader {
        Reader { next: 0, begun: false, left: wanted.limit, wanted }
    }

    /// What is new since the last call.
    pub(crate) fn read(&mut self, log: &Log, now: Micros) -> Vec<u8> {
        let (mut lines, next) = log.since(self.next);
        self.next = next;
        if !std::mem::replace(&mut self.begun, true) {
            let skip = self
                .wanted
                .tail
                .map_or(0, |tail| lines.len().saturating_sub(usize::try_from(tail).unwrap_or(usize::MAX)));
            lines.drain(..skip);
            let since = self
                .wanted
                .since_seconds
                .map(|seconds| Micros(now.0.saturating_sub(seconds.saturating_mul(Micros::SECOND))));
            if let Some(since) = since.or(self.wanted.since_time) {
                lines.retain(|line| line.at >= since);
            }
        }
        let mut out: Vec<u8> = Vec::new();
        for line in &lines {
            if self.wanted.timestamps {
                out.extend(stamp(line).as_bytes());
            }
            out.extend_from_slice(&line.bytes);
        }
        if let Some(left) = &mut self.left {
            out.truncate(*left);
            *left -= out.len();
        }
        out
    }

    /// Whether nothing further will be read.
    pub(crate) fn is_over(&self, log: &Log) -> bool {
        self.left == Some(0) || !self.wanted.follow || (log.has_ended() && log.since(self.next).0.is_empty())
    }
}

/// `2026-11-21T04:24:59.130548405Z `: always nine digits.
fn stamp(line: &Line) -> String {
    // The clock has no more than microseconds; real ones end in anything.
    let nanos = line.at.0.rem_euclid(1_000_000) * 1_000 + (line.at.0.wrapping_mul(7_919)).rem_euclid(1_000);
    let seconds = line.at.whole_second().rfc3339();
    format!("{}.{nanos:09}Z ", seconds.trim_end_matches('Z'))
}

#[cfg(test)]
mod tests;
