//! A message with its values put in. Values are text in it and nothing else: each channel writes them in its own form.

use super::fields::Fields;
use crate::spec::{Destination, Hook, HookKind, Notify, StepSpec};

/// What a message says that says nothing.
const DEFAULT: &str = "Pipeline completed";

pub(super) fn notify(fields: &Fields<'_>) -> Result<StepSpec, String> {
    let channel = fields.text("channel")?.unwrap_or_else(|| HookKind::Webhook.as_str().to_owned());
    let to = match HookKind::of(&channel) {
        Some(kind) => {
            let signing_secret = fields.text("signing_secret")?.filter(|secret| !secret.is_empty());
            let url = fields.required("webhook_url")?.trim().to_owned();
            Destination::Hook(Hook { kind, url, signing_secret: signing_secret.filter(|_| kind.is_signed()) })
        }
        None if channel == "email" => {
            let to = fields.list("to")?;
            if to.is_empty() {
                return Err(fields.scope.say("to", "it is empty"));
            }
            Destination::Mail(to)
        }
        None => return Err(fields.scope.say("channel", &format!("there is no channel `{channel}`"))),
    };
    let title = fields.text("title")?.filter(|title| !title.trim().is_empty());
    let message = fields.text("message")?.filter(|message| !message.trim().is_empty());
    Ok(StepSpec::Notify(Notify { to, title, message: message.unwrap_or_else(|| DEFAULT.to_owned()) }))
}
