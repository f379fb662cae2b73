//! How a container comes to live: created, started, hooked; or made to do what a fault says.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::life::{End, Life, State};
use super::refer::expanded;
use super::work::Stage;
use super::worker::{Desk, Worker, place};
use super::{timing, volumes};
use crate::containers::Input;
use crate::faults::rule::ContainerFault;
use crate::node::images;
use crate::node::pod::Container;
use crate::node::quantity;
use crate::program::{Exit, Start, Stream};
use crate::programs::Scripted;
use crate::shell::files::ContainerFiles;
use crate::world::events::Severity;

impl Worker {
    pub(super) fn create(&mut self, desk: &mut Desk<'_, '_>, at: usize) {
        let told = format!("Created container: {}", self.pod.container(at).name);
        self.event(desk, Some(at), Severity::Normal, "Created", &told);
        let due = desk.cx.now().plus(timing::start(desk.chance));
        self.stage(Stage::Start, due);
    }

    pub(super) fn start(&mut self, desk: &mut Desk<'_, '_>, at: usize) {
        let now = desk.cx.now();
        let pod = self.pod.clone();
        let spec = pod.container(at);
        let attempt = self.lives[at].last().map_or(0, |life| life.attempt + 1);
        let id = desk.cx.sim.ids().hex(64);
        let start = self.start_of(desk, at);
        let mut files = ContainerFiles::new(&spec.image, &start.hostname, start.user, now);
        if self.security(at, "readOnlyRootFilesystem") == Some(&Value::Bool(true)) {
            files = files.read_only();
        }
        if let Some(mounted) = &self.volumes {
            volumes::put(&mut files, spec, mounted);
        }
        let container = self.container(desk, at);
        let fault = desk.cx.sim.faults().container(&place(&pod, &spec.name, &spec.image, desk.node));
        let begun = match fault.and_then(|fault| scripted(fault, attempt)) {
            Some(program) => {
                container.begin_with(&id, Arc::new(start), Box::new(program), files);
                Ok(())
            }
            None => container.begin(&id, start, files, input(spec)),
        };
        let image = images::full(&spec.image).unwrap_or_else(|_| spec.image.clone());
        let image_id = desk.cx.sim.faults().pushed(&image).flatten().unwrap_or_else(|| images::id(&image));
        let life = |state| Life { attempt, id: id.clone(), image: image.clone(), image_id: image_id.clone(), state };
        self.changed = true;
        match begun {
            Err(why) => {
                self.event(desk, Some(at), Severity::Warning, "Failed", &format!("Error: {}", why.message));
                let message = why.message.clone();
                self.lives[at].begin(life(State::Ended(End {
                    since: None,
                    at: now,
                    code: why.code,
                    reason: "StartError",
                    message,
                })));
                self.refuse(desk, at, "RunContainerError", &why.message);
            }
            Ok(()) => {
                self.event(desk, Some(at), Severity::Normal, "Started", &format!("Started container {}", spec.name));
                self.lives[at].begin(life(State::Running { since: now }));
                self.reasons.remove(&spec.name);
                let step = container.step(now);
                self.heed(desk, at, step);
                self.post_start(desk, at);
            }
        }
    }

    /// What a container is started with.
    fn start_of(&self, desk: &Desk<'_, '_>, at: usize) -> Start {
        let (pod, spec) = (&self.pod, self.pod.container(at));
        let hostname = if pod.spec.hostname.is_empty() { &pod.metadata.name } else { &pod.spec.hostname };
        let mut env = vec![
            ("PATH".to_owned(), "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned()),
            ("HOSTNAME".to_owned(), hostname.clone()),
            ("KUBERNETES_SERVICE_HOST".to_owned(), "10.96.0.1".to_owned()),
            ("KUBERNETES_SERVICE_PORT".to_owned(), "443".to_owned()),
        ];
        env.extend(self.refer(desk).environment(pod, spec).unwrap_or_default());
        let words = |words: &[String]| words.iter().map(|word| expanded(word, &env)).collect();
        let memory = spec.resources.pointer("/limits/memory").map(quantity::whole);
        Start {
            command: words(&spec.command),
            args: words(&spec.args),
            working_dir: spec.working_dir.clone(),
            image: spec.image.as_str().into(),
            hostname: hostname.clone(),
            user: self.security(at, "runAsUser").and_then(Value::as_i64),
            memory_limit: memory.and_then(|bytes| u64::try_from(bytes).ok()),
            restarts_always: pod.restarts(at, 0),
            now: desk.cx.now(),
            env,
        }
    }
}

/// What its stdin is.
fn input(spec: &Container) -> Input {
    match (spec.stdin, spec.tty) {
        (true, true) => Input::Terminal,
        (true, false) => Input::Open,
        (false, _) => Input::None,
    }
}

/// The program of a fault; nothing where its number of starts is over.
fn scripted(fault: ContainerFault, attempt: u32) -> Option<Scripted> {
    match fault {
        ContainerFault::Hang => Some(Scripted::new(Vec::new(), Duration::ZERO, None)),
        ContainerFault::Exit(exit) if exit.times > 0 && attempt >= exit.times => None,
        ContainerFault::Exit(exit) => {
            let mut log = exit.log;
            if !log.is_empty() && !log.ends_with('\n') {
                log.push('\n');
            }
            let code = if exit.oom { 137 } else { exit.code };
            Some(Scripted::new(vec![(Stream::Err, log)], exit.after.0, Some(Exit { code, oom: exit.oom })))
        }
    }
}
