//! The roles that every cluster starts with. What stands in a rule: verbs, groups, resources; `url` for paths. The core is `""`.

use serde_json::{Value, json};

const ALL: &str = "create delete deletecollection get list patch update watch";
const WRITE: &str = "create delete deletecollection patch update";
const READ: &str = "get list watch";

const CORE_READ: &str = "bindings configmaps endpoints events limitranges namespaces namespaces/status persistentvolumeclaims \
    persistentvolumeclaims/status pods pods/log pods/status replicationcontrollers replicationcontrollers/scale \
    replicationcontrollers/status resourcequotas resourcequotas/status serviceaccounts services services/status";
const CORE_WRITE: &str = "configmaps events persistentvolumeclaims pods replicationcontrollers replicationcontrollers/scale \
    secrets serviceaccounts services services/proxy";
const APPS: &str = "controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status \
    replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status";
const APPS_WRITE: &str = "daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale \
    statefulsets statefulsets/scale";

/// Name, the role it is gathered into, rules.
type Role = (&'static str, &'static str, &'static [(&'static str, &'static str, &'static str)]);

const ROLES: &[Role] = &[
    ("cluster-admin", "", &[("*", "*", "*"), ("*", "url", "*")]),
    (
        "system:basic-user",
        "",
        &[
            ("create", "authorization.k8s.io", "selfsubjectaccessreviews selfsubjectrulesreviews"),
            ("create", "authentication.k8s.io", "selfsubjectreviews"),
            ("get", "url", "/.well-known /.well-known/*"),
        ],
    ),
    ("system:public-info-viewer", "", &[("get", "url", "/healthz /livez /readyz /version /version/")]),
    (
        "system:service-account-issuer-discovery",
        "",
        &[(
            "get",
            "url",
            "/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/",
        )],
    ),
    (
        "system:discovery",
        "",
        &[("get", "url", "/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/")],
    ),
    (
        "system:aggregate-to-view",
        "view",
        &[
            (READ, "\"\"", CORE_READ),
            (READ, "discovery.k8s.io", "endpointslices"),
            (READ, "apps", APPS),
            (READ, "autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status"),
            (READ, "batch", "cronjobs cronjobs/status jobs jobs/status"),
            (READ, "policy", "poddisruptionbudgets poddisruptionbudgets/status"),
            (READ, "networking.k8s.io", "ingresses ingresses/status networkpolicies"),
        ],
    ),
    (
        "system:aggregate-to-edit",
        "edit",
        &[
            (READ, "\"\"", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy"),
            ("impersonate", "\"\"", "serviceaccounts"),
            (WRITE, "\"\"", CORE_WRITE),
            (
                "create delete deletecollection patch update",
                "\"\"",
                "pods/attach pods/exec pods/portforward pods/proxy",
            ),
            ("create", "\"\"", "pods/eviction serviceaccounts/token"),
            (WRITE, "apps", APPS_WRITE),
            (WRITE, "autoscaling", "horizontalpodautoscalers"),
            (WRITE, "batch", "cronjobs jobs"),
            (WRITE, "policy", "poddisruptionbudgets"),
            (WRITE, "networking.k8s.io", "ingresses networkpolicies"),
            (ALL, "coordination.k8s.io", "leases"),
        ],
    ),
    (
        "system:aggregate-to-admin",
        "admin",
        &[
            ("create", "authorization.k8s.io", "localsubjectaccessreviews"),
            (ALL, "rbac.authorization.k8s.io", "rolebindings roles"),
        ],
    ),
];

/// Role, and the groups that have it.
const BOUND: [(&str, &[&str]); 5] = [
    ("cluster-admin", &["system:masters"]),
    ("system:basic-user", &["system:authenticated"]),
    ("system:public-info-viewer", &["system:authenticated", "system:unauthenticated"]),
    ("system:service-account-issuer-discovery", &["system:serviceaccounts"]),
    ("system:discovery", &["system:authenticated"]),
];

/// The cluster roles and their bindings, in the order in which they are made.
pub(crate) fn objects() -> Vec<Value> {
    let plain = ROLES.iter().map(|(name, gathered_into, rules)| {
        let mut role = object("ClusterRole", name);
        if !gathered_into.is_empty() {
            role["metadata"]["labels"][format!("rbac.authorization.k8s.io/aggregate-to-{gathered_into}")] =
                "true".into();
        }
        role["rules"] = rules.iter().map(rule).collect();
        role
    });
    let gathering = [("admin", ""), ("edit", "admin"), ("view", "edit")].map(|(name, into)| {
        let mut role = object("ClusterRole", name);
        if !into.is_empty() {
            role["metadata"]["labels"][format!("rbac.authorization.k8s.io/aggregate-to-{into}")] = "true".into();
        }
        let label = format!("rbac.authorization.k8s.io/aggregate-to-{name}");
        role["aggregationRule"] = json!({"clusterRoleSelectors": [{"matchLabels": {label: "true"}}]});
        role
    });
    let bindings = BOUND.iter().map(|(name, groups)| {
        let mut binding = object("ClusterRoleBinding", name);
        let group = |group: &&str| json!({"kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": group});
        binding["subjects"] = groups.iter().map(group).collect();
        binding["roleRef"] = json!({"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name});
        binding
    });
    plain.chain(gathering).chain(bindings).collect()
}

fn object(kind: &str, name: &str) -> Value {
    json!({
        "kind": kind, "apiVersion": "rbac.authorization.k8s.io/v1",
        "metadata": {
            "name": name, "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"},
            "annotations": {"rbac.authorization.kubernetes.io/autoupdate": "true"},
        },
    })
}

fn rule(&(verbs, groups, what): &(&str, &str, &str)) -> Value {
    let words = |text: &str| text.split_whitespace().map(|word| Value::from(word.trim_matches('"'))).collect::<Value>();
    match groups {
        "url" => json!({"verbs": words(verbs), "nonResourceURLs": words(what)}),
        groups => json!({"verbs": words(verbs), "apiGroups": words(groups), "resources": words(what)}),
    }
}
