//! `k8s_delete`

use super::common::{CLUSTER, NAMESPACE, REFUSED, RESOURCE_NAME, TIMEOUT, UNAVAILABLE};
use crate::catalog::{Category, Param, ParamKind, StepType};

/// There is no `all`: nobody should delete what they did not name.
const KINDS: &[&str] = &[
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
];

pub(in crate::catalog) const DELETE: StepType = StepType {
    word: "k8s_delete",
    aliases: &[],
    title: "Delete",
    title_zh: "删除资源",
    summary: "deletes an object of a cluster",
    summary_zh: "删除集群中的资源",
    category: Category::Kubernetes,
    unavailable: UNAVAILABLE,
    params: &[
        CLUSTER,
        NAMESPACE,
        RESOURCE_NAME.required(),
        Param::new("resource_type", ParamKind::Choice(KINDS), "Resource type", "资源类型")
            .help("what to delete", "要删除的资源类型")
            .default("deployment")
            .priority(2),
        Param::new("ignore_not_found", ParamKind::Bool, "Ignore what is not there", "忽略不存在的资源")
            .help("an object that does not exist is no failure", "资源不存在时不视为失败")
            .default("true")
            .priority(4),
        Param::new("force_delete", ParamKind::Bool, "Force", "强制删除")
            .aliases(&["force"])
            .help("do not give pods the time to end by themselves", "不等待 Pod 自行结束")
            .default("false")
            .priority(6),
        Param::new("wait", ParamKind::Bool, "Wait", "等待删除完成")
            .help("the step ends when the object is gone", "资源完全消失后步骤才结束")
            .default("true")
            .priority(5),
        TIMEOUT,
    ],
    rules: &[],
    refused: REFUSED,
    examples: &[concat!(
        "name: remove the preview\ntype: k8s_delete\nconfig:\n  cluster: staging\n  namespace: shop\n",
        "  resource_type: deployment\n  resource_name: shop-preview\n",
    )],
};
