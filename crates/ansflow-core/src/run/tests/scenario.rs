//! The door for rules: steps, a line `---`, and what happens, in words; out come the facts that follow, in words.
//!
//! A step is a line `NAME needs A,B group G when CONDITION if EXPRESSION retry 3 5s exponential max 1m on lost timeout 5m
//! approval ops,dev x2 within 1h kind git continue`; everything but the name may be left out, `if` comes last. Lines
//! with `!` say something of the plan or the run. What happens is `build#1 ok a=1`, `approve deploy ops`, `+5m`, …

use expect_test::Expect;
use serde_json::json;

use super::world::{World, attempt, created, epoch, step};
use crate::duration;
use crate::plan::{Approval, Backoff, Condition, GroupPolicy, PlannedGroup, PlannedStep, RetryOn};
use crate::run::{Event, Fact, Gains, Input, Report, RunCreated, StepFinished, StepStatus, StopReason};

/// Plays a scenario and compares what followed from each line.
pub(super) fn check(scenario: &str, expect: &Expect) {
    let (_, told) = play(scenario);
    expect.assert_eq(&told);
}

/// Plays a scenario and hands back the world that it made.
pub(super) fn play(scenario: &str) -> (World, String) {
    let (before, after) = scenario.split_once("---").unwrap_or((scenario, ""));
    let mut world = World::new(created_by(before));
    let mut told = String::new();
    for line in std::iter::once("start").chain(after.lines().map(str::trim).filter(|line| !line.is_empty())) {
        let input = input(&mut world, line);
        let facts = match world.send(&input) {
            Ok(events) => events.iter().filter_map(|event| tell(&world, event)).collect::<Vec<_>>().join(" · "),
            Err(refusal) => format!("refused: {refusal}"),
        };
        told.push_str(if facts.is_empty() { line.to_owned() } else { format!("{line} → {facts}") }.as_str());
        told.push('\n');
    }
    (world, told)
}

fn created_by(text: &str) -> RunCreated {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let (about_run, about_steps): (Vec<&str>, Vec<&str>) = lines.iter().partition(|line| line.starts_with('!'));
    let mut run = created(about_steps.iter().map(|line| step(line.split(' ').next().unwrap(), &[])).collect());
    for line in about_run {
        describe_run(&mut run, line);
    }
    for (i, line) in about_steps.iter().enumerate() {
        let mut step = run.plan.steps[i].clone();
        describe_step(&run, &mut step, line);
        run.plan.steps[i] = step;
    }
    run
}

fn describe_run(run: &mut RunCreated, line: &str) {
    let words: Vec<&str> = line.split(' ').collect();
    match words[..] {
        ["!group", name, policy, ref timeout @ ..] => run.plan.groups.push(PlannedGroup {
            name: name.to_owned(),
            policy: serde_json::from_value::<GroupPolicy>(json!(policy)).unwrap(),
            timeout_ms: timeout.first().map(|text| duration::parse(text).unwrap()),
        }),
        ["!timeout", text] => run.plan.timeout_ms = Some(duration::parse(text).unwrap()),
        ["!concurrency", number] => run.concurrency = number.parse().unwrap(),
        ["!branch", name] => run.facts.git_branch = Some(name.to_owned()),
        ["!var", name, value] => drop(run.plan.variables.insert(name.to_owned(), json!(value))),
        ["!deselect", name] => run.deselected.push((named(run, name), "not selected".to_owned())),
        ["!carry", name, ref gains @ ..] => run.carried.push(StepFinished {
            step: named(run, name),
            status: StepStatus::Success,
            why: None,
            exit_code: Some(0),
            duration_ms: 5,
            gains: gains_of(gains),
        }),
        _ => panic!("`{line}` says nothing"),
    }
}

fn named(run: &RunCreated, name: &str) -> usize {
    run.plan.steps.iter().position(|step| step.name == name).unwrap_or_else(|| panic!("no step `{name}`"))
}

fn describe_step(run: &RunCreated, step: &mut PlannedStep, line: &str) {
    let (line, expression) = line.split_once(" if ").map_or((line, None), |(line, text)| (line, Some(text)));
    let mut words = line.split(' ').skip(1).peekable();
    while let Some(word) = words.next() {
        let mut next = || words.next().unwrap_or_else(|| panic!("`{word}` of `{line}` wants a word more"));
        match word {
            "needs" => step.needs = next().split(',').map(|name| named(run, name)).collect(),
            "group" => {
                let name = next();
                step.group = run.plan.groups.iter().position(|group| group.name == name);
            }
            "when" => step.conditions.push(condition(next())),
            "retry" => step.retry.attempts = next().parse().unwrap(),
            "delay" => step.retry.delay_ms = duration::parse(next()).unwrap(),
            "linear" => step.retry.backoff = Backoff::Linear,
            "exponential" => step.retry.backoff = Backoff::Exponential,
            "max" => step.retry.max_delay_ms = Some(duration::parse(next()).unwrap()),
            "on" => {
                step.retry.on =
                    next().split(',').map(|word| serde_json::from_value::<RetryOn>(json!(word)).unwrap()).collect()
            }
            "timeout" => step.timeout_ms = Some(duration::parse(next()).unwrap()),
            "kind" => step.kind = next().to_owned(),
            "continue" => step.continue_on_failure = true,
            "approval" => {
                let approvers = next().split(',').filter(|who| *who != "anybody").map(str::to_owned).collect();
                step.approval = Some(Approval { approvers, required: 1, timeout_ms: None, message: None });
            }
            "twice" => step.approval.as_mut().unwrap().required = 2,
            "within" => step.approval.as_mut().unwrap().timeout_ms = Some(duration::parse(next()).unwrap()),
            other => panic!("`{other}` of `{line}` says nothing"),
        }
    }
    step.conditions.extend(expression.map(|text| Condition::Expression(text.to_owned())));
}

fn condition(word: &str) -> Condition {
    match word.split_once(':') {
        Some(("branch", name)) => Condition::BranchEquals(name.to_owned()),
        Some(("matches", glob)) => Condition::BranchMatches(glob.to_owned()),
        Some(("env", name)) => Condition::EnvironmentEquals(name.to_owned()),
        _ => match word {
            "always" => Condition::Always,
            "on_failure" => Condition::OnFailure,
            "on_success" => Condition::OnSuccess,
            other => panic!("no condition `{other}`"),
        },
    }
}

fn input(world: &mut World, line: &str) -> Input {
    let words: Vec<&str> = line.split(' ').collect();
    let text = |words: &[&str]| (!words.is_empty()).then(|| words.join(" "));
    match words[..] {
        ["start"] => Input::Start,
        ["tick"] => Input::Tick,
        [wait] if wait.starts_with('+') => {
            world.wait(duration::parse(&wait[1..]).unwrap());
            Input::Tick
        }
        ["approve", name, by, ref via @ ..] => Input::Approve {
            step: world.step(name),
            by: by.to_owned(),
            via: text(via).unwrap_or_else(|| "web".to_owned()),
            comment: None,
        },
        ["reject", name, by, ref comment @ ..] => {
            Input::Reject { step: world.step(name), by: by.to_owned(), comment: text(comment) }
        }
        ["cancel", by] => Input::Cancel { by: by.to_owned() },
        [name, ref report @ ..] => {
            let (name, number) = name.split_once('#').unwrap_or_else(|| panic!("`{line}` happens to nobody"));
            let attempt = attempt(world.step(name), number.parse().unwrap());
            Input::Report { attempt, report: report_of(report), verdict: None }
        }
        [] => panic!("nothing happens"),
    }
}

fn report_of(words: &[&str]) -> Report {
    match words {
        ["ok", gains @ ..] => Report::Succeeded(gains_of(gains)),
        ["failed"] => Report::Failed { exit_code: Some(1), message: "exit code 1".to_owned() },
        ["broken"] => Report::Broken { message: "no such shell".to_owned() },
        ["lost"] => Report::Lost { message: "its process was killed".to_owned() },
        ["timed_out"] => Report::TimedOut,
        ["stopped"] => Report::Stopped,
        _ => panic!("no report {words:?}"),
    }
}

/// `KEY=VALUE` is an output, and `KEY=***` a masked one; `cd=`, `branch=` and `commit=` are what they say.
pub(super) fn gains_of(words: &[&str]) -> Gains {
    let mut gains = Gains::default();
    for word in words {
        let (key, value) = word.split_once('=').unwrap();
        match key {
            "cd" => gains.directory = Some(value.to_owned()),
            "branch" => gains.git_branch = Some(value.to_owned()),
            "commit" => gains.git_commit = Some(value.to_owned()),
            _ => drop(gains.outputs.insert(key.to_owned(), json!(value))),
        }
        if value == "***" {
            gains.masked.push(key.to_owned());
        }
    }
    gains
}

/// A fact in words; none for what only repeats the input.
fn tell(world: &World, event: &Event) -> Option<String> {
    let name = |i: &usize| &world.run.plan().steps[*i].name;
    let until = |deadline: &Option<jiff::Timestamp>| match deadline {
        Some(at) => {
            let ms = at.as_millisecond() - epoch().as_millisecond();
            format!(" until {}", duration::print(u64::try_from(ms).unwrap()))
        }
        None => String::new(),
    };
    Some(match &event.fact {
        Fact::RunCreated(_)
        | Fact::RunStarted
        | Fact::Approved { .. }
        | Fact::Rejected { .. }
        | Fact::Noted { .. }
        | Fact::Judged { .. }
        | Fact::AttemptEnded { .. }
        | Fact::CancelRequested { .. } => return None,
        Fact::ApprovalOpened { step, deadline } => format!("ask for {}{}", name(step), until(deadline)),
        Fact::AttemptStarted { step, attempt, deadline } => format!("{}#{attempt}{}", name(step), until(deadline)),
        Fact::AttemptStopping { step, attempt, reason } => {
            let reason = match reason {
                StopReason::Cancelled => "cancelled",
                StopReason::TimedOut => "timed out",
                StopReason::GroupDecided => "group decided",
            };
            format!("stop {}#{attempt} ({reason})", name(step))
        }
        Fact::RetryScheduled { step, attempt, not_before } => {
            format!("again {}#{attempt}{}", name(step), until(&Some(*not_before)).replace("until", "at"))
        }
        Fact::StepFinished(finished) => {
            let why = finished.why.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
            format!("{} {}{why}", name(&finished.step), finished.status.as_str())
        }
        Fact::RunTimedOut => "run times out".to_owned(),
        Fact::GroupTimedOut { group } => format!("group {} times out", world.run.plan().groups[*group].name),
        Fact::RunFinished { status, .. } => format!("run {}", status.as_str()),
    })
}
