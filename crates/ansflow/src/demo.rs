//! The demo: the real server and a simulated cluster on a folder that goes with them, furnished through the server's own API.

mod furnish;

use std::path::Path;

use ansflow_sim::{SimConfig, VERSION};
use anyhow::{Context, Result};

use crate::serve::{Allowed, Options, Serving};
use crate::simulated::{NAME, Overwrite, Simulated};
use crate::state::Temporary;
use crate::terminal::{err, out, shell_word};

/// A server with sample pipelines, of which one has run.
pub(crate) struct Demo {
    serving: Serving,
    /// Beside the server, which does not know it.
    cluster: Simulated,
    password: String,
    /// Where everything is, until it is dropped.
    _folder: Temporary,
}

impl Demo {
    /// Starts it and runs the first sample.
    pub(crate) async fn start(listen: &str) -> Result<Demo> {
        let folder = Temporary::make("demo")?;
        let options = Options {
            listen: listen.to_owned(),
            data_dir: folder.path().to_owned(),
            database_url: None,
            allowed: Allowed { loopback: true, ..Allowed::default() },
            simulated_cluster: Some(VERSION.to_owned()),
        };
        let config = SimConfig { name: NAME.to_owned(), ..SimConfig::default() };
        let cluster = Simulated::start(config, &folder.path().join("kubeconfig"), Overwrite::OnlyOurs).await?;
        let serving = Serving::start(options).await?;
        let code = serving.setup_code().context("a fresh server has a setup code")?.to_owned();
        let password = password();
        let furnished = furnish::furnish(&serving.url(), &code, &password, cluster.kubeconfig()).await;
        let demo = Demo { serving, cluster, password, _folder: folder };
        match furnished {
            Ok(status) => {
                err(&format!("the sample pipeline `tea-house` has run: {status}\n"));
                Ok(demo)
            }
            Err(problem) => {
                demo.end().await?;
                Err(problem)
            }
        }
    }

    /// Says where it is and who may sign in, for people and, into a file, for programs.
    pub(crate) fn tell(&self, file: Option<&Path>) -> Result<()> {
        let (address, user, password) = (self.serving.url(), furnish::USER, &self.password);
        let kubeconfig = shell_word(&self.cluster.kubeconfig().to_string_lossy());
        out(&format!(
            "\n  AnsFlow is at    {address}\n  user name        {user}\n  password         {password}\n\n\
             Beside it runs a simulated cluster, Kubernetes {VERSION}, in which nothing is real:\n\n  \
             export KUBECONFIG={kubeconfig}\n\n\
             Ctrl-C ends it and removes everything.\n"
        ))?;
        if let Some(file) = file {
            crate::state::write_whole(file, format!("{address} {user} {password}\n").as_bytes())
                .with_context(|| format!("failed to write `{}`", file.display()))?;
        }
        Ok(())
    }

    /// Why it cannot go on; waits for ever while it can.
    pub(crate) async fn failed(&mut self) -> anyhow::Error {
        self.serving.failed().await
    }

    /// Ends what runs, the server, and the folder.
    pub(crate) async fn end(self) -> Result<()> {
        let ended = self.serving.end_runs(furnish::USER).await;
        self.serving.stop().await;
        self.cluster.end().await;
        ended
    }
}

/// Easy to type, and known to nobody else: 80 random bits.
fn password() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the system gives randomness");
    let letters: Vec<char> = bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}
