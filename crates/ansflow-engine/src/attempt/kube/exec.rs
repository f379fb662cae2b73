//! `k8s_exec`: once. A command of a killed attempt may have done its work, and is not repeated.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::time::Instant;

use ansflow_core::run::event::Gains;
use ansflow_core::spec::K8sExec;
use ansflow_core::verdict::{Cause, Object, Verdict};
use ansflow_kube::stream::channels::End;
use ansflow_kube::stream::exec::{Command, Heard, Session};
use ansflow_kube::stream::reach;
use ansflow_store::output::Stream;
use serde_json::json;

use super::desk::Desk;
use crate::attempt::{NoGain, broken, failed};
use crate::folder::Folder;

/// In the attempt's folder from before the command begins.
const BEGUN: &str = "exec";

pub(super) async fn exec(desk: &Desk<'_>, step: &K8sExec, until: Instant) -> Result<Gains, NoGain> {
    if let Some(before) = begun_before(desk.folder) {
        return Err(broken(format!(
            "attempt {before} was killed after the command had begun; whether it ended nobody knows, so that it is not repeated"
        )));
    }
    let (cluster, namespace) = (&desk.cluster, desk.namespace());
    let choice = match reach::pod(cluster, namespace, &step.pods, &desk.scribe, desk.stop(until)).await {
        Ok(choice) => choice,
        Err(verdict) => return Err(desk.end(verdict)),
    };
    let container = step.container.clone().unwrap_or_else(|| choice.container.clone());
    let pod = Object::new("Pod", Some(namespace), choice.pod.clone());
    desk.say(&format!("{pod}, container {container} ({})", choice.why));
    let command = Command {
        namespace: namespace.to_owned(),
        pod: choice.pod.clone(),
        container: Some(container),
        command: step.command.clone(),
        stdin: step.stdin,
        tty: step.tty,
    };
    begin(desk.folder)?;
    let mut session = match desk.unless_called_off(Session::open(cluster, &command)).await? {
        Ok(session) => session,
        Err(error) => return Err(desk.end(error.verdict(Some(pod)))),
    };
    let end = loop {
        match desk.unless_called_off(session.next()).await? {
            Heard::Out(bytes) => desk.scribe.outlet.bytes(Stream::Stdout, &bytes),
            Heard::Err(bytes) => desk.scribe.outlet.bytes(Stream::Stderr, &bytes),
            Heard::End(end) => break end,
            Heard::Lost(why) => {
                return Err(broken(format!(
                    "the connection to {pod} was lost ({why}); whether the command ended nobody knows"
                )));
            }
        }
    };
    let code = match end {
        End::Code(code) => code,
        End::Refused(why) => {
            return Err(desk.end(Verdict::failed(
                Cause::unknown(),
                Some(pod),
                format!("the command did not begin: {why}"),
            )));
        }
    };
    desk.judged(Verdict::ready(Some(pod.clone()), format!("the command in {pod} ended with exit code {code}")));
    match code {
        0 => Ok(desk.gains([("pod", json!(choice.pod)), ("exit_code", json!(0))])),
        code => Err(NoGain::Failed { exit_code: Some(code), message: format!("ended with exit code {code}") }),
    }
}

fn begin(folder: &Folder) -> Result<(), NoGain> {
    let made = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(folder.file(BEGUN));
    made.map(drop).map_err(|error| failed(format!("failed to note that the command begins: {error}")))
}

/// The number of an earlier attempt that was killed when its command had begun.
fn begun_before(folder: &Folder) -> Option<u32> {
    let name = folder.path().file_name()?.to_str()?;
    let (step, number) = name.split_once('-')?;
    let of = |number: u32| -> Option<PathBuf> { Some(folder.path().parent()?.join(format!("{step}-{number}"))) };
    let number: u32 = number.parse().ok()?;
    (1..number).rev().find(|before| {
        let before = of(*before).map(Folder::at);
        before.is_some_and(|before| before.file(BEGUN).exists() && !before.has_ended())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_a_killed_attempt_began_is_known_to_the_next() {
        let dir = tempfile::tempdir().unwrap();
        let attempt = |name: &str| {
            let folder = Folder::at(dir.path().join(name));
            folder.create().unwrap();
            folder
        };
        let (first, second, third, other) = (attempt("2-1"), attempt("2-2"), attempt("2-3"), attempt("3-2"));
        begin(&first).unwrap();
        std::fs::write(first.file("result.json"), "{}").unwrap();
        assert_eq!([&first, &second, &third, &other].map(begun_before), [None; 4]);
        begin(&second).unwrap();
        assert_eq!([&first, &second, &third, &other].map(begun_before), [None, None, Some(2), None]);
    }
}
