//! What is particular of a kind: defaults, what a write may change, what is valid. A kind without rules of its own is plain.

mod conditional;
mod defaults;
mod dump;
mod kinds;
mod labels;
mod names;
mod pod_spec;
mod said;
mod tables;
mod versions;

use crate::kind::Kind;
use crate::object::Object;
use crate::status::{Cause, Status};
use crate::store::Txn;
use kinds::{
    checked, config_map, cron_job, definition, fixed, job, namespace, pod, service, service_rules, volume, workload,
};

pub(crate) use versions::convert;

/// All that is wrong with an object, in the order in which it was found.
pub(crate) type Causes = Vec<Cause>;

/// The rules of a kind. Every one of them is pure but `allocate`, which looks for what is free.
pub(crate) struct Strategy {
    pub(crate) default: fn(&mut Object),
    pub(crate) prepare_create: fn(&Kind, &mut Object),
    /// New, old, subresource.
    pub(crate) prepare_update: fn(&Kind, &mut Object, &Object, Option<&str>),
    pub(crate) validate: fn(&Kind, &Object, &mut Causes),
    /// New, old.
    pub(crate) validate_update: fn(&Kind, &Object, &Object, &mut Causes),
    /// Addresses and ports of services; the old object where there is one.
    pub(crate) allocate: fn(&mut Txn<'_>, &mut Object, Option<&Object>) -> Result<(), Status>,
    /// Whether `metadata.generation` counts changes of the spec.
    pub(crate) generation: bool,
    /// Whether it counts changes of annotations, too.
    pub(crate) annotations_count: bool,
    /// Whether a new object keeps the status that it came with.
    pub(crate) comes_with_status: bool,
}

impl Strategy {
    /// Rules that do nothing.
    pub(crate) const PLAIN: Strategy = Strategy {
        default: |_| {},
        prepare_create: |_, _| {},
        prepare_update: |_, _, _, _| {},
        validate: |_, _, _| {},
        validate_update: |_, _, _, _| {},
        allocate: |_, _, _| Ok(()),
        generation: false,
        annotations_count: false,
        comes_with_status: false,
    };
}

static PLAIN: Strategy = Strategy::PLAIN;
static COUNTED: Strategy = Strategy { generation: true, ..Strategy::PLAIN };
static NAMESPACE: Strategy = Strategy {
    prepare_create: namespace::prepare_create,
    prepare_update: namespace::prepare_update,
    ..Strategy::PLAIN
};
static CONFIG_MAP: Strategy =
    Strategy { validate: config_map::validate, validate_update: config_map::validate_update, ..Strategy::PLAIN };
static WORKLOAD: Strategy = Strategy {
    validate: workload::validate,
    validate_update: workload::validate_update,
    generation: true,
    ..Strategy::PLAIN
};

static DEPLOYMENT: Strategy = Strategy {
    validate: workload::validate,
    validate_update: workload::validate_update,
    generation: true,
    annotations_count: true,
    ..Strategy::PLAIN
};
static NODE: Strategy = Strategy { comes_with_status: true, ..Strategy::PLAIN };
static SECRET: Strategy =
    Strategy { validate: checked::secret, validate_update: checked::secret_update, ..Strategy::PLAIN };
static JOB: Strategy = Strategy {
    prepare_create: job::prepare_create,
    validate: job::validate,
    validate_update: job::validate_update,
    generation: true,
    ..Strategy::PLAIN
};
static CRON_JOB: Strategy = Strategy { validate: cron_job::validate, generation: true, ..Strategy::PLAIN };
static DEFINITION: Strategy = Strategy {
    prepare_create: definition::prepare_create,
    prepare_update: definition::prepare_update,
    validate: definition::validate,
    validate_update: definition::validate_update,
    generation: true,
    ..Strategy::PLAIN
};
static BUDGET: Strategy = Strategy { validate: checked::disruption_budget, generation: true, ..Strategy::PLAIN };
static INGRESS: Strategy = Strategy { validate: checked::ingress, generation: true, ..Strategy::PLAIN };
static AUTOSCALER: Strategy = Strategy { validate: checked::autoscaler, ..Strategy::PLAIN };
static BINDING: Strategy = Strategy { validate: checked::binding, validate_update: fixed::binding, ..Strategy::PLAIN };
static STORAGE_CLASS: Strategy = Strategy { validate_update: fixed::storage_class, ..Strategy::PLAIN };
static PRIORITY_CLASS: Strategy =
    Strategy { validate_update: fixed::priority_class, generation: true, ..Strategy::PLAIN };
static CLAIM: Strategy = Strategy {
    prepare_create: volume::prepare_create,
    validate: checked::claim,
    validate_update: fixed::claim,
    ..Strategy::PLAIN
};
static POD: Strategy = Strategy {
    prepare_create: pod::prepare_create,
    validate: checked::pod,
    validate_update: fixed::pod,
    generation: true,
    ..Strategy::PLAIN
};
static SERVICE: Strategy = Strategy {
    prepare_update: service_rules::prepare_update,
    validate: service_rules::validate,
    validate_update: service_rules::validate_update,
    allocate: service::allocate,
    ..Strategy::PLAIN
};
static VOLUME: Strategy = Strategy { prepare_create: volume::prepare_create, ..Strategy::PLAIN };

/// The rules of a kind.
pub(crate) fn strategy(kind: &Kind) -> &'static Strategy {
    match (&*kind.group, &*kind.kind) {
        ("", "Namespace") => &NAMESPACE,
        ("", "ConfigMap") => &CONFIG_MAP,
        ("", "Secret") => &SECRET,
        ("apps", "Deployment") => &DEPLOYMENT,
        ("apps", "ReplicaSet" | "StatefulSet" | "DaemonSet") => &WORKLOAD,
        ("", "Pod") => &POD,
        ("", "Node") => &NODE,
        ("", "Service") => &SERVICE,
        ("", "PersistentVolumeClaim") => &CLAIM,
        ("", "PersistentVolume") => &VOLUME,
        ("batch", "Job") => &JOB,
        ("batch", "CronJob") => &CRON_JOB,
        ("policy", "PodDisruptionBudget") => &BUDGET,
        ("discovery.k8s.io", "EndpointSlice") => &COUNTED,
        ("networking.k8s.io", "Ingress") => &INGRESS,
        ("autoscaling", "HorizontalPodAutoscaler") => &AUTOSCALER,
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => &BINDING,
        ("storage.k8s.io", "StorageClass") => &STORAGE_CLASS,
        ("scheduling.k8s.io", "PriorityClass") => &PRIORITY_CLASS,
        ("apiextensions.k8s.io", "CustomResourceDefinition") => &DEFINITION,
        ("", "ReplicationController") | ("batch" | "policy" | "networking.k8s.io", _) => &COUNTED,
        ("apiextensions.k8s.io" | "admissionregistration.k8s.io", _) => &COUNTED,
        _ if kind.is_custom() => &COUNTED,
        _ => &PLAIN,
    }
}

/// Whether a PUT of something that is not there makes it.
pub(crate) fn made_by_update(kind: &Kind) -> bool {
    match &*kind.group {
        "" => matches!(&*kind.kind, "Endpoints" | "Event" | "LimitRange" | "Service"),
        "rbac.authorization.k8s.io" => true,
        group => matches!(
            (group, &*kind.kind),
            ("coordination.k8s.io", "Lease") | ("node.k8s.io", "RuntimeClass") | ("events.k8s.io", "Event")
        ),
    }
}

/// Fills in what an object leaves open.
pub(crate) fn fill(kind: &Kind, object: &mut Object) {
    defaults::fill(kind, object);
    (strategy(kind).default)(object);
    if &*kind.kind == "Event" {
        versions::complete_event(kind, object);
    }
    if let Some(custom) = &kind.custom {
        custom.fill(object);
    }
}

/// All that is wrong with a new object.
pub(crate) fn validate(kind: &Kind, object: &Object) -> Causes {
    let mut causes = Causes::new();
    names::created(kind, object, &mut causes);
    (strategy(kind).validate)(kind, object, &mut causes);
    if let Some(custom) = &kind.custom {
        custom.validate(object, None, &mut causes);
    }
    causes
}

/// All that is wrong with a change.
pub(crate) fn validate_update(kind: &Kind, object: &Object, old: &Object) -> Causes {
    let mut causes = Causes::new();
    names::updated(kind, object, old, &mut causes);
    (strategy(kind).validate)(kind, object, &mut causes);
    (strategy(kind).validate_update)(kind, object, old, &mut causes);
    if let Some(custom) = &kind.custom {
        custom.validate(object, Some(old), &mut causes);
    }
    causes
}
