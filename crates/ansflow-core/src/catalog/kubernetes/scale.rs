//! `k8s_scale`

use super::common::{CLUSTER, NAMESPACE, REFUSED, RESOURCE_NAME, TIMEOUT, WAIT_FOR_ROLLOUT};
use crate::catalog::{Category, Param, ParamKind, StepType};

pub(in crate::catalog) const SCALE: StepType = StepType {
    word: "k8s_scale",
    aliases: &[],
    title: "Scale",
    title_zh: "扩缩容",
    summary: "sets the number of replicas",
    summary_zh: "调整副本数",
    category: Category::Kubernetes,
    unavailable: None,
    params: &[
        CLUSTER,
        NAMESPACE,
        RESOURCE_NAME.required(),
        Param::new("replicas", ParamKind::Int { min: 0, max: 100 }, "Replicas", "副本数")
            .help("how many pods", "Pod 数量")
            .required()
            .priority(1)
            .example("3"),
        Param::new(
            "resource_type",
            ParamKind::KindWord(&["deployment", "statefulset", "replicaset"]),
            "Resource type",
            "资源类型",
        )
        .help("what to scale: any kind that can be scaled", "要扩缩容的资源类型，可为任意支持扩缩容的类型")
        .default("deployment")
        .priority(3),
        Param::new("current", ParamKind::Int { min: 0, max: 100 }, "Only from", "当前副本数")
            .help("change it only where it has so many now", "仅当当前副本数等于该值时才调整")
            .priority(7)
            .example("3"),
        WAIT_FOR_ROLLOUT,
        TIMEOUT,
    ],
    rules: &[],
    refused: REFUSED,
    examples: &[
        "name: five\ntype: k8s_scale\nconfig:\n  cluster: production\n  namespace: shop\n  resource_name: shop\n  replicas: 5\n",
    ],
};
