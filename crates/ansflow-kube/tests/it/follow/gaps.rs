//! Clusters that do not answer for a while, forget, and do not know us any more.

use super::ear::Ear;
use super::{apply, end};
use crate::live::objects::{deployment, object};
use crate::live::{access, cluster};
use ansflow_core::mask::Masker;
use ansflow_core::verdict::{Cause, End, Verdict};
use ansflow_kube::access::{Auth, Tls};
use ansflow_kube::evidence::gather;
use ansflow_kube::{Access, Cluster, Limits};
use ansflow_sim::testing;
use ansflow_sim::testing::Wire;
use serde_json::{Value as Json, json};
use std::time::Duration;
use zeroize::Zeroizing;

/// The cluster of the tests at the end of a wire.
async fn behind(wire: &Wire) -> Cluster {
    let access = access().await;
    let tls = Tls { server_name: Some(to_name(access.host())), ..access.tls.clone() };
    let access = Access { tls, server: format!("https://{}", wire.address()), ..access };
    Cluster::connect(&access, &Limits::with_loopback()).unwrap()
}

fn to_name(host: &str) -> String {
    host.rsplit_once(':').map_or(host, |(name, _)| name).to_owned()
}

#[tokio::test]
async fn a_cluster_that_is_gone_in_mid_rollout_is_waited_for_and_no_grace_runs_meanwhile() {
    let tests = testing::Cluster::get().await;
    let (space, ear, wire) = (tests.namespace().await, Ear::default(), tests.wire());
    let cluster = behind(&wire).await;
    // Its ConfigMap comes while the cluster cannot be seen: longer than the grace of what is suspected.
    let mut web = deployment(&space, "web", &tests.image("web"), 1);
    web.map_mut()["spec"]["template"]["spec"]["containers"][0]["envFrom"] =
        json!([{"configMapRef": {"name": "settings"}}]);
    let goal = apply(&cluster, &[web]).await;
    let cut = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        wire.cut();
        tokio::time::sleep(Duration::from_secs(3)).await;
        let settings =
            json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"A": "1"}});
        tests.ask("POST", &format!("/api/v1/namespaces/{space}/configmaps"), Some(&settings)).await;
        tokio::time::sleep(Duration::from_secs(3)).await;
        wire.mend();
    };
    let (followed, ()) = tokio::join!(end(&cluster, goal, &ear, 120), cut);
    assert_eq!(followed.verdict.outcome, End::Ready, "{:?} {:?}", followed.verdict, ear.words());
    let has = |words: &str| ear.words().iter().any(|said| said.contains(words));
    assert!(has("the cluster does not answer since 1 s: nobody listens at"), "{:?}", ear.words());
    assert!(has("the cluster answers again after"), "{:?}", ear.words());
}

#[tokio::test]
async fn a_cluster_that_does_not_come_back_is_unreachable_when_the_time_is_up() {
    let tests = testing::Cluster::get().await;
    let (space, ear, wire) = (tests.namespace().await, Ear::default(), tests.wire());
    let cluster = behind(&wire).await;
    let image = format!("{}.nosuch", tests.image("busybox"));
    let goal = apply(&cluster, &[deployment(&space, "web", &image, 1)]).await;
    wire.cut();
    let followed = end(&cluster, goal, &ear, 6).await;
    assert_eq!(followed.verdict.cause, Some(Cause::ClusterUnreachable), "{:?}", followed.verdict);
}

#[tokio::test]
async fn simulated_watches_that_break_hang_or_forget_in_mid_rollout_change_nothing() {
    let tests = testing::Cluster::get().await;
    if tests.simulated().is_none() {
        return;
    }
    let cluster = cluster().await;
    let played = [
        json!({"watch": {"after": "300ms", "end": "break"}}),
        json!({"watch": {"after": "300ms", "end": "close"}}),
        json!({"watch": {"events": 2, "end": "expired"}}),
        json!({"status": 429, "retryAfter": 1, "skip": 3, "times": 10}),
        json!({"status": 500, "skip": 9, "times": 20}),
        json!({"hang": true, "skip": 9, "times": 3}),
    ]
    .map(|what| play(&cluster, what));
    for (what, verdict, words) in futures_util::future::join_all(played).await {
        assert_eq!(verdict.outcome, End::Ready, "{what}: {verdict:?} {words:?}");
    }
}

/// A rollout that takes four seconds, while something is wrong with its watches.
async fn play(cluster: &Cluster, what: Json) -> (Json, Verdict, Vec<String>) {
    let tests = testing::Cluster::get().await;
    let (space, ear, faults) = (tests.namespace().await, Ear::default(), tests.simulated().unwrap());
    faults.put(json!({"on": {"namespace": &*space, "verb": "watch"}, "what": {"http": what}}));
    let mut web = deployment(&space, "web", "acme/web:slow-4s", 2);
    web.map_mut()["spec"]["template"]["spec"]["containers"][0]["readinessProbe"] =
        json!({"httpGet": {"port": 80}, "periodSeconds": 1});
    let goal = apply(cluster, &[web]).await;
    let followed = end(cluster, goal, &ear, 60).await;
    (what, followed.verdict, ear.words())
}

#[tokio::test]
async fn simulated_a_token_that_ends_in_mid_rollout_is_told_and_a_short_refusal_is_not() {
    let tests = testing::Cluster::get().await;
    let Some(faults) = tests.simulated() else { return };
    let cluster = cluster().await;
    for (times, expected) in [(2, End::Ready), (0, End::Failed)] {
        let (space, ear) = (tests.namespace().await, Ear::default());
        let mut web = deployment(&space, "web", "acme/web:slow-8s", 1);
        web.map_mut()["spec"]["template"]["spec"]["containers"][0]["readinessProbe"] =
            json!({"httpGet": {"port": 80}, "periodSeconds": 1});
        let goal = apply(&cluster, &[web]).await;
        let refuse = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            // Of two rules about a request one counts; watches that have begun break nevertheless.
            faults.clear();
            let refusal = json!({"http": {"status": 401, "times": times}});
            faults.put(json!({"on": {"namespace": &*space, "resource": "pods"}, "what": refusal}));
        };
        let breaks = json!({"on": {"namespace": &*space, "resource": "pods", "verb": "watch"},
            "what": {"http": {"watch": {"after": "1500ms"}}}});
        faults.put(breaks);
        let (followed, ()) = tokio::join!(end(&cluster, goal, &ear, 40), refuse);
        assert_eq!(followed.verdict.outcome, expected, "{:?} {:?}", followed.verdict, ear.words());
        if expected == End::Failed {
            assert_eq!(followed.verdict.cause, Some(Cause::Unauthorized), "{:?}", followed.verdict);
        }
        faults.clear();
    }
}

#[tokio::test]
async fn simulated_a_token_whose_time_is_up_in_mid_rollout_ends_the_step_and_it_says_when() {
    let tests = testing::Cluster::get().await;
    let Some(faults) = tests.simulated() else { return };
    let (space, ear) = (tests.namespace().await, Ear::default());
    let binding = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
        "metadata": {"name": format!("deployer-{space}")},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
        "subjects": [{"kind": "ServiceAccount", "name": "default", "namespace": &*space}]});
    tests.ask("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", Some(&binding)).await;
    let request = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
        "spec": {"expirationSeconds": 600}});
    let path = format!("/api/v1/namespaces/{space}/serviceaccounts/default/token");
    let (_, made) = tests.ask("POST", &path, Some(&request)).await;
    let ends = made["status"]["expirationTimestamp"].as_str().unwrap();
    let token = made["status"]["token"].as_str().unwrap().to_owned();
    let access = Access { auth: Auth::Token(Zeroizing::new(token)), ..access().await };
    let cluster = Cluster::connect(&access, &Limits::with_loopback()).unwrap();
    let mut web = deployment(&space, "web", "acme/web:unready", 1);
    web.map_mut()["spec"]["progressDeadlineSeconds"] = json!(6_000);
    web.map_mut()["spec"]["template"]["spec"]["containers"][0]["readinessProbe"] = json!({"httpGet": {"port": 80}});
    let goal = apply(&cluster, &[web]).await;
    let pods = |what: Json| json!({"on": {"namespace": &*space, "resource": "pods"}, "what": {"http": what}});
    faults.put(pods(json!({"watch": {"after": "1500ms"}})));
    let pass = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        faults.sim().advance(Duration::from_secs(660));
        // At first nobody answers at all; what comes then is another story, and is told.
        faults.clear();
        faults.put(pods(json!({"reset": true, "times": 2})));
    };
    let (followed, ()) = tokio::join!(end(&cluster, goal, &ear, 60), pass);
    assert_eq!(followed.verdict.cause, Some(Cause::Unauthorized), "{:?} {:?}", followed.verdict, ear.words());
    let summary = &followed.verdict.summary;
    assert!(summary.contains(&format!("the token ended at {ends}, ")), "{summary}");
    assert!(followed.verdict.advice.as_ref().unwrap().contains("create token"), "{:?}", followed.verdict);
}

#[tokio::test]
async fn evidence_holds_what_was_seen_and_no_secret() {
    let (tests, cluster) = (testing::Cluster::get().await, cluster().await);
    let (space, ear) = (tests.namespace().await, Ear::default());
    let mut web = deployment(&space, "web", &tests.image("busybox"), 1);
    let script = "echo token hunter2-hunter2; echo 'Error: environment variable X is not set'; exit 1";
    web.map_mut()["spec"]["template"]["spec"]["containers"][0]["command"] = json!(["sh", "-c", script]);
    let secret =
        object(json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "keys", "namespace": &*space},
        "stringData": {"password": "correct-horse"}}));
    let goal = apply(&cluster, &[secret, web]).await;
    let followed = end(&cluster, goal, &ear, 90).await;
    assert_eq!(followed.verdict.cause, Some(Cause::CrashLoop), "{:?}", followed.verdict);
    let dir = tempfile::tempdir().unwrap();
    let kept = gather(&cluster, &followed, dir.path(), &Masker::new(["hunter2-hunter2"])).await.unwrap();
    let mut names: Vec<String> = kept.iter().map(|kept| kept.path.display().to_string()).collect();
    names.sort();
    for name in ["apply.json", "events.json", "manifest.yaml", "objects.yaml", "verdict.json", "watch.jsonl"] {
        assert!(names.iter().any(|kept| kept == name), "{name}: {names:?}");
    }
    assert!(names.iter().any(|name| name.starts_with("logs/web-") && name.ends_with("_app.log")), "{names:?}");
    for kept in &kept {
        let text = std::fs::read_to_string(dir.path().join(&kept.path)).unwrap();
        assert_eq!(text.len() as u64, kept.bytes);
        for hidden in ["hunter2", "correct-horse", "Y29ycmVjdC1ob3JzZQ=="] {
            assert!(!text.contains(hidden), "{}: {hidden}", kept.path.display());
        }
    }
    assert!(ear.snapshot().logs.iter().any(|tail| tail.container == "app"));
}
