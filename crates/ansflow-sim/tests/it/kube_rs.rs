//! kube-rs, the client that AnsFlow itself speaks to clusters with: watchers of both kinds, server-side apply, streams,
//! and a controller.

use std::sync::Arc;
use std::time::Duration;

use ansflow_sim::{SimConfig, Who};
use futures_util::{AsyncBufReadExt, StreamExt, TryStreamExt};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Pod, ServiceAccount};
use kube::api::{AttachParams, DeleteParams, ListParams, LogParams, Patch, PatchParams, PostParams};
use kube::config::{Config, KubeConfigOptions, Kubeconfig};
use kube::runtime::controller::{Action, Controller};
use kube::runtime::wait::{await_condition, conditions};
use kube::runtime::watcher::{self, Event};
use kube::{Api, Client, Resource, ResourceExt};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use crate::cluster::Cluster;

const SPACE: &str = "rust";
const LONGEST: Duration = Duration::from_secs(30);

async fn client(cluster: &Cluster) -> Client {
    let kubeconfig = Kubeconfig::from_yaml(&cluster.sim.kubeconfig(&Who::admin())).unwrap();
    let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await.unwrap();
    let client = Client::try_from(config).unwrap();
    let space: Namespace = serde_json::from_value(json!({"metadata": {"name": SPACE}})).unwrap();
    Api::<Namespace>::all(client.clone()).create(&PostParams::default(), &space).await.unwrap();
    // Without its account no pod is taken.
    let accounts: Api<ServiceAccount> = Api::namespaced(client.clone(), SPACE);
    let there = |found: Option<&ServiceAccount>| found.is_some();
    timeout(LONGEST, await_condition(accounts, "default", there)).await.unwrap().unwrap();
    client
}

fn map(name: &str) -> ConfigMap {
    serde_json::from_value(json!({"metadata": {"name": name}, "data": {"a": "1"}})).unwrap()
}

/// What a watcher tells, in few words.
async fn told(events: &mut (impl StreamExt<Item = watcher::Result<Event<ConfigMap>>> + Unpin)) -> String {
    let event = timeout(LONGEST, events.next()).await.unwrap().unwrap().unwrap();
    match event {
        Event::Init => "init".to_owned(),
        Event::InitApply(map) => format!("init {}", map.name_any()),
        Event::InitDone => "done".to_owned(),
        Event::Apply(map) => format!("apply {}", map.name_any()),
        Event::Delete(map) => format!("delete {}", map.name_any()),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn watchers_of_both_kinds_see_what_is_there_and_what_changes() {
    let cluster = Cluster::with(SimConfig::default()).await;
    let maps: Api<ConfigMap> = Api::namespaced(client(&cluster).await, SPACE);
    for (at, config) in
        [watcher::Config::default(), watcher::Config::default().streaming_lists()].into_iter().enumerate()
    {
        let (first, second) = (format!("first-{at}"), format!("second-{at}"));
        maps.create(&PostParams::default(), &map(&first)).await.unwrap();
        let config = config.fields("metadata.name!=kube-root-ca.crt");
        let mut events = Box::pin(watcher::watcher(maps.clone(), config));
        let mut seen = Vec::new();
        while seen.last().is_none_or(|last| last != "done") {
            seen.push(told(&mut events).await);
        }
        assert_eq!(seen, ["init".to_owned(), format!("init {first}"), "done".to_owned()]);
        maps.create(&PostParams::default(), &map(&second)).await.unwrap();
        assert_eq!(told(&mut events).await, format!("apply {second}"));
        for name in [&first, &second] {
            maps.delete(name, &DeleteParams::default()).await.unwrap();
            assert_eq!(told(&mut events).await, format!("delete {name}"));
        }
    }
    cluster.sim.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_applied_belongs_to_who_applied_it() {
    let cluster = Cluster::with(SimConfig::default()).await;
    let deployments: Api<Deployment> = Api::namespaced(client(&cluster).await, SPACE);
    let manifest = |replicas: i32| {
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {
            "replicas": replicas, "selector": {"matchLabels": {"app": "web"}},
            "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "app", "image": "nginx:1.22"}]}}
        }})
    };
    let (one, two) = (PatchParams::apply("one"), PatchParams::apply("two"));
    deployments.patch("web", &one, &Patch::Apply(manifest(1))).await.unwrap();
    let refused = deployments.patch("web", &two, &Patch::Apply(manifest(2))).await.unwrap_err();
    assert!(
        matches!(&refused, kube::Error::Api(status) if status.code == 409 && status.message.contains("\"one\"")),
        "{refused}"
    );
    deployments.patch("web", &two.force(), &Patch::Apply(manifest(2))).await.unwrap();
    let available = |found: Option<&Deployment>| {
        let counted = found.and_then(|found| found.status.as_ref()?.available_replicas);
        counted == Some(2)
    };
    timeout(LONGEST, await_condition(deployments.clone(), "web", available)).await.unwrap().unwrap();
    assert_eq!(deployments.get_scale("web").await.unwrap().status.unwrap().replicas, 2);
    let found = deployments.list(&ListParams::default().limit(1)).await.unwrap();
    assert_eq!(found.items.len(), 1);
    cluster.sim.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_logs_and_ports_are_streams() {
    let cluster = Cluster::with(SimConfig::default()).await;
    let pods: Api<Pod> = Api::namespaced(client(&cluster).await, SPACE);
    for (name, image, command) in
        [("shell", "busybox:1.36", "echo ready; while true; do sleep 1; done"), ("page", "nginx:1.22", "")]
    {
        let mut pod = json!({"metadata": {"name": name}, "spec": {"containers": [{"name": "app", "image": image}]}});
        if !command.is_empty() {
            pod["spec"]["containers"][0]["command"] = json!(["sh", "-c", command]);
        }
        pods.create(&PostParams::default(), &serde_json::from_value(pod).unwrap()).await.unwrap();
        timeout(LONGEST, await_condition(pods.clone(), name, conditions::is_pod_running())).await.unwrap().unwrap();
    }

    let script = "read x; echo got $x; echo bad >&2; exit 3";
    let wanted = AttachParams::default().stdin(true).stdout(true).stderr(true);
    let mut process = pods.exec("shell", ["sh", "-c", script], &wanted).await.unwrap();
    let status = process.take_status().unwrap();
    let (mut stdout, mut stderr) = (process.stdout().unwrap(), process.stderr().unwrap());
    process.stdin().unwrap().write_all(b"abc\n").await.unwrap();
    let (mut out, mut errors) = (String::new(), String::new());
    timeout(LONGEST, stdout.read_to_string(&mut out)).await.unwrap().unwrap();
    timeout(LONGEST, stderr.read_to_string(&mut errors)).await.unwrap().unwrap();
    assert_eq!((out.as_str(), errors.as_str()), ("got abc\n", "bad\n"));
    let status = timeout(LONGEST, status).await.unwrap().unwrap();
    assert_eq!(status.reason.as_deref(), Some("NonZeroExitCode"));
    process.join().await.unwrap();

    let follow = LogParams { follow: true, ..LogParams::default() };
    let mut lines = pods.log_stream("shell", &follow).await.unwrap().lines();
    assert_eq!(timeout(LONGEST, lines.try_next()).await.unwrap().unwrap().as_deref(), Some("ready"));
    assert_eq!(pods.logs("shell", &LogParams::default()).await.unwrap(), "ready\n");

    let mut ports = pods.portforward("page", &[80]).await.unwrap();
    let mut stream = ports.take_stream(80).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: page\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut page = String::new();
    timeout(LONGEST, stream.read_to_string(&mut page)).await.unwrap().unwrap();
    assert!(page.starts_with("HTTP/1.1 200 OK"), "{page}");
    cluster.sim.stop().await;
}

/// Sees to it that every map with a label has a child.
async fn has_child(parent: Arc<ConfigMap>, maps: Arc<Api<ConfigMap>>) -> Result<Action, kube::Error> {
    if parent.labels().contains_key("parent") && parent.metadata.deletion_timestamp.is_none() {
        let child = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {
            "name": format!("{}-child", parent.name_any()), "ownerReferences": [parent.controller_owner_ref(&())]
        }});
        maps.patch(&format!("{}-child", parent.name_any()), &PatchParams::apply("parents"), &Patch::Apply(child))
            .await?;
    }
    Ok(Action::await_change())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_controller_keeps_what_it_made_and_the_cluster_takes_it_away() {
    let cluster = Cluster::with(SimConfig::default()).await;
    let maps: Api<ConfigMap> = Api::namespaced(client(&cluster).await, SPACE);
    let everything = watcher::Config::default;
    let again = |_: Arc<ConfigMap>, _: &kube::Error, _: Arc<Api<ConfigMap>>| Action::requeue(Duration::from_secs(1));
    let controller = Controller::new(maps.clone(), everything()).owns(maps.clone(), everything());
    let running = tokio::spawn(controller.run(has_child, again, Arc::new(maps.clone())).for_each(|_| async {}));

    let mut parent = map("one");
    parent.labels_mut().insert("parent".to_owned(), "yes".to_owned());
    maps.create(&PostParams::default(), &parent).await.unwrap();
    let there = |found: Option<&ConfigMap>| found.is_some();
    timeout(LONGEST, await_condition(maps.clone(), "one-child", there)).await.unwrap().unwrap();
    // Who takes it away finds it there again, under another uid.
    let uid = maps.get("one-child").await.unwrap().uid();
    maps.delete("one-child", &DeleteParams::default()).await.unwrap();
    let another = move |found: Option<&ConfigMap>| found.is_some_and(|found| found.uid() != uid);
    timeout(LONGEST, await_condition(maps.clone(), "one-child", another)).await.unwrap().unwrap();

    running.abort();
    // The garbage collector takes it away with its owner.
    let uid = maps.get("one-child").await.unwrap().uid().unwrap();
    maps.delete("one", &DeleteParams::background()).await.unwrap();
    timeout(LONGEST, await_condition(maps.clone(), "one-child", conditions::is_deleted(&uid))).await.unwrap().unwrap();
    cluster.sim.stop().await;
}
