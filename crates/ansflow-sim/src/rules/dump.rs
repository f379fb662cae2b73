//! A pod template as Kubernetes' messages show one: its internal structs, every field of them, in their order.

use serde_json::{Map, Value};

/// Struct by struct, the fields and what each is when nobody says it; a struct's name stands for its own fields. `N` is null.
const STRUCTS: &[(&str, &str)] = &[
    (
        "PodSpec",
        "Volumes=[Volume] InitContainers=[Container] Containers=[Container] EphemeralContainers=[Container] RestartPolicy=S \
         TerminationGracePeriodSeconds=N ActiveDeadlineSeconds=N DNSPolicy=S NodeSelector=N ServiceAccountName=S \
         AutomountServiceAccountToken=N NodeName=S SecurityContext=PodSecurityContext ImagePullSecrets=N Hostname=S Subdomain=S \
         SetHostnameAsFQDN=N Affinity=N SchedulerName=S Tolerations=[Toleration] HostAliases=N PriorityClassName=S Priority=N \
         PreemptionPolicy=N DNSConfig=N ReadinessGates=N RuntimeClassName=N Overhead=N EnableServiceLinks=N \
         TopologySpreadConstraints=N OS=N SchedulingGates=N ResourceClaims=N Resources=N HostnameOverride=N",
    ),
    (
        "PodSecurityContext",
        "HostNetwork=B HostPID=B HostIPC=B ShareProcessNamespace=N HostUsers=N SELinuxOptions=N WindowsOptions=N RunAsUser=N \
         RunAsGroup=N RunAsNonRoot=N SupplementalGroups=N SupplementalGroupsPolicy=N FSGroup=N FSGroupChangePolicy=N Sysctls=N \
         SeccompProfile=N AppArmorProfile=N SELinuxChangePolicy=N",
    ),
    (
        "Container",
        "Name=S Image=S Command=N Args=N WorkingDir=S Ports=[ContainerPort] EnvFrom=N Env=[EnvVar] Resources=ResourceRequirements \
         ResizePolicy=N RestartPolicy=N RestartPolicyRules=N VolumeMounts=[VolumeMount] VolumeDevices=N LivenessProbe=N \
         ReadinessProbe=N StartupProbe=N Lifecycle=N TerminationMessagePath=S TerminationMessagePolicy=S ImagePullPolicy=S \
         SecurityContext=N Stdin=B StdinOnce=B TTY=B",
    ),
    ("ResourceRequirements", "Limits=N Requests=N Claims=N"),
    ("ContainerPort", "Name=S HostPort=I ContainerPort=I Protocol=S HostIP=S"),
    ("EnvVar", "Name=S Value=S ValueFrom=N"),
    ("VolumeMount", "Name=S ReadOnly=B RecursiveReadOnly=N MountPath=S SubPath=S MountPropagation=N SubPathExpr=S"),
    ("Toleration", "Key=S Operator=S Value=S Effect=S TolerationSeconds=N"),
    (
        "Volume",
        "Name=S HostPath=N EmptyDir=N GCEPersistentDisk=N AWSElasticBlockStore=N GitRepo=N Secret=N NFS=N ISCSI=N Glusterfs=N \
         PersistentVolumeClaim=N RBD=N Quobyte=N FlexVolume=N Cinder=N CephFS=N Flocker=N DownwardAPI=N FC=N AzureFile=N \
         ConfigMap=N VsphereVolume=N AzureDisk=N PhotonPersistentDisk=N Projected=N PortworxVolume=N ScaleIO=N StorageOS=N CSI=N \
         Ephemeral=N Image=N",
    ),
];

/// The template, its metadata without a name of its own.
pub(super) fn template(template: &Value) -> Value {
    let mut out: Map<String, Value> = template["metadata"].as_object().cloned().unwrap_or_default();
    out.shift_remove("creationTimestamp");
    for pairs in ["labels", "annotations"] {
        if let Some(Value::Object(pairs)) = out.get_mut(pairs) {
            pairs.sort_keys();
        }
    }
    out.insert("Spec".to_owned(), pod_spec(&template["spec"]));
    Value::Object(out)
}

fn pod_spec(spec: &Value) -> Value {
    // These stand beside the security context in what people write, and inside it here.
    let mut spec = spec.clone();
    for field in ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"] {
        if let Some(value) = spec.get(field).cloned()
            && let Some(context) = spec.get_mut("securityContext").and_then(Value::as_object_mut)
        {
            context.insert(field.to_owned(), value);
        }
    }
    structure("PodSpec", &spec)
}

fn structure(name: &str, value: &Value) -> Value {
    let Some((_, fields)) = STRUCTS.iter().find(|(known, _)| *known == name) else { return plain(value) };
    let mut out = Map::new();
    for (field, zero) in fields.split_whitespace().filter_map(|field| field.split_once('=')) {
        let given = value.get(json_name(field)).filter(|value| !value.is_null());
        let shown = match (zero, given) {
            ("N", None) => Value::Null,
            ("S", None) => "".into(),
            ("B", None) => false.into(),
            ("I", None) => 0.into(),
            ("N", Some(value)) => plain(value),
            ("S" | "B" | "I", Some(value)) => value.clone(),
            (of, given) => match (of.strip_prefix('[').and_then(|of| of.strip_suffix(']')), given) {
                (Some(_), None) => Value::Null,
                (Some(of), Some(Value::Array(items))) => items.iter().map(|item| structure(of, item)).collect(),
                (_, Some(value)) => structure(of, value),
                (None, None) => structure(of, &Value::Null),
            },
        };
        out.insert(field.to_owned(), shown);
    }
    Value::Object(out)
}

/// What has no table: as it is, but for the names of fields. Names that are the user's own stay.
fn plain(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(fields) => {
            let is_own = fields.keys().any(|name| name.contains(['.', '/', '-']))
                || fields.keys().all(|name| matches!(name.as_str(), "cpu" | "memory"));
            let shown = fields.iter().map(|(name, value)| {
                let name = if is_own { name.clone() } else { go_name(name) };
                (name, plain(value))
            });
            Value::Object(shown.collect())
        }
        other => other.clone(),
    }
}

fn json_name(field: &str) -> String {
    match field {
        "TTY" | "OS" | "RBD" | "NFS" | "FC" | "CSI" | "ISCSI" => field.to_lowercase(),
        "DNSPolicy" | "DNSConfig" => format!("dns{}", &field[3..]),
        "FSGroup" | "FSGroupChangePolicy" => format!("fs{}", &field[2..]),
        "SELinuxOptions" | "SELinuxChangePolicy" => format!("se{}", &field[2..]),
        _ => format!("{}{}", field[..1].to_lowercase(), &field[1..]),
    }
}

fn go_name(field: &str) -> String {
    match field {
        "httpGet" => "HTTPGet".to_owned(),
        "tcpSocket" => "TCPSocket".to_owned(),
        "grpc" => "GRPC".to_owned(),
        _ => field.chars().take(1).flat_map(char::to_uppercase).chain(field.chars().skip(1)).collect(),
    }
}
