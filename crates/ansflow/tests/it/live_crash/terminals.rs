//! The real command line, left running while servers come and go.

use std::fs::File;
use std::path::PathBuf;
use std::process::Child;
use std::time::{Duration, Instant};

use super::api::Api;
use crate::world::World;

/// A command that follows a run; ended when it is dropped.
pub(crate) struct Terminal {
    words: String,
    child: Child,
    stdout: PathBuf,
    stderr: PathBuf,
}

impl Terminal {
    /// Starts it; `named`: with server and token in the environment, else as `ansflow login` has left them.
    pub(crate) fn start(world: &World, words: &[&str], named: Option<&Api>) -> Self {
        let name = words.join(" ").replace([' ', '/'], "-");
        let (stdout, stderr) = (world.path().join(format!("{name}.out")), world.path().join(format!("{name}.err")));
        let mut command = world.command(words);
        command.env_remove("XDG_CONFIG_HOME");
        command.stdout(File::create(&stdout).unwrap()).stderr(File::create(&stderr).unwrap());
        if let Some(api) = named {
            command.env("ANSFLOW_SERVER", &api.url).env("ANSFLOW_TOKEN", &api.token);
        }
        Self { words: words.join(" "), child: command.spawn().unwrap(), stdout, stderr }
    }

    /// Waits until it has ended by itself: its exit code and its standard output.
    pub(crate) fn ended(mut self, within: Duration) -> (Option<i32>, Vec<u8>) {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(began.elapsed() < within, "`{}` goes on: {}", self.words, self.said());
            std::thread::sleep(Duration::from_millis(10));
        };
        (status.code(), std::fs::read(&self.stdout).unwrap())
    }

    /// The file with its standard output.
    pub(crate) fn stdout(&self) -> &std::path::Path {
        &self.stdout
    }

    /// What it told its user besides.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(&self.stderr).unwrap()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
