//! A message, sent from here: the only step that speaks to the network itself. What it says is masked like everything
//! else that leaves a run.

use ansflow_core::run::event::Gains;
use ansflow_core::spec::Notify;
use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use super::session::Session;
use super::{NoGain, broken, failed};
use crate::notify::{Message, SendError, Sender};

pub(crate) fn run(session: &mut Session, notify: &Notify) -> Result<Gains, NoGain> {
    session.check_stop()?;
    // It is there already where the product's own `main` has run.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let sender = Sender::new(session.order.delivery.allow_loopback).map_err(no_gain)?;
    let message = message(session, notify);
    let mail = session.order.delivery.mail.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| broken(format!("failed to start the runtime: {error}")))?;
    let alarm = session.alarm();
    let sent = runtime.block_on(async {
        tokio::select! {
            sent = sender.send(&message, &notify.to, mail.as_ref(), Timestamp::now()) => Ok(sent),
            why = alarm.rings() => Err(why),
        }
    });
    // A name that is being looked up is not waited for.
    runtime.shutdown_background();
    let to = sent?.map_err(no_gain)?;
    session.say(&format!("sent to {to}"));
    Ok(Gains::default())
}

fn message(session: &Session, notify: &Notify) -> Message {
    let (names, hide) = (&session.order.names, |text: &str| session.masker.mask(text).into_owned());
    let optional = |text: &Option<String>| text.clone().map_or(Json::Null, Json::from);
    let facts = [
        ("run", Json::from(names.run.as_str())),
        ("pipeline", Json::from(names.pipeline.as_str())),
        ("number", Json::from(names.build_number)),
        ("step", Json::from(names.step.as_str())),
        ("branch", optional(&names.git_branch)),
        ("commit", optional(&names.git_commit)),
    ];
    Message {
        // Another attempt is another message.
        id: format!("msg_{}_{}", names.run, session.order.folder),
        kind: "step.notify".to_owned(),
        heading: notify.title.as_deref().map(hide),
        text: hide(&notify.message),
        link: None,
        facts: facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>(),
    }
}

fn no_gain(error: SendError) -> NoGain {
    match error {
        SendError::Refused(why) => failed(why),
        SendError::Unreachable(why) => broken(why),
    }
}
