//! `kill -9` of a server that drives five runs, at random moments, while people look on: in browsers, with `ansflow
//! runs watch` and with `ansflow runs logs -f`. Every run reaches its right end, nothing is done more often than its
//! history says, and everybody sees every event and every line once, in order, and then the end.
//!
//! The suite does 8 of these, and as many that kill attempts too, and on PostgreSQL; `ANSFLOW_CRASHES=100` does more,
//! `ANSFLOW_SEED` repeats one.

pub(crate) mod api;
pub(crate) mod browser;
mod judge;
mod pipelines;
pub(crate) mod terminals;

use std::hash::{BuildHasher as _, Hasher as _};
use std::time::{Duration, Instant};

use self::api::Api;
use self::browser::{Seen, browse};
use self::judge::Count;
use self::pipelines::{STORIES, Story};
use self::terminals::Terminal;
use crate::postgres::Schema;
use crate::resume::kill;
use crate::server_crash::Dice;
use crate::server_world::ServerWorld;

/// From the last crash to the end of all runs.
const PATIENCE: Duration = Duration::from_secs(90);
/// From the end of a run to the end of who watches it, who may be waiting for another try.
const LAST_WORD: Duration = Duration::from_secs(20);

/// A server lives for so many milliseconds at most.
const OFTEN: u64 = 500;
/// On PostgreSQL the next one may have to wait two seconds until it drives runs: with shorter lives nothing gets on.
const SELDOM: u64 = 4_000;

/// What is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victims {
    Server,
    /// Or an attempt, or both.
    All,
}

#[test]
fn who_watches_a_server_that_crashes_sees_everything_once() {
    crash(Victims::Server, OFTEN, || Some(ServerWorld::at_one_address()));
}

#[test]
fn who_watches_sees_everything_once_when_attempts_crash_too() {
    crash(Victims::All, OFTEN, || Some(ServerWorld::at_one_address()));
}

#[test]
fn who_watches_a_server_on_postgresql_that_crashes_sees_everything_once() {
    crash(Victims::Server, SELDOM, || Some(ServerWorld::at_one_address().with_database(Schema::new()?)));
}

/// Crashes the server of one world after the other; none: this cannot be tried here.
#[expect(clippy::print_stdout, reason = "a seed that is not told repeats nothing")]
fn crash(victims: Victims, longest_life: u64, world: impl Fn() -> Option<ServerWorld>) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let crashes = number("ANSFLOW_CRASHES").unwrap_or(8);
    let (mut total, mut rounds, began) = (Count::default(), 0, Instant::now());
    while total.crashes < crashes {
        let Some(server) = world() else { return };
        let random = std::hash::RandomState::new().build_hasher().finish();
        let seed = number("ANSFLOW_SEED").unwrap_or(random);
        println!("round {rounds}: ANSFLOW_SEED={seed}");
        total += round(&server, &mut Dice(seed | 1), victims, longest_life, crashes - total.crashes);
        rounds += 1;
    }
    println!("{total}, in {rounds} rounds and {:.0?}", began.elapsed());
}

/// A run, and all who watch it.
struct Watched {
    story: Story,
    run: String,
    seen: Seen,
    /// `ansflow runs watch -o json`
    events: Terminal,
    /// `ansflow runs watch`
    words: Terminal,
    /// `ansflow runs logs -f`
    log: Terminal,
}

fn round(server: &ServerWorld, dice: &mut Dice, victims: Victims, longest_life: u64, most: u64) -> Count {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut served = server.start();
    let api = runtime.block_on(Api::set_up(&served, &server.world));
    let spare = if victims == Victims::All { 30 } else { 0 };
    let pipelines = STORIES.map(|story| runtime.block_on(api.pipeline(&story.text(spare))));

    std::thread::scope(|scope| {
        let watching = STORIES.iter().zip(pipelines).map(|(story, pipeline)| {
            let (api, world, handle) = (api.clone(), &server.world, runtime.handle().clone());
            scope.spawn(move || watch(*story, &pipeline, &api, world, &handle))
        });
        let watching: Vec<_> = watching.collect();
        let mut count = Count::default();
        while count.crashes < most && !watching.iter().all(|run| run.is_finished()) {
            let until = Instant::now() + Duration::from_millis(dice.below(longest_life));
            while Instant::now() < until {
                std::thread::yield_now();
            }
            let what = if victims == Victims::All { dice.below(3) } else { 0 };
            if what != 0 {
                let attempts = server.world.attempts();
                if let Some(pid) = attempts.get(dice.below(attempts.len().max(1) as u64) as usize) {
                    kill(*pid);
                    count.attempts += 1;
                }
            }
            if what != 1 {
                served.kill();
                // Another one that does not get far, now and then.
                if dice.below(4) == 0 {
                    server.start_in_vain(Duration::from_millis(dice.below(120)));
                    count.crashes += 1;
                }
                served = server.start();
            }
            count.crashes += 1;
        }
        let last = Instant::now();
        while !watching.iter().all(|run| run.is_finished()) {
            assert!(last.elapsed() < PATIENCE, "runs that do not end: {:#?}", unfinished(server));
            std::thread::sleep(Duration::from_millis(10));
        }
        for run in watching {
            count += judge::judge(server, run.join().unwrap(), victims == Victims::Server, LAST_WORD);
        }
        assert_eq!(served.terminate(), Some(0));
        assert_eq!(server.world.processes(), [], "nothing is left running");
        count
    })
}

/// Starts a run and looks at it in every way there is, until a browser sees its end.
fn watch(story: Story, pipeline: &str, api: &Api, world: &crate::world::World, on: &tokio::runtime::Handle) -> Watched {
    let run = on.block_on(api.start(pipeline));
    let events = Terminal::start(world, &["runs", "watch", &run, "-o", "json"], None);
    let words = Terminal::start(world, &["runs", "watch", &run], Some(api));
    let log = Terminal::start(world, &["runs", "logs", "-f", &run, story.followed], Some(api));
    let seen = on.block_on(browse(api.clone(), run.clone()));
    Watched { story, run, seen, events, words, log }
}

/// Runs that have not ended, with what happened to them last.
fn unfinished(server: &ServerWorld) -> Vec<String> {
    let rows = server.with_store(async |store| store.runs().unfinished().await.unwrap());
    rows.iter().map(|row| format!("{row:?}: {:?}", server.events(&row.id).last())).collect()
}
