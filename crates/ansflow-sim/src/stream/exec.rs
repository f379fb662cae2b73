//! `pods/exec`: a command in a container, its streams on channels.

use crate::containers::Exec;
use crate::program::{Exit, Sink, Step, Stream};
use crate::shell::Terminal;
use crate::sim::Sim;
use crate::time::Micros;

use super::channels::{self, Message};
use super::{Place, Socket};

/// What is to be run, and which of its streams are wanted.
pub(crate) struct Plan {
    pub(super) place: Place,
    pub(super) command: Vec<String>,
    pub(super) stdin: bool,
    pub(super) stdout: bool,
    pub(super) stderr: bool,
    pub(super) tty: bool,
}

/// Output since the last message.
#[derive(Default)]
struct Said(Vec<(Stream, Vec<u8>)>);

impl Sink for Said {
    fn write(&mut self, stream: Stream, _at: Micros, bytes: &[u8]) {
        match self.0.last_mut() {
            Some((last, text)) if *last == stream => text.extend_from_slice(bytes),
            _ => self.0.push((stream, bytes.to_vec())),
        }
    }
}

pub(super) async fn run(sim: &Sim, plan: Plan, mut socket: Socket) {
    if !socket.send(channels::greeting(plan.stdout, plan.stderr)).await {
        return;
    }
    let terminal = plan.tty.then(Terminal::default);
    let container = plan.place.container(sim);
    let id = sim.ids().hex(64);
    let started = container.as_ref().and_then(|container| {
        container.exec(plan.command.clone(), terminal.clone(), plan.place.answers.as_deref(), &id)
    });
    let last = match started {
        Some(Ok(exec)) => match converse(sim, &plan, exec, terminal.as_ref(), &mut socket).await {
            Some(exit) => channels::outcome(exit.code),
            None => return,
        },
        Some(Err(why)) => channels::failure(&format!("error executing command in container: {why}")),
        None => {
            channels::failure(&format!("unable to upgrade connection: container not found (\"{}\")", plan.place.name))
        }
    };
    if socket.send(channels::message(channels::ERROR, last.to_string().as_bytes())).await {
        socket.close().await;
    }
}

/// Carries bytes both ways until the command ends; nothing when the client went first.
async fn converse(
    sim: &Sim,
    plan: &Plan,
    mut exec: Exec,
    terminal: Option<&Terminal>,
    socket: &mut Socket,
) -> Option<Exit> {
    let (mut stdin, mut closed) = (Vec::new(), !plan.stdin);
    let mut stopping = sim.stopping();
    // The end of the container is the command's, too.
    let mut news = plan.place.container(sim).and_then(|container| container.log(false)).map(|log| log.news());
    let mut now = sim.now_micros();
    loop {
        now = now.max(sim.now_micros());
        let mut said = Said::default();
        let step = exec.step(now, &mut said, &mut stdin, closed);
        for (stream, bytes) in said.0 {
            let (channel, bytes) = match stream {
                _ if plan.tty => (channels::STDOUT, returned(&bytes)),
                Stream::Out => (channels::STDOUT, bytes),
                Stream::Err => (channels::STDERR, bytes),
            };
            let wanted = if channel == channels::STDOUT { plan.stdout } else { plan.stderr };
            if wanted && !socket.send(channels::message(channel, &bytes)).await {
                return None;
            }
        }
        let pause = match step {
            Step::Exit(exit) => return Some(exit),
            // On a clock that stands still a command has a time of its own.
            Step::Until(when) if sim.clock().is_manual() => {
                now = when;
                continue;
            }
            Step::Until(when) => sim.clock().wall_until(when),
            Step::Forever => None,
        };
        let wake = async {
            match pause {
                Some(pause) => tokio::time::sleep(pause).await,
                None => std::future::pending().await,
            }
        };
        let ended = async {
            match &mut news {
                Some(news) => drop(news.wait_for(|(_, ended)| *ended).await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            message = socket.receive() => match channels::read(&message?) {
                Message::Input(bytes) if plan.stdin => stdin.extend_from_slice(bytes),
                Message::InputEnds => closed = true,
                Message::Resize { rows, columns } => terminal.into_iter().for_each(|terminal| terminal.resize(rows, columns)),
                Message::Input(_) | Message::Other => {}
            },
            () = wake => {}
            () = ended => {}
            () = crate::http::over(&mut stopping) => return None,
        }
    }
}

/// What a terminal makes of the ends of lines.
pub(super) fn returned(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 8);
    for byte in bytes {
        if *byte == b'\n' {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    out
}
