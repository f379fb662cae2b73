//! A job labels its pods by its own uid, and does not change what it runs.

use serde_json::{Value, json};

use crate::kind::Kind;
use crate::object::{Object, ObjectExt};
use crate::rules::{Causes, dump, pod_spec, said};
use crate::status::Cause;

pub(crate) fn prepare_create(_kind: &Kind, object: &mut Object) {
    if object.flag("/spec/manualSelector") {
        return;
    }
    let (name, uid) = (object.name().to_owned(), object.uid().to_owned());
    object.put(&["spec", "selector", "matchLabels", "batch.kubernetes.io/controller-uid"], uid.as_str().into());
    for (label, value) in [
        ("batch.kubernetes.io/controller-uid", &uid),
        ("batch.kubernetes.io/job-name", &name),
        ("controller-uid", &uid),
        ("job-name", &name),
    ] {
        object.put(&["spec", "template", "metadata", "labels", label], value.as_str().into());
    }
    // As it comes out of the store: a job without labels goes by those of its pods.
    if object.at("/metadata/labels").is_none_or(|labels| labels.as_object().is_none_or(Object::is_empty))
        && let Some(labels) = object.at("/spec/template/metadata/labels").cloned()
    {
        object.set_meta("labels", labels);
    }
}

pub(crate) fn validate(_kind: &Kind, object: &Object, causes: &mut Causes) {
    for field in ["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"] {
        said::not_negative(causes, &format!("spec.{field}"), object.at(&format!("/spec/{field}")));
    }
    let modes = ["Indexed", "NonIndexed"];
    said::one_of(causes, "spec.completionMode", object.at("/spec/completionMode"), &modes);
    if object.text("/spec/completionMode") == "Indexed" && object.at("/spec/completions").is_none() {
        said::required(causes, "spec.completions", "when completion mode is Indexed");
    }
    template(object.at("/spec/template").unwrap_or(&Value::Null), "spec.template", causes);
}

/// The template of a job's pods, which end.
pub(crate) fn template(template: &Value, path: &str, causes: &mut Causes) {
    pod_spec::validate(&template["spec"], &format!("{path}.spec"), causes);
    if template["spec"]["restartPolicy"].as_str().is_none_or(|policy| policy.is_empty() || policy == "Always") {
        let why = "valid values: \"OnFailure\", \"Never\"";
        said::required(causes, &format!("{path}.spec.restartPolicy"), why);
    }
}

pub(crate) fn validate_update(_kind: &Kind, object: &Object, old: &Object, causes: &mut Causes) {
    let both = |field: &str| (object.at(&format!("/spec/{field}")), old.at(&format!("/spec/{field}")));
    let mut fixed = |field: &str| {
        let (new, old) = both(field);
        said::fixed(causes, &format!("spec.{field}"), new, old);
    };
    // An indexed job may be made longer or shorter, together with its parallelism.
    if object.text("/spec/completionMode") != "Indexed" || both("completions").0 != both("parallelism").0 {
        fixed("completions");
    }
    fixed("selector");
    let (new, before) = (object.at("/spec/template"), old.at("/spec/template"));
    if let (Some(new), Some(before)) = (new, before)
        && comparable(new, object, old) != comparable(before, object, old)
    {
        let why = format!("Invalid value: {}: field is immutable", dump::template(new));
        causes.push(Cause::new("FieldValueInvalid", "spec.template", why));
    }
    for field in ["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"] {
        let (new, old) = both(field);
        said::fixed(causes, &format!("spec.{field}"), new, old);
    }
}

/// What must stay of a template: where its pods go may change while the job has not begun.
fn comparable(template: &Value, object: &Object, old: &Object) -> Value {
    let mut template = template.clone();
    let waits = old.flag("/spec/suspend") && old.at("/status/startTime").is_none() && !object.is_deleting();
    if waits {
        if let Some(spec) = template.get_mut("spec").and_then(Value::as_object_mut) {
            for field in ["nodeSelector", "affinity", "tolerations", "schedulingGates"] {
                spec.shift_remove(field);
            }
        }
        template["metadata"] = json!({});
    }
    template
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Kinds;

    /// The recorded refusal of a job whose command changed, with uids in the place of its own.
    const TOLD: &str = r#"Invalid value: {"labels":{"app":"migrate","batch.kubernetes.io/controller-uid":"U","batch.kubernetes.io/job-name":"migrate","controller-uid":"U","job-name":"migrate"},"Spec":{"Volumes":null,"InitContainers":null,"Containers":[{"Name":"app","Image":"busybox:1.36","Command":["sh","-c","echo v2"],"Args":null,"WorkingDir":"","Ports":null,"EnvFrom":null,"Env":null,"Resources":{"Limits":null,"Requests":null,"Claims":null},"ResizePolicy":null,"RestartPolicy":null,"RestartPolicyRules":null,"VolumeMounts":null,"VolumeDevices":null,"LivenessProbe":null,"ReadinessProbe":null,"StartupProbe":null,"Lifecycle":null,"TerminationMessagePath":"/dev/termination-log","TerminationMessagePolicy":"File","ImagePullPolicy":"IfNotPresent","SecurityContext":null,"Stdin":false,"StdinOnce":false,"TTY":false}],"EphemeralContainers":null,"RestartPolicy":"Never","TerminationGracePeriodSeconds":2,"ActiveDeadlineSeconds":null,"DNSPolicy":"ClusterFirst","NodeSelector":null,"ServiceAccountName":"","AutomountServiceAccountToken":null,"NodeName":"","SecurityContext":{"HostNetwork":false,"HostPID":false,"HostIPC":false,"ShareProcessNamespace":null,"HostUsers":null,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"SupplementalGroups":null,"SupplementalGroupsPolicy":null,"FSGroup":null,"FSGroupChangePolicy":null,"Sysctls":null,"SeccompProfile":null,"AppArmorProfile":null,"SELinuxChangePolicy":null},"ImagePullSecrets":null,"Hostname":"","Subdomain":"","SetHostnameAsFQDN":null,"Affinity":null,"SchedulerName":"default-scheduler","Tolerations":null,"HostAliases":null,"PriorityClassName":"","Priority":null,"PreemptionPolicy":null,"DNSConfig":null,"ReadinessGates":null,"RuntimeClassName":null,"Overhead":null,"EnableServiceLinks":null,"TopologySpreadConstraints":null,"OS":null,"SchedulingGates":null,"ResourceClaims":null,"Resources":null,"HostnameOverride":null}}: field is immutable"#;

    #[test]
    fn the_template_of_a_job_stays_and_the_refusal_shows_it_whole() {
        let kind = Kinds::new().of("batch/v1", "Job").unwrap();
        let job = |command: &str| {
            let mut job = match json!({
                "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "migrate", "uid": "U"},
                "spec": {"template": {
                    "metadata": {"labels": {"app": "migrate"}},
                    "spec": {
                        "containers": [{"name": "app", "image": "busybox:1.36", "command": ["sh", "-c", command]}],
                        "restartPolicy": "Never", "terminationGracePeriodSeconds": 2,
                    },
                }},
            }) {
                Value::Object(job) => job,
                other => panic!("{other}"),
            };
            crate::rules::fill(&kind, &mut job);
            prepare_create(&kind, &mut job);
            job
        };
        let mut causes = Causes::new();
        validate_update(&kind, &job("echo v1"), &job("echo v1"), &mut causes);
        assert!(causes.is_empty(), "{causes:?}");
        validate_update(&kind, &job("echo v2"), &job("echo v1"), &mut causes);
        assert_eq!(causes.len(), 1);
        assert_eq!((causes[0].field.as_str(), causes[0].message.as_str()), ("spec.template", TOLD));
    }
}
