//! A message, and where it goes. Addresses of chats hold a token, so `Debug` shows none.

use serde::{Deserialize, Serialize};

/// A message to people or to another program.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Notify {
    /// Where it goes.
    pub to: Destination,
    /// Subject of a mail, heading of a chat message.
    pub title: Option<String>,
    /// What it says.
    pub message: String,
}

/// Where a message goes.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// An address that takes messages by HTTP.
    Hook(Hook),
    /// Mailboxes, each `name@example.com`.
    Mail(Vec<String>),
}

/// An address that takes messages by HTTP.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Hook {
    /// Who reads it, which decides the message's form.
    pub kind: HookKind,
    /// The whole address, token and all.
    pub url: String,
    /// What requests are signed with.
    pub signing_secret: Option<String>,
}

/// Who reads what is sent by HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookKind {
    /// Any program: JSON.
    Webhook,
    /// Slack, and what takes the same messages.
    Slack,
    /// DingTalk.
    Dingtalk,
    /// Feishu, Lark.
    Feishu,
    /// WeCom, WeChat Work.
    Wecom,
}

impl HookKind {
    /// All of them.
    pub const ALL: [HookKind; 5] =
        [HookKind::Webhook, HookKind::Slack, HookKind::Dingtalk, HookKind::Feishu, HookKind::Wecom];

    /// The word of the catalogue and of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            HookKind::Webhook => "webhook",
            HookKind::Slack => "slack",
            HookKind::Dingtalk => "dingtalk",
            HookKind::Feishu => "feishu",
            HookKind::Wecom => "wecom",
        }
    }

    /// What this word means; none: another channel.
    #[must_use]
    pub fn of(word: &str) -> Option<HookKind> {
        HookKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether it makes something of a signature.
    #[must_use]
    pub fn is_signed(self) -> bool {
        match self {
            HookKind::Webhook | HookKind::Dingtalk | HookKind::Feishu => true,
            HookKind::Slack | HookKind::Wecom => false,
        }
    }
}

impl std::fmt::Debug for Destination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Destination::Hook(hook) => hook.fmt(f),
            Destination::Mail(to) => write!(f, "Mail({to:?})"),
        }
    }
}

impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hook({}, [hidden])", self.kind.as_str())
    }
}

impl std::fmt::Debug for Notify {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Notify({:?}, [hidden])", self.to)
    }
}
