//! Steps that wait for people, and what can be said about asking them.

use super::{Category, Param, ParamKind, StepType};

pub(super) const APPROVAL: StepType = StepType {
    word: "approval",
    aliases: &[],
    title: "Approval",
    title_zh: "审批",
    summary: "waits until people have approved; a rejection fails the step",
    summary_zh: "等待人工批准；被拒绝则步骤失败",
    category: Category::Approval,
    unavailable: None,
    params: APPROVAL_PARAMS,
    rules: &[],
    refused: &[(
        "auto_approve_on_timeout",
        "nothing approves itself; use `continue_on_failure` to go on after a time-out",
    )],
    examples: &[
        "name: go live\ntype: approval\nconfig:\n  approvers: [ops]\n  message: ship build {{ build_number }}?\n",
        "name: two pairs of eyes\ntype: approval\nconfig:\n  approvers: [mona, li]\n  required: 2\n  timeout: 24h\n",
    ],
};

/// What `approval:` on any step takes, and the parameters of the `approval` step.
pub const APPROVAL_PARAMS: &[Param] = &[
    Param::new("approvers", ParamKind::TextList, "Approvers", "审批人")
        .aliases(&["approval_users"])
        .help(
            "who may approve; without it anybody who may run the pipeline",
            "可以批准的人；不填则为任何有权运行该流水线的人",
        )
        .priority(1)
        .example("[ops]")
        .fixed(),
    Param::new("required", ParamKind::Int { min: 1, max: 10 }, "Approvals required", "所需批准数")
        .aliases(&["required_approvals"])
        .help("how many of them must approve", "需要多少人批准")
        .default("1")
        .priority(2)
        .fixed(),
    Param::new("timeout", ParamKind::Duration, "Time to decide", "审批时限")
        .aliases(&["timeout_seconds"])
        .help("the step times out when nobody has decided by then", "在此时间内无人决定则步骤超时")
        .priority(3)
        .example("24h")
        .fixed(),
    Param::new("message", ParamKind::Multiline, "Message", "说明")
        .aliases(&["approval_message"])
        .help("what the approvers are told", "展示给审批人的说明")
        .priority(2)
        .example("ship build {{ build_number }}?"),
];
