//! `k8s_delete`

use super::common::{
    CLUSTER, KINDS, MANIFEST_CONTENT, MANIFEST_PATH, NAMES, NAMESPACE, REFUSED, RESOURCE_NAME, SELECTOR, TEMPLATE,
    TIMEOUT,
};
use crate::catalog::{Category, Param, ParamKind, Rule, StepType};

pub(in crate::catalog) const DELETE: StepType = StepType {
    word: "k8s_delete",
    aliases: &[],
    title: "Delete",
    title_zh: "删除资源",
    summary: "deletes objects of a cluster",
    summary_zh: "删除集群中的资源",
    category: Category::Kubernetes,
    unavailable: None,
    params: &[
        CLUSTER,
        NAMESPACE,
        RESOURCE_NAME,
        Param::new("resource_type", ParamKind::KindWord(KINDS), "Resource type", "资源类型")
            .help("what to delete: any kind of the cluster", "要删除的资源类型，可为集群中的任意类型")
            .default("deployment")
            .priority(2),
        NAMES,
        SELECTOR,
        MANIFEST_PATH.help("delete what these manifests describe", "删除这些清单所描述的资源"),
        MANIFEST_CONTENT
            .help("delete what these objects describe; they win over a path", "删除所填写的资源；优先于路径"),
        Param::new("ignore_not_found", ParamKind::Bool, "Ignore what is not there", "忽略不存在的资源")
            .help("an object that does not exist is no failure", "资源不存在时不视为失败")
            .default("true")
            .priority(4),
        Param::new("force_delete", ParamKind::Bool, "Force", "强制删除")
            .aliases(&["force"])
            .help("do not give pods the time to end by themselves", "不等待 Pod 自行结束")
            .default("false")
            .priority(6),
        Param::new(
            "propagation",
            ParamKind::Choice(&["background", "foreground", "orphan"]),
            "What it owns",
            "级联方式",
        )
        .help(
            "what becomes of what it owns: it goes afterwards, goes first, or stays",
            "其下属资源的处理：随后删除、先行删除或保留",
        )
        .default("background")
        .priority(6),
        Param::new("wait", ParamKind::Bool, "Wait", "等待删除完成")
            .help("the step ends when the object is gone", "资源完全消失后步骤才结束")
            .default("true")
            .priority(5),
        TIMEOUT,
        TEMPLATE,
    ],
    rules: &[
        Rule::AnyOf(&["resource_name", "resource_names", "selector", "manifest_path", "manifest_content"]),
        Rule::Wins("manifest_content", "manifest_path"),
        Rule::NotBoth("resource_name", "selector"),
        Rule::NotBoth("resource_name", "resource_names"),
        Rule::NotBoth("resource_names", "selector"),
        Rule::NotBoth("selector", "manifest_path"),
        Rule::NotBoth("selector", "manifest_content"),
        Rule::NotBoth("resource_names", "manifest_path"),
        Rule::NotBoth("resource_names", "manifest_content"),
        Rule::NotBoth("resource_name", "manifest_path"),
        Rule::NotBoth("resource_name", "manifest_content"),
    ],
    refused: REFUSED,
    examples: &[concat!(
        "name: remove the preview\ntype: k8s_delete\nconfig:\n  cluster: staging\n  namespace: shop\n",
        "  resource_type: deployment\n  resource_name: shop-preview\n",
    )],
};
