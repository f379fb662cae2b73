//! `ansflow simulate`, `run --simulate` and the demo's cluster: each says that it is simulated, and leaves nothing behind.

mod alone;
mod beside;
mod clients;
mod within;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Child;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use reqwest::{Certificate, Client, Identity};
use serde_json::Value as Json;

use crate::world::World;

/// `ansflow simulate -o json`, ready; killed when it is dropped.
struct Simulated {
    child: Child,
    /// What it said of itself.
    said: Json,
}

impl Simulated {
    fn start(world: &World, words: &[&str]) -> Self {
        let words = [&["simulate", "-o", "json"], words].concat();
        let mut child = world.start(&words);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut text = String::new();
        while !text.ends_with("}\n") {
            text += &lines.next().expect("it says where it is");
            text.push('\n');
        }
        Self { child, said: serde_json::from_str(&text).unwrap() }
    }

    fn kubeconfig(&self) -> &Path {
        Path::new(self.said["kubeconfig"].as_str().unwrap())
    }

    /// A signal, and its exit code.
    fn end(mut self, signal: Signal) -> Option<i32> {
        kill(Pid::from_raw(self.child.id().cast_signed()), signal).unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a cluster answers to the owner of a kubeconfig; none: nobody is there.
fn ask(kubeconfig: &Path, path: &str) -> Option<Json> {
    let text = std::fs::read_to_string(kubeconfig).unwrap();
    let field = |name: &str| text.split(&format!("{name}: ")).nth(1).unwrap().lines().next().unwrap().to_owned();
    let pem = |name: &str| STANDARD.decode(field(name)).unwrap();
    // Another test of this process may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder()
        .tls_certs_only([Certificate::from_pem(&pem("certificate-authority-data")).unwrap()])
        .identity(Identity::from_pem(&[pem("client-certificate-data"), pem("client-key-data")].concat()).unwrap())
        .timeout(Duration::from_secs(20))
        .build()
        .unwrap();
    let url = format!("{}{path}", field("server"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { client.get(url).send().await.ok()?.json().await.ok() })
}

/// The names of the objects of a list.
fn names(list: &Json) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["metadata"]["name"].as_str().unwrap()).collect()
}
