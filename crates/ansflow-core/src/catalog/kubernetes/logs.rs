//! `k8s_logs`

use super::common::{CLUSTER, CONTAINER, NAMESPACE, POD, POD_SELECTOR, REFUSED, RESOURCE_NAME, TIMEOUT};
use crate::catalog::{Category, Param, ParamKind, Rule, StepType};

pub(in crate::catalog) const LOGS: StepType = StepType {
    word: "k8s_logs",
    aliases: &[],
    title: "Read logs",
    title_zh: "获取日志",
    summary: "prints the logs of pods",
    summary_zh: "输出 Pod 的日志",
    category: Category::Kubernetes,
    unavailable: None,
    params: &[
        CLUSTER,
        NAMESPACE,
        POD_SELECTOR,
        POD,
        RESOURCE_NAME,
        CONTAINER,
        Param::new("tail_lines", ParamKind::Int { min: 0, max: 1_000_000 }, "Last lines", "末尾行数")
            .help("how many lines from the end", "从末尾起输出多少行")
            .default("100")
            .priority(3),
        Param::new("since_seconds", ParamKind::Duration, "Since", "起始时间")
            .aliases(&["since"])
            .help("only lines that are not older", "只输出该时间之内的日志")
            .priority(4)
            .example("10m"),
        Param::new("follow", ParamKind::Bool, "Follow", "持续跟踪")
            .help("go on until the container ends or the step times out", "持续输出，直到容器结束或步骤超时")
            .default("false")
            .priority(5),
        Param::new("previous", ParamKind::Bool, "Previous container", "上一个容器")
            .help("the logs of the container before its last restart", "输出上次重启之前的容器日志")
            .default("false")
            .priority(5),
        Param::new("until", ParamKind::Text, "Until", "直到")
            .help(
                "a regular expression: the step follows, and succeeds with the first line that matches",
                "正则表达式：持续跟踪，出现匹配的行即成功",
            )
            .priority(6)
            .example("server started"),
        Param::new("all_containers", ParamKind::Bool, "All containers", "所有容器")
            .help("the logs of all containers of a pod", "输出 Pod 中所有容器的日志")
            .default("false")
            .priority(6),
        Param::new("timestamps", ParamKind::Bool, "Timestamps", "时间戳")
            .help("each line begins with its time", "每行以时间开头")
            .default("false")
            .priority(7),
        TIMEOUT.help("how long to follow, 10 s to 1 h", "持续跟踪的最长时间，10 秒到 1 小时"),
    ],
    rules: &[
        Rule::NotBoth("pod", "pod_selector"),
        Rule::NotBoth("container", "all_containers"),
        Rule::AnyOf(&["pod", "pod_selector", "resource_name"]),
    ],
    refused: REFUSED,
    examples: &[concat!(
        "name: logs\ntype: k8s_logs\nconfig:\n  cluster: staging\n  namespace: shop\n  pod_selector: app=shop\n",
        "  tail_lines: 200\n",
    )],
};
