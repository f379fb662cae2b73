//! What every pod is checked for, by itself and as the template of others.

mod container;
mod volume;

pub(super) use container::wrong_port_name;

use serde_json::Value;

use super::{Causes, labels, said};

const POLICIES: [&str; 3] = ["Always", "Never", "OnFailure"];

/// All that is wrong with a pod's spec at a path.
pub(super) fn validate(spec: &Value, path: &str, causes: &mut Causes) {
    let volumes = volume::validate(&spec["volumes"], &format!("{path}.volumes"), causes);
    let containers = items(spec, "containers");
    if containers.is_empty() {
        said::required(causes, &format!("{path}.containers"), "");
    }
    let mut names = Vec::new();
    for (at, one) in containers.iter().enumerate() {
        container::validate(one, &format!("{path}.containers[{at}]"), &volumes, &mut names, causes);
    }
    for (at, one) in items(spec, "initContainers").iter().enumerate() {
        let path = format!("{path}.initContainers[{at}]");
        container::validate(one, &path, &volumes, &mut names, causes);
        // A sidecar goes on beside the others, and only it is probed.
        if one["restartPolicy"] != "Always" {
            for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
                if one[probe].is_object() {
                    let why = "may not be set for init containers without restartPolicy=Always";
                    said::forbidden(causes, &format!("{path}.{probe}"), why);
                }
            }
        }
    }
    said::one_of(causes, &format!("{path}.restartPolicy"), spec.get("restartPolicy"), &POLICIES);
    let dns = ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"];
    said::one_of(causes, &format!("{path}.dnsPolicy"), spec.get("dnsPolicy"), &dns);
    labels::labels(spec.get("nodeSelector"), &format!("{path}.nodeSelector"), causes);
    tolerations(spec, path, causes);
    said::not_negative(
        causes,
        &format!("{path}.terminationGracePeriodSeconds"),
        spec.get("terminationGracePeriodSeconds"),
    );
    if let Some(deadline) = spec.get("activeDeadlineSeconds").filter(|value| value.as_i64().is_some_and(|one| one < 1))
    {
        let why = "must be between 1 and 2147483647, inclusive";
        said::invalid(causes, &format!("{path}.activeDeadlineSeconds"), deadline, why);
    }
}

fn tolerations(spec: &Value, path: &str, causes: &mut Causes) {
    for (at, one) in items(spec, "tolerations").iter().enumerate() {
        let path = format!("{path}.tolerations[{at}]");
        said::one_of(causes, &format!("{path}.operator"), one.get("operator"), &["Equal", "Exists"]);
        let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute", ""];
        said::one_of(causes, &format!("{path}.effect"), one.get("effect"), &effects);
        let text = |field: &str| one[field].as_str().unwrap_or_default();
        if text("key").is_empty() && text("operator") != "Exists" {
            let why = "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
            said::invalid(causes, &format!("{path}.operator"), &Value::from(text("operator")), why);
        }
        if text("operator") == "Exists" && !text("value").is_empty() {
            let why = "value must be empty when `operator` is 'Exists'";
            said::invalid(causes, &format!("{path}.operator"), &Value::from(text("value")), why);
        }
    }
}

fn items<'v>(of: &'v Value, field: &str) -> &'v [Value] {
    of[field].as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(spec: &Value) -> Vec<String> {
        let mut causes = Causes::new();
        validate(spec, "spec", &mut causes);
        causes.into_iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect()
    }

    #[test]
    fn a_container_without_an_image_is_refused_in_the_recorded_words() {
        let told = said(&json!({"containers": [{"name": "app"}]}));
        assert_eq!(told, ["spec.containers[0].image: Required value"]);
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let told = said(&json!({
            "volumes": [{"name": "data", "emptyDir": {}}, {"name": "data", "emptyDir": {}}],
            "containers": [
                {"name": "Bad", "image": "nginx", "ports": [{"containerPort": 0, "protocol": "TCP"}]},
                {"name": "app", "image": "nginx", "volumeMounts": [{"name": "other", "mountPath": "/x"}]},
                {"name": "app", "image": "nginx", "resources": {"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}},
            ],
            "restartPolicy": "Sometimes",
        }));
        assert_eq!(told.len(), 7, "{told:#?}");
        assert_eq!(told[0], "spec.volumes[1].name: Duplicate value: \"data\"");
        assert!(told[1].starts_with("spec.containers[0].name: Invalid value: \"Bad\": a lowercase RFC 1123 label"));
        assert_eq!(told[2], "spec.containers[0].ports[0].containerPort: Required value");
        assert_eq!(told[3], "spec.containers[1].volumeMounts[0].name: Not found: \"other\"");
        assert_eq!(
            told[4],
            "spec.containers[2].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1"
        );
        assert_eq!(told[5], "spec.containers[2].name: Duplicate value: \"app\"");
        assert_eq!(
            told[6],
            "spec.restartPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\", \"Never\", \"OnFailure\""
        );
    }
}
