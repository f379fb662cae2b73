//! `k8s_wait`

use super::common::{CLUSTER, KINDS, NAMES, NAMESPACE, REFUSED, RESOURCE_NAME, SELECTOR, TIMEOUT};
use crate::catalog::{Category, Param, ParamKind, Rule, StepType};

pub(in crate::catalog) const WAIT: StepType = StepType {
    word: "k8s_wait",
    aliases: &[],
    title: "Wait",
    title_zh: "等待条件",
    summary: "waits until an object is as it should be, or cannot become so",
    summary_zh: "等待资源达到预期状态，或确定无法达到",
    category: Category::Kubernetes,
    unavailable: None,
    params: &[
        CLUSTER,
        NAMESPACE,
        RESOURCE_NAME,
        Param::new("resource_type", ParamKind::KindWord(KINDS), "Resource type", "资源类型")
            .help("what to wait for: any kind of the cluster", "等待的资源类型，可为集群中的任意类型")
            .default("deployment")
            .priority(2),
        Param::new(
            "condition",
            ParamKind::Choice(&["available", "ready", "complete", "progressing", "delete", "exists"]),
            "Condition",
            "条件",
        )
        .help("`delete` waits until the object is gone", "`delete` 表示等待资源被删除")
        .default("available")
        .priority(2),
        Param::new("for", ParamKind::TextList, "Wait for", "等待条件列表")
            .help(
                "several conditions, or others: `condition=NAME`, `condition=NAME=VALUE`, `jsonpath={.status.phase}=Bound`",
                "多个或其他条件：`condition=NAME`、`condition=NAME=VALUE`、`jsonpath={.status.phase}=Bound`",
            )
            .priority(4)
            .example("[condition=Ready, \"jsonpath={.status.phase}=Bound\"]"),
        NAMES,
        SELECTOR,
        Param::new("any", ParamKind::Bool, "One is enough", "满足其一")
            .help("one of several objects is enough", "多个资源中有一个满足即可")
            .default("false")
            .priority(6),
        TIMEOUT,
    ],
    rules: &[
        Rule::AnyOf(&["resource_name", "resource_names", "selector"]),
        Rule::NotBoth("resource_name", "selector"),
        Rule::NotBoth("resource_name", "resource_names"),
        Rule::NotBoth("resource_names", "selector"),
        Rule::NotBoth("condition", "for"),
    ],
    refused: REFUSED,
    examples: &[
        "name: ready\ntype: k8s_wait\nconfig:\n  cluster: staging\n  namespace: shop\n  resource_name: shop\n  timeout: 5m\n",
        concat!(
            "name: migrated\ntype: k8s_wait\nconfig:\n  cluster: staging\n  namespace: shop\n  resource_type: job\n",
            "  resource_name: migrate\n  condition: complete\n",
        ),
    ],
};
