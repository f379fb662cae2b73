//! `k8s_exec`

use super::common::{CLUSTER, CONTAINER, NAMESPACE, POD, POD_SELECTOR, REFUSED, RESOURCE_NAME, TIMEOUT};
use crate::catalog::{Category, Param, ParamKind, Rule, StepType};

pub(in crate::catalog) const EXEC: StepType = StepType {
    word: "k8s_exec",
    aliases: &[],
    title: "Run in a pod",
    title_zh: "在 Pod 中执行",
    summary: "runs a command in a pod and ends with its exit code",
    summary_zh: "在 Pod 中执行命令，以其退出码为结果",
    category: Category::Kubernetes,
    unavailable: None,
    params: &[
        CLUSTER,
        NAMESPACE,
        Param::new("command", ParamKind::Words, "Command", "命令")
            .help("what to run; split into words, no shell", "要执行的命令；按单词拆分，不经过 Shell")
            .required()
            .priority(1)
            .example("python manage.py migrate"),
        POD_SELECTOR,
        POD,
        RESOURCE_NAME,
        CONTAINER,
        Param::new("stdin", ParamKind::Bool, "Standard input", "标准输入")
            .help("keep standard input open; nothing is written to it", "保持标准输入打开，但不写入内容")
            .default("false")
            .priority(7),
        Param::new("tty", ParamKind::Bool, "Terminal", "终端")
            .help("give the command a terminal; both outputs become one", "为命令分配终端，标准输出与错误输出合并")
            .default("false")
            .priority(7),
        TIMEOUT
            .help("how long to wait for a pod that is ready, 10 s to 1 h", "等待 Pod 就绪的最长时间，10 秒到 1 小时"),
    ],
    rules: &[Rule::NotBoth("pod", "pod_selector"), Rule::AnyOf(&["pod", "pod_selector", "resource_name"])],
    refused: REFUSED,
    examples: &[concat!(
        "name: migrate\ntype: k8s_exec\nconfig:\n  cluster: staging\n  namespace: shop\n  pod_selector: app=shop\n",
        "  command: python manage.py migrate\n",
    )],
};
