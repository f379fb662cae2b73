//! `ansflow runs logs -f` and `ansflow runs watch`, by themselves.

use std::time::Duration;

use ansflow_core::run::event::RunStatus;

use crate::live_crash::api::Api;
use crate::live_crash::terminals::Terminal;
use crate::server_world::{Served, ServerWorld};

/// A server with a run.
struct Following {
    server: ServerWorld,
    _served: Served,
    run: String,
}

impl Following {
    fn new(steps: &str) -> Self {
        let server = ServerWorld::new();
        let served = server.start();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let run = runtime.block_on(async {
            let api = Api::set_up(&served, &server.world).await;
            api.start(&api.pipeline(&format!("name: followed\nsteps:\n{steps}")).await).await
        });
        Self { server, _served: served, run }
    }
}

#[test]
fn a_log_is_followed_through_all_tries_and_a_very_long_line_is_one_line() {
    let work = "echo began; while [ ! -e go ]; do sleep 0.01; done; echo x >>tries; \
                head -c 200000 /dev/zero | tr '\\\\0' x; echo; printf end; test $(wc -l <tries) = 3";
    let step = format!("  - {{name: a, type: command, command: \"{work}\", retry: {{attempts: 3, delay: 0}}}}\n");
    let followed = Following::new(&step);
    let world = &followed.server.world;
    let log = Terminal::start(world, &["runs", "logs", "-f", &followed.run, "a"], None);
    world.until("the first line is shown", || std::fs::read_to_string(log.stdout()).unwrap() == "began\n");
    followed.server.write(&followed.run, "go");
    let (code, shown) = log.ended(Duration::from_secs(20));
    let lengths: Vec<usize> = String::from_utf8(shown).unwrap().lines().map(str::len).collect();
    assert_eq!((code, lengths), (Some(0), [[5, 200_000, 3]; 3].concat()));
}

#[test]
fn other_steps_are_heard_of_while_one_prints_without_pause() {
    let steps = "  - {name: loud, type: command, command: 'while [ ! -e go ]; do seq 2000; done', parallel_group: both}\n  \
                 - {name: other, type: command, command: 'while [ ! -e other ]; do sleep 0.01; done', parallel_group: both}\n";
    let followed = Following::new(steps);
    let world = &followed.server.world;
    let watch = Terminal::start(world, &["runs", "watch", &followed.run, "-o", "json"], None);
    let seen = |what: &str| std::fs::read_to_string(watch.stdout()).unwrap().contains(what);
    world.until("lines are shown", || seen("\"log\""));
    followed.server.write(&followed.run, "other");
    world.until("the end of the other step is shown", || seen("\"step_finished\""));
    followed.server.write(&followed.run, "go");
    world.until("the run has ended", || followed.server.status(&followed.run) == RunStatus::Success);
}
