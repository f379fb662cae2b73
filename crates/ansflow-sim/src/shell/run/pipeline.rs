//! `a | b`: commands that run at the same time.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use super::{Ran, command};
use crate::shell::ast::Command;
use crate::shell::machine::{Fd, Pipe};
use crate::shell::state::{Shell, Stop};

/// Commands whose output is the next one's input: all of them run, each when it has something to do.
pub(super) async fn together(shell: &mut Shell, commands: &[Arc<Command>]) -> Result<i32, Stop> {
    let mut running: Vec<Option<Ran<'static>>> = Vec::new();
    let mut stdin = Arc::clone(&shell.stdin);
    for (index, item) in commands.iter().enumerate() {
        let (mut copy, item) = (shell.copy(), Arc::clone(item));
        copy.stdin = Arc::clone(&stdin);
        let output = (index + 1 < commands.len()).then(Arc::<Pipe>::default);
        if let Some(pipe) = &output {
            copy.numbers.insert(1, Fd::Pipe(Arc::clone(pipe)));
            stdin = Arc::clone(pipe);
        }
        let first = index == 0;
        running.push(Some(Box::pin(async move {
            let status = match command(&mut copy, &item).await {
                Ok(status) | Err(Stop::Exit(status) | Stop::Return(status)) => Ok(status & 0xff),
                Err(Stop::Break(_) | Stop::Continue(_)) => Ok(0),
                Err(Stop::OutOfMemory) => Err(Stop::OutOfMemory),
            };
            if !first {
                copy.stdin.abandon();
            }
            if let Some(pipe) = output {
                pipe.end();
            }
            copy.machine.stir();
            status
        })));
    }
    let mut statuses: Vec<i32> = vec![0; running.len()];
    poll_fn(move |context| {
        for (index, slot) in running.iter_mut().enumerate() {
            let Some(run) = slot else { continue };
            if let Poll::Ready(status) = run.as_mut().poll(context) {
                statuses[index] = match status {
                    Ok(status) => status,
                    Err(stop) => return Poll::Ready(Err(stop)),
                };
                *slot = None;
            }
        }
        let last = statuses.last().copied().unwrap_or_default();
        if running.iter().all(Option::is_none) { Poll::Ready(Ok(last)) } else { Poll::Pending }
    })
    .await
}
