//! The first line of every step on a cluster: which, where, and as whom; and the patience until it answers.

use std::time::{Duration, Instant};

use ansflow_core::verdict::Verdict;
use ansflow_kube::Error;
use ansflow_kube::connect::{Trouble, Why};
use serde_json::{Value as Json, json};

use super::desk::Desk;
use super::silence::Silence;
use crate::attempt::NoGain;

/// Between two questions to a cluster that does not answer: at first, and at most.
const AGAIN: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));

/// A token that is not taken is tried once more after so long: it may be one that was just made.
const NOT_TAKEN: Duration = Duration::from_secs(2);

/// How the version of a simulated cluster ends.
const SIMULATED: &str = "+ansflow.simulated";

impl Desk<'_> {
    /// Asks the cluster who it is and who we are, for as long as the step may take, and says so.
    pub(super) async fn greet(&self, until: Instant) -> Result<(), NoGain> {
        let asked = self.unless_ended(until, async {
            let version = self.answer("/version").await?;
            Ok::<_, Box<Verdict>>((version, self.who().await))
        });
        match asked.await {
            Ok(Ok((version, who))) => {
                self.say(&self.first_line(version.get("gitVersion").and_then(Json::as_str), who.as_deref()));
                Ok(())
            }
            Ok(Err(verdict)) => self.conclude(*verdict),
            Err(verdict) => self.conclude(verdict),
        }
    }

    fn first_line(&self, version: Option<&str>, who: Option<&str>) -> String {
        if version.is_some_and(|version| version.ends_with(SIMULATED)) {
            self.scribe.set_simulated();
        }
        let version = version.map(|version| format!(", {version}")).unwrap_or_default();
        let who = who.map(|who| format!(" · as {who}")).unwrap_or_default();
        let simulated = if self.scribe.is_simulated() { " · SIMULATED" } else { "" };
        let (name, server) = (&self.kube.cluster, self.cluster.server());
        format!("cluster {name} ({server}{version}) · namespace {}{who}{simulated}", self.namespace())
    }

    /// An answer, however long a cluster takes that has once given one.
    async fn answer(&self, path: &str) -> Result<Json, Box<Verdict>> {
        let (mut wait, mut since, mut tried_again) = (AGAIN.0, None, false);
        let mut silence = Silence::new(Instant::now());
        loop {
            let asked = self.cluster.ask(path);
            let answer = match silence.left(Instant::now()) {
                Some(left) => match tokio::time::timeout(left, asked).await {
                    Ok(answer) => answer,
                    Err(_) => Err(silence.nothing(self.cluster.host(), Instant::now())),
                },
                None => asked.await,
            };
            let error = match answer {
                Ok(answer) => {
                    if let Some(since) = since {
                        self.say(&format!("the cluster answers again after {} s", elapsed(since)));
                    }
                    return Ok(answer);
                }
                Err(error) => error,
            };
            let is_not_taken = matches!(&error, Error::Trouble(Trouble { why: Why::Unauthorized(_), .. }));
            if is_not_taken && !tried_again {
                tried_again = true;
                tokio::time::sleep(NOT_TAKEN).await;
                continue;
            }
            if !error.may_pass() {
                return Err(Box::new(error.verdict(None)));
            }
            if silence.is_enough(&error, Instant::now()) {
                return Err(Box::new(silence.verdict(&error, Instant::now())));
            }
            if since.is_none() {
                since = Some(Instant::now());
                self.say(&format!("the cluster does not answer ({error}); it is asked again"));
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(AGAIN.1);
        }
    }

    /// Who the cluster takes us for; none where it does not say.
    async fn who(&self) -> Option<String> {
        let review = json!({ "apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview" });
        let answer = self.cluster.post("/apis/authentication.k8s.io/v1/selfsubjectreviews", &review).await.ok()?;
        Some(answer.pointer("/status/userInfo/username")?.as_str()?.to_owned())
    }
}

fn elapsed(since: Instant) -> u64 {
    since.elapsed().as_secs()
}
