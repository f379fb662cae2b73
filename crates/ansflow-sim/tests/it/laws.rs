//! Laws over HTTP: whatever several clients do at once, who follows a watch ends with what a list shows, revisions never go
//! back, and nothing is answered with 500.

use std::collections::BTreeMap;
use std::time::Duration;

use ansflow_sim::Who;
use futures_util::future::join_all;
use proptest::prelude::*;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::cluster::Cluster;

const KINDS: [&str; 3] = [
    "/api/v1/namespaces/default/configmaps",
    "/apis/apps/v1/namespaces/default/deployments",
    "/api/v1/namespaces/default/pods",
];

/// Something that a client does to one of a few objects.
#[derive(Debug, Clone)]
enum Deed {
    Create,
    Apply(bool),
    Patch(&'static str, Value),
    Scale(i64),
    Delete(&'static str),
    DeleteAll,
    Pages,
    Wait(u64),
}

type Step = (usize, u8, Deed);

fn step() -> impl Strategy<Value = Step> {
    let merge = prop_oneof![
        Just(json!({"metadata": {"labels": {"a": "b"}}})),
        Just(json!({"metadata": {"finalizers": ["example.com/hold"]}})),
        Just(json!({"metadata": {"finalizers": null}})),
        Just(json!({"metadata": null})),
        Just(json!({"spec": null})),
        Just(json!({"spec": {"replicas": "many", "template": []}})),
        Just(json!({"spec": {"template": {"spec": {"containers": [{"name": "app", "$patch": "delete"}]}}}})),
        Just(json!({"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "nginx:1.22"}]}}}})),
        Just(json!({"data": {"k": "v"}, "status": {"replicas": -1}})),
        Just(json!([])),
    ];
    let json_patch = prop_oneof![
        Just(json!([{"op": "add", "path": "/metadata/annotations", "value": {"a": "1"}}])),
        Just(json!([{"op": "remove", "path": "/spec"}])),
        Just(json!([{"op": "copy", "from": "", "path": "/data/all"}])),
        Just(json!([{"op": "test", "path": "/kind", "value": "Nothing"}])),
        Just(json!({"op": "add"})),
    ];
    let media = prop_oneof![Just("application/merge-patch+json"), Just("application/strategic-merge-patch+json")];
    let deed = prop_oneof![
        4 => Just(Deed::Create),
        3 => any::<bool>().prop_map(Deed::Apply),
        4 => (media, merge).prop_map(|(media, patch)| Deed::Patch(media, patch)),
        2 => json_patch.prop_map(|patch| Deed::Patch("application/json-patch+json", patch)),
        1 => (-1..4_i64).prop_map(Deed::Scale),
        2 => prop_oneof![Just("Foreground"), Just("Background"), Just("Orphan")].prop_map(Deed::Delete),
        1 => Just(Deed::DeleteAll),
        1 => Just(Deed::Pages),
        3 => (1..3_000_u64).prop_map(Deed::Wait),
    ];
    (0..KINDS.len(), 0..3_u8, deed)
}

fn object(kind: usize, name: &str) -> Value {
    let container = json!({"name": "app", "image": "busybox:1.36", "command": ["sleep", "999"]});
    match kind {
        0 => json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"k": name}}),
        1 => json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": {
            "replicas": 2, "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [container]}},
        }}),
        _ => {
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [container]}})
        }
    }
}

struct Asker<'a> {
    cluster: &'a Cluster,
    client: Client,
    /// The newest revision of a list that was seen.
    seen: u64,
}

impl Asker<'_> {
    fn new(cluster: &Cluster) -> Asker<'_> {
        Asker { cluster, client: cluster.client(Some(&Who::admin())), seen: 0 }
    }

    async fn ask(&self, method: Method, path: &str, media: &str, body: &Value) -> (u16, Value) {
        let mut request = self.client.request(method.clone(), format!("{}{path}", self.cluster.sim.url()));
        if !body.is_null() {
            request = request.header("content-type", media).body(body.to_string());
        }
        let answer = tokio::time::timeout(Duration::from_secs(10), request.send()).await.expect("it answers in time");
        let answer = answer.unwrap();
        let code = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        assert!(code < 500, "{method} {path} {body}: {code} {text}");
        (code, serde_json::from_str(&text).unwrap_or_default())
    }

    async fn does(&mut self, (kind, name, deed): &Step) {
        let (path, name) = (KINDS[*kind], format!("o{name}"));
        let at = format!("{path}/{name}");
        let merge = "application/merge-patch+json";
        match deed {
            Deed::Create => drop(self.ask(Method::POST, path, "application/json", &object(*kind, &name)).await),
            Deed::Apply(force) => {
                let at = format!("{at}?fieldManager=law&force={force}");
                self.ask(Method::PATCH, &at, "application/apply-patch+yaml", &object(*kind, &name)).await;
            }
            Deed::Patch(media, patch) => drop(self.ask(Method::PATCH, &at, media, patch).await),
            Deed::Scale(size) => {
                let patch = json!({"spec": {"replicas": size}});
                self.ask(Method::PATCH, &format!("{at}/scale"), merge, &patch).await;
            }
            Deed::Delete(propagation) => {
                let options = json!({"propagationPolicy": propagation});
                self.ask(Method::DELETE, &at, "application/json", &options).await;
            }
            Deed::DeleteAll => drop(self.ask(Method::DELETE, path, "", &Value::Null).await),
            Deed::Pages => self.pages(path).await,
            Deed::Wait(millis) => self.cluster.sim.advance(Duration::from_millis(*millis)),
        }
    }

    /// A list in pages is one revision, which is none before the last.
    async fn pages(&mut self, path: &str) {
        let (mut token, mut revision) = (String::new(), None);
        loop {
            let (code, page) =
                self.ask(Method::GET, &format!("{path}?limit=1&continue={token}"), "", &Value::Null).await;
            assert_eq!(code, 200, "{page}");
            let now: u64 = page["metadata"]["resourceVersion"].as_str().unwrap().parse().unwrap();
            assert_eq!(*revision.get_or_insert(now), now, "the pages are of one revision");
            match page["metadata"]["continue"].as_str() {
                Some(more) => token = more.to_owned(),
                None => break,
            }
        }
        let revision = revision.unwrap_or_default();
        assert!(revision >= self.seen, "{revision} after {}", self.seen);
        self.seen = revision;
    }
}

/// Follows a kind until it is told of `end`; gives what there is then, by name and revision.
async fn follow(cluster: &Cluster, path: &str) -> BTreeMap<String, String> {
    let client = cluster.client(Some(&Who::admin()));
    let url = format!("{}{path}?watch=true&timeoutSeconds=30", cluster.sim.url());
    let mut answer = client.get(url).send().await.unwrap();
    let (mut rest, mut there, mut newest) = (Vec::new(), BTreeMap::new(), 0);
    while let Some(chunk) = answer.chunk().await.unwrap() {
        rest.extend_from_slice(&chunk);
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = rest.drain(..=end).collect();
            let event: Value = serde_json::from_slice(&line).unwrap();
            let metadata = &event["object"]["metadata"];
            let (name, revision) = (metadata["name"].as_str().unwrap(), metadata["resourceVersion"].as_str().unwrap());
            let moved: u64 = revision.parse().unwrap();
            // What was there already comes by name.
            assert!(moved > newest || event["type"] == "ADDED", "{moved} after {newest}: {event}");
            newest = newest.max(moved);
            match event["type"].as_str().unwrap() {
                "ADDED" | "MODIFIED" => drop(there.insert(name.to_owned(), revision.to_owned())),
                "DELETED" => drop(there.remove(name)),
                other => panic!("{other}: {event}"),
            }
            if name == "end" {
                return there;
            }
        }
    }
    panic!("{path}: the watch ended before it was told of the end");
}

async fn holds(steps: [Vec<Step>; 2]) {
    let cluster = Cluster::start().await;
    let known = &cluster;
    let story = async {
        let clients = steps.iter().map(|steps| async move {
            let mut asker = Asker::new(known);
            for step in steps {
                asker.does(step).await;
            }
        });
        join_all(clients).await;
        let asker = Asker::new(&cluster);
        for (kind, path) in KINDS.iter().enumerate() {
            let (code, said) = asker.ask(Method::POST, path, "application/json", &object(kind, "end")).await;
            assert_eq!(code, 201, "{said}");
        }
    };
    let (followed, ()) = tokio::join!(join_all(KINDS.iter().map(|path| follow(&cluster, path))), story);
    for (path, followed) in KINDS.iter().zip(followed) {
        let list = cluster.get(path).await.expect(200);
        let text = |item: &Value, field: &str| item["metadata"][field].as_str().unwrap().to_owned();
        let items = list["items"].as_array().unwrap().iter();
        let listed: BTreeMap<_, _> = items.map(|item| (text(item, "name"), text(item, "resourceVersion"))).collect();
        assert_eq!(followed, listed, "{path}");
    }
    cluster.sim.stop().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn who_follows_ends_with_what_a_list_shows_and_nothing_fails(
        steps in [prop::collection::vec(step(), 1..30), prop::collection::vec(step(), 1..30)],
    ) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(holds(steps));
    }
}
