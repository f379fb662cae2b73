//! The tables of defaults (`defaults.rs` says how they are read).

/// Tables by kind, as `Invalid` names kinds, and tables that others name.
pub(super) const DEFAULTS: &[(&str, &str)] = &[
    ("probe", PROBE),
    ("http", HTTP),
    ("container", CONTAINER),
    ("volume", VOLUME),
    ("podspec", POD_SPEC),
    ("claim", CLAIM),
    ("webhook", WEBHOOK),
    ("Pod", "spec : podspec\nspec.enableServiceLinks = true"),
    ("PodTemplate", "template.spec : podspec"),
    ("ReplicationController", "spec.replicas = 1\nspec.template?.spec : podspec"),
    ("Deployment.apps", DEPLOYMENT),
    ("ReplicaSet.apps", "spec.replicas = 1\nspec.template.spec : podspec"),
    ("StatefulSet.apps", STATEFUL_SET),
    ("DaemonSet.apps", DAEMON_SET),
    ("Job.batch", JOB),
    ("CronJob.batch", CRON_JOB),
    ("HorizontalPodAutoscaler.autoscaling", "spec.minReplicas = 1"),
    ("Service", SERVICE),
    ("Endpoints", "subsets[].ports[].protocol = \"TCP\""),
    ("EndpointSlice.discovery.k8s.io", "ports[].protocol = \"TCP\"\nports[].name = \"\""),
    ("Secret", "type = \"Opaque\""),
    ("PersistentVolumeClaim", CLAIM),
    ("PersistentVolume", VOLUMES),
    ("StorageClass.storage.k8s.io", "reclaimPolicy = \"Delete\"\nvolumeBindingMode = \"Immediate\""),
    ("PriorityClass.scheduling.k8s.io", "preemptionPolicy = \"PreemptLowerPriority\""),
    ("NetworkPolicy.networking.k8s.io", NETWORK_POLICY),
    ("RoleBinding.rbac.authorization.k8s.io", "roleRef.apiGroup = \"rbac.authorization.k8s.io\""),
    ("ClusterRoleBinding.rbac.authorization.k8s.io", "roleRef.apiGroup = \"rbac.authorization.k8s.io\""),
    ("ValidatingWebhookConfiguration.admissionregistration.k8s.io", "webhooks[] : webhook"),
    (
        "MutatingWebhookConfiguration.admissionregistration.k8s.io",
        "webhooks[] : webhook\nwebhooks[].reinvocationPolicy = \"Never\"",
    ),
    ("ValidatingAdmissionPolicy.admissionregistration.k8s.io", POLICY),
    ("ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io", POLICY_BINDING),
    ("CustomResourceDefinition.apiextensions.k8s.io", "spec.conversion.strategy = \"None\""),
];

const PROBE: &str = r#"
    timeoutSeconds = 1
    periodSeconds = 10
    successThreshold = 1
    failureThreshold = 3
    httpGet? : http
    grpc?.service = ""
"#;

const HTTP: &str = r#"
    path = "/"
    scheme = "HTTP"
"#;

const CONTAINER: &str = r#"
    terminationMessagePath = "/dev/termination-log"
    terminationMessagePolicy = "File"
    resources = {}
    ports[].protocol = "TCP"
    livenessProbe? : probe
    readinessProbe? : probe
    startupProbe? : probe
    lifecycle?.postStart?.httpGet? : http
    lifecycle?.preStop?.httpGet? : http
    env[].valueFrom?.fieldRef?.apiVersion = "v1"
"#;

const VOLUME: &str = r#"
    secret?.defaultMode = 420
    configMap?.defaultMode = 420
    downwardAPI?.defaultMode = 420
    downwardAPI?.items[].fieldRef?.apiVersion = "v1"
    projected?.defaultMode = 420
    projected?.sources[].serviceAccountToken?.expirationSeconds = 3600
    projected?.sources[].downwardAPI?.items[].fieldRef?.apiVersion = "v1"
    hostPath?.type = ""
    ephemeral?.volumeClaimTemplate?.spec.volumeMode = "Filesystem"
"#;

const POD_SPEC: &str = r#"
    restartPolicy = "Always"
    terminationGracePeriodSeconds = 30
    dnsPolicy = "ClusterFirst"
    securityContext = {}
    schedulerName = "default-scheduler"
    containers[] : container
    initContainers[] : container
    ephemeralContainers[] : container
    volumes[] : volume
"#;

const DEPLOYMENT: &str = r#"
    spec.replicas = 1
    spec.template.spec : podspec
    spec.strategy.type = "RollingUpdate"
    spec.revisionHistoryLimit = 10
    spec.progressDeadlineSeconds = 600
"#;

const STATEFUL_SET: &str = r#"
    spec.replicas = 1
    spec.template.spec : podspec
    spec.podManagementPolicy = "OrderedReady"
    spec.updateStrategy.type = "RollingUpdate"
    spec.revisionHistoryLimit = 10
    spec.persistentVolumeClaimRetentionPolicy.whenDeleted = "Retain"
    spec.persistentVolumeClaimRetentionPolicy.whenScaled = "Retain"
    spec.volumeClaimTemplates[] : claim
"#;

const DAEMON_SET: &str = r#"
    spec.template.spec : podspec
    spec.updateStrategy.type = "RollingUpdate"
    spec.revisionHistoryLimit = 10
"#;

const JOB: &str = r#"
    spec.template.metadata = {}
    spec.template.spec : podspec
    spec.completionMode = "NonIndexed"
    spec.suspend = false
    spec.manualSelector = false
"#;

const CRON_JOB: &str = r#"
    spec.concurrencyPolicy = "Allow"
    spec.suspend = false
    spec.successfulJobsHistoryLimit = 3
    spec.failedJobsHistoryLimit = 1
    spec.jobTemplate.metadata = {}
    spec.jobTemplate.spec.template.metadata = {}
    spec.jobTemplate.spec.template.spec : podspec
"#;

const SERVICE: &str = r#"
    spec.sessionAffinity = "None"
    spec.type = "ClusterIP"
    spec.ports[].protocol = "TCP"
"#;

const CLAIM: &str = r#"
    spec.volumeMode = "Filesystem"
    status.phase = "Pending"
"#;

const VOLUMES: &str = r#"
    spec.persistentVolumeReclaimPolicy = "Retain"
    spec.volumeMode = "Filesystem"
    spec.hostPath?.type = ""
    status.phase = "Pending"
"#;

const NETWORK_POLICY: &str = r#"
    spec.ingress[].ports[].protocol = "TCP"
    spec.egress[].ports[].protocol = "TCP"
"#;

const WEBHOOK: &str = r#"
    failurePolicy = "Fail"
    matchPolicy = "Equivalent"
    namespaceSelector = {}
    objectSelector = {}
    timeoutSeconds = 10
    rules[].scope = "*"
    clientConfig.service?.port = 443
"#;

const POLICY: &str = r#"
    spec.failurePolicy = "Fail"
    spec.matchConstraints?.matchPolicy = "Equivalent"
    spec.matchConstraints?.namespaceSelector = {}
    spec.matchConstraints?.objectSelector = {}
    spec.matchConstraints?.resourceRules[].scope = "*"
    spec.matchConstraints?.excludeResourceRules[].scope = "*"
"#;

const POLICY_BINDING: &str = r#"
    spec.matchResources?.matchPolicy = "Equivalent"
    spec.matchResources?.namespaceSelector = {}
    spec.matchResources?.objectSelector = {}
    spec.matchResources?.resourceRules[].scope = "*"
"#;
