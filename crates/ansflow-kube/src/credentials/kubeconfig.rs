//! A kubeconfig, taken apart: one context of it, everything inside. What leads out of the text – to a file, or to a program –
//! is refused with how to do it right; what other contexts say is not looked at.

mod pick;
mod user;

use std::path::{Path, PathBuf};

use ansflow_core::yaml::Node;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use self::pick::Picked;
use super::facts::{Facts, facts};
use super::refused::{Refused, shown};
use super::{certificate, server};
use crate::access::Access;

/// A kubeconfig is no longer, in bytes.
const LONGEST: usize = 1024 * 1024;

/// What a kubeconfig's context gives.
#[derive(Debug, Clone)]
pub struct Given {
    /// Everything that the cluster is reached with.
    pub access: Access,
    /// What may be told of the credential.
    pub facts: Facts,
}

/// What a text may lead to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reach<'r> {
    /// To nothing but these programs.
    Nothing { allowed: &'r [PathBuf] },
    /// To the user's own files, from this folder; programs are not run by the parser.
    Own { folder: &'r Path },
}

/// Takes a kubeconfig apart that came from elsewhere. Of the context, or else of the current one.
///
/// # Errors
/// What is wrong with it, and how to do it right.
pub fn parse(text: &str, context: Option<&str>, allowed: &[PathBuf]) -> Result<Given, Refused> {
    read(text, context, Reach::Nothing { allowed })
}

/// The names of its contexts, the current one first.
///
/// # Errors
/// When it is no kubeconfig.
pub fn contexts(text: &str) -> Result<Vec<String>, Refused> {
    let tree = tree(text)?;
    let mut names = pick::names(&tree, "contexts")?;
    if let Some(current) = tree.get("current-context").and_then(Node::text) {
        names.sort_by_key(|name| name != current);
    }
    Ok(names)
}

pub(super) fn read(text: &str, context: Option<&str>, reach: Reach<'_>) -> Result<Given, Refused> {
    let tree = tree(text)?;
    let picked = pick::pick(&tree, context)?;
    let mut access = cluster(&picked, reach)?;
    let (auth, acts_as) = user::user(&picked, reach)?;
    (access.auth, access.acts_as) = (auth, acts_as);
    let facts = Facts { context: Some(picked.context), ..facts(&access.auth, access.acts_as.as_ref()) };
    Ok(Given { access, facts })
}

/// The text as a tree. What the parser says of it may quote a secret, so only the place is told.
fn tree(text: &str) -> Result<Node, Refused> {
    if text.len() > LONGEST {
        return Err(Refused::new("text", "the kubeconfig is longer than 1 MiB"));
    }
    let (tree, problems) = ansflow_core::yaml::read(text.as_bytes());
    if let Some(problem) = problems.iter().find(|problem| problem.is_error()) {
        let (line, column) = (problem.span.start.line, problem.span.start.column);
        let why = format!("the kubeconfig cannot be read as YAML: line {line}, column {column} ({})", problem.code);
        return Err(Refused::new("text", why).help("`kubectl config view --raw --minify --flatten` prints a good one"));
    }
    let is_map = |tree: &Node| matches!(tree.value, ansflow_core::yaml::Value::Map(_));
    let tree = tree.filter(is_map).ok_or_else(|| {
        Refused::new("text", "this is no kubeconfig").help("`kubectl config view --raw --minify --flatten` prints one")
    })?;
    match tree.get("kind").map(Node::text) {
        None | Some(Some("Config")) => Ok(tree),
        Some(kind) => {
            Err(Refused::new("text", format!("this is a {}, no kubeconfig", shown(kind.unwrap_or("something")))))
        }
    }
}

/// Where the cluster is, and whom to believe there.
fn cluster(picked: &Picked<'_>, reach: Reach<'_>) -> Result<Access, Refused> {
    let name = shown(&picked.cluster_name);
    let cluster = Section { node: picked.cluster, name: format!("cluster {name}") };
    let Some(address) = cluster.text("server")? else {
        return Err(Refused::new("text", format!("cluster {name} says no `server`")));
    };
    let mut access = Access::new(server::server(&address)?);
    let skips = cluster.is("insecure-skip-tls-verify")?;
    let ca = cluster.content("certificate-authority", "certificate-authority-data", reach)?;
    access.tls.verify = !skips;
    access.tls.roots = match ca {
        Some(_) if skips => None,
        Some(ca) => Some(certificate::authorities(&ca)?).filter(|ca| !ca.is_empty()),
        None => None,
    };
    access.tls.server_name = cluster.text("tls-server-name")?;
    if let Some(address) = cluster.text("proxy-url")? {
        access.proxy = Some(Zeroizing::new(server::proxy(&address)?));
    }
    access.namespace = picked.namespace.clone();
    Ok(access)
}

/// An entry of a kubeconfig, with its name for messages.
struct Section<'t> {
    node: Option<&'t Node>,
    name: String,
}

impl Section<'_> {
    /// A text; an empty one is none.
    fn text(&self, key: &str) -> Result<Option<String>, Refused> {
        let Some(node) = self.node.and_then(|node| node.get(key)).filter(|node| !is_null(node)) else {
            return Ok(None);
        };
        match node.scalar() {
            Some(text) => Ok(Some(text).filter(|text| !text.trim().is_empty())),
            None => Err(Refused::new("text", format!("`{key}` of {} is no text", self.name))),
        }
    }

    fn is(&self, key: &str) -> Result<bool, Refused> {
        match self.text(key)?.as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(Refused::new("text", format!("`{key}` of {} is neither true nor false", self.name))),
        }
    }

    /// What `…-data` holds, decoded, or else the content of the file that is named; that only where files may be read.
    fn content(&self, path: &str, data: &str, reach: Reach<'_>) -> Result<Option<String>, Refused> {
        let owner = &self.name;
        if let Some(encoded) = self.text(data)? {
            let clean: Zeroizing<String> = Zeroizing::new(encoded.split_whitespace().collect());
            let decoded = STANDARD.decode(clean.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            let help = "write what `base64 -w0 FILE` prints";
            return match decoded {
                Some(text) => Ok(Some(text)),
                None => Err(Refused::new("text", format!("`{data}` of {owner} is no Base64 of a text")).help(help)),
            };
        }
        let Some(file) = self.text(path)? else { return Ok(None) };
        match reach {
            Reach::Own { folder } => {
                super::inline::file(&folder.join(&file), &format!("`{path}` of {owner}")).map(Some)
            }
            Reach::Nothing { .. } => {
                let why =
                    format!("`{path}: {}` of {owner} is a file, and files of this machine are not read", plain(&file));
                let help = format!(
                    "put its content into `{data}`: `base64 -w0 FILE`; `kubectl config view --raw --flatten` \
                                    does it for all of them"
                );
                Err(Refused::new("text", why).help(help))
            }
        }
    }
}

fn is_null(node: &Node) -> bool {
    matches!(node.value, ansflow_core::yaml::Value::Null)
}

/// A name inside a sentence that has marks already.
fn plain(name: &str) -> String {
    shown(name).trim_matches('`').to_owned()
}
