//! A server in this process: data, fleet, HTTP. `ansflow server` runs one until it is told to stop, and whoever wants a
//! server for other reasons uses the same.

mod background;
mod data;
pub(crate) mod notify;
mod setup;
mod sources;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ansflow_engine::Fleet;
use ansflow_kube::Limits;
use ansflow_server::{App, Config};
use ansflow_store::{Files, Keyring, Store};
use anyhow::{Context, Result, anyhow};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use self::data::Held;

/// Streams get so long to say their last word.
const MOMENT: Duration = Duration::from_millis(200);

/// What whoever starts a server decides.
#[derive(Clone)]
pub(crate) struct Options {
    /// `HOST:PORT`; port 0: a free one.
    pub(crate) listen: String,
    /// Absolute.
    pub(crate) data_dir: PathBuf,
    /// None: SQLite in the data directory.
    pub(crate) database_url: Option<String>,
    /// What an administrator of this machine allows besides.
    pub(crate) allowed: Allowed,
    /// The version of the simulated cluster that runs beside it; none: there is none.
    pub(crate) simulated_cluster: Option<String>,
}

/// What an administrator of this machine allows a server besides.
#[derive(Clone, Default)]
pub(crate) struct Allowed {
    /// Whether messages may go to this machine's own services, and clusters be some: for tests and the demo.
    pub(crate) loopback: bool,
    /// What of this machine containers of steps may mount besides their workspace, absolute.
    pub(crate) mounts: Vec<PathBuf>,
    /// Programs that kubeconfigs may have run for a token, absolute.
    pub(crate) exec: Vec<PathBuf>,
}

/// A server at work. Dropped, it stops at once; its attempts live on.
pub(crate) struct Serving {
    address: SocketAddr,
    setup_code: Option<String>,
    parts: Parts,
    tasks: JoinSet<(&'static str, Result<()>)>,
    stop: watch::Sender<bool>,
    _held: Held,
}

/// What the background works with. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) files: Files,
    pub(crate) keyring: Keyring,
    pub(crate) fleet: Fleet,
}

impl Serving {
    /// Opens everything and begins to answer.
    ///
    /// # Errors
    /// When something cannot be opened; with exit code 7 where another server works on the data directory.
    pub(crate) async fn start(options: Options) -> Result<Serving> {
        let files = Files::at(&options.data_dir);
        let held = data::take(&files)?;
        let store = match &options.database_url {
            Some(url) => Store::open_for_server(url).await,
            None => Store::open_file_for_server(&files.database()).await,
        };
        let store = store.context("failed to open the database")?;
        let keyring = Keyring::open(&files.key()).context("failed to open the key that seals secrets")?;
        let nobody = store.people().is_empty().await.context("failed to read who may sign in")?;
        let setup_code = nobody.then(setup::code);
        let listener = TcpListener::bind(&options.listen)
            .await
            .with_context(|| format!("failed to listen on {}", options.listen))?;
        let address = listener.local_addr().context("failed to find out the address")?;

        let program = std::env::current_exe().context("failed to find out where this program is")?;
        let sources = sources::of(&store, &keyring, &options.allowed);
        let fleet = Fleet::new(store.clone(), files.clone(), program, sources);
        let settings = store.settings(&keyring).get().await.context("failed to read the settings")?;
        let config = Config {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            setup_code: setup_code.clone(),
            simulated_cluster: options.simulated_cluster,
            secure_cookies: settings.base_url.as_deref().is_some_and(|url| url.starts_with("https://")),
            allowed_hosts: allowed_hosts(address, settings.base_url.as_deref()),
            clusters: Limits {
                allow_loopback: options.allowed.loopback,
                allowed_exec: options.allowed.exec,
                ..Limits::default()
            },
            look_again: None,
        };
        let clock = Box::new(Timestamp::now);
        let app = App::new(store.clone(), files.clone(), keyring.clone(), config, clock, Box::new(crate::ui::asset));

        let parts = Parts { store, files, keyring, fleet };
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for (name, task) in background::tasks(&parts, &app, &stopped, options.allowed.loopback)? {
            tasks.spawn(async move { (name, task.await) });
        }
        tasks.spawn(async move {
            let answered = tokio::select! {
                // Nobody new is let in; who is being answered goes on being.
                () = when(stopped) => Ok(()),
                ended = ansflow_server::serve(listener, app) => ended.context("failed to accept connections"),
            };
            ("the HTTP server", answered)
        });
        Ok(Serving { address, setup_code, parts, tasks, stop, _held: held })
    }

    /// Where it answers, for a browser on this machine.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What the first administrator needs; none: there is one.
    pub(crate) fn setup_code(&self) -> Option<&str> {
        self.setup_code.as_deref()
    }

    /// Why it cannot go on; waits for ever while it can.
    pub(crate) async fn failed(&mut self) -> anyhow::Error {
        match self.tasks.join_next().await {
            Some(Ok((_, Err(problem)))) => problem,
            Some(Ok((name, Ok(())))) => anyhow!("{name} has ended by itself"),
            Some(Err(panicked)) => anyhow!("AnsFlow has a bug: {panicked}"),
            None => std::future::pending().await,
        }
    }

    /// Cancels all runs and waits for their end: a server that takes everything with it says this before it stops.
    pub(crate) async fn end_runs(&self, by: &str) -> Result<()> {
        self.parts.fleet.end_all(by).await.context("failed to end the runs")
    }

    /// Lets nobody in any more, stops driving runs, gives streams a moment. Attempts live on.
    pub(crate) async fn stop(mut self) {
        // Nobody listens: it has ended already.
        let _ = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
        tokio::time::sleep(MOMENT).await;
        self.parts.store.close().await;
    }
}

/// Where only this machine can reach us, no page elsewhere shall reach us by a name of its own; empty: any name.
fn allowed_hosts(address: SocketAddr, base_url: Option<&str>) -> Vec<String> {
    if !address.ip().is_loopback() {
        return Vec::new();
    }
    let own = base_url.and_then(|url| reqwest::Url::parse(url).ok()?.host_str().map(str::to_ascii_lowercase));
    ["127.0.0.1", "localhost", "[::1]"].map(str::to_owned).into_iter().chain(own).collect()
}

/// As soon as it is so, or nobody can say it any more.
async fn when(mut flag: watch::Receiver<bool>) {
    let _ = flag.wait_for(|is_so| *is_so).await;
}
