//! What to do about a cause: one sentence each.

use super::image;
use ansflow_core::verdict::Cause;

/// What somebody may do, as a sentence without its full stop; none where the verdict says it already.
pub(super) fn advice(cause: &Cause, text: &str) -> Option<String> {
    let words = words(cause, text)?;
    let mut letters = words.chars();
    let first = letters.next()?.to_uppercase();
    Some(first.chain(letters).collect())
}

fn words(cause: &Cause, text: &str) -> Option<String> {
    let words = match cause {
        Cause::ImagePull => return Some(of_image(text)),
        Cause::ImageName => "write the image as host/path:tag, the path in lower case",
        Cause::CrashLoop | Cause::InitContainer => {
            "read its log, and start the image by hand with the same command and environment"
        }
        Cause::OomKilled => "raise resources.limits.memory, or make the program use less",
        Cause::ContainerConfig => {
            "create what is missing in this namespace, or correct its name; `optional: true` does without it"
        }
        Cause::ContainerStart => "check command, args and the file's mode in the image; a script needs its interpreter",
        Cause::ReadinessProbe => "call what the probe calls from within the container; check its path, port and scheme",
        Cause::LivenessProbe => {
            "check the probe's path and port; a program that starts slowly needs a startupProbe with more time"
        }
        Cause::UnschedulableResources => "lower resources.requests, or add nodes",
        Cause::UnschedulableConstraints => {
            "compare nodeSelector, affinity and tolerations with `kubectl get nodes --show-labels`"
        }
        Cause::QuotaExceeded => {
            "look at `kubectl describe quota`; lower requests and limits, or let somebody raise the quota"
        }
        Cause::AdmissionDenied => "do what the rule asks for, or ask those who made it",
        Cause::PodSecurity => "set the securityContext that the namespace's level asks for",
        Cause::VolumeUnbound => {
            "check the claim's name and storageClassName; `kubectl get storageclass` shows those there are"
        }
        Cause::VolumeMount => "create what is missing in this namespace, or correct its name",
        Cause::Sandbox => "check runtimeClassName and the network of the node",
        Cause::ProgressDeadline => "raise progressDeadlineSeconds if it only needs more time",
        Cause::JobFailed => "read the log of its last pod",
        Cause::JobDeadline => "raise activeDeadlineSeconds if it only needs more time",
        Cause::Paused => "`kubectl rollout resume`, or apply it with `paused: false`",
        Cause::Evicted => "raise the limit that it exceeds (mostly ephemeral-storage), or make the program write less",
        Cause::NodeLost => "look at the node; its pods are moved away after some minutes",
        Cause::ImmutableField => "delete and create it anew, or give it another name",
        Cause::Forbidden => "let somebody give this account the right, by a Role and a RoleBinding",
        Cause::Unauthorized => {
            "give this cluster a new credential (`kubectl create token ACCOUNT --duration 8760h` makes a token), and run it again"
        }
        Cause::FieldConflict => "leave these fields to the other manager, or take them with force_conflicts: true",
        Cause::UnknownKind => "check apiVersion and kind; install the CustomResourceDefinition first",
        Cause::InvalidManifest => "correct the field that is named",
        Cause::NamespaceMissing => "create the namespace first, or set create_namespace: true",
        Cause::NamespaceTerminating => "wait until it is gone; a finalizer that nobody serves holds it for ever",
        Cause::WebhookUnreachable => "start what serves the webhook, or remove its configuration if it was uninstalled",
        Cause::ClusterUnreachable => "try again when the cluster answers",
        Cause::Certificate => "give the cluster's certificate authority, or the name that its certificate is for",
        Cause::Timeout => "look at what is still waited for; raise the time-out if it only needs more time",
        Cause::HelmChartMissing
        | Cause::HelmRender
        | Cause::HelmValues
        | Cause::HelmHook
        | Cause::HelmReleaseLocked
        | Cause::Cancelled
        | Cause::Unknown(_) => return None,
    };
    Some(words.to_owned())
}

fn of_image(text: &str) -> String {
    let image = image::named(text).unwrap_or_default();
    let host = image::registry(image);
    if text.contains("not found") {
        format!("check the tag of `{image}`, and that it was pushed to {host}")
    } else if text.contains("no such host") {
        format!("check the host name in `{image}`")
    } else if text.contains("refuses access") {
        format!("check the name of `{image}`, and that imagePullSecrets names a Secret with a login for {host}")
    } else if text.contains("imagePullPolicy") {
        "set imagePullPolicy: IfNotPresent, or bring the image to the node".to_owned()
    } else {
        format!("check that nodes reach {host}")
    }
}
