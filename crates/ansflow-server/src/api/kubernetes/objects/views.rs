//! What is shown of objects.

use std::collections::BTreeMap;

use ansflow_kube::Kind;
use ansflow_kube::browse::columns::Cell;
use ansflow_kube::browse::detail::{Branch, Port, Told};
use ansflow_kube::browse::rows::Row;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::words::ObjectState;

/// A kind of objects.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct KindView {
    /// Empty for the core's own kinds.
    pub(super) group: String,
    pub(super) version: String,
    /// `Deployment`.
    pub(super) kind: String,
    /// `deployments`.
    pub(super) plural: String,
    pub(super) namespaced: bool,
    /// What can be asked of it: `list`, `watch`, …
    pub(super) verbs: Vec<String>,
}

/// An object in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ObjectRow {
    uid: String,
    #[schema(required)]
    namespace: Option<String>,
    name: String,
    #[schema(required)]
    created_at: Option<String>,
    #[schema(value_type = ObjectState)]
    state: &'static str,
    /// Why it is so, in one sentence.
    #[schema(required)]
    message: Option<String>,
    /// Texts, numbers or null, in the order of the list's columns.
    #[schema(value_type = Vec<serde_json::Value>)]
    cells: Vec<Cell>,
}

/// A page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ObjectPage {
    /// What the columns are called: words of AnsFlow for the kinds that it knows, else the cluster's headings. The cells of
    /// one that ends with `_at` are moments.
    pub(super) columns: Vec<String>,
    pub(super) items: Vec<ObjectRow>,
    /// The `cursor` of the next page; none: this is the last.
    #[schema(required)]
    pub(super) next: Option<String>,
    /// How many there are in all, where that is known.
    #[schema(required)]
    pub(super) total: Option<u64>,
    /// Whether the search was given up before its end; `next` goes on.
    pub(super) truncated: bool,
}

/// Something in a cluster, as people name it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct NamedObject {
    kind: String,
    #[schema(required)]
    namespace: Option<String>,
    name: String,
}

/// Something that happened.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ObjectEvent {
    #[schema(required)]
    at: Option<String>,
    /// `Normal` or `Warning`.
    r#type: String,
    reason: String,
    text: String,
    /// How often.
    times: u32,
    object: NamedObject,
}

/// An object that another owns.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TreeNode {
    kind: String,
    #[schema(required)]
    namespace: Option<String>,
    name: String,
    uid: String,
    #[schema(required)]
    created_at: Option<String>,
    #[schema(value_type = ObjectState)]
    state: &'static str,
    #[schema(required)]
    message: Option<String>,
    #[schema(no_recursion)]
    children: Vec<TreeNode>,
}

/// A port that something listens on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PortView {
    #[schema(required)]
    name: Option<String>,
    port: i64,
    /// Of a Service: where it leads to; else which container listens.
    #[schema(required)]
    target: Option<String>,
    protocol: String,
}

/// One object.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ObjectView {
    pub(super) kind: KindView,
    #[schema(required)]
    pub(super) namespace: Option<String>,
    pub(super) name: String,
    pub(super) uid: String,
    #[schema(required)]
    pub(super) created_at: Option<String>,
    /// To be sent with an edit.
    pub(super) resource_version: String,
    #[schema(value_type = ObjectState)]
    pub(super) state: &'static str,
    /// Why it is so, in one sentence.
    #[schema(required)]
    pub(super) message: Option<String>,
    pub(super) labels: BTreeMap<String, String>,
    /// The whole of it; a Secret's values are `<hidden: 12 bytes>`.
    pub(super) yaml: String,
    /// What happened to it and to what it owns, the latest first.
    pub(super) events: Vec<ObjectEvent>,
    /// What it owns.
    pub(super) tree: Vec<TreeNode>,
    pub(super) ports: Vec<PortView>,
    pub(super) containers: Vec<String>,
    /// How many pods are wanted, where the kind has replicas.
    #[schema(required)]
    pub(super) replicas: Option<i64>,
    /// What could not be looked at, and why.
    pub(super) unseen: Vec<String>,
    /// What who asks may do with it: `edit delete scale restart rollback suspend logs exec reveal`.
    pub(super) may: Vec<&'static str>,
    /// Why not, for what could be done with such an object.
    pub(super) why_not: BTreeMap<&'static str, String>,
}

impl From<&Kind> for KindView {
    fn from(kind: &Kind) -> KindView {
        KindView {
            group: kind.group.clone(),
            version: kind.version.clone(),
            kind: kind.kind.clone(),
            plural: kind.plural.clone(),
            namespaced: kind.namespaced,
            verbs: kind.verbs.clone(),
        }
    }
}

impl From<&Row> for ObjectRow {
    fn from(row: &Row) -> ObjectRow {
        ObjectRow {
            uid: row.uid.to_string(),
            namespace: row.namespace.as_deref().map(str::to_owned),
            name: row.name.to_string(),
            created_at: row.created_at.as_ref().map(Timestamp::to_string),
            state: row.state,
            message: row.message.as_deref().map(str::to_owned),
            cells: row.cells.clone(),
        }
    }
}

impl From<&Told> for ObjectEvent {
    fn from(told: &Told) -> ObjectEvent {
        let object = &told.object;
        ObjectEvent {
            at: told.at.as_ref().map(Timestamp::to_string),
            r#type: told.kind.clone(),
            reason: told.reason.clone(),
            text: told.text.clone(),
            times: told.times,
            object: NamedObject {
                kind: object.kind.clone(),
                namespace: object.namespace.clone(),
                name: object.name.clone(),
            },
        }
    }
}

impl From<Branch> for TreeNode {
    fn from(branch: Branch) -> TreeNode {
        TreeNode {
            kind: branch.kind,
            namespace: branch.namespace,
            name: branch.name,
            uid: branch.uid,
            created_at: branch.created_at.as_ref().map(Timestamp::to_string),
            state: branch.state,
            message: branch.message,
            children: branch.children.into_iter().map(TreeNode::from).collect(),
        }
    }
}

impl From<Port> for PortView {
    fn from(port: Port) -> PortView {
        PortView { name: port.name, port: port.port, target: port.target, protocol: port.protocol }
    }
}
