//! What kubectl does that was not recorded: it succeeds, and prints what one expects.

use std::process::Stdio;

use ansflow_sim::SimConfig;

use crate::cluster::Cluster;
use crate::tools::{self, Home};

/// kubectl, at home.
struct Kubectl {
    program: std::path::PathBuf,
    home: Home,
}

impl Kubectl {
    fn of(cluster: &Cluster) -> Option<Kubectl> {
        Some(Kubectl { program: tools::client("kubectl-1.36.3")?, home: Home::of(cluster) })
    }

    async fn run(&self, words: &[&str]) -> (bool, String) {
        let mut command = self.home.command(&self.program);
        let done = command.args(words).stdin(Stdio::null()).output().await.unwrap();
        let said = [done.stdout, done.stderr].concat();
        (done.status.success(), String::from_utf8(said).unwrap())
    }

    async fn ok(&self, words: &[&str]) -> String {
        let (ok, said) = self.run(words).await;
        assert!(ok, "kubectl {}: {said}", words.join(" "));
        said
    }
}

#[tokio::test]
async fn kubectl_makes_reads_and_deletes_a_config_map() {
    let cluster = Cluster::with(SimConfig::default()).await;
    let Some(kubectl) = Kubectl::of(&cluster) else { return };
    assert!(kubectl.ok(&["get", "--raw", "/version"]).await.contains("+ansflow.simulated"));
    assert_eq!(kubectl.ok(&["create", "configmap", "a", "--from-literal=k=v"]).await, "configmap/a created\n");
    let read: serde_json::Value =
        serde_json::from_str(&kubectl.ok(&["get", "configmap", "a", "-o", "json"]).await).unwrap();
    assert_eq!(read["data"]["k"], "v");
    assert!(kubectl.ok(&["get", "configmaps"]).await.contains("a "));
    assert_eq!(kubectl.ok(&["delete", "configmap", "a"]).await, "configmap \"a\" deleted from default namespace\n");
    let (_, said) = kubectl.run(&["get", "configmap", "a"]).await;
    assert_eq!(said, "Error from server (NotFound): configmaps \"a\" not found\n");
    cluster.sim.stop().await;
}

/// What kubectl is told, and what it prints then. `!` behind a command says that it fails; `_` is a blank inside a word.
const COMMANDS: &[(&str, &str)] = &[
    ("create namespace quiet", "namespace/quiet created"),
    ("config set-context --current --namespace=quiet", "modified"),
    // Made by kubectl's own generators, in protobuf.
    ("create secret generic keys --from-literal=a=b", "secret/keys created"),
    ("create secret tls pair --cert=missing --key=missing !", "no such file"),
    (
        "create secret docker-registry pull --docker-server=r --docker-username=u --docker-password=p",
        "secret/pull created",
    ),
    ("create configmap settings --from-literal=a=b", "configmap/settings created"),
    ("create deployment web --image=nginx:1.22 --replicas=2 --port=80", "deployment.apps/web created"),
    ("create cronjob nightly --image=busybox:1.36 --schedule=0_2_*_*_* -- true", "cronjob.batch/nightly created"),
    (
        "create role reader --verb=get,list --resource=pods,deployments.apps",
        "role.rbac.authorization.k8s.io/reader created",
    ),
    ("create rolebinding readers --role=reader --user=dev", "rolebinding.rbac.authorization.k8s.io/readers created"),
    ("create clusterrole all --verb=* --resource=pods", "clusterrole.rbac.authorization.k8s.io/all created"),
    ("create clusterrolebinding everybody --clusterrole=all --group=devs", "everybody created"),
    ("create serviceaccount robot", "serviceaccount/robot created"),
    ("create quota few --hard=pods=20,services=4", "resourcequota/few created"),
    ("create priorityclass high --value=1000", "priorityclass.scheduling.k8s.io/high created"),
    ("create poddisruptionbudget web --selector=app=web --min-available=1", "poddisruptionbudget.policy/web created"),
    ("create ingress web --rule=web.example.com/=web:80", "ingress.networking.k8s.io/web created"),
    ("expose deployment web --port=80", "service/web exposed"),
    ("autoscale deployment web --min=1 --max=3 --cpu=80%", "horizontalpodautoscaler.autoscaling/web autoscaled"),
    ("rollout status deployment/web --timeout=60s", "successfully rolled out"),
    // Read in every form.
    ("get nodes -o wide", "node-1"),
    ("get nodes -o jsonpath={.items[*].metadata.name}", "node-1 node-2 node-3"),
    ("get deployment web -o custom-columns=NAME:.metadata.name,COUNT:.spec.replicas", "web    2"),
    ("get pods --field-selector=status.phase=Running -o name", "pod/web-"),
    ("get pods -l app=web --sort-by=.metadata.creationTimestamp --no-headers", "1/1"),
    ("get pods --show-labels", "app=web,pod-template-hash="),
    ("get endpointslices,endpoints -l app=web", "web"),
    ("get all,cm,secret,sa,role,rolebinding,quota,pdb,ing,hpa,events", "configmap/settings"),
    ("get --raw /readyz", "ok"),
    ("get sc,pc,crd,clusterrole", "storageclass.storage.k8s.io/standard"),
    ("get deployments.v1.apps web -o go-template={{.spec.replicas}}", "2"),
    ("get unknowns !", "the server doesn't have a resource type \"unknowns\""),
    ("describe node node-1", "Non-terminated Pods:"),
    ("describe service web", "Endpoints:"),
    ("describe ingress web", "web.example.com"),
    ("describe secret keys", "a:  1 bytes"),
    ("describe configmap settings", "a:"),
    ("describe role reader", "deployments.apps"),
    ("describe quota few", "services"),
    ("describe hpa web", "Deployment/web"),
    ("describe pdb web", "Min available:"),
    ("describe cronjob nightly", "0 2 * * *"),
    ("describe replicaset -l app=web", "SuccessfulCreate"),
    ("describe namespace quiet", "Resource Quotas"),
    ("describe storageclass standard", "Provisioner:"),
    ("describe serviceaccount robot", "robot"),
    ("describe pvc nothing !", "not found"),
    // Changed in every way.
    ("patch deployment web --type=json -p=[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":3}]", "patched"),
    ("patch deployment web --type=merge -p={\"spec\":{\"replicas\":2}}", "patched"),
    ("patch deployment web --subresource=scale --type=merge -p={\"spec\":{\"replicas\":1}}", "patched"),
    ("set env deployment/web A=B", "deployment.apps/web env updated"),
    ("set resources deployment/web --limits=cpu=200m,memory=64Mi", "resource requirements updated"),
    ("set serviceaccount deployment/web robot", "serviceaccount updated"),
    ("set selector service web app=web", "service/web selector updated"),
    ("set subject rolebinding readers --user=ops", "subjects updated"),
    ("label namespace quiet team=a --overwrite", "namespace/quiet labeled"),
    ("annotate pods -l app=web note=x", "annotated"),
    ("rollout status deployment/web --timeout=60s", "successfully rolled out"),
    ("rollout history deployment/web --revision=1", "Pod Template:"),
    ("rollout undo deployment/web --to-revision=1", "rolled back"),
    ("rollout undo deployment/web --to-revision=99 !", "unable to find specified revision 99 in history"),
    ("rollout status deployment/web --timeout=60s", "successfully rolled out"),
    ("taint nodes node-3 a=b:NoSchedule", "node/node-3 tainted"),
    ("cordon node-3", "node/node-3 cordoned"),
    ("uncordon node-3", "node/node-3 uncordoned"),
    ("delete poddisruptionbudget web", "poddisruptionbudget.policy \"web\" deleted"),
    ("drain node-2 --ignore-daemonsets --delete-emptydir-data --force --timeout=60s", "node/node-2 drained"),
    // Jobs.
    ("create job now --from=cronjob/nightly", "job.batch/now created"),
    ("wait --for=condition=complete job/now --timeout=60s", "condition met"),
    ("logs job/now", ""),
    ("describe job now", "Completed"),
    // Asked of the doors.
    ("auth can-i get pods --as=dev -n quiet", "yes"),
    ("auth can-i delete nodes --as=system:serviceaccount:quiet:robot", "yes"),
    ("auth whoami --as=dev --as-group=devs", "devs"),
    ("explain pods --recursive", "containers"),
    ("explain hpa.spec", "maxReplicas"),
    ("explain pod.spec.nothing !", "field \"nothing\" does not exist"),
    ("api-resources --namespaced=false -o name", "nodes"),
    ("api-resources --api-group=apps --verbs=list,get", "deployments"),
    ("cluster-info dump --namespaces=quiet --output=json", "NodeList"),
    ("events -n quiet", "ScalingReplicaSet"),
    ("get events --field-selector=reason=ScalingReplicaSet", "ScalingReplicaSet"),
    // Taken away.
    ("delete pods -l app=web --grace-period=0 --force", "force deleted"),
    ("delete deployment,service --all", "deployment.apps \"web\" deleted"),
    ("wait --for=delete pod -l app=web --timeout=60s", ""),
    ("delete namespace quiet", "namespace \"quiet\" deleted"),
    ("get namespace quiet !", "not found"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kubectl_does_what_one_does_with_it_every_day() {
    let cluster = Cluster::with(SimConfig::default()).await;
    let Some(kubectl) = Kubectl::of(&cluster) else { return };
    let mut complaints = Vec::new();
    for (command, expected) in COMMANDS {
        let fails = command.ends_with(" !");
        let words: Vec<String> = command.trim_end_matches(" !").split(' ').map(|word| word.replace('_', " ")).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (ok, said) = kubectl.run(&words).await;
        if ok == fails || !said.contains(expected) {
            complaints.push(format!("kubectl {command} ({}): {said}", if ok { "ok" } else { "failed" }));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    cluster.sim.stop().await;
}
