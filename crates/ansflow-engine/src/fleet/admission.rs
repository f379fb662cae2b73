//! Whose turn it is: first come, first served, within limits. Pure.

use std::collections::HashMap;

/// A run that has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate<'t> {
    pub(super) run: &'t str,
    pub(super) pipeline: &'t str,
    /// At most so many of its pipeline's runs at once; 0: no limit.
    pub(super) limit: u64,
    pub(super) stand: Stand,
}

/// How far a run has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    /// It waits for its turn.
    Queued,
    /// It has its turn, and work to do.
    Running,
    /// It has its turn, and waits for people: it takes one of its pipeline's places, and none of the server's.
    Waiting,
}

/// The queued runs whose turn has come. `candidates` are in the order in which they were asked for; nobody overtakes,
/// but a pipeline at its limit holds up its own runs only.
pub(super) fn admit<'t>(candidates: &[Candidate<'t>], max_runs: u64) -> Vec<&'t str> {
    let running = candidates.iter().filter(|candidate| candidate.stand == Stand::Running).count() as u64;
    let mut free = max_runs.saturating_sub(running);
    let mut held: HashMap<&str, u64> = HashMap::new();
    for candidate in candidates.iter().filter(|candidate| candidate.stand != Stand::Queued) {
        *held.entry(candidate.pipeline).or_default() += 1;
    }
    let mut admitted = Vec::new();
    for candidate in candidates.iter().filter(|candidate| candidate.stand == Stand::Queued) {
        if free == 0 {
            break;
        }
        let held = held.entry(candidate.pipeline).or_default();
        if candidate.limit > 0 && *held >= candidate.limit {
            continue;
        }
        *held += 1;
        free -= 1;
        admitted.push(candidate.run);
    }
    admitted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `run pipeline[/limit] stand`, in order of asking.
    fn check(runs: &str, max_runs: u64, expected: &str) {
        let candidates: Vec<Candidate<'_>> = runs
            .split(", ")
            .filter(|run| !run.is_empty())
            .map(|run| {
                let words: Vec<&str> = run.split(' ').collect();
                let (pipeline, limit) = words[1].split_once('/').unwrap_or((words[1], "0"));
                let stand = match words[2] {
                    "queued" => Stand::Queued,
                    "running" => Stand::Running,
                    "waiting" => Stand::Waiting,
                    other => panic!("{other}"),
                };
                Candidate { run: words[0], pipeline, limit: limit.parse().unwrap(), stand }
            })
            .collect();
        assert_eq!(admit(&candidates, max_runs).join(" "), expected, "{runs} with {max_runs}");
    }

    #[test]
    fn first_come_first_served() {
        check("", 2, "");
        check("a shop queued, b shop queued, c shop queued", 2, "a b");
        check("a shop running, b shop queued, c shop queued", 2, "b");
        check("a shop running, b shop running, c shop queued", 2, "");
        check("a shop running, b shop running, c shop queued", 1, "");
        check("a shop queued", 0, "");
    }

    #[test]
    fn a_run_that_waits_for_people_takes_no_place_of_the_servers() {
        check("a shop waiting, b shop waiting, c shop queued", 1, "c");
        check("a shop waiting, b shop queued, c shop queued", 1, "b");
    }

    #[test]
    fn a_pipeline_at_its_limit_holds_up_its_own_runs_only() {
        check("a shop/1 running, b shop/1 queued, c web queued", 8, "c");
        check("a shop/1 waiting, b shop/1 queued, c web queued", 8, "c");
        check("a shop/1 queued, b shop/1 queued, c web/2 queued, d web/2 queued, e web/2 queued", 8, "a c d");
        check("a shop/2 running, b shop/2 queued, c shop/2 queued", 8, "b");
        check("a shop/1 queued, b shop/1 queued, c web queued, d web queued", 2, "a c");
    }

    #[test]
    fn a_limit_that_was_lowered_ends_nothing() {
        check("a shop/1 running, b shop/1 running, c shop/1 queued", 1, "");
    }
}
