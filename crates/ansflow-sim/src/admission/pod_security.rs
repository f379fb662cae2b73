//! Pod Security levels, as a namespace's labels ask for them: refused (`enforce`) or told (`warn`).

mod baseline;
mod restricted;

use serde_json::Value;

use super::{Admission, Operation, Review, pods};
use crate::object::ObjectExt;
use crate::status::Status;

pub(super) struct PodSecurity;

/// How much is allowed.
#[derive(Debug, Copy, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Baseline,
    Restricted,
}

/// What a pod does that a level forbids: `privileged`, and where.
type Violation = (&'static str, String);

impl Admission for PodSecurity {
    fn validate(&self, review: &mut Review<'_, '_>) -> Result<(), Status> {
        let place = match &*review.kind.group {
            "" | "apps" | "batch" => pods::template(review.object, &review.kind.kind),
            _ => None,
        };
        let asks = review.operation != Operation::Delete && matches!(review.sub, None | Some("ephemeralcontainers"));
        let (Some(place), Some(namespace)) = (place.filter(|_| asks), review.namespace()) else { return Ok(()) };
        let spec = review.object.at(place).unwrap_or(&Value::Null);
        let same = review.old.is_some_and(|old| old.at(place) == Some(spec));
        if same {
            return Ok(());
        }
        let wanted = |mode: &str| {
            let label = |name: &str| namespace.label(&format!("pod-security.kubernetes.io/{mode}{name}"));
            let level = match label("") {
                Some("restricted") => Level::Restricted,
                Some("baseline") => Level::Baseline,
                _ => return None,
            };
            Some((level, format!("{}:{}", label("").unwrap_or_default(), label("-version").unwrap_or("latest"))))
        };
        let annotations = review.object.at("/metadata/annotations").cloned().unwrap_or(Value::Null);
        if let Some((level, told)) = wanted("enforce").filter(|_| review.kind.is("", "Pod")) {
            let wrong = violations(spec, &annotations, level);
            if !wrong.is_empty() {
                return Err(review.refuse(&format!("violates PodSecurity \"{told}\": {}", joined(&wrong))));
            }
        }
        if let Some((level, told)) = wanted("warn") {
            let wrong = violations(spec, &annotations, level);
            if !wrong.is_empty() {
                review.warnings.push(format!("would violate PodSecurity \"{told}\": {}", joined(&wrong)));
            }
        }
        Ok(())
    }
}

/// All that a level forbids, in the order of Kubernetes.
fn violations(spec: &Value, annotations: &Value, level: Level) -> Vec<Violation> {
    match level {
        Level::Baseline => baseline::all(spec, annotations).into_iter().flatten().collect(),
        Level::Restricted => {
            let [app_armor, _, namespaces, _, ports, privileged, mount, linux, _, sysctls, windows] =
                baseline::all(spec, annotations);
            let common = [app_armor, namespaces, ports, privileged, mount, linux, sysctls, windows];
            common.into_iter().chain(restricted::all(spec)).flatten().collect()
        }
    }
}

fn joined(all: &[Violation]) -> String {
    all.iter().map(|(what, where_)| format!("{what} ({where_})")).collect::<Vec<_>>().join(", ")
}

/// The names of containers that do something.
fn those(spec: &Value, does: impl Fn(&Value) -> bool) -> Vec<&str> {
    pods::containers(spec).filter(|one| does(one)).filter_map(|one| one["name"].as_str()).collect()
}

/// `container "a"`, `containers "a", "b"`.
fn named(what: &str, names: &[&str]) -> String {
    let plural = if names.len() == 1 { "" } else { "s" };
    format!("{what}{plural} {}", quoted(names))
}

fn quoted<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| format!("{:?}", name.as_ref())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(spec: &Value, level: Level, expect: &str) {
        assert_eq!(joined(&violations(spec, &Value::Null, level)), expect);
    }

    #[test]
    fn a_privileged_pod_is_told_of_as_recorded() {
        let spec =
            json!({"securityContext": {}, "containers": [{"name": "app", "securityContext": {"privileged": true}}]});
        check(
            &spec,
            Level::Restricted,
            "privileged (container \"app\" must not set securityContext.privileged=true), \
             allowPrivilegeEscalation != false (container \"app\" must set securityContext.allowPrivilegeEscalation=false), \
             unrestricted capabilities (container \"app\" must set securityContext.capabilities.drop=[\"ALL\"]), \
             runAsNonRoot != true (pod or container \"app\" must set securityContext.runAsNonRoot=true), \
             seccompProfile (pod or container \"app\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \
             \"Localhost\")",
        );
        check(&spec, Level::Baseline, "privileged (container \"app\" must not set securityContext.privileged=true)");
    }

    #[test]
    fn a_careful_pod_is_restricted() {
        let careful = json!({
            "allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
        });
        let spec = json!({
            "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [{"name": "app", "securityContext": careful}], "volumes": [{"name": "tmp", "emptyDir": {}}],
        });
        check(&spec, Level::Restricted, "");
    }

    #[test]
    fn hosts_are_kept_apart() {
        let spec = json!({
            "hostNetwork": true, "hostPID": true, "volumes": [{"name": "root", "hostPath": {"path": "/"}}],
            "containers": [{"name": "a", "ports": [{"hostPort": 80}]}, {"name": "b", "ports": [{"hostPort": 81}]}],
        });
        check(
            &spec,
            Level::Baseline,
            "host namespaces (hostNetwork=true, hostPID=true), hostPath volumes (volume \"root\"), \
             hostPort (containers \"a\", \"b\" use hostPorts 80, 81)",
        );
    }
}
