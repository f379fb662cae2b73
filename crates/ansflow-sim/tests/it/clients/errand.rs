//! One command of a story, carried out.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use ansflow_sim::Asked;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::TryRecvError;
use tokio::time::timeout;

use super::story::{Seen, Step, Story};
use crate::cluster::Cluster;
use crate::tools::{Home, fixture};

/// Longer than any command takes that does what it should.
const LONGEST: Duration = Duration::from_secs(45);
/// What the trouble chart has only now and then.
const OPTIONAL: [&str; 3] = ["templates/hook.yaml", "templates/bad.yaml", "values.schema.json"];

pub(super) async fn run(cluster: &Cluster, home: &Home, program: &Path, story: &Story, step: &Step) -> Seen {
    furnish(home, story, step);
    if let Some(pods) = step.settled {
        cluster.until(&pods_of(story), |found| found.len() == pods && found.iter().all(is_settled)).await;
    }
    let mut heard = Heard(cluster.sim.requests(), Vec::new());
    let mut command = home.command(program);
    command.args(words(cluster, story, step).await).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.stdin(
        step.stdin.as_ref().map_or(Stdio::null(), |name| {
            Stdio::from(std::fs::File::open(fixture("clients/files").join(name)).unwrap())
        }),
    );
    let (exit, stdout, stderr) = if let Some(reason) = &step.killed {
        let mut child = command.spawn().unwrap();
        cluster.until(&pods_of(story), |found| found.iter().any(|pod| waits_for(pod, reason))).await;
        child.kill().await.unwrap();
        (None, String::new(), String::new())
    } else if let Some(lines) = step.lines {
        let mut child = command.spawn().unwrap();
        let printed = watched(cluster, story, step, lines, &mut child).await;
        heard.watch(step).await;
        child.kill().await.unwrap();
        (None, printed, String::new())
    } else {
        ended(step, command).await
    };
    Seen { exit, stdout, stderr, asks: heard.all() }
}

async fn ended(step: &Step, mut command: Command) -> (Option<i32>, String, String) {
    let Ok(done) = timeout(LONGEST, command.output()).await else {
        panic!("{} does not end: {:?}", step.name, step.args);
    };
    let done = done.unwrap();
    (done.status.code(), String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
}

/// Runs one that would not end until it has printed enough, or says nothing for a while.
async fn watched(cluster: &Cluster, story: &Story, step: &Step, lines: usize, child: &mut Child) -> String {
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut printed: Vec<String> = Vec::new();
    while printed.len() < lines {
        let Ok(line) = timeout(Duration::from_secs(10), output.next_line()).await else { break };
        let Some(line) = line.unwrap() else { break };
        if step.dial && printed.is_empty() {
            dial(&line).await;
        }
        printed.push(line);
        if let Some((name, _)) = step.scale.as_ref().filter(|(_, after)| *after == printed.len()) {
            let path = format!("/apis/apps/v1/namespaces/{}/deployments/{name}/scale", story.namespace);
            cluster.merge(&path, &json!({"spec": {"replicas": 1}})).await.expect(200);
        }
    }
    printed.concat_lines()
}

/// Asks the forwarded port for its page: `Forwarding from 127.0.0.1:40000 -> 80`.
async fn dial(line: &str) {
    let address = line.split(' ').nth(2).unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut page = String::new();
    timeout(LONGEST, stream.read_to_string(&mut page)).await.unwrap().unwrap();
    assert!(page.starts_with("HTTP/1.1 200 OK"), "{page}");
}

/// Puts the files there that the command reads.
fn furnish(home: &Home, story: &Story, step: &Step) {
    if story.client.starts_with("kubectl") {
        let kubeconfig = std::fs::read_to_string(home.path().join("kubeconfig")).unwrap();
        if !kubeconfig.contains("namespace:") {
            let at_work = kubeconfig.replace("context:\n", &format!("context:\n    namespace: {}\n", story.namespace));
            std::fs::write(home.path().join("kubeconfig"), at_work).unwrap();
        }
        for name in ["app.yaml", "app2.yaml"] {
            std::fs::copy(fixture("clients/files").join(name), home.path().join(name)).unwrap();
        }
        return;
    }
    let chart = if story.steps.iter().any(|step| step.killed.is_some()) { "trouble" } else { "shop" };
    let (from, to) = (fixture("clients").join(chart), home.path().join("chart"));
    if to.exists() {
        std::fs::remove_dir_all(&to).unwrap();
    }
    std::fs::create_dir_all(to.join("templates")).unwrap();
    for folder in ["", "templates"] {
        for file in std::fs::read_dir(from.join(folder)).unwrap() {
            let file = file.unwrap().path();
            let name = file.strip_prefix(&from).unwrap();
            let is_left_out = chart == "trouble" && OPTIONAL.iter().any(|optional| name == Path::new(optional));
            if file.is_file() && (!is_left_out || step.chart.iter().any(|wanted| name == Path::new(wanted))) {
                std::fs::copy(&file, to.join(name)).unwrap();
            }
        }
    }
}

/// The command's words, with the name of a pod where one is meant.
async fn words(cluster: &Cluster, story: &Story, step: &Step) -> Vec<String> {
    let mut words = step.args.clone();
    if words.iter().any(|word| word.contains("{web}")) {
        let listed = cluster.get(&format!("{}?labelSelector=app%3Dweb", pods_of(story))).await.expect(200);
        let name = listed["items"][0]["metadata"]["name"].as_str().unwrap().to_owned();
        words = words.into_iter().map(|word| word.replace("{web}", &name)).collect();
    }
    words
}

fn pods_of(story: &Story) -> String {
    format!("/api/v1/namespaces/{}/pods", story.namespace)
}

fn is_settled(pod: &Value) -> bool {
    let is_ready = |condition: &Value| condition["type"] == "Ready" && condition["status"] == "True";
    let conditions = pod["status"]["conditions"].as_array();
    let is_over = ["Succeeded", "Failed"].iter().any(|phase| pod["status"]["phase"] == *phase);
    pod["metadata"]["deletionTimestamp"].is_null()
        && (is_over || conditions.is_some_and(|all| all.iter().any(is_ready)))
}

fn waits_for(pod: &Value, reason: &str) -> bool {
    let all = pod["status"]["containerStatuses"].as_array();
    all.is_some_and(|all| all.iter().any(|status| status["state"]["waiting"]["reason"] == reason))
}

/// What is asked for, but by the test itself.
struct Heard(Receiver<Asked>, Vec<String>);

impl Heard {
    fn note(&mut self, Asked { agent, method, path, code }: Asked) {
        if !agent.starts_with("ansflow/") {
            self.1.push(format!("{method} {path} -> {code}"));
        }
    }

    /// Waits for a watch, where one is recorded: what it has to tell may have been printed before it begins.
    async fn watch(&mut self, step: &Step) {
        let is_watch = |ask: &String| ask.contains("watch=true");
        while step.asks.iter().any(is_watch) && !self.1.iter().any(is_watch) {
            let asked = timeout(LONGEST, self.0.recv()).await.unwrap().unwrap();
            self.note(asked);
        }
    }

    fn all(mut self) -> Vec<String> {
        loop {
            match self.0.try_recv() {
                Ok(asked) => self.note(asked),
                Err(TryRecvError::Lagged(count)) => panic!("{count} requests were missed"),
                Err(_none) => return self.1,
            }
        }
    }
}

/// Lines as a text.
trait Lines {
    fn concat_lines(&self) -> String;
}

impl Lines for Vec<String> {
    fn concat_lines(&self) -> String {
        self.iter().map(|line| format!("{line}\n")).collect()
    }
}
