//! Steps that tell people.

use super::{Category, Param, ParamKind, Rule, StepType};

pub(super) const NOTIFY: StepType = StepType {
    word: "notify",
    aliases: &["notification"],
    title: "Notification",
    title_zh: "通知",
    summary: "sends a message to a chat, a mailbox or a webhook",
    summary_zh: "向聊天群、邮箱或 Webhook 发送消息",
    category: Category::Notification,
    unavailable: None,
    params: PARAMS,
    rules: &[Rule::AnyOf(&["webhook_url", "to"]), Rule::OnlyWith("signing_secret", "webhook_url")],
    refused: &[("notify_command", "use a `command` step")],
    examples: &[
        concat!(
            "name: tell the team\ntype: notify\nconfig:\n  channel: slack\n",
            "  webhook_url: \"{{ secrets.SLACK_WEBHOOK }}\"\n  message: build {{ build_number }} is out\n",
        ),
        "name: mail\ntype: notify\nconfig:\n  channel: email\n  to: [ops@example.com]\n  title: released\n",
    ],
};

const NOT_EMAIL: &[&str] = &["webhook", "slack", "dingtalk", "feishu", "wecom"];

const PARAMS: &[Param] = &[
    Param::new("message", ParamKind::Multiline, "Message", "消息")
        .help("what to say", "消息内容")
        .default("Pipeline completed")
        .priority(1),
    Param::new(
        "channel",
        ParamKind::Choice(&["webhook", "slack", "dingtalk", "feishu", "wecom", "email"]),
        "Channel",
        "渠道",
    )
    .aliases(&["type"])
    .help("where the message goes; it decides the form of the message", "消息发往何处，并决定消息格式")
    .default("webhook")
    .priority(2)
    .fixed(),
    Param::new("webhook_url", ParamKind::Text, "Webhook", "Webhook 地址")
        .aliases(&["url"])
        .help("the address that takes the message; it often holds a token", "接收消息的地址，通常含有令牌")
        .priority(2)
        .show_when("channel", NOT_EMAIL)
        .example("\"{{ secrets.WEBHOOK }}\"")
        .secret(),
    Param::new("signing_secret", ParamKind::Text, "Signing secret", "签名密钥")
        .help(
            "for DingTalk and Feishu robots that check signatures, and to sign what a webhook is sent",
            "用于启用签名校验的钉钉、飞书机器人，以及对发往 Webhook 的消息签名",
        )
        .priority(5)
        .show_when("channel", &["webhook", "dingtalk", "feishu"])
        .example("\"{{ secrets.ROBOT_SECRET }}\"")
        .secret(),
    Param::new("to", ParamKind::TextList, "Recipients", "收件人")
        .aliases(&["recipients"])
        .help("mail addresses", "邮箱地址")
        .priority(2)
        .show_when("channel", &["email"])
        .example("[ops@example.com]"),
    Param::new("title", ParamKind::Text, "Title", "标题")
        .aliases(&["subject"])
        .help("the subject of a mail, the heading of a chat message", "邮件主题或聊天消息标题")
        .priority(3)
        .example("released"),
];
