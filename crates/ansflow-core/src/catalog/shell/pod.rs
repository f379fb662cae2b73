//! What a shell step may say of its pod, in a pipeline of type `kubernetes`.

use crate::catalog::{Param, ParamKind};

/// The keys that mean nothing anywhere else.
pub(crate) const POD: [&str; 7] =
    ["cluster", "namespace", "service_account", "resources", "workspace", "node_selector", "run_as_user"];

pub(super) const CLUSTER: Param = Param::new("cluster", ParamKind::Reference, "Cluster", "集群")
    .aliases(&["k8s_cluster", "cluster_id", "k8s_cluster_id"])
    .help(
        "in a pipeline of type `kubernetes`, the cluster to run in; left out, the cluster of the nearest earlier step",
        "用于 `kubernetes` 类型的流水线：在哪个集群中运行；不填则使用最近一个前序步骤的集群",
    )
    .priority(6)
    .example("staging");

pub(super) const NAMESPACE: Param = Param::new("namespace", ParamKind::Name, "Namespace", "命名空间")
    .aliases(&["k8s_namespace"])
    .help(
        "in a pipeline of type `kubernetes`, the namespace to run in; left out, that of the nearest earlier step",
        "用于 `kubernetes` 类型的流水线：在哪个命名空间中运行；不填则使用最近一个前序步骤的命名空间",
    )
    .priority(6)
    .example("ci");

pub(super) const SERVICE_ACCOUNT: Param = Param::new("service_account", ParamKind::Name, "Service account", "服务账户")
    .help(
        "in a pipeline of type `kubernetes`, whom the step may ask the cluster as; left out, it may not",
        "用于 `kubernetes` 类型的流水线：步骤以哪个账户访问集群；不填则不能访问",
    )
    .priority(7)
    .example("builder");

pub(super) const RESOURCES: Param = Param::new("resources", ParamKind::Object(AMOUNTS), "Resources", "资源配额")
    .help(
        "in a pipeline of type `kubernetes`, what the step asks for, and what it may use at most",
        "用于 `kubernetes` 类型的流水线：步骤申请的资源与使用上限",
    )
    .priority(7)
    .example("{ requests: { cpu: 500m, memory: 512Mi } }");

pub(super) const WORKSPACE: Param = Param::new("workspace", ParamKind::Object(CLAIM), "Workspace", "工作区")
    .help(
        "in a pipeline of type `kubernetes`, a volume that its steps share; left out, each gets the workspace and gives it back",
        "用于 `kubernetes` 类型的流水线：各步骤共用的卷；不填则每个步骤各自取得并交回工作区",
    )
    .priority(7)
    .example("{ pvc: builds }");

pub(super) const NODE_SELECTOR: Param = Param::new("node_selector", ParamKind::TextMap, "Nodes", "节点选择")
    .help(
        "in a pipeline of type `kubernetes`, labels of the nodes that the step may run on",
        "用于 `kubernetes` 类型的流水线：步骤可运行的节点标签",
    )
    .priority(7)
    .example("{ disk: ssd }");

pub(super) const RUN_AS_USER: Param = Param::new(
    "run_as_user",
    ParamKind::Int { min: 0, max: 2_147_483_647 },
    "User",
    "用户",
)
.help(
    "in a pipeline of type `kubernetes`, the number of the user in the container; 1000 where it is left out, 0 is root",
    "用于 `kubernetes` 类型的流水线：容器内的用户编号；不填为 1000，0 为 root",
)
.priority(7)
.example("0");

const AMOUNTS: &[Param] = &[
    Param::new("requests", ParamKind::TextMap, "Requests", "申请")
        .help("what a node must have free for it", "节点须为其预留的资源")
        .priority(1)
        .example("{ cpu: 100m, memory: 128Mi }"),
    Param::new("limits", ParamKind::TextMap, "Limits", "上限")
        .help("what it may use at most", "最多可使用的资源")
        .priority(1)
        .example("{ cpu: 500m, memory: 256Mi }"),
];

const CLAIM: &[Param] = &[Param::new("pvc", ParamKind::Name, "Claim", "持久卷声明")
    .help("the name of a PersistentVolumeClaim", "PersistentVolumeClaim 的名称")
    .required()
    .priority(1)
    .example("builds")];
