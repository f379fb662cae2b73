//! The waiting itself.

use super::condition::Condition;
use super::hope::Hope;
use super::seen::{Seen, State};
use crate::cluster::{Cluster, News};
use crate::ending::Ending;
use crate::follow::Followed;
use crate::object::Obj;
use crate::objects::{What, groups};
use crate::sink::{Sink, Stop};
use crate::text::{count, short};
use ansflow_core::verdict::{Cause, Object, Verdict, Waiting};
use futures_util::StreamExt as _;
use futures_util::stream::{BoxStream, SelectAll};
use std::pin::pin;

/// Waits until all conditions hold for all objects, or for any one of them.
pub async fn wait(
    cluster: &Cluster,
    namespace: &str,
    what: &What,
    conditions: &[Condition],
    any: bool,
    sink: &dyn Sink,
    stop: impl Future<Output = Stop>,
) -> Ending {
    let mut stop = pin!(stop);
    let groups = tokio::select! {
        groups = groups(cluster, namespace, what, sink) => groups,
        stop = &mut stop => return ended(stop, &[], None),
    };
    let groups = match groups {
        Ok(groups) => groups,
        Err(error) => return error.verdict(None).into(),
    };
    let mut news: SelectAll<BoxStream<'static, (usize, News<Obj>)>> = SelectAll::new();
    for (index, group) in groups.iter().enumerate() {
        let watch = cluster.watch::<Obj>(&group.kind, group.namespace.as_deref(), &group.selector());
        news.push(watch.map(move |news| (index, news)).boxed());
    }
    let mut seen = Seen::new(groups, conditions.to_vec());
    // Of several only the last one's failure would be hopeless, and nobody knows which that is.
    let mut hope = Hope::new(cluster, !any && conditions.iter().all(Condition::wishes_well));
    let mut last = String::new();
    loop {
        let told = tokio::select! {
            biased;
            told = news.next() => told,
            followed = hope.lost() => return followed.into(),
            stop = &mut stop => {
                let suspicion = if stop == Stop::Deadline { hope.suspicion().await } else { None };
                return ended(stop, &seen.states(), suspicion);
            }
        };
        match told {
            Some((_, News::Unknown(error))) if !error.may_pass() => return error.verdict(None).into(),
            Some((_, News::Unknown(error))) => sink.line(&format!("{error}; it is asked again")),
            Some((_, News::Known)) => sink.line(&format!("{} answers again", cluster.host())),
            Some((group, News::Restarted(all))) => seen.all(group, all),
            Some((group, News::Changed(object))) => seen.one(group, object),
            Some((group, News::Gone(head, _))) => seen.gone(group, &head),
            None => return error_of_the_end().into(),
        }
        if !seen.is_complete() {
            continue;
        }
        let states = seen.states();
        if let Some(verdict) = over(&states, any, seen.wants_none()) {
            return verdict.into();
        }
        hope.follow(seen.keys());
        let words = words(&states);
        if words != last {
            let lacks = states.iter().filter(|(_, state)| *state != State::Met);
            sink.waiting(&Waiting { r#for: words.clone(), objects: lacks.map(|(object, _)| object.clone()).collect() });
            last = words;
        }
    }
}

/// The verdict, where there is one. `none`: that there is no object is what is wanted.
fn over(states: &[(Object, State)], any: bool, none: bool) -> Option<Verdict> {
    let met = states.iter().filter(|(_, state)| *state == State::Met);
    let first = met.clone().next().map(|(object, _)| object.clone());
    let done = match any {
        true => first.is_some(),
        false => !states.is_empty() && met.clone().count() == states.len(),
    };
    if done || (states.is_empty() && none) {
        let words = match (&first, states.len()) {
            (None, _) => "there is no such object, as it should be".to_owned(),
            (Some(object), _) if any => format!("{object} is as it should be"),
            (Some(object), 1) => format!("{object} is as it should be"),
            (Some(_), many) => format!("{} are as they should be", objects(many)),
        };
        return Some(Verdict::ready(first, words));
    }
    let never = states.iter().filter_map(|(object, state)| match state {
        State::Never(why) => Some((object, why)),
        State::Met | State::Lacks(_) => None,
    });
    let hopeless =
        if any { never.clone().count() == states.len() && !states.is_empty() } else { never.clone().count() > 0 };
    let (object, why) = never.into_iter().next().filter(|_| hopeless)?;
    let summary = short(&format!("{object} will not become what is waited for: {why}"), 300);
    let cause = if object.kind == "Job" { Cause::JobFailed } else { Cause::unknown() };
    Some(Verdict::failed(cause, Some(object.clone()), summary))
}

fn words(states: &[(Object, State)]) -> String {
    let mut lacks = states.iter().filter_map(|(object, state)| match state {
        State::Lacks(why) | State::Never(why) => Some((object, why)),
        State::Met => None,
    });
    let first = lacks.next().map(|(object, why)| format!("{object}: {why}"));
    let more = lacks.count();
    let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
    short(&format!("{}{more}", first.unwrap_or_else(|| "there is no such object yet".to_owned())), 300)
}

fn ended(stop: Stop, states: &[(Object, State)], suspicion: Option<Followed>) -> Ending {
    let lacks = states.iter().find(|(_, state)| *state != State::Met).map(|(object, _)| object.clone());
    match (stop, suspicion) {
        (Stop::Deadline, Some(suspicion)) => suspicion.into(),
        (Stop::Deadline, None) => {
            let mut verdict =
                Verdict::failed(Cause::Timeout, lacks, short(&format!("the time is up: {}", words(states)), 300));
            verdict.advice = crate::explain::advice_of(&Cause::Timeout);
            verdict.into()
        }
        (Stop::Cancelled, _) => {
            let summary = short(&format!("cancelled while waiting: {}", words(states)), 300);
            Verdict::failed(Cause::Cancelled, lacks, summary).into()
        }
    }
}

fn error_of_the_end() -> Verdict {
    Verdict::failed(Cause::ClusterUnreachable, None, "the cluster says nothing more of what is waited for")
}

fn objects(number: usize) -> String {
    count(i64::try_from(number).unwrap_or(i64::MAX), "object")
}
