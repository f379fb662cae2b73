//! What a killed attempt leaves is ended, and nothing else: with many runs in a process, an orphan that comes to us says
//! nothing of where it comes from.

use std::process::{Command, Stdio};

use ansflow_core::run::event::RunStatus;
use nix::sys::signal::Signal;

use super::world::{Server, block_on, step};
use crate::world::{is_gone, signal};

#[test]
fn sweeping_up_after_one_run_kills_nothing_of_another_or_of_nobodys() {
    block_on(async {
        let server = Server::new().await;
        // Somebody's process that only looks like an orphan: our child, in a session of its own.
        let mut stranger = Command::new("setsid").args(["sleep", "600"]).stdin(Stdio::null()).spawn().unwrap();
        let fleet = server.start();
        let hides = "env -i setsid sh -c 'echo $$ >hidden; exec sleep 600' & while [ ! -s hidden ]; do sleep 0.01; done; \
                     echo $PPID >pid; sleep 600";
        let lives = "setsid sh -c 'echo $$ >helper; exec sleep 600' & echo $$ >pid; while [ ! -e go ]; do sleep 0.01; done; \
                     kill -0 $(cat helper) && echo well >trace";
        server.queue("run_1", &[step("killed", hides)]).await;
        server.queue("run_2", &[step("lives", lives)]).await;
        let (killed, hidden) = (server.line("run_1", "pid").await, server.line("run_1", "hidden").await);
        server.line("run_2", "helper").await;
        // After a restart within the process, nobody follows the attempts that were started before.
        fleet.drop_it();
        let fleet = server.start();
        signal(killed.parse().unwrap(), Signal::SIGKILL);
        server.until("run_1", RunStatus::Failed).await;
        assert!(is_gone(&hidden), "what hid from its session, its environment and its parent was found");
        assert!(stranger.try_wait().unwrap().is_none(), "nobody's process was left alone");
        server.write("run_2", "go", "");
        server.until("run_2", RunStatus::Success).await;
        assert_eq!(server.text("run_2", "trace"), "well\n", "the other run's processes were left alone");
        fleet.stop().await;
        stranger.kill().unwrap();
        stranger.wait().unwrap();
    });
}
