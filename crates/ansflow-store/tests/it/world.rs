//! The door of these tests: a database of one's own, of each kind.

use std::future::Future;
use std::path::PathBuf;

use ansflow_core::plan::{PipelineKind, Plan};
use ansflow_core::run::event::{Event, Fact, RunCreated, RunFacts, RunStatus};
use ansflow_store::runs::NewRun;
use ansflow_store::{Result, Store};
use jiff::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};

/// URL of a PostgreSQL whose role may make schemas: `scripts/postgres.sh start` makes one.
const POSTGRES: &str = "ANSFLOW_TEST_POSTGRES";

/// An empty store, and a folder beside it.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) url: String,
    pub(crate) dir: PathBuf,
}

/// What a database is opened for.
#[derive(Debug, Clone, Copy)]
enum Scope {
    Runs,
    Server,
}

impl Scope {
    async fn open(self, url: &str) -> Store {
        match self {
            Scope::Runs => Store::open(url).await.unwrap(),
            Scope::Server => Store::open_for_server(url).await.unwrap(),
        }
    }
}

/// Runs a test on SQLite, and on PostgreSQL where one is named.
pub(crate) fn each_database<T: Future<Output = ()> + Send + 'static>(test: impl Fn(World) -> T) {
    each(Scope::Runs, test);
}

/// The same, with the tables of a server.
pub(crate) fn each_server_database<T: Future<Output = ()> + Send + 'static>(test: impl Fn(World) -> T) {
    each(Scope::Server, test);
}

fn each<T: Future<Output = ()> + Send + 'static>(scope: Scope, test: impl Fn(World) -> T) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/store.db", dir.path().display());
        test(World { store: scope.open(&url).await, url, dir: dir.path().to_owned() }).await;
    });
    match std::env::var(POSTGRES) {
        Ok(server) => runtime.block_on(on_postgres(&server, scope, test)),
        Err(_) => eprintln!("notice: {POSTGRES} is not set; this test ran on SQLite only"),
    }
}

/// In a schema of its own, which is dropped whatever comes of the test.
async fn on_postgres<T: Future<Output = ()> + Send + 'static>(server: &str, scope: Scope, test: impl Fn(World) -> T) {
    sqlx::any::install_default_drivers();
    let schema = format!("test_{}", uuid::Uuid::now_v7().simple());
    let mut admin = AnyConnection::connect(server).await.unwrap();
    admin.execute(AssertSqlSafe(format!("CREATE SCHEMA {schema}"))).await.unwrap();
    let mark = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{mark}options[search_path]={schema}");
    let dir = tempfile::tempdir().unwrap();
    let store = scope.open(&url).await;
    let outcome = tokio::spawn(test(World { store: store.clone(), url, dir: dir.path().to_owned() })).await;
    store.close().await;
    admin.execute(AssertSqlSafe(format!("DROP SCHEMA {schema} CASCADE"))).await.unwrap();
    if let Err(failure) = outcome {
        std::panic::resume_unwind(failure.into_panic());
    }
}

impl World {
    /// A run with one event.
    pub(crate) async fn create(&self, id: &str) {
        self.create_as(NewRun { id, pipeline: "shop", number: number(id), status: RunStatus::Queued }).await.unwrap();
    }

    pub(crate) async fn create_as(&self, run: NewRun<'_>) -> Result<u64> {
        self.store.runs().create(run, &[created(run.id, number(run.id) as i64)]).await
    }

    /// Does to the database what AnsFlow never would.
    pub(crate) async fn tamper(&self, sql: &'static str) {
        let mut connection = AnyConnection::connect(&self.url).await.unwrap();
        connection.execute(sql).await.unwrap();
    }

    /// The same with a statement that is made of facts of the test.
    pub(crate) async fn tell(&self, sql: String) {
        let mut connection = AnyConnection::connect(&self.url).await.unwrap();
        connection.execute(AssertSqlSafe(sql)).await.unwrap();
    }

    /// What a query for one number finds.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        let mut connection = AnyConnection::connect(&self.url).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
    }

    /// Every schedule on a line.
    pub(crate) async fn schedules(&self) -> Vec<String> {
        let mut connection = AnyConnection::connect(&self.url).await.unwrap();
        sqlx::query_scalar(
            "SELECT place || ' ' || cron || ' ' || timezone || ' ' || next_at || ' ' || last_at || ' ' || last_run
             FROM schedule ORDER BY pipeline, place",
        )
        .fetch_all(&mut connection)
        .await
        .unwrap()
    }

    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let folder = self.dir.join(name);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }
}

/// The digits of a run's id, which tests use for its build number and its time.
fn number(id: &str) -> u64 {
    id.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(1)
}

/// The first event of a run.
pub(crate) fn created(run: &str, at: i64) -> Event {
    let plan = Plan {
        kind: PipelineKind::Local,
        late: serde_json::Map::new(),
        pipeline: "shop".into(),
        variables: serde_json::Map::new(),
        env: Vec::new(),
        timeout_ms: None,
        groups: Vec::new(),
        steps: Vec::new(),
    };
    let (run, facts) = (run.to_owned(), RunFacts::default());
    let fact = RunCreated { run, plan, facts, carried: Vec::new(), deselected: Vec::new(), concurrency: 1 };
    event(at, Fact::RunCreated(Box::new(fact)))
}

/// Events that differ from each other.
pub(crate) fn attempts(range: std::ops::Range<u32>) -> Vec<Event> {
    let started = |attempt| Fact::AttemptStarted { step: 0, attempt, deadline: None };
    range.map(|attempt| event(1_000 + i64::from(attempt), started(attempt))).collect()
}

pub(crate) fn event(at: i64, fact: Fact) -> Event {
    Event { at: Timestamp::from_millisecond(at).unwrap(), fact }
}
