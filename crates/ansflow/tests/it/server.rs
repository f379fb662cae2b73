//! `ansflow server`: one a data directory, ready at once, gone when it is told to, and its steps live on.

use std::io::Read;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixDatagram;
use std::process::Stdio;
use std::time::Duration;

use ansflow_core::run::event::RunStatus;

use crate::server_world::{Served, ServerWorld};
use crate::world::Ended;

const WAITS: &str = "steps:\n  - {name: waits, type: command, command: 'echo began >>trace; while [ ! -e go ]; do sleep 0.01; done; echo ended >>trace'}\n";

#[test]
fn a_second_server_on_the_same_data_is_refused() {
    let server = ServerWorld::new();
    let first = server.start();
    let second = Ended::of(server.command());
    assert_eq!(second.code, 7, "{second:?}");
    assert!(second.stderr.contains("another server works on `"), "{second:?}");
    assert_eq!(first.terminate(), Some(0));
    drop(server.start());
}

#[test]
fn data_is_closed_to_others_and_the_setup_code_is_told_once_for_each_start() {
    let server = ServerWorld::new();
    std::fs::create_dir(server.files.root()).unwrap();
    std::fs::set_permissions(server.files.root(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut child = server.command().spawn().unwrap();
    server.world.until("the code is told", || server.files.runs().exists());
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(child.id() as i32), nix::sys::signal::Signal::SIGINT).unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{said}");
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode(server.files.root()), mode(&server.files.key()), mode(&server.files.runs())),
        (0o700, 0o600, 0o700)
    );
    let code = said.lines().find_map(|line| line.split_once("with the code ")).unwrap().1;
    assert_eq!((code.len(), code.matches('-').count()), (14, 2), "{said}");
}

#[test]
fn the_service_manager_is_told_and_json_is_logged_as_json() {
    let server = ServerWorld::new();
    let path = server.world.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut command = server.command();
    command.args(["--log-format", "json", "--log", "debug"]).env("NOTIFY_SOCKET", &path);
    let served = Served::ready(command);
    let told = || {
        let mut text = [0; 64];
        let length = socket.recv(&mut text).unwrap();
        String::from_utf8_lossy(&text[..length]).into_owned()
    };
    assert_eq!(told(), "READY=1");
    let logged = &served.said[..served.said.len() - 1];
    assert!(logged.iter().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{logged:#?}");
    assert_eq!(served.terminate(), Some(0));
    assert_eq!(told(), "STOPPING=1");
}

#[test]
fn steps_live_on_while_the_server_is_away() {
    let server = ServerWorld::new();
    server.queue("run_1", 1, WAITS);
    let served = server.start();
    server.world.until("the step has begun", || server.text("run_1", "trace") == "began\n");
    assert_eq!(served.terminate(), Some(0));
    assert_eq!(server.status("run_1"), RunStatus::Running);
    assert_eq!(server.world.attempts().len(), 1, "it lives");
    server.write("run_1", "go");
    server.world.until("the step has ended", || server.text("run_1", "trace") == "began\nended\n");
    let served = server.start();
    server.world.until("the run has ended", || server.status("run_1") == RunStatus::Success);
    assert_eq!(server.text("run_1", "trace"), "began\nended\n");
    drop(served);
}

#[test]
fn an_existing_server_is_ready_within_a_second_and_costs_nothing_when_idle() {
    let server = ServerWorld::new();
    drop(server.start());
    let served = server.start();
    assert!(served.ready_in < Duration::from_secs(1), "ready in {:?}", served.ready_in);
    println!("ready in {:?}", served.ready_in);
    let ticks = || {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", served.pid())).unwrap();
        let fields: Vec<u64> = stat.rsplit(')').next().unwrap().split_whitespace().flat_map(str::parse).collect();
        // Its own time in user and in system mode, in hundredths of a second; `flat_map` has dropped the state.
        fields[10] + fields[11]
    };
    // What is left of starting may still go on in the first.
    let mut spans = (0..3).map(|_| {
        let before = ticks();
        std::thread::sleep(Duration::from_secs(2));
        ticks() - before
    });
    assert!(spans.any(|ticks| ticks <= 1), "it was at work in each of three spans of 2 s");
}

#[test]
fn what_the_server_was_started_with_is_not_for_steps() {
    let server = ServerWorld::new();
    let text = "steps:\n\
        - {name: mine, type: command, command: env}\n\
        - {name: parent, type: command, command: \"tr '\\\\0' '\\\\n' </proc/$PPID/environ\"}\n\
        - {name: named, type: command, command: 'echo {{ default(env.DATABASE_URL, \"nothing\") }} {{ default(env.ANSFLOW_TOP, \"nothing\") }} {{ default(env.HTTPS_PROXY, \"nothing\") }}'}\n";
    server.queue("run_1", 1, text);
    let mut command = server.command();
    for name in [
        "ANSFLOW_TOP",
        "DATABASE_URL",
        "CREDENTIALS_DIRECTORY",
        "SSH_AUTH_SOCK",
        "AWS_SECRET_ACCESS_KEY",
        "LD_LIBRARY_PATH",
    ] {
        command.env(name, "hunter2-of-the-server");
    }
    command.env("HTTPS_PROXY", "http://proxy:3128").stderr(Stdio::piped());
    let served = Served::ready(command);
    server.world.until("the run has ended", || server.status("run_1") == RunStatus::Success);
    let log = |step| std::fs::read_to_string(server.log("run_1", step, 1)).unwrap();
    for step in 0..3 {
        assert!(!log(step).contains("hunter2"), "step {step}: {}", log(step));
    }
    assert!(log(0).contains("HTTPS_PROXY=http://proxy:3128") && log(0).contains("PATH="), "{}", log(0));
    assert_eq!(log(2).trim(), "nothing nothing http://proxy:3128");
    drop(served);
}
