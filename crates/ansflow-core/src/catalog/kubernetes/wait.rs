//! `k8s_wait`

use super::common::{CLUSTER, NAMESPACE, REFUSED, RESOURCE_NAME, TIMEOUT, UNAVAILABLE};
use crate::catalog::{Category, Param, ParamKind, StepType};

pub(in crate::catalog) const WAIT: StepType = StepType {
    word: "k8s_wait",
    aliases: &[],
    title: "Wait",
    title_zh: "等待条件",
    summary: "waits until an object is as it should be, or cannot become so",
    summary_zh: "等待资源达到预期状态，或确定无法达到",
    category: Category::Kubernetes,
    unavailable: UNAVAILABLE,
    params: &[
        CLUSTER,
        NAMESPACE,
        RESOURCE_NAME.required(),
        Param::new(
            "resource_type",
            ParamKind::Choice(&["deployment", "statefulset", "daemonset", "pod", "service", "job"]),
            "Resource type",
            "资源类型",
        )
        .help("what to wait for", "等待的资源类型")
        .default("deployment")
        .priority(2),
        Param::new(
            "condition",
            ParamKind::Choice(&["available", "ready", "complete", "progressing", "delete"]),
            "Condition",
            "条件",
        )
        .help("`delete` waits until the object is gone", "`delete` 表示等待资源被删除")
        .default("available")
        .priority(2),
        TIMEOUT,
    ],
    rules: &[],
    refused: REFUSED,
    examples: &[
        "name: ready\ntype: k8s_wait\nconfig:\n  cluster: staging\n  namespace: shop\n  resource_name: shop\n  timeout: 5m\n",
        concat!(
            "name: migrated\ntype: k8s_wait\nconfig:\n  cluster: staging\n  namespace: shop\n  resource_type: job\n",
            "  resource_name: migrate\n  condition: complete\n",
        ),
    ],
};
