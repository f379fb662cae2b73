//! Probes: who asks a container how it is, when, and what follows from the answers.
//!
//! A prober ticks with its period from the moment the pod's volumes are there. A status that shows a container running and
//! not ready makes its readiness prober ask at once, which is why readiness does not wait for a tick.

use std::time::Duration;

use serde_json::Value;

use super::answers::{http, port, refused, tcp};
use super::collect::Collected;
use crate::containers::{Container as Running, Exec};
use crate::faults::rule::ProbeFault;
use crate::node::pod::Pod;
use crate::program::Step;
use crate::time::Micros;

/// All probers of a pod, and what they found.
#[derive(Default)]
pub(super) struct Probes {
    probers: Vec<Prober>,
}

#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(super) enum Which {
    Startup,
    Liveness,
    Readiness,
}

struct Prober {
    container: usize,
    which: Which,
    spec: Value,
    tick: Micros,
    /// Asked for out of turn.
    asked: Option<Micros>,
    /// The life that the result is of, and since when it was seen running.
    life: Option<(String, Micros)>,
    result: Option<bool>,
    last: Option<bool>,
    run: i64,
    /// It asks no more before the container lives again.
    on_hold: bool,
    /// A command that runs, when it goes on, and when its time is up.
    under_way: Option<(Exec, Collected, Micros, Micros)>,
}

/// What an answer was.
pub(super) enum Answer {
    Good,
    Bad(String),
    /// It could not be asked.
    Unknown(String),
}

/// What a prober has to say.
pub(super) struct News {
    pub(super) which: Which,
    /// The message of an event, when there is one.
    pub(super) told: Option<String>,
    /// What is true of the container from now on, when it is new.
    pub(super) result: Option<bool>,
}

impl Which {
    pub(super) fn title(self) -> &'static str {
        match self {
            Which::Startup => "Startup",
            Which::Liveness => "Liveness",
            Which::Readiness => "Readiness",
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Which::Startup => "startup",
            Which::Liveness => "liveness",
            Which::Readiness => "readiness",
        }
    }
}

/// What a prober needs of the world.
pub(super) struct Asked<'a> {
    pub(super) pod: &'a Pod,
    pub(super) address: &'a str,
    pub(super) container: &'a std::sync::Arc<Running>,
    pub(super) fault: Option<ProbeFault>,
    pub(super) id: &'a str,
    pub(super) now: Micros,
}

impl Probes {
    /// The probers of a pod whose volumes are there.
    pub(super) fn begin(&mut self, pod: &Pod, now: Micros) {
        if !self.probers.is_empty() {
            return;
        }
        for (at, container) in pod.all_containers().enumerate() {
            if pod.is_init(at) && !pod.is_sidecar(at) {
                continue;
            }
            for (which, spec) in [
                (Which::Startup, &container.startup_probe),
                (Which::Readiness, &container.readiness_probe),
                (Which::Liveness, &container.liveness_probe),
            ] {
                let Some(spec) = spec else { continue };
                let tick = now.plus(seconds(spec, "periodSeconds", 10));
                self.probers.push(Prober::new(at, which, spec.clone(), tick));
            }
        }
    }

    /// Nobody asks any more.
    pub(super) fn end(&mut self) {
        self.probers.clear();
    }

    pub(super) fn has_started(&self, at: usize) -> bool {
        self.of(at, Which::Startup).is_none_or(|prober| prober.result == Some(true))
    }

    pub(super) fn is_ready(&self, at: usize) -> bool {
        self.of(at, Which::Readiness).is_none_or(|prober| prober.result == Some(true))
    }

    /// Whether the container is to be killed: by which probe.
    pub(super) fn kills(&self, at: usize) -> Option<Which> {
        [Which::Liveness, Which::Startup]
            .into_iter()
            .find(|which| self.of(at, *which).is_some_and(|prober| prober.result == Some(false)))
    }

    /// A status shows what runs since when: results of former lives are forgotten, and who is not ready is asked at once.
    pub(super) fn seen(&mut self, at: usize, running: Option<(&str, Micros)>, now: Micros) {
        for prober in self.probers.iter_mut().filter(|prober| prober.container == at) {
            match (running, &prober.life) {
                (None, None) => {}
                (None, Some(_)) => prober.renew(None),
                (Some((id, _)), Some((known, _))) if id == known => {}
                (Some((id, since)), _) => prober.renew(Some((id.to_owned(), since))),
            }
            if prober.which == Which::Readiness && running.is_some() && prober.result != Some(true) {
                prober.asked = Some(now.plus_millis(4));
            }
        }
    }

    /// When somebody asks next.
    pub(super) fn next(&self) -> Option<Micros> {
        self.probers.iter().filter_map(Prober::next).min()
    }

    /// Which container is to be asked now.
    pub(super) fn due(&self, now: Micros) -> Option<usize> {
        self.probers.iter().position(|prober| prober.next().is_some_and(|at| at <= now))
    }

    pub(super) fn container_of(&self, prober: usize) -> (usize, Which) {
        (self.probers[prober].container, self.probers[prober].which)
    }

    /// Asks.
    pub(super) fn ask(&mut self, prober: usize, asked: &Asked<'_>) -> News {
        let started = self.has_started(self.probers[prober].container);
        let prober = &mut self.probers[prober];
        let now = asked.now;
        let mut news = News { which: prober.which, told: None, result: None };
        let under_way = prober.under_way.is_some();
        if !under_way {
            prober.asked = prober.asked.filter(|at| *at > now);
            if prober.tick <= now {
                let period = prober.period();
                while prober.tick <= now {
                    prober.tick = prober.tick.plus(period);
                }
            }
            let Some((_, since)) = &prober.life else { return news };
            let early = now.since(*since) < seconds(&prober.spec, "initialDelaySeconds", 0);
            // Before it has started only the startup probe asks, and after that it alone does not.
            if prober.on_hold || early || started == (prober.which == Which::Startup) {
                return news;
            }
        }
        match prober.answer(asked) {
            None => {}
            Some(Answer::Unknown(why)) => {
                news.told =
                    Some(format!("{} probe errored and resulted in unknown state: {why}", prober.which.title()));
            }
            Some(Answer::Good) => news.result = prober.count(true),
            Some(Answer::Bad(why)) => {
                news.told = Some(format!("{} probe failed: {why}", prober.which.title()));
                news.result = prober.count(false);
            }
        }
        news
    }

    fn of(&self, at: usize, which: Which) -> Option<&Prober> {
        self.probers.iter().find(|prober| prober.container == at && prober.which == which)
    }
}

impl Prober {
    fn new(container: usize, which: Which, spec: Value, tick: Micros) -> Prober {
        let mut prober = Prober {
            container,
            which,
            spec,
            tick,
            asked: None,
            life: None,
            result: None,
            last: None,
            run: 0,
            on_hold: false,
            under_way: None,
        };
        prober.renew(None);
        prober
    }

    fn renew(&mut self, life: Option<(String, Micros)>) {
        self.life = life;
        self.result = match self.which {
            Which::Startup => None,
            Which::Liveness => Some(true),
            Which::Readiness => Some(false),
        };
        self.last = None;
        self.run = 0;
        self.on_hold = false;
        self.under_way = None;
    }

    fn period(&self) -> Duration {
        seconds(&self.spec, "periodSeconds", 10).max(Duration::from_secs(1))
    }

    fn next(&self) -> Option<Micros> {
        // One that nobody listens to, and one that has its answer for good, needs no timer.
        let idle = self.life.is_none() || self.on_hold || (self.which == Which::Startup && self.result == Some(true));
        if idle {
            return None;
        }
        let under_way = self.under_way.as_ref().map(|(_, _, at, _)| *at);
        under_way.or_else(|| Some(self.asked.map_or(self.tick, |asked| asked.min(self.tick))))
    }

    /// Counts an answer; gives what is true from now on, when that is new.
    fn count(&mut self, good: bool) -> Option<bool> {
        self.run = if self.last == Some(good) { self.run + 1 } else { 1 };
        self.last = Some(good);
        let (field, usual) = if good { ("successThreshold", 1) } else { ("failureThreshold", 3) };
        if self.run < self.spec[field].as_i64().unwrap_or(usual) {
            return None;
        }
        if !good && self.which != Which::Readiness {
            self.on_hold = true;
            self.run = 0;
        }
        if self.result == Some(good) {
            return None;
        }
        self.result = Some(good);
        Some(good)
    }

    /// The answer; nothing while a command runs.
    fn answer(&mut self, asked: &Asked<'_>) -> Option<Answer> {
        let spec = &self.spec;
        if let Some(answer) = self.faulty(asked) {
            return Some(answer);
        }
        if let Some(get) = spec.get("httpGet") {
            return Some(http(get, asked, self.container));
        }
        if let Some(socket) = spec.get("tcpSocket").or_else(|| spec.get("grpc")) {
            return Some(tcp(socket, asked, self.container, spec.get("grpc").is_some()));
        }
        self.command(asked)
    }

    fn faulty(&self, asked: &Asked<'_>) -> Option<Answer> {
        let fault = asked.fault.as_ref()?;
        let (_, since) = self.life.as_ref()?;
        let age = asked.now.since(*since);
        if age < fault.from.0 || (!fault.until.0.is_zero() && age >= fault.until.0) {
            return None;
        }
        Some(match (fault.status, self.spec.get("httpGet")) {
            (1.., Some(_)) => Answer::Bad(format!("HTTP probe failed with statuscode: {}", fault.status)),
            (0, Some(get)) => match port(&get["port"], asked.pod.container(self.container)) {
                Ok(port) => refused(get, asked.address, port),
                Err(why) => Answer::Unknown(why),
            },
            (_, None) => Answer::Bad(String::new()),
        })
    }

    fn command(&mut self, asked: &Asked<'_>) -> Option<Answer> {
        let (mut exec, mut out, until) = match self.under_way.take() {
            Some((exec, out, _, until)) => (exec, out, until),
            None => {
                let words = self.spec["exec"]["command"].as_array().into_iter().flatten();
                let argv = words.filter_map(Value::as_str).map(str::to_owned).collect();
                match asked.container.exec(argv, None, None, asked.id) {
                    None => return None,
                    Some(Err(why)) => return Some(Answer::Unknown(why)),
                    Some(Ok(exec)) => {
                        let until = asked.now.plus(seconds(&self.spec, "timeoutSeconds", 1));
                        (exec, Collected::default(), until)
                    }
                }
            }
        };
        let late = asked.now >= until;
        match exec.step(asked.now, &mut out, &mut Vec::new(), true) {
            Step::Exit(exit) if exit.code == 0 => Some(Answer::Good),
            Step::Exit(_) => Some(Answer::Bad(out.text())),
            Step::Until(_) | Step::Forever if late => {
                let span = seconds(&self.spec, "timeoutSeconds", 1).as_secs();
                Some(Answer::Bad(format!("command timed out: \"{}\" timed out after {span}s", self.words())))
            }
            Step::Until(at) if at < until => {
                self.under_way = Some((exec, out, at, until));
                None
            }
            Step::Until(_) | Step::Forever => {
                self.under_way = Some((exec, out, until, until));
                None
            }
        }
    }

    fn words(&self) -> String {
        let words = self.spec["exec"]["command"].as_array().into_iter().flatten();
        words.filter_map(Value::as_str).collect::<Vec<&str>>().join(" ")
    }
}

fn seconds(spec: &Value, field: &str, usual: u64) -> Duration {
    Duration::from_secs(spec[field].as_u64().unwrap_or(usual))
}
