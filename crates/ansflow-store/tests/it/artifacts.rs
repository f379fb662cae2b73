//! Files that steps leave behind, and programs that would like to leave others'.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ansflow_store::artifacts::{Artifact, Kept, Origin};
use ansflow_store::{Error, Result};
use jiff::Timestamp;
use nix::sys::stat::Mode;
use tokio::io::AsyncReadExt;

use crate::world::{World, each_database};

const ORIGIN: Origin<'static> = Origin { run: "run_1", step: 2, attempt: 1 };

impl World {
    async fn keep(&self, path: &str) -> Result<Artifact> {
        let kept = self.store.artifacts(self.folder("kept"));
        kept.keep(ORIGIN, &self.folder("workspace"), path, Timestamp::from_millisecond(7).unwrap()).await
    }

    async fn read(&self, artifact: &Artifact) -> String {
        let mut text = String::new();
        let mut file = self.store.artifacts(self.folder("kept")).open(artifact).await.unwrap();
        file.read_to_string(&mut text).await.unwrap();
        text
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn a_kept_file_is_listed_and_read() {
    each_database(|world| async move {
        world.create("run_1").await;
        write(&world.folder("workspace").join("target/报告.txt"), "abc");
        let kept = world.keep("./target/报告.txt").await.unwrap();
        let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((kept.path.as_str(), kept.size, kept.sha256.as_str()), ("target/报告.txt", 3, sum));
        assert_eq!((kept.step, kept.attempt, kept.kept_at), (2, 1, 7));
        assert_eq!(world.read(&kept).await, "abc");
        assert_eq!(world.store.artifacts(world.folder("kept")).list("run_1").await.unwrap(), [kept]);
        assert!(world.folder("workspace").join("target/报告.txt").is_file(), "the workspace keeps its own");
    });
}

#[test]
fn keeping_the_same_path_again_replaces_it_and_the_same_bytes_are_one_file() {
    each_database(|world| async move {
        world.create("run_1").await;
        for (path, text) in [("a", "old"), ("a", "new"), ("b", "new")] {
            write(&world.folder("workspace").join(path), text);
            world.keep(path).await.unwrap();
        }
        let list = world.store.artifacts(world.folder("kept")).list("run_1").await.unwrap();
        assert_eq!(list.iter().map(|artifact| artifact.path.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!((world.read(&list[0]).await, list[0].sha256.as_str()), ("new".to_owned(), list[1].sha256.as_str()));
        assert_eq!(fs::read_dir(world.folder("kept/incoming")).unwrap().count(), 0);
    });
}

#[test]
fn links_within_the_workspace_are_followed() {
    each_database(|world| async move {
        world.create("run_1").await;
        let workspace = world.folder("workspace");
        write(&workspace.join("build-7/app"), "seven");
        symlink("build-7", workspace.join("latest")).unwrap();
        symlink("../build-7/app", workspace.join("build-7/also")).unwrap();
        assert_eq!(world.read(&world.keep("latest/app").await.unwrap()).await, "seven");
        assert_eq!(world.read(&world.keep("build-7/also").await.unwrap()).await, "seven");
    });
}

#[test]
fn nothing_outside_the_workspace_is_ever_kept() {
    each_database(|world| async move {
        world.create("run_1").await;
        let workspace = world.folder("workspace");
        write(&world.dir.join("secret"), "hunter2");
        symlink("../secret", workspace.join("relative")).unwrap();
        symlink(world.dir.join("secret"), workspace.join("absolute")).unwrap();
        symlink("..", workspace.join("up")).unwrap();
        symlink("/proc/self/root", workspace.join("magic")).unwrap();
        symlink("loop", workspace.join("loop")).unwrap();
        fs::create_dir(workspace.join("folder")).unwrap();
        nix::unistd::mkfifo(&workspace.join("pipe"), Mode::S_IRWXU).unwrap();
        let refused = [
            ("../secret", "the artifact path `../secret` contains `..`"),
            ("folder/../../secret", "the artifact path `folder/../../secret` contains `..`"),
            ("/etc/passwd", "the artifact path `/etc/passwd` is not relative to the workspace"),
            ("", "the artifact path `` names no file"),
            (".", "the artifact path `.` names no file"),
            ("a\0b", "the artifact path `a\\0b` names no file"),
            ("relative", "the artifact `relative` is a link that leaves the workspace, or an absolute one"),
            ("absolute", "the artifact `absolute` is a link that leaves the workspace, or an absolute one"),
            ("up/secret", "the artifact `up/secret` is a link that leaves the workspace, or an absolute one"),
            (
                "magic/etc/passwd",
                "the artifact `magic/etc/passwd` is a link that leaves the workspace, or an absolute one",
            ),
            ("loop", "the artifact `loop` is a link that leads nowhere"),
            ("folder", "the artifact `folder` is not an ordinary file"),
            ("pipe", "the artifact `pipe` is not an ordinary file"),
        ];
        for (path, message) in refused {
            let error = world.keep(path).await.unwrap_err();
            assert!(matches!(error, Error::Refused(_)), "{error:?}");
            assert_eq!(error.to_string(), message);
        }
        assert!(matches!(world.keep("none").await, Err(Error::NotFound(_))));
        assert_eq!(world.store.artifacts(world.folder("kept")).list("run_1").await.unwrap(), []);
    });
}

#[test]
fn a_link_that_changes_while_it_is_opened_leads_nowhere_else() {
    each_database(|world| async move {
        world.create("run_1").await;
        let workspace = world.folder("workspace");
        write(&world.dir.join("outside/app"), "hunter2");
        write(&workspace.join("inside/app"), "harmless");
        let done = Arc::new(AtomicBool::new(false));
        let (over, folder) = (done.clone(), workspace.clone());
        let attacker = std::thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                for target in ["inside", "../outside"] {
                    symlink(target, folder.join("next")).unwrap();
                    fs::rename(folder.join("next"), folder.join("dist")).unwrap();
                }
            }
        });
        for _ in 0..200 {
            if let Ok(kept) = world.keep("dist/app").await {
                assert_eq!(world.read(&kept).await, "harmless");
            }
        }
        done.store(true, Ordering::Relaxed);
        attacker.join().unwrap();
    });
}

#[test]
fn a_file_of_an_unknown_run_is_not_kept() {
    each_database(|world| async move {
        write(&world.folder("workspace").join("a"), "text");
        assert_eq!(world.keep("a").await.unwrap_err().to_string(), "run `run_1` was not found");
    });
}

#[test]
fn a_file_that_an_attempt_kept_is_adopted_whatever_file_system_it_is_on() {
    each_database(|world| async move {
        world.create("run_1").await;
        let memory = tempfile::tempdir_in("/dev/shm").unwrap();
        let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        for root in [world.folder("attempt"), memory.path().to_owned()] {
            write(&root.join("out/a"), "abc");
            let kept = Kept { path: "out/a".into(), file: root.join("out/a"), size: 3, sha256: sum.into() };
            let store = world.store.artifacts(world.folder(&format!("adopted-{}", root.starts_with("/dev/shm"))));
            for millisecond in [7, 8] {
                let now = Timestamp::from_millisecond(millisecond).unwrap();
                store.adopt(ORIGIN, vec![kept.clone()], now).await.unwrap();
            }
            let list = store.list("run_1").await.unwrap();
            assert_eq!((list.len(), list[0].path.as_str(), list[0].size, list[0].kept_at), (1, "out/a", 3, 8));
            let mut text = String::new();
            store.open(&list[0]).await.unwrap().read_to_string(&mut text).await.unwrap();
            assert_eq!(text, "abc");
        }
    });
}

#[test]
fn what_cannot_be_adopted_leaves_no_row() {
    each_database(|world| async move {
        world.create("run_1").await;
        write(&world.folder("attempt").join("a"), "abc");
        let kept = |path: &str, file: &str| Kept {
            path: path.into(),
            file: world.folder("attempt").join(file),
            size: 3,
            sha256: "00".repeat(32),
        };
        let store = world.store.artifacts(world.folder("kept"));
        let adopt = |kept| store.adopt(ORIGIN, kept, Timestamp::UNIX_EPOCH);
        assert!(matches!(adopt(vec![kept("a", "a"), kept("../a", "a")]).await, Err(Error::Refused(_))));
        assert!(matches!(adopt(vec![kept("a", "a"), kept("b", "gone")]).await, Err(Error::Io { .. })));
        assert_eq!(store.list("run_1").await.unwrap(), []);
    });
}
