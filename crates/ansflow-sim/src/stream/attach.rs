//! `pods/attach`: what the container's own program writes from now on, and its stdin.

use super::channels::{self, Message};
use super::exec::returned;
use super::{Place, Socket};
use crate::program::Stream;
use crate::sim::Sim;

pub(crate) struct Plan {
    pub(super) place: Place,
    pub(super) stdin: bool,
    pub(super) stdout: bool,
    pub(super) stderr: bool,
    pub(super) tty: bool,
}

pub(super) async fn run(sim: &Sim, plan: Plan, mut socket: Socket) {
    if !socket.send(channels::greeting(plan.stdout, plan.stderr)).await {
        return;
    }
    let container = plan.place.container(sim);
    let Some((container, mut output)) = container.and_then(|container| Some((container.clone(), container.attach()?)))
    else {
        let why = format!("unable to upgrade connection: container {} not found in pod", plan.place.name);
        let last = channels::failure(&why).to_string();
        if socket.send(channels::message(channels::ERROR, last.as_bytes())).await {
            socket.close().await;
        }
        return;
    };
    let mut stopping = sim.stopping();
    loop {
        tokio::select! {
            // What was written before the end is said before it.
            biased;
            piece = output.recv() => {
                let Some((stream, bytes)) = piece else { break };
                let wanted = if stream == Stream::Out { plan.stdout } else { plan.stderr || plan.tty };
                let channel = if stream == Stream::Out || plan.tty { channels::STDOUT } else { channels::STDERR };
                let bytes = if plan.tty { returned(&bytes) } else { bytes };
                if wanted && !socket.send(channels::message(channel, &bytes)).await {
                    return;
                }
            }
            message = socket.receive() => match message.as_deref().map(channels::read) {
                None => return,
                Some(Message::Input(bytes)) if plan.stdin => drop(container.input(bytes, sim.now_micros())),
                Some(Message::InputEnds) if plan.stdin => drop(container.end_input(sim.now_micros())),
                Some(Message::Resize { rows, columns }) => drop(container.resize(rows, columns, sim.now_micros())),
                Some(_) => {}
            },
            () = crate::http::over(&mut stopping) => return,
        }
    }
    let last = channels::outcome(0).to_string();
    if socket.send(channels::message(channels::ERROR, last.as_bytes())).await {
        socket.close().await;
    }
}
