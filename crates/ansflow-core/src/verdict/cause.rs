//! The causes: one word each, of a list that may grow.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// What every reader knows is a cause without a name.
const UNKNOWN: &str = "unknown";

/// Declares the causes and their words together, so that neither can be without the other.
macro_rules! causes {
    ($($name:ident $word:literal $doc:literal,)*) => {
        /// Why a step failed.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Cause {
            $(#[doc = $doc] $name,)*
            /// None of these, or a word of a later version, which is kept.
            Unknown(Box<str>),
        }

        impl Cause {
            /// Every cause that has a name.
            pub const ALL: &[Cause] = &[$(Cause::$name,)*];

            /// Its word.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Cause::$name => $word,)*
                    Cause::Unknown(word) => word,
                }
            }

            /// The same as a sentence that names nothing.
            #[must_use]
            pub fn meaning(&self) -> &'static str {
                match self {
                    $(Cause::$name => $doc,)*
                    Cause::Unknown(_) => "It failed, and nothing says why.",
                }
            }
        }

        impl From<&str> for Cause {
            fn from(word: &str) -> Cause {
                match word {
                    $($word => Cause::$name,)*
                    _ => Cause::Unknown(word.into()),
                }
            }
        }
    };
}

causes! {
    ImagePull "image_pull" "An image cannot be pulled.",
    ImageName "image_name" "An image's name is none.",
    CrashLoop "crash_loop" "A container ends again and again.",
    OomKilled "oom_killed" "A container takes more memory than it may.",
    ContainerConfig "container_config" "A container's configuration refers to what is not there, or not allowed.",
    ContainerStart "container_start" "A container cannot be started.",
    InitContainer "init_container" "An init container ends again and again, or never.",
    ReadinessProbe "readiness_probe" "A container runs and does not become ready.",
    LivenessProbe "liveness_probe" "A liveness or startup probe has a container killed.",
    UnschedulableResources "unschedulable_resources" "No node has room.",
    UnschedulableConstraints "unschedulable_constraints" "No node fits.",
    QuotaExceeded "quota_exceeded" "A quota has no room.",
    AdmissionDenied "admission_denied" "A policy, webhook or limit refuses it.",
    PodSecurity "pod_security" "The namespace's Pod Security level refuses its pods.",
    VolumeUnbound "volume_unbound" "A claim has no volume.",
    VolumeMount "volume_mount" "A volume cannot be mounted.",
    Sandbox "sandbox" "A pod's sandbox or network cannot be made.",
    ProgressDeadline "progress_deadline" "A Deployment's own deadline has passed.",
    JobFailed "job_failed" "A Job, or a pod that runs once, has failed.",
    JobDeadline "job_deadline" "A Job's own deadline has passed.",
    Paused "paused" "A Deployment is paused.",
    Evicted "evicted" "Pods are evicted again and again.",
    NodeLost "node_lost" "A pod's node does not answer.",
    ImmutableField "immutable_field" "A field cannot be changed once it is there.",
    Forbidden "forbidden" "The credential may not do it.",
    Unauthorized "unauthorized" "The credential is not accepted.",
    FieldConflict "field_conflict" "Somebody else manages a field.",
    UnknownKind "unknown_kind" "The cluster does not know the kind.",
    InvalidManifest "invalid_manifest" "The manifest is not valid.",
    NamespaceMissing "namespace_missing" "The namespace is not there.",
    NamespaceTerminating "namespace_terminating" "The namespace is being deleted.",
    WebhookUnreachable "webhook_unreachable" "An admission webhook does not answer.",
    ClusterUnreachable "cluster_unreachable" "The cluster does not answer.",
    Certificate "certificate" "The cluster's certificate is not trusted.",
    HelmChartMissing "helm_chart_missing" "A chart cannot be found.",
    HelmRender "helm_render" "A chart cannot be rendered.",
    HelmValues "helm_values" "A chart refuses its values.",
    HelmHook "helm_hook" "A hook of a chart failed.",
    HelmReleaseLocked "helm_release_locked" "Another operation holds the release.",
    Timeout "timeout" "The time was up, and nothing says why.",
    Cancelled "cancelled" "Somebody cancelled it.",
}

impl Cause {
    /// The cause that has no name.
    #[must_use]
    pub fn unknown() -> Cause {
        Cause::Unknown(UNKNOWN.into())
    }
}

impl FromStr for Cause {
    type Err = Infallible;

    fn from_str(word: &str) -> Result<Cause, Infallible> {
        Ok(Cause::from(word))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Cause {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Cause, D::Error> {
        Ok(Cause::from(String::deserialize(deserializer)?.as_str()))
    }
}
