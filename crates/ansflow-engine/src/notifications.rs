//! From what happened in runs to messages that arrive.
//!
//! Level-triggered: what is to be done stands in the store, as notices and as messages that are due, so that an engine
//! which was killed is replaced by one that looks. Whoever is killed between sending a message and writing that down
//! sends it again: *at least once*, with the same id.
//!
//! Each notification has its own queue, one message at a time, so that a slow channel holds up nobody else.

mod expand;

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use ansflow_core::spec::{Destination, Hook, HookKind};
use ansflow_store::messages::Message;
use ansflow_store::notifications::{Address, Notification, NotificationEvent};
use ansflow_store::{Error, Keyring, Result, Store};
use jiff::{SignedDuration, Timestamp};
use tokio::task::{Id, JoinSet};
use tracing::{error, warn};

use crate::notify::{MailServer, SendError, Sender, text};

/// So many are sent at once.
const AT_ONCE: usize = 4;
/// Until the first, second, … try after the one that failed; then it is given up.
const AGAIN: [SignedDuration; 5] = [
    SignedDuration::from_secs(10),
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
];
/// So long messages are kept.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Old ones are looked for so often.
const PRUNE: SignedDuration = SignedDuration::from_hours(1);
/// What other processes write nobody tells us.
const LOOK: Duration = Duration::from_secs(30);
/// After trouble with the store.
const PAUSE: Duration = Duration::from_secs(5);
/// Messages under way get so long when the server ends.
const GRACE: Duration = Duration::from_secs(5);

/// What an administrator has set, as it is now.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// How mail leaves.
    pub mail: Option<MailServer>,
    /// How people reach the server, for links: `https://ci.example.com`.
    pub base_url: Option<String>,
}

/// Asks for the settings.
pub type AskSettings = dyn Fn() -> Pin<Box<dyn Future<Output = Result<Settings>> + Send>> + Send + Sync;

/// Sends what is to be sent.
pub struct Notifier {
    store: Store,
    keyring: Keyring,
    settings: Arc<AskSettings>,
    sender: Sender,
    sending: JoinSet<std::result::Result<(), String>>,
    /// What is under way, by the task that sends it; no notification twice.
    busy: HashMap<Id, Message>,
    pruned_at: Option<Timestamp>,
}

/// One try to send a message, and what came of it.
struct Tried {
    message: Message,
    outcome: std::result::Result<(), String>,
}

impl Notifier {
    /// Of a server's store. `allow_loopback` lets messages go to this machine's own services, for tests and the demo.
    /// The process has a provider of cryptography by now.
    ///
    /// # Errors
    /// When nothing can be sent on this machine.
    pub fn new(
        store: Store,
        keyring: Keyring,
        settings: Arc<AskSettings>,
        allow_loopback: bool,
    ) -> std::result::Result<Notifier, SendError> {
        let sender = Sender::new(allow_loopback)?;
        let (sending, busy) = (JoinSet::new(), HashMap::new());
        Ok(Notifier { store, keyring, settings, sender, sending, busy, pruned_at: None })
    }

    /// Sends until `shutdown`, and finishes then what is under way.
    pub async fn run(mut self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = std::pin::pin!(shutdown);
        // Listen first: what is written between looking and waiting is not slept through.
        let mut news = self.store.changes().listen_to_all();
        loop {
            let now = Timestamp::now();
            let wait = match self.tick(now).await {
                Ok(next) => next.map_or(LOOK, |next| until(next, now).min(LOOK)),
                Err(trouble) => {
                    error!("messages cannot be looked for: {trouble}");
                    PAUSE
                }
            };
            tokio::select! {
                () = &mut shutdown => break,
                () = news.changed() => {}
                () = tokio::time::sleep(wait) => {}
                Some(tried) = next(&mut self.sending, &mut self.busy) => {
                    if let Err(trouble) = self.write_down(tried, Timestamp::now()).await {
                        error!("what came of a message cannot be written: {trouble}");
                        // It is still to be sent, and would be at once.
                        tokio::time::sleep(PAUSE).await;
                    }
                }
            }
        }
        match tokio::time::timeout(GRACE, self.settle(Timestamp::now())).await {
            Ok(Ok(())) => {}
            Ok(Err(trouble)) => error!("what came of a message cannot be written: {trouble}"),
            Err(_late) => warn!("{} messages are left under way: they are sent again", self.busy.len()),
        }
    }

    /// Makes messages of what happened, and begins to send what is due: when there is more to send, if nothing happens
    /// before.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn tick(&mut self, now: Timestamp) -> Result<Option<Timestamp>> {
        expand::all(&self.store, &*self.settings, now).await?;
        self.prune(now).await?;
        for message in self.store.messages().due(now).await? {
            if self.sending.len() >= AT_ONCE {
                break;
            }
            if !self.busy.values().any(|busy| busy.notification == message.notification) {
                self.begin(message, now).await?;
            }
        }
        let next = self.store.messages().next_due(now).await?;
        Ok(next.and_then(|ms| Timestamp::from_millisecond(ms).ok()))
    }

    /// Waits for all that is under way, and writes down what came of it.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn settle(&mut self, now: Timestamp) -> Result<()> {
        while let Some(tried) = next(&mut self.sending, &mut self.busy).await {
            self.write_down(tried, now).await?;
        }
        Ok(())
    }

    async fn begin(&mut self, message: Message, now: Timestamp) -> Result<()> {
        let notification = match self.store.notifications().get(&message.notification).await {
            Ok(notification) => notification,
            // It was removed a moment ago, and its messages with it.
            Err(Error::NotFound(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        let (sender, settings, keyring) = (self.sender.clone(), Arc::clone(&self.settings), self.keyring.clone());
        let sent = message.clone();
        let task = self.sending.spawn(async move {
            // A test is how one finds out before one switches it on.
            if !notification.enabled && message.event.is_some() {
                return Err("the notification is switched off".to_owned());
            }
            let to = destination(&notification, &keyring)?;
            let asked = async || settings().await.map_err(|_| "the settings cannot be read");
            let mut message = message;
            if message.event == Some(NotificationEvent::Cluster) {
                let base = asked().await?.base_url;
                message.body.link = base.map(|base| format!("{}/clusters", base.trim_end_matches('/')));
            }
            let words = text::message(&message.id, message.event, &message.run, &message.body, &notification.name);
            let mail = match &to {
                Destination::Mail(_) => asked().await?.mail,
                Destination::Hook(_) => None,
            };
            let sent = sender.send(&words, &to, mail.as_ref(), now).await;
            sent.map(drop).map_err(|error| error.to_string())
        });
        self.busy.insert(task.id(), sent);
        Ok(())
    }

    async fn write_down(&self, tried: Tried, now: Timestamp) -> Result<()> {
        let (messages, Tried { message, outcome }) = (self.store.messages(), tried);
        let Err(why) = outcome else { return messages.sent(&message.id, now).await };
        warn!(notification = %message.notification, message = %message.id, "a message was not sent: {why}");
        let patience = AGAIN.get(message.attempts as usize);
        messages.failed(&message.id, &why, patience.map(|patience| now + *patience)).await
    }

    async fn prune(&mut self, now: Timestamp) -> Result<()> {
        if self.pruned_at.is_some_and(|at| now.duration_since(at) < PRUNE) {
            return Ok(());
        }
        self.store.messages().prune(now - KEPT).await?;
        self.pruned_at = Some(now);
        Ok(())
    }
}

/// Waits for one that is under way; none: nothing is. Nothing is lost when it is dropped while it waits.
async fn next(
    sending: &mut JoinSet<std::result::Result<(), String>>,
    busy: &mut HashMap<Id, Message>,
) -> Option<Tried> {
    let (id, outcome) = match sending.join_next_with_id().await? {
        Ok((id, outcome)) => (id, outcome),
        Err(panic) => (panic.id(), Err("AnsFlow could not send it: its log says why".to_owned())),
    };
    let message = busy.remove(&id).expect("a task is known by its id from its start on");
    Some(Tried { message, outcome })
}

/// Where a notification's messages go, with what was sealed of it.
fn destination(notification: &Notification, keyring: &Keyring) -> std::result::Result<Destination, String> {
    if notification.kind == "email" {
        return Ok(Destination::Mail(notification.to.clone()));
    }
    let kind = HookKind::of(&notification.kind).ok_or_else(|| format!("there is no kind `{}`", notification.kind))?;
    let place = Notification::place(&notification.id, notification.version);
    let opened = keyring.open_sealed(&place, &notification.sealed).ok();
    let address = opened.and_then(|text| serde_json::from_str::<Address>(&text).ok());
    let Address { url, signing_secret } =
        address.ok_or("its address was sealed with another key: enter it again in the notification")?;
    Ok(Destination::Hook(Hook { kind, url, signing_secret }))
}

fn until(at: Timestamp, now: Timestamp) -> Duration {
    // Rounded up: a look that is too early finds nothing.
    let ms = at.duration_since(now).as_millis().max(0);
    Duration::from_millis(u64::try_from(ms).unwrap_or(u64::MAX).saturating_add(1))
}

impl std::fmt::Debug for Notifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Notifier({} under way)", self.busy.len())
    }
}
