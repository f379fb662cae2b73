//! What several Kubernetes steps take.

use crate::catalog::{Inherit, Param, ParamKind};

/// Why a deploy with Helm cannot run, as a fragment.
pub const NO_HELM: &str =
    "`deploy_type: helm` arrives with Helm; deploy manifests with `manifest_path`, or run `helm` in a `command` step";

/// The first implementation showed it on every Kubernetes step and read it on none.
pub(super) const REFUSED: &[(&str, &str)] =
    &[("env_vars", "use `environment` in `deployment_spec` for the container, or `env` on the step")];

pub(super) const CLUSTER: Param = Param::new("cluster", ParamKind::Reference, "Cluster", "集群")
    .aliases(&["k8s_cluster", "cluster_id", "k8s_cluster_id"])
    .help(
        "a cluster by name or id; left out, the cluster of the nearest earlier step",
        "集群的名称或编号；不填则使用最近一个前序步骤的集群",
    )
    .required()
    .priority(1)
    .inherits(Inherit::Cluster)
    .example("staging");

pub(super) const NAMESPACE: Param = Param::new("namespace", ParamKind::Name, "Namespace", "命名空间")
    .aliases(&["k8s_namespace"])
    .help("left out, the namespace of the nearest earlier step", "不填则使用最近一个前序步骤的命名空间")
    .default("default")
    .priority(1)
    .inherits(Inherit::Namespace);

pub(super) const RESOURCE_NAME: Param = Param::new("resource_name", ParamKind::Name, "Resource name", "资源名称")
    .aliases(&["k8s_resource_name"])
    .help(
        "name of the object; left out, the one that the nearest earlier step deployed",
        "资源名称；不填则使用最近一个前序步骤部署的资源",
    )
    .priority(2)
    .inherits(Inherit::ResourceName)
    .example("shop");

pub(super) const POD: Param = Param::new("pod", ParamKind::Name, "Pod", "Pod")
    .aliases(&["pod_name"])
    .help("one pod by its name", "按名称指定 Pod")
    .priority(3)
    .example("shop-7d4b9c-x2x8p");

pub(super) const POD_SELECTOR: Param = Param::new("pod_selector", ParamKind::Text, "Pod selector", "Pod 选择器")
    .aliases(&["selector", "label_selector"])
    .help(
        "labels that the pod has; without pod and selector, a pod of the resource",
        "按标签选择 Pod；未指定 Pod 和选择器时，取该资源的 Pod",
    )
    .priority(2)
    .example("app=shop");

pub(super) const CONTAINER: Param = Param::new("container", ParamKind::Name, "Container", "容器")
    .aliases(&["container_name"])
    .help("left out, the pod's default container", "不填则为 Pod 的默认容器")
    .priority(4)
    .example("shop");

/// Words for kinds that people know; any other word of the cluster is taken too.
pub(super) const KINDS: &[&str] = &[
    "deployment",
    "statefulset",
    "daemonset",
    "replicaset",
    "job",
    "cronjob",
    "pod",
    "service",
    "ingress",
    "configmap",
    "secret",
    "persistentvolumeclaim",
    "namespace",
];

pub(super) const NAMES: Param = Param::new("resource_names", ParamKind::TextList, "Resource names", "资源名称列表")
    .help("several objects by name", "按名称指定多个资源")
    .priority(3)
    .example("[web, worker]");

pub(super) const SELECTOR: Param = Param::new("selector", ParamKind::Text, "Selector", "标签选择器")
    .aliases(&["label_selector"])
    .help("labels that the objects have, in place of a name", "按标签选择资源，代替名称")
    .priority(3)
    .example("app=shop");

pub(super) const MANIFEST_PATH: Param = Param::new("manifest_path", ParamKind::Path, "Manifests", "清单路径")
    .aliases(&["manifest_file"])
    .help(
        "a file, a folder or a glob of manifests, relative to the step's directory",
        "清单文件、目录或通配路径，相对于步骤目录",
    )
    .priority(2)
    .example("k8s/");

pub(super) const MANIFEST_CONTENT: Param =
    Param::new("manifest_content", ParamKind::Manifests, "Manifests in place", "清单内容")
        .aliases(&["manifest"])
        .help("the objects themselves; they win over a path", "直接填写资源清单；优先于路径")
        .priority(3)
        .example("{ apiVersion: v1, kind: ConfigMap, metadata: { name: shop } }");

pub(super) const TEMPLATE: Param = Param::new("template", ParamKind::Bool, "Fill in values", "填充变量")
    .help(
        "fill `{{ }}` in manifests of files, where the run knows the names; other braces stay",
        "填充清单文件中的 `{{ }}`（仅限本次运行已知的名称），其余花括号保持原样",
    )
    .default("true")
    .priority(7);

pub(super) const WAIT_FOR_ROLLOUT: Param =
    Param::new("wait_for_rollout", ParamKind::Bool, "Wait for the rollout", "等待就绪")
        .help(
            "the step ends when everything is ready, or cannot become ready",
            "所有资源就绪，或确定无法就绪时，步骤才结束",
        )
        .default("true")
        .priority(4);

pub(super) const TIMEOUT: Param = Param::new("timeout", ParamKind::Duration, "Time to wait", "等待时限")
    .aliases(&["timeout_seconds"])
    .help(
        "how long to wait, 10 s to 1 h; what cannot succeed ends sooner",
        "最长等待时间，10 秒到 1 小时；确定失败时会提前结束",
    )
    .default("300")
    .priority(5)
    .seconds(10, 3600);
