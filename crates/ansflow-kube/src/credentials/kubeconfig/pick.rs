//! Which cluster and which user of a kubeconfig: those of one context.

use ansflow_core::yaml::{Node, Value};

use super::super::refused::{Refused, shown};

/// One context's cluster and user.
pub(super) struct Picked<'t> {
    pub(super) context: String,
    pub(super) cluster_name: String,
    /// None where the entry says nothing.
    pub(super) cluster: Option<&'t Node>,
    pub(super) user_name: String,
    /// None where the context has no user, or its entry says nothing.
    pub(super) user: Option<&'t Node>,
    pub(super) namespace: Option<String>,
}

pub(super) fn pick<'t>(tree: &'t Node, context: Option<&str>) -> Result<Picked<'t>, Refused> {
    let known = names(tree, "contexts")?;
    let help = || match known.is_empty() {
        true => "it has no contexts at all: is it a kubeconfig?".to_owned(),
        false => format!("there are {}", known.iter().take(20).map(|name| shown(name)).collect::<Vec<_>>().join(", ")),
    };
    let given = context.map(str::to_owned).filter(|name| !name.is_empty());
    let current = tree.get("current-context").and_then(Node::scalar).filter(|name| !name.is_empty());
    let Some(name) = given.or(current) else {
        return Err(Refused::new("context", "the kubeconfig has no current context, and none was named").help(help()));
    };
    let Some(entry) = find(tree, "contexts", "context", &name)? else {
        return Err(Refused::new("context", format!("the kubeconfig has no context {}", shown(&name))).help(help()));
    };
    let text = |key: &str| entry?.get(key).and_then(Node::scalar).filter(|text| !text.is_empty());
    let dangling = |what: &str, named: &str| {
        Refused::new("text", format!("context {} names the {what} {}, which is not there", shown(&name), shown(named)))
    };
    let cluster_name =
        text("cluster").ok_or_else(|| Refused::new("text", format!("context {} names no cluster", shown(&name))))?;
    let cluster =
        find(tree, "clusters", "cluster", &cluster_name)?.ok_or_else(|| dangling("cluster", &cluster_name))?;
    let user_name = text("user").unwrap_or_default();
    let user = match user_name.is_empty() {
        true => None,
        false => find(tree, "users", "user", &user_name)?.ok_or_else(|| dangling("user", &user_name))?,
    };
    let namespace = text("namespace");
    Ok(Picked { context: name, cluster_name, cluster, user_name, user, namespace })
}

/// The names of a list's entries.
pub(super) fn names(tree: &Node, list: &str) -> Result<Vec<String>, Refused> {
    let name = |entry: &Node| entry.get("name").and_then(Node::scalar);
    Ok(entries(tree, list)?.iter().filter_map(name).collect())
}

/// What an entry of a list holds; an inner none where it holds nothing.
fn find<'t>(tree: &'t Node, list: &str, what: &str, name: &str) -> Result<Option<Option<&'t Node>>, Refused> {
    let is_it = |entry: &&Node| entry.get("name").and_then(Node::scalar).as_deref() == Some(name);
    let mut found = entries(tree, list)?.iter().filter(is_it);
    let Some(first) = found.next() else { return Ok(None) };
    if found.next().is_some() {
        return Err(Refused::new("text", format!("`{list}` has {} twice", shown(name))));
    }
    match first.get(what) {
        None => Ok(Some(None)),
        Some(node) => match &node.value {
            Value::Null => Ok(Some(None)),
            Value::Map(_) => Ok(Some(Some(node))),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::List(_) => {
                Err(Refused::new("text", format!("`{what}` of {} is no map", shown(name))))
            }
        },
    }
}

fn entries<'t>(tree: &'t Node, list: &str) -> Result<&'t [Node], Refused> {
    match tree.get(list).map(|node| &node.value) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::List(entries)) => Ok(entries),
        Some(Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::Map(_)) => {
            Err(Refused::new("text", format!("`{list}` of the kubeconfig is no list")))
        }
    }
}
