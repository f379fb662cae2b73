//! `k8s_logs`

use std::time::Instant;

use ansflow_core::run::event::Gains;
use ansflow_core::spec::{K8sLogs, Pods};
use ansflow_core::verdict::{Cause, Object, Verdict};
use ansflow_kube::sink::Stop;
use ansflow_kube::stream::logs::{Containers, LogLine, Logs, Said, Stopped, Wanted};
use ansflow_store::output::Stream;
use regex::Regex;

use super::desk::Desk;
use crate::attempt::{NoGain, failed};

pub(super) async fn logs(desk: &Desk<'_>, step: &K8sLogs, until: Instant) -> Result<Gains, NoGain> {
    let pattern = step.until.as_deref().map(Regex::new).transpose();
    let pattern = pattern.map_err(|error| failed(format!("`until` is no regular expression: {error}")))?;
    let containers = match (&step.container, step.all_containers) {
        (Some(name), _) => Containers::Named(name.clone()),
        (None, true) => Containers::All,
        (None, false) => Containers::Default,
    };
    let wanted = Wanted {
        pods: step.pods.clone(),
        containers,
        tail: step.tail_lines,
        // Less than a second is a second: nothing would be none of it.
        since_seconds: step.since_ms.map(|ms| ms.div_ceil(1000)),
        previous: step.previous,
        follow: step.follow,
        until: pattern,
    };
    let object = about(&step.pods, desk.namespace());
    let opened = desk.unless_ended(until, Logs::open(&desk.cluster, desk.namespace(), wanted)).await;
    let mut logs = match opened {
        Ok(Ok(logs)) => logs,
        Ok(Err(error)) => return Err(desk.end(error.verdict(object))),
        Err(verdict) => return Err(desk.end(verdict)),
    };
    desk.say(&format!("logs of {}", logs.of()));
    let mut stop = std::pin::pin!(desk.stop(until));
    let stopped = loop {
        let said = tokio::select! {
            biased;
            stop = &mut stop => break Err(stop),
            said = logs.next() => said,
        };
        match said {
            Said::Line(line) => desk.scribe.outlet.bytes(Stream::Stdout, &shown(&line, step)),
            Said::Note(note) => desk.say(&note),
            Said::End(stopped) => break Ok(stopped),
        }
    };
    desk.conclude(verdict(stopped, step, object))?;
    Ok(desk.gains([]))
}

/// Which pod, and when, stand where the user cannot know them otherwise.
fn shown(line: &LogLine, step: &K8sLogs) -> Vec<u8> {
    let at = line.at.filter(|_| step.timestamps).map(|at| format!("{at} ")).unwrap_or_default();
    let of = match (&step.pods, step.all_containers) {
        (Pods::Named(_), false) => String::new(),
        (_, false) => format!("[{}] ", line.pod),
        (_, true) => format!("[{} {}] ", line.pod, line.container),
    };
    let cut = if line.is_cut { " … (cut)" } else { "" };
    format!("{at}{of}{}{cut}\n", line.text).into_bytes()
}

fn about(pods: &Pods, namespace: &str) -> Option<Object> {
    match pods {
        Pods::Named(name) => Some(Object::new("Pod", Some(namespace), name.clone())),
        Pods::Selected(_) | Pods::Of(_) => None,
    }
}

fn verdict(stopped: Result<Stopped, Stop>, step: &K8sLogs, object: Option<Object>) -> Verdict {
    let pattern = step.until.as_deref().unwrap_or_default();
    match stopped {
        Ok(Stopped::Over { lines }) => Verdict::ready(object, format!("{lines} lines")),
        Ok(Stopped::Matched(line)) => {
            Verdict::ready(object, format!("`{pattern}` was found in the log of Pod/{}", line.pod))
        }
        Ok(Stopped::Unmatched) => {
            Verdict::failed(Cause::Timeout, object, format!("the logs ended without a line that matches `{pattern}`"))
        }
        Ok(Stopped::Refused(error)) => error.verdict(object),
        Ok(Stopped::Nothing(why)) => Verdict::failed(Cause::unknown(), object, why),
        Err(Stop::Cancelled) => Verdict::failed(Cause::Cancelled, object, "the step was called off"),
        Err(Stop::Deadline) if step.until.is_some() => Verdict::failed(
            Cause::Timeout,
            object,
            format!("no line that matches `{pattern}` came within {} s", step.timeout_ms / 1000),
        ),
        Err(Stop::Deadline) => Verdict::ready(object, format!("followed for {} s", step.timeout_ms / 1000)),
    }
}
