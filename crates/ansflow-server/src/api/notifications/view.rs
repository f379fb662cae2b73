//! What is shown of a notification: never its address.

use ansflow_store::messages::{Message, MessageStatus};
use ansflow_store::notifications::{Notification, NotificationEvent as Event};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NotificationKind {
    Email,
    Slack,
    Dingtalk,
    Feishu,
    Wecom,
    Webhook,
}

/// Of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NotificationEvent {
    Success,
    Failure,
    /// A run ended well after one that had not.
    Recovered,
    Cancelled,
    /// People are asked.
    Approval,
    /// A cluster is not connected any more, or again; of whatever pipelines.
    Cluster,
}

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MessageEvent {
    Success,
    Failure,
    Recovered,
    Cancelled,
    Approval,
    Cluster,
    /// Somebody tries whether messages arrive.
    Test,
}

/// A pipeline by id and name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PipelineRef {
    id: String,
    name: String,
}

/// Somebody who is told of runs.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct NotificationView {
    id: String,
    pub(super) name: String,
    kind: NotificationKind,
    enabled: bool,
    events: Vec<NotificationEvent>,
    /// Empty: all of them.
    pipelines: Vec<PipelineRef>,
    /// What may be shown of where it goes: scheme and host, or the recipients.
    target: String,
    has_signing_secret: bool,
    /// Mail addresses, of an `email`.
    to: Vec<String>,
    updated_at: String,
    updated_by: String,
    /// The newest message.
    #[schema(required)]
    last: Option<MessageView>,
}

/// A message on its way, or after it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct MessageView {
    pub(super) id: String,
    event: MessageEvent,
    /// The run's id; none where it is about no run.
    #[schema(required)]
    run: Option<String>,
    status: MessageState,
    /// How often sending was tried.
    attempts: u32,
    /// Why the last try failed; empty: it did not.
    error: String,
    created_at: String,
    #[schema(required)]
    sent_at: Option<String>,
    /// When it is tried next.
    #[schema(required)]
    next_at: Option<String>,
}

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MessageState {
    Pending,
    Sent,
    Failed,
}

impl NotificationView {
    pub(super) fn of(one: &Notification, names: &[(String, String)], last: Option<&Message>) -> NotificationView {
        let pipeline = |id: &String| {
            let name = names.iter().find(|(known, _)| known == id).map_or(id, |(_, name)| name);
            PipelineRef { id: id.clone(), name: name.clone() }
        };
        NotificationView {
            id: one.id.clone(),
            name: one.name.clone(),
            kind: NotificationKind::of(&one.kind),
            enabled: one.enabled,
            events: one.events.iter().map(|event| (*event).into()).collect(),
            pipelines: one.pipelines.iter().map(pipeline).collect(),
            target: one.target.clone(),
            has_signing_secret: one.signed,
            to: one.to.clone(),
            updated_at: time(one.updated_at),
            updated_by: one.updated_by.clone(),
            last: last.map(MessageView::of),
        }
    }
}

impl MessageView {
    pub(super) fn of(message: &Message) -> MessageView {
        let at = |ms: i64| (ms != 0).then(|| time(ms));
        MessageView {
            id: message.id.clone(),
            event: message.event.map_or(MessageEvent::Test, MessageEvent::from),
            run: Some(message.run.clone()).filter(|run| !run.is_empty()),
            status: match message.status {
                MessageStatus::Pending => MessageState::Pending,
                MessageStatus::Sent => MessageState::Sent,
                MessageStatus::Failed => MessageState::Failed,
            },
            attempts: message.attempts,
            error: message.error.clone(),
            created_at: time(message.created_at),
            sent_at: at(message.sent_at),
            next_at: at(message.next_at),
        }
    }
}

impl NotificationKind {
    /// The word of the database.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            NotificationKind::Email => "email",
            NotificationKind::Slack => "slack",
            NotificationKind::Dingtalk => "dingtalk",
            NotificationKind::Feishu => "feishu",
            NotificationKind::Wecom => "wecom",
            NotificationKind::Webhook => "webhook",
        }
    }

    fn of(word: &str) -> NotificationKind {
        let all = [
            NotificationKind::Email,
            NotificationKind::Slack,
            NotificationKind::Dingtalk,
            NotificationKind::Feishu,
            NotificationKind::Wecom,
        ];
        all.into_iter().find(|kind| kind.as_str() == word).unwrap_or(NotificationKind::Webhook)
    }
}

impl From<Event> for NotificationEvent {
    fn from(event: Event) -> NotificationEvent {
        match event {
            Event::Success => NotificationEvent::Success,
            Event::Failure => NotificationEvent::Failure,
            Event::Recovered => NotificationEvent::Recovered,
            Event::Cancelled => NotificationEvent::Cancelled,
            Event::Approval => NotificationEvent::Approval,
            Event::Cluster => NotificationEvent::Cluster,
        }
    }
}

impl From<NotificationEvent> for Event {
    fn from(event: NotificationEvent) -> Event {
        match event {
            NotificationEvent::Success => Event::Success,
            NotificationEvent::Failure => Event::Failure,
            NotificationEvent::Recovered => Event::Recovered,
            NotificationEvent::Cancelled => Event::Cancelled,
            NotificationEvent::Approval => Event::Approval,
            NotificationEvent::Cluster => Event::Cluster,
        }
    }
}

impl From<Event> for MessageEvent {
    fn from(event: Event) -> MessageEvent {
        match event {
            Event::Success => MessageEvent::Success,
            Event::Failure => MessageEvent::Failure,
            Event::Recovered => MessageEvent::Recovered,
            Event::Cancelled => MessageEvent::Cancelled,
            Event::Approval => MessageEvent::Approval,
            Event::Cluster => MessageEvent::Cluster,
        }
    }
}

fn time(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or_default().to_string()
}
