//! The door of these tests: a real server on a port of its own, with an administrator and a client that has a token.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Once};

use ansflow_server::{App, Assets, Config};
use ansflow_store::people::{NewToken, Person};
use ansflow_store::{Files, Keyring, Store};
use argon2::password_hash::PasswordHasher as _;
use argon2::{Algorithm, Argon2, Params, Version};
use jiff::Timestamp;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// The token of the administrator `mona`.
pub(crate) const TOKEN: &str = "ansf_test";
/// The same, but it may only read.
pub(crate) const READ_ONLY: &str = "ansf_read";
/// Her password.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A server that answers until it is dropped.
pub(crate) struct TestApp {
    /// `http://127.0.0.1:PORT`
    pub(crate) address: String,
    pub(crate) store: Store,
    pub(crate) files: Files,
    pub(crate) keyring: Keyring,
    pub(crate) http: reqwest::Client,
    /// What it answers with.
    pub(crate) app: App,
    clock: Arc<AtomicI64>,
    serving: tokio::task::JoinHandle<()>,
    _dir: TempDir,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
    /// `null` where the text is no JSON.
    pub(crate) json: Json,
}

/// What a server starts with.
pub(crate) struct Start {
    pub(crate) config: Config,
    /// Whether mona is there.
    pub(crate) mona: bool,
    pub(crate) assets: Box<Assets>,
}

impl Default for Start {
    fn default() -> Start {
        let config = Config { version: "0.0.0-test".into(), setup_code: Some("TEST-code".into()), ..Config::default() };
        Start { config, mona: true, assets: Box::new(|_| None) }
    }
}

impl TestApp {
    pub(crate) async fn start() -> TestApp {
        TestApp::start_with(Start::default()).await
    }

    pub(crate) async fn start_with(start: Start) -> TestApp {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
        let dir = tempfile::tempdir().unwrap();
        let files = Files::at(dir.path());
        let store = Store::open_for_server(&format!("sqlite://{}", files.database().display())).await.unwrap();
        let keyring = Keyring::open(&files.key()).unwrap();
        let clock = Arc::new(AtomicI64::new(Timestamp::now().as_millisecond()));
        let now = Arc::clone(&clock);
        let app = App::new(
            store.clone(),
            files.clone(),
            keyring.clone(),
            start.config,
            Box::new(move || Timestamp::from_millisecond(now.load(Ordering::SeqCst)).unwrap()),
            start.assets,
        );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let served = app.clone();
        let serving = tokio::spawn(async move { ansflow_server::serve(listener, served).await.unwrap() });
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let test = TestApp { address, store, files, keyring, http, app, clock, serving, _dir: dir };
        if start.mona {
            test.add_mona().await;
        }
        test
    }

    async fn add_mona(&self) {
        let (name, id) = ("mona".to_owned(), "usr_mona".to_owned());
        let mona = Person { id, name, password: cheap_hash(PASSWORD), role: "admin".into() };
        self.store.people().add(&mona, self.now()).await.unwrap();
        for (id, token, read_only) in [("tok_all", TOKEN, false), ("tok_read", READ_ONLY, true)] {
            let hash: String = Sha256::digest(token).iter().map(|byte| format!("{byte:02x}")).collect();
            let token =
                NewToken { id, person: "usr_mona", name: id, hash: &hash, hint: "ansf_", read_only, expires_at: None };
            self.store.people().add_token(&token, self.now()).await.unwrap();
        }
    }

    /// The server's time.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.clock.load(Ordering::SeqCst)).unwrap()
    }

    /// Lets time pass, for the server's clock.
    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Json) -> Answer {
        self.send(self.request("POST", path).json(&body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Json) -> Answer {
        self.send(self.request("PUT", path).json(&body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(self.request("DELETE", path)).await
    }

    /// Signs mona in, as a browser does; what her cookie is.
    pub(crate) async fn log_in(&self) -> String {
        let login = serde_json::json!({ "name": "mona", "password": PASSWORD });
        let answer = self.send(self.anonymous("POST", "/api/v1/auth/login").json(&login)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.cookie()
    }

    /// A request of a browser that is signed in, from a page of ours.
    pub(crate) fn browser(&self, method: &str, path: &str, cookie: &str) -> reqwest::RequestBuilder {
        self.anonymous(method, path).header("cookie", cookie).header("sec-fetch-site", "same-origin")
    }

    /// Sends these very bytes, which no client would, and gives back all that comes.
    pub(crate) async fn raw(&self, request: &[u8]) -> String {
        let mut socket = tokio::net::TcpStream::connect(self.address.trim_start_matches("http://")).await.unwrap();
        socket.write_all(request).await.unwrap();
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// A request of mona's, to be added to.
    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.anonymous(method, path).bearer_auth(TOKEN)
    }

    /// A request of nobody's.
    pub(crate) fn anonymous(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method.parse().unwrap(), format!("{}{path}", self.address))
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let json = serde_json::from_str(&text).unwrap_or_default();
        Answer { status, headers, text, json }
    }
}

impl Answer {
    /// A header as text, empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The cookie that was set, as a browser sends it back.
    pub(crate) fn cookie(&self) -> String {
        self.header("set-cookie").split(';').next().unwrap().to_owned()
    }

    /// What kind of problem this is, and where.
    pub(crate) fn problem(&self) -> (u16, &str, &str) {
        let text = |key| self.json[key].as_str().unwrap_or_default();
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        (self.status, text("code"), text("field"))
    }
}

/// As expensive as a test can afford; a hash says itself how it was made.
fn cheap_hash(password: &str) -> String {
    let params = Params::new(8, 1, 1, None).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password(password.as_bytes()).unwrap().to_string()
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
