//! A person who talks to a server that is killed all the time: what was not answered is asked again.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value as Json, json};

use crate::server_world::Served;
use crate::world::World;

/// Somebody who may do everything.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    pub(crate) url: String,
    pub(crate) token: String,
    pub(crate) http: reqwest::Client,
}

const USER: &str = "mona";
const PASSWORD: &str = "correct horse battery";
/// A server that is away for longer does not come again.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(20);

impl Api {
    /// Sets a new server up as a browser does, and signs in as a command line does.
    pub(crate) async fn set_up(served: &Served, world: &World) -> Self {
        // Whoever was first is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let api = Self { url: served.url.clone(), token: String::new(), http: reqwest::Client::new() };
        let first = json!({ "code": served.setup_code(), "name": USER, "password": PASSWORD });
        let (status, answer) = api.ask(Method::POST, "auth/setup", &first, None).await;
        assert_eq!(status, 201, "{answer}");
        let mut login = world.command(&["login", "--server", &api.url, "--user", USER, "--password-stdin"]);
        let password = world.write("password", PASSWORD);
        login.env_remove("XDG_CONFIG_HOME").stdin(std::fs::File::open(password).unwrap());
        let ended = crate::world::Ended::of(login);
        assert_eq!(ended.code, 0, "{ended:?}");
        let config = std::fs::read_to_string(world.path().join(".config/ansflow/config.toml")).unwrap();
        let token = config.lines().find_map(|line| line.strip_prefix("token = ")).unwrap();
        Self { token: token.trim_matches('"').to_owned(), ..api }
    }

    /// Asks until there is an answer. A key makes a question one that may be asked again.
    pub(crate) async fn ask(&self, method: Method, path: &str, body: &Json, key: Option<&str>) -> (u16, Json) {
        let began = Instant::now();
        loop {
            let url = format!("{}/api/v1/{path}", self.url);
            let mut request = self.http.request(method.clone(), url).bearer_auth(&self.token);
            if method != Method::GET {
                request = request.json(body);
            }
            if let Some(key) = key {
                request = request.header("Idempotency-Key", key);
            }
            let answered = async {
                let response = request.send().await?;
                Ok::<_, reqwest::Error>((response.status().as_u16(), response.bytes().await?))
            };
            match answered.await {
                Ok((status, bytes)) => return (status, serde_json::from_slice(&bytes).unwrap_or_default()),
                Err(away) => assert!(began.elapsed() < PATIENCE, "{method} {path}: {away:?}"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Stores a pipeline and says its id.
    pub(crate) async fn pipeline(&self, text: &str) -> String {
        let (status, answer) = self.ask(Method::POST, "pipelines", &json!({ "text": text }), None).await;
        assert_eq!(status, 201, "{answer}");
        answer["id"].as_str().unwrap().to_owned()
    }

    /// Starts one run, however often it has to be said, and says its id.
    pub(crate) async fn start(&self, pipeline: &str) -> String {
        let path = format!("pipelines/{pipeline}/run");
        let (status, answer) = self.ask(Method::POST, &path, &json!({}), Some("the one")).await;
        assert!(matches!(status, 200 | 201), "{status}: {answer}");
        answer["id"].as_str().unwrap().to_owned()
    }

    /// Says yes. Who was not answered says it again, and may hear that it was said.
    pub(crate) async fn approve(&self, run: &str, step: &str) {
        let path = format!("runs/{run}/steps/{step}/approve");
        let (status, answer) = self.ask(Method::POST, &path, &json!({ "comment": "go" }), None).await;
        assert!(matches!(status, 200 | 409), "{status}: {answer}");
    }
}
