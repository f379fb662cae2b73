//! A shell text or a script as a Job, by the rules of the host: the same directory, variables and outputs, and what it makes of
//! the workspace is ours.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use ansflow_core::run::event::Gains;
use ansflow_core::spec::{Dialect, StepSpec};
use ansflow_core::verdict::{Cause, Object, Verdict};
use ansflow_kube::job::{Evidence, Ran, Task};
use ansflow_kube::sink::Stop;
use ansflow_store::output::Stream;

use super::desk::Desk;
use super::evidence;
use crate::attempt::order::Pod;
use crate::attempt::session::OUTPUT;
use crate::attempt::shell::{end_trap, ended_in};
use crate::attempt::{NoGain, broken, failed, script};
use crate::kube::Made;

/// Our own few files in the pod.
const OURS: &str = "/ansflow";
/// The API takes no object that is larger than a mebibyte and a half.
const LONGEST: usize = 1_000_000;
/// A command without a time of its own has this one.
const LONG: Duration = Duration::from_secs(86_400);
/// The cluster ends a command so much later than we do, should we not be there.
const LATER: u64 = 300;

pub(super) async fn run(desk: &Desk<'_>, spec: &StepSpec, pod: &Pod) -> Result<Gains, NoGain> {
    let until = Instant::now() + LONG;
    desk.greet(until).await?;
    let task = task(desk, spec, pod)?;
    let outlet = &desk.scribe.outlet;
    let out = |text: &str| outlet.bytes(Stream::Stdout, text.as_bytes());
    let object = Object::new("Job", Some(&task.namespace), &task.name);
    // Before there is anything: whoever finds this attempt dead looks for its Job.
    let made = Made { cluster: desk.kube.cluster.clone(), namespace: task.namespace.clone() };
    made.note(desk.folder).map_err(|error| failed(format!("failed to note that a Job is created: {error}")))?;
    let folder = evidence::folder(desk);
    let keep = Evidence { into: &folder, masker: desk.masker };
    let done =
        Box::pin(ansflow_kube::job::run(&desk.cluster, &task, &out, &desk.scribe, &keep, desk.stop(until))).await;
    evidence::keep(desk, &done.kept);
    if done.is_clean {
        Made::forget(desk.folder);
    }
    match done.ran {
        Ran::Ended { code, output, directory } => ended(desk, object, code, &output, &directory),
        Ran::Failed(verdict) => desk.conclude(*verdict).map(|()| Gains::default()),
        Ran::Stopped(stop, seen) => {
            let name = &task.name;
            let mut verdict = match (stop, seen) {
                (Stop::Deadline, Some(seen)) => *seen,
                (Stop::Deadline, None) => Verdict::failed(Cause::Timeout, Some(object), "the time of the step was up"),
                (Stop::Cancelled, _) => Verdict::failed(Cause::Cancelled, Some(object), "the step was called off"),
            };
            verdict.remarks.push(match done.is_clean {
                true => format!("Job/{name} was ended and deleted"),
                false => format!("Job/{name} could not be deleted; it is looked for again"),
            });
            desk.conclude(verdict).map(|()| Gains::default())
        }
    }
}

fn task(desk: &Desk<'_>, spec: &StepSpec, pod: &Pod) -> Result<Task, NoGain> {
    let order = desk.order;
    let (command, values) = match spec {
        StepSpec::Shell(shell) => {
            let options: &[&str] = match shell.dialect {
                Dialect::Sh => &["sh", "-e", "-c"],
                Dialect::Bash => &["bash", "-eo", "pipefail", "-c"],
            };
            let text = format!("{}{}", end_trap(&order.directory, Path::new(&format!("{OURS}/cwd"))), shell.text);
            let mut command: Vec<String> = options.iter().map(|word| (*word).to_owned()).collect();
            command.push(text);
            (command, shell.values.clone())
        }
        StepSpec::ScriptFile(file) => {
            let path = Path::new(&order.directory).join(&file.path);
            // Its first line is read here, and means the programs there.
            let found = script::command(&path, &file.path)?;
            let word = |word: &std::ffi::OsStr| word.to_string_lossy().into_owned();
            let words = std::iter::once(found.get_program()).chain(found.get_args()).map(word);
            (words.chain(file.args.iter().cloned()).collect(), Vec::new())
        }
        other => return Err(broken(format!("a step of type `{}` does not run in a pod", other.kind()))),
    };
    if command.iter().map(String::len).sum::<usize>() > LONGEST {
        return Err(failed("the script is longer than a cluster takes: put it in a file, and start that with `path`"));
    }
    let mut env = vec![("HOME".to_owned(), format!("{OURS}/home")), ("PWD".to_owned(), order.directory.clone())];
    env.extend(order.env.iter().chain(&values).cloned());
    env.extend(order.facts().into_iter().map(|(name, value)| (name.to_owned(), value)));
    env.push(("ANSFLOW_OUTPUT".to_owned(), format!("{OURS}/output")));
    Ok(Task {
        name: pod.name.clone(),
        namespace: desk.namespace().to_owned(),
        labels: pod.labels.clone(),
        siblings: pod.siblings.clone(),
        place: pod.place.clone(),
        workspace: order.workspace.clone(),
        directory: order.directory.clone(),
        command,
        // The last one of a name wins, as it does in a process.
        env: env.into_iter().collect::<std::collections::BTreeMap<_, _>>().into_iter().collect(),
        seconds: order.deadline_ms.map_or(LONG.as_secs(), |ms| ms / 1_000) + LATER,
        mark: format!("ansflow-end-{}", order.mark),
    })
}

/// What it gains is read as on the host: from files of the attempt.
fn ended(desk: &Desk<'_>, job: Object, code: i32, output: &[u8], directory: &str) -> Result<Gains, NoGain> {
    let keep = |name: &str, content: &[u8]| {
        let path = desk.folder.file(name);
        fs::write(&path, content).map_err(|error| broken(format!("failed to write `{}`: {error}", path.display())))
    };
    keep(OUTPUT, output)?;
    keep("cwd", directory.as_bytes())?;
    let summary = format!("the command in {job} ended with exit code {code}");
    desk.judged(match code {
        0 => Verdict::ready(Some(job), summary),
        _ => Verdict::failed(Cause::JobFailed, Some(job), summary),
    });
    if code != 0 {
        return Err(NoGain::Failed { exit_code: Some(code), message: format!("ended with exit code {code}") });
    }
    Ok(Gains { directory: ended_in(&desk.folder.file("cwd"), &desk.order.workspace), ..Gains::default() })
}
