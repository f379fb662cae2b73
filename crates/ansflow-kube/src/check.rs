//! What a cluster says when it is asked who we are there, what we may do, and what it has. Connected means that it knows us:
//! a server's version alone is told to everybody.

mod counts;
mod rights;
#[cfg(test)]
mod tests;

use std::time::Duration;

use serde_json::{Value as Json, json};
use tokio::time::timeout;

pub use self::counts::Count;
pub use self::rights::Right;
use crate::cluster::Cluster;
use crate::connect::{Trouble, Why};
use crate::error::Error;

/// For each question.
const EACH: Duration = Duration::from_secs(10);
/// How the simulated one calls its version.
const SIMULATED: &str = "ansflow.simulated";

/// What a cluster says of itself and of us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// `v1.34.9`.
    pub version: String,
    /// Whether it says that it is simulated.
    pub simulated: bool,
    /// Who we are there; empty where it is too old to say.
    pub username: String,
    /// Which groups we are in.
    pub groups: Vec<String>,
    /// Nodes, and those that are ready; none: we may not list them.
    pub nodes: Option<Count>,
    /// Pods of all namespaces, and those that run; none: we may not list them.
    pub pods: Option<Count>,
    /// What we may do, of what steps do most.
    pub rights: Vec<Right>,
}

/// Asks a cluster who we are, what we may do, its version, and how many nodes and pods it has.
///
/// # Errors
/// Why it is not connected: it was not reached, is none, or does not know us.
pub async fn check(cluster: &Cluster) -> Result<Checked, Error> {
    let (version, who) = tokio::join!(within(cluster, version(cluster)), within(cluster, identity(cluster)));
    let (version, (username, groups)) = (version?, who?);
    let (nodes, pods, rights) = tokio::join!(
        timeout(EACH, counts::nodes(cluster)),
        timeout(EACH, counts::pods(cluster)),
        timeout(EACH, rights::rights(cluster)),
    );
    let simulated = version.contains(SIMULATED);
    let (nodes, pods) = (nodes.unwrap_or_default(), pods.unwrap_or_default());
    Ok(Checked { version, simulated, username, groups, nodes, pods, rights: rights.unwrap_or_default() })
}

impl Checked {
    /// In one sentence, for people.
    #[must_use]
    pub fn sentence(&self) -> String {
        let who = if self.username.is_empty() { "somebody whom it does not name" } else { &self.username };
        let count = |count: Option<Count>, what: &str, well: &str| match count {
            Some(Count { total, well: of }) => format!("{of} of {total} {what} {well}"),
            None => format!("{what} may not be listed"),
        };
        let parts = [
            format!("connected as {who}"),
            self.version.clone(),
            count(self.nodes, "nodes", "ready"),
            count(self.pods, "pods", "running"),
            rights::sentence(&self.rights),
        ];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}

/// An answer in time; a late one is a cause like any other.
async fn within<T>(cluster: &Cluster, question: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let late = || Why::TimedOut { doing: "waiting for its answer", seconds: EACH.as_secs() };
    timeout(EACH, question).await.unwrap_or_else(|_| Err(Trouble::new(cluster.host(), late()).into()))
}

async fn version(cluster: &Cluster) -> Result<String, Error> {
    let said = match cluster.ask("/version").await {
        Ok(said) => said,
        // What says 404 here is something, but no API server. One that lets nobody see its version is one.
        Err(error) if error.code() == 404 => return Err(no_kubernetes(cluster, "it has no /version")),
        Err(Error::Unreadable { .. }) => return Err(no_kubernetes(cluster, "its /version is not JSON")),
        Err(error) if error.code() == 403 => return Ok("unknown".to_owned()),
        Err(error) => return Err(error),
    };
    match said.get("gitVersion").and_then(Json::as_str) {
        Some(version) => Ok(version.chars().filter(|c| !c.is_control()).take(80).collect()),
        None => Err(no_kubernetes(cluster, "its /version says no version")),
    }
}

/// Who we are there; an empty name where the cluster is too old to say, and takes the credential.
async fn identity(cluster: &Cluster) -> Result<(String, Vec<String>), Error> {
    let review = json!({ "apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview" });
    let said = match cluster.post("/apis/authentication.k8s.io/v1/selfsubjectreviews", &review).await {
        Ok(said) => said,
        // Before 1.28. Who may ask what they may do is somebody.
        Err(error) if error.code() == 404 => {
            rights::may(cluster, &Right::of("list", "pods", None)).await?;
            return Ok((String::new(), Vec::new()));
        }
        Err(error) if error.code() == 403 && error.to_string().contains("system:anonymous") => {
            return Err(anonymous(cluster));
        }
        Err(error) => return Err(error),
    };
    let user = &said["status"]["userInfo"];
    let Some(username) = user["username"].as_str() else {
        return Err(no_kubernetes(cluster, "its answer to who we are names nobody"));
    };
    if username == "system:anonymous" {
        return Err(anonymous(cluster));
    }
    let clean = |text: &str| text.chars().filter(|c| !c.is_control()).take(200).collect::<String>();
    let groups = user["groups"].as_array().into_iter().flatten().filter_map(Json::as_str).take(100);
    Ok((clean(username), groups.map(clean).collect()))
}

fn anonymous(cluster: &Cluster) -> Error {
    Trouble::new(cluster.host(), Why::Unauthorized(": it takes us for nobody".to_owned())).into()
}

fn no_kubernetes(cluster: &Cluster, why: &str) -> Error {
    Trouble::new(cluster.host(), Why::NotKubernetes(why.to_owned())).into()
}
