//! What several Kubernetes steps take.

use crate::catalog::{Inherit, Param, ParamKind};

pub(super) const UNAVAILABLE: Option<&str> = Some("kubernetes steps arrive with clusters");

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
