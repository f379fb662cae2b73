//! `ansflow audit …` against a real server, and against one whose database somebody has changed by hand.

use std::fs::{self, File};

use serde_json::Value as Json;

use crate::live_crash::api::Api;
use crate::server_world::{Served, ServerWorld};
use crate::world::Ended;

fn ansflow(server: &ServerWorld, served: &Served, api: &Api, words: &[&str]) -> Ended {
    let mut command = server.world.command(words);
    command.env("ANSFLOW_SERVER", &served.url).env("ANSFLOW_TOKEN", &api.token);
    command.stdin(File::open(server.world.write("stdin", "t0ken")).unwrap());
    Ended::of(command)
}

/// The first place of some bytes gets others.
fn tamper(file: &std::path::Path, was: &str, is: &str) {
    let mut bytes = fs::read(file).unwrap();
    let at = bytes.windows(was.len()).position(|window| window == was.as_bytes()).unwrap();
    bytes[at..at + was.len()].copy_from_slice(is.as_bytes());
    fs::write(file, bytes).unwrap();
}

#[test]
fn what_was_done_is_listed_and_verified_and_a_change_by_hand_is_found() {
    let server = ServerWorld::new();
    let mut command = server.command();
    command.arg("--allow-loopback");
    let served = Served::ready(command);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let api = runtime.block_on(Api::set_up(&served, &server.world));
    let ask = |words: &[&str]| ansflow(&server, &served, &api, words);
    let none = ask(&["audit", "verify"]);
    assert_eq!((none.code, none.stdout.as_str()), (0, "the chain holds no entry\n"), "{none:?}");
    for name in ["far", "near"] {
        let added = ask(&["cluster", "add", name, "https://127.0.0.1:1", "--token-stdin", "--yes"]);
        assert_eq!(added.code, 0, "{added:?}");
    }
    assert_eq!(ask(&["cluster", "remove", "near"]).code, 0);

    let list = ask(&["audit", "list"]);
    let rows: Vec<&str> = list.stdout.lines().collect();
    assert!(rows.len() == 4 && rows[0].starts_with("ENTRY  AT "), "{list:?}");
    assert!(rows[1].starts_with("3 ") && rows[1].contains("  cluster.delete  cluster near  "), "{list:?}");
    assert!(rows[3].contains("  mona (") && rows[3].contains("server=https://127.0.0.1:1"), "{list:?}");
    assert!(!list.stdout.contains("t0ken"), "{list:?}");
    let found = |words: &[&str]| {
        let ended = ask(&[&["audit", "list", "-o", "json"], words].concat());
        assert_eq!(ended.code, 0, "{ended:?}");
        let rows: Vec<Json> = serde_json::from_str(&ended.stdout).unwrap();
        rows.iter().map(|row| row["seq"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(found(&["--action", "cluster.create"]), [2, 1]);
    assert_eq!(found(&["--object", "NEAR", "--actor", "mona", "--since", "1h"]), [3, 2]);
    assert_eq!(found(&["--action", "cluster", "--limit", "1"]), [3]);
    assert_eq!(found(&["--actor", "nobody"]), [0; 0]);
    let odd = ask(&["audit", "list", "--since", "yesterday"]);
    assert!(odd.code == 2 && odd.stderr.contains("write 30m, 2h, 7d, or a time"), "{odd:?}");

    let held = ask(&["audit", "verify"]);
    assert!(held.code == 0 && held.stdout.starts_with("the chain holds up to entry 3, whose hash is "), "{held:?}");
    assert_eq!(served.terminate(), Some(0));
    tamper(&server.files.database(), "cluster.createcluster near", "cluster.deletecluster near");
    let served = server.start();
    let broken = ansflow(&server, &served, &api, &["audit", "verify"]);
    assert!(
        broken.code == 1 && broken.stdout.starts_with("the chain holds up to entry 1, whose hash is "),
        "{broken:?}"
    );
    assert!(broken.stderr.starts_with("it breaks at entry 2: row 2 was changed\n"), "{broken:?}");
    let data = ansflow(&server, &served, &api, &["audit", "verify", "-o", "json"]);
    let data: (i32, Json) = (data.code, serde_json::from_str(&data.stdout).unwrap());
    assert_eq!((data.0, &data.1["rows"], &data.1["broken"]), (1, &1.into(), &"row 2 was changed".into()));
}
