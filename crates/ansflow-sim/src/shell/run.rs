//! Runs what was parsed.

mod pipeline;
mod redirect;

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use super::ast::{Chain, Command, Join, List, Pipeline, Redirect, What};
use super::machine::Pipe;
use super::park::Park;
use super::state::{Shell, Stop, Variable};
use super::{builtins, expand, parse, pattern, tools};
use crate::lock::lock;
use crate::program::Signal;

pub(super) use self::redirect::read;

pub(super) type Ran<'a> = Pin<Box<dyn Future<Output = Result<i32, Stop>> + Send + 'a>>;

/// How deep compound commands, functions and subshells may stand in each other: each level is stack.
const DEPTH: u32 = 64;

/// A command line that no shell has read: a container's, or what `exec` was given.
pub(super) async fn program(shell: &mut Shell, argv: Vec<String>) -> Result<i32, Stop> {
    external(shell, argv).await
}

/// Reads and runs a text in this shell.
pub(super) fn script<'a>(shell: &'a mut Shell, text: &'a str) -> Ran<'a> {
    Box::pin(async move {
        match parse::parse(text) {
            Ok(commands) => list(shell, &commands).await,
            Err(problem) => {
                shell.complain(&format!("sh: syntax error: {}", problem.0)).await;
                Err(Stop::Exit(2))
            }
        }
    })
}

/// Runs a list in a copy that was made for it: what ends the copy ends nothing else.
pub(super) async fn subshell(copy: &mut Shell, commands: &List) -> Result<i32, Stop> {
    copy.depth += 1;
    if copy.depth > DEPTH {
        return too_deep(copy).await;
    }
    match list(copy, commands).await {
        Ok(status) | Err(Stop::Exit(status) | Stop::Return(status)) => Ok(status & 0xff),
        Err(Stop::Break(_) | Stop::Continue(_)) => Ok(0),
        Err(Stop::OutOfMemory) => Err(Stop::OutOfMemory),
    }
}

async fn too_deep(shell: &Shell) -> Result<i32, Stop> {
    shell.complain("sh: maximum nesting exceeded").await;
    Err(Stop::Exit(2))
}

pub(super) fn list<'a>(shell: &'a mut Shell, commands: &'a List) -> Ran<'a> {
    Box::pin(async move {
        for item in &commands.0 {
            shell.status = if item.background { background(shell, item) } else { chain(shell, item).await? };
        }
        Ok(shell.status)
    })
}

fn background(shell: &mut Shell, item: &Chain) -> i32 {
    let mut copy = shell.copy();
    copy.stdin = Arc::new(Pipe::full(Vec::new()));
    let result = Arc::new(Mutex::new(None));
    shell.jobs.push(Arc::clone(&result));
    let first = Pipeline { negated: item.first.negated, commands: item.first.commands.clone() };
    let rest = item
        .rest
        .iter()
        .map(|(join, pipeline)| (*join, Pipeline { negated: pipeline.negated, commands: pipeline.commands.clone() }));
    let commands = List(vec![Chain { first, rest: rest.collect(), background: false }]);
    let machine = Arc::clone(&shell.machine);
    shell.machine.spawn(Box::pin(async move {
        let mut running = Box::pin(subshell(&mut copy, &commands));
        // Somebody may have killed it meanwhile.
        let status = poll_fn(|context| match *lock(&result) {
            Some(_) => Poll::Ready(None),
            None => running.as_mut().poll(context).map(|status| Some(status.unwrap_or(137))),
        });
        if let Some(status) = status.await {
            *lock(&result) = Some(status);
        }
        machine.stir();
    }));
    0
}

async fn chain(shell: &mut Shell, item: &Chain) -> Result<i32, Stop> {
    signals(shell).await?;
    let last = item.rest.len();
    let mut status = tested(shell, &item.first, last == 0).await?;
    let mut ran_last = last == 0;
    for (index, (join, next)) in item.rest.iter().enumerate() {
        ran_last = (*join == Join::And) == (status == 0);
        if ran_last {
            ran_last = index + 1 == last;
            status = tested(shell, next, ran_last).await?;
        }
    }
    let negated = item.rest.last().map_or(item.first.negated, |(_, pipeline)| pipeline.negated);
    if status != 0 && ran_last && !negated && shell.exit_on_error && shell.guarded == 0 {
        return Err(Stop::Exit(status));
    }
    Ok(status)
}

/// Runs a pipeline; where its failure is an answer, `set -e` looks away.
async fn tested(shell: &mut Shell, item: &Pipeline, counts: bool) -> Result<i32, Stop> {
    let guard = u32::from(!counts || item.negated);
    shell.guarded += guard;
    let status = pipeline(shell, item).await;
    shell.guarded -= guard;
    shell.status = status?;
    Ok(shell.status)
}

async fn condition(shell: &mut Shell, commands: &List) -> Result<i32, Stop> {
    shell.guarded += 1;
    let status = list(shell, commands).await;
    shell.guarded -= 1;
    status
}

async fn pipeline(shell: &mut Shell, item: &Pipeline) -> Result<i32, Stop> {
    let status = match item.commands.as_slice() {
        [only] => command(shell, only).await?,
        several => pipeline::together(shell, several).await?,
    };
    Ok(if item.negated { i32::from(status == 0) } else { status })
}

/// What a signal that has arrived does: what `trap` says, and without it nothing, as for every first process.
pub(super) async fn signals(shell: &mut Shell) -> Result<(), Stop> {
    if !shell.main {
        return Ok(());
    }
    while let Some(signal) = shell.machine.take_signal() {
        let action = match signal {
            Signal::Term => shell.traps.get("TERM"),
            Signal::Int => shell.traps.get("INT"),
            Signal::Hup => shell.traps.get("HUP"),
            Signal::Kill => return Err(Stop::Exit(137)),
        };
        if let Some(action) = action.cloned() {
            let status = shell.status;
            script(shell, &action).await?;
            shell.status = status;
        } else if signal == Signal::Int && shell.machine.mode.terminal().is_some() {
            return Err(Stop::Exit(130));
        }
    }
    Ok(())
}

pub(super) fn command<'a>(shell: &'a mut Shell, item: &'a Command) -> Ran<'a> {
    Box::pin(async move {
        shell.machine.spend().await;
        if let What::Simple { assigns, words } = &item.what {
            shell.substituted = 0;
            let words = expand::words(shell, words).await?;
            return simple(shell, assigns, words, &item.redirects).await;
        }
        let (numbers, stdin) = (shell.numbers.clone(), Arc::clone(&shell.stdin));
        let status = match redirect::apply(shell, &item.redirects).await? {
            Some(status) => Ok(status),
            None => {
                shell.depth += 1;
                let status = compound(shell, item).await;
                shell.depth -= 1;
                status
            }
        };
        shell.numbers = numbers;
        shell.stdin = stdin;
        status
    })
}

async fn compound(shell: &mut Shell, item: &Command) -> Result<i32, Stop> {
    if shell.depth > DEPTH {
        return too_deep(shell).await;
    }
    match &item.what {
        What::Simple { .. } => Ok(0),
        What::Group(commands) => list(shell, commands).await,
        What::Subshell(commands) => {
            let mut copy = shell.copy();
            subshell(&mut copy, commands).await
        }
        What::If { arms, otherwise } => {
            for (test, then) in arms {
                if condition(shell, test).await? == 0 {
                    return list(shell, then).await;
                }
            }
            match otherwise {
                Some(commands) => list(shell, commands).await,
                None => Ok(0),
            }
        }
        What::While { until, condition: test, body } => repeat(shell, *until, test, body).await,
        What::For { variable, words, body } => {
            let words = match words {
                Some(words) => expand::words(shell, words).await?,
                None => shell.arguments.clone(),
            };
            let mut status = 0;
            for word in words {
                shell.set(variable, word)?;
                match turn(shell, body).await? {
                    Turn::Next(now) => status = now,
                    Turn::Leave(now) => return Ok(now),
                }
            }
            Ok(status)
        }
        What::Case { word, arms } => {
            let text: Vec<char> = expand::text(shell, word).await?.chars().collect();
            for (patterns, commands) in arms {
                for pattern in patterns {
                    if pattern::fits(&expand::glyphs(shell, pattern).await?, &text) {
                        shell.status = 0;
                        return list(shell, commands).await;
                    }
                }
            }
            Ok(0)
        }
        What::Function { name, body } => {
            shell.functions.insert(name.clone(), Arc::clone(body));
            Ok(0)
        }
    }
}

async fn repeat(shell: &mut Shell, until: bool, test: &List, body: &List) -> Result<i32, Stop> {
    if !until
        && test.always_true()
        && let Some(round) = body.only_sleeps()
    {
        return idle(shell, round).await;
    }
    let mut status = 0;
    loop {
        shell.machine.spend().await;
        if (condition(shell, test).await? == 0) == until {
            return Ok(status);
        }
        match turn(shell, body).await? {
            Turn::Next(now) => status = now,
            Turn::Leave(now) => return Ok(now),
        }
    }
}

/// `while true; do sleep 1; done`: no timer. A signal is looked at when a round would have ended.
async fn idle(shell: &mut Shell, round: i64) -> Result<i32, Stop> {
    let began = shell.machine.now();
    if shell.main
        && let Some(park) = Park::idle(began, round, &shell.traps)
    {
        shell.machine.offer(park);
    }
    loop {
        let machine = Arc::clone(&shell.machine);
        machine.wait(|| machine.signalled().then_some(())).await;
        if shell.main && shell.traps.keys().any(|name| name != "EXIT") {
            let rounds = (machine.now().0 - began.0).div_euclid(round) + 1;
            machine.until(crate::time::Micros(began.0 + rounds * round)).await;
        }
        if !shell.main {
            machine.wait(|| None::<()>).await;
        }
        signals(shell).await?;
    }
}

enum Turn {
    Next(i32),
    Leave(i32),
}

/// One turn of a loop, and what `break` and `continue` in it mean for this loop.
async fn turn(shell: &mut Shell, body: &List) -> Result<Turn, Stop> {
    match list(shell, body).await {
        Ok(status) => Ok(Turn::Next(status)),
        Err(Stop::Break(levels)) if levels > 1 => Err(Stop::Break(levels - 1)),
        Err(Stop::Break(_)) => Ok(Turn::Leave(0)),
        Err(Stop::Continue(levels)) if levels > 1 => Err(Stop::Continue(levels - 1)),
        Err(Stop::Continue(_)) => Ok(Turn::Next(0)),
        Err(stop) => Err(stop),
    }
}

async fn simple(
    shell: &mut Shell,
    assigns: &[(String, super::ast::Word)],
    words: Vec<String>,
    redirects: &[Redirect],
) -> Result<i32, Stop> {
    let mut values = Vec::new();
    for (name, word) in assigns {
        values.push((name.clone(), expand::text(shell, word).await?));
    }
    if words.is_empty() {
        // What `x=$(…)` says is how the command in it ended.
        let status = shell.substituted;
        for (name, value) in values {
            shell.set(&name, value)?;
        }
        let (numbers, stdin) = (shell.numbers.clone(), Arc::clone(&shell.stdin));
        let refused = redirect::apply(shell, redirects).await?;
        shell.numbers = numbers;
        shell.stdin = stdin;
        return Ok(refused.unwrap_or(status));
    }
    let saved: Vec<(String, Option<Variable>)> =
        values.iter().map(|(name, _)| (name.clone(), shell.variables.get(name).cloned())).collect();
    for (name, value) in values {
        shell.variables.insert(name, Variable { value, exported: true });
    }
    let (numbers, stdin) = (shell.numbers.clone(), Arc::clone(&shell.stdin));
    let keeps = words.first().is_some_and(|word| word == "exec") && words.len() == 1;
    let status = match redirect::apply(shell, redirects).await? {
        Some(status) => Ok(status),
        None => call(shell, words).await,
    };
    if !keeps {
        shell.numbers = numbers;
        shell.stdin = stdin;
    }
    for (name, variable) in saved {
        match variable {
            Some(variable) => shell.variables.insert(name, variable),
            None => shell.variables.remove(&name),
        };
    }
    status
}

/// A function, a builtin, or a command of the image.
async fn call(shell: &mut Shell, words: Vec<String>) -> Result<i32, Stop> {
    if let Some(body) = words.first().and_then(|name| shell.functions.get(name)).cloned() {
        shell.depth += 1;
        if shell.depth > DEPTH {
            return too_deep(shell).await;
        }
        let arguments = std::mem::replace(&mut shell.arguments, words[1..].to_vec());
        let status = command(shell, &body).await;
        shell.arguments = arguments;
        shell.depth -= 1;
        return match status {
            Err(Stop::Return(status)) => Ok(status),
            status => status,
        };
    }
    match builtins::run(shell, &words).await? {
        Some(status) => Ok(status),
        None => external(shell, words).await,
    }
}

/// A command of the image.
pub(super) fn external(shell: &mut Shell, words: Vec<String>) -> Ran<'_> {
    Box::pin(async move { tools::run(shell, &words).await })
}
