//! What the level `baseline` forbids: ways out of the container that everybody knows.

use serde_json::Value;

use super::{Violation, named, pods, quoted, those};

const CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];
const LINUX_TYPES: [&str; 5] = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
const SYSCTLS: [&str; 12] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];

/// Each control in the order of its id: AppArmor, capabilities, host namespaces, host paths, host ports, privileged,
/// `/proc`, SELinux, seccomp, sysctls, Windows.
pub(super) fn all(spec: &Value, annotations: &Value) -> [Option<Violation>; 11] {
    [
        app_armor(spec, annotations),
        capabilities(spec),
        namespaces(spec),
        host_paths(spec),
        host_ports(spec),
        privileged(spec),
        proc_mount(spec),
        se_linux(spec),
        seccomp(spec),
        sysctls(spec),
        windows(spec),
    ]
}

fn app_armor(spec: &Value, annotations: &Value) -> Option<Violation> {
    let mut wrong: Vec<String> = Vec::new();
    let is_free = |context: &Value| context["securityContext"]["appArmorProfile"]["type"] == "Unconfined";
    if is_free(spec) {
        wrong.push("pod must not set AppArmor profile type to \"Unconfined\"".to_owned());
    }
    let names = those(spec, is_free);
    if !names.is_empty() {
        wrong.push(format!("{} must not set AppArmor profile type to \"Unconfined\"", named("container", &names)));
    }
    let allowed = |profile: &str| matches!(profile, "" | "runtime/default") || profile.starts_with("localhost/");
    let pairs = annotations.as_object().into_iter().flatten();
    for (name, profile) in pairs.filter_map(|(name, profile)| Some((name, profile.as_str()?))) {
        if name.starts_with("container.apparmor.security.beta.kubernetes.io/") && !allowed(profile) {
            wrong.push(format!("annotation {:?} must not be set", format!("{name}={profile}")));
        }
    }
    let what = if wrong.len() == 1 { "forbidden AppArmor profile" } else { "forbidden AppArmor profiles" };
    (!wrong.is_empty()).then(|| (what, wrong.join(", ")))
}

fn capabilities(spec: &Value) -> Option<Violation> {
    let added = |container: &Value| {
        let all = container["securityContext"]["capabilities"]["add"].as_array().cloned().unwrap_or_default();
        all.into_iter().filter_map(|one| one.as_str().map(str::to_owned)).collect::<Vec<String>>()
    };
    let is_wrong = |name: &String| !CAPABILITIES.contains(&name.as_str());
    let names = those(spec, |container| added(container).iter().any(is_wrong));
    let mut wrong: Vec<String> = pods::containers(spec).flat_map(added).filter(is_wrong).collect();
    wrong.sort();
    wrong.dedup();
    let told = || {
        format!(
            "{} must not include {} in securityContext.capabilities.add",
            named("container", &names),
            quoted(&wrong)
        )
    };
    (!names.is_empty()).then(|| ("non-default capabilities", told()))
}

fn namespaces(spec: &Value) -> Option<Violation> {
    let fields = ["hostNetwork", "hostPID", "hostIPC"];
    let set: Vec<String> =
        fields.iter().filter(|field| spec[**field] == true).map(|field| format!("{field}=true")).collect();
    (!set.is_empty()).then(|| ("host namespaces", set.join(", ")))
}

fn host_paths(spec: &Value) -> Option<Violation> {
    let volumes = spec["volumes"].as_array().into_iter().flatten().filter(|volume| volume["hostPath"].is_object());
    let names: Vec<&str> = volumes.filter_map(|volume| volume["name"].as_str()).collect();
    (!names.is_empty()).then(|| ("hostPath volumes", named("volume", &names)))
}

fn host_ports(spec: &Value) -> Option<Violation> {
    let of = |container: &Value| {
        let ports = container["ports"].as_array().cloned().unwrap_or_default();
        let ports = ports.iter().filter_map(|port| port["hostPort"].as_i64()).filter(|port| *port != 0);
        ports.collect::<Vec<i64>>()
    };
    let names = those(spec, |container| !of(container).is_empty());
    let mut ports: Vec<i64> = pods::containers(spec).flat_map(of).collect();
    ports.sort_unstable();
    ports.dedup();
    let verb = if names.len() == 1 { "uses" } else { "use" };
    let noun = if ports.len() == 1 { "hostPort" } else { "hostPorts" };
    let ports: Vec<String> = ports.iter().map(i64::to_string).collect();
    (!names.is_empty())
        .then(|| ("hostPort", format!("{} {verb} {noun} {}", named("container", &names), ports.join(", "))))
}

fn privileged(spec: &Value) -> Option<Violation> {
    let names = those(spec, |container| container["securityContext"]["privileged"] == true);
    let told = || format!("{} must not set securityContext.privileged=true", named("container", &names));
    (!names.is_empty()).then(|| ("privileged", told()))
}

fn proc_mount(spec: &Value) -> Option<Violation> {
    let free =
        |container: &Value| container["securityContext"]["procMount"].as_str().is_some_and(|mount| mount != "Default");
    let names = those(spec, free);
    let told = || format!("{} must not set securityContext.procMount to \"Unmasked\"", named("container", &names));
    (!names.is_empty()).then(|| ("procMount", told()))
}

fn se_linux(spec: &Value) -> Option<Violation> {
    let wrong = |holder: &Value| {
        let options = &holder["securityContext"]["seLinuxOptions"];
        let text = |field: &str| options[field].as_str().unwrap_or_default().to_owned();
        !LINUX_TYPES.contains(&text("type").as_str()) || !text("user").is_empty() || !text("role").is_empty()
    };
    let names = those(spec, wrong);
    let mut who: Vec<String> = Vec::new();
    if wrong(spec) {
        who.push("pod".to_owned());
    }
    if !names.is_empty() {
        who.push(named("container", &names));
    }
    let mut values: Vec<String> = Vec::new();
    for holder in std::iter::once(spec).chain(pods::containers(spec)) {
        let options = &holder["securityContext"]["seLinuxOptions"];
        let text = |field: &str| options[field].as_str().unwrap_or_default();
        if !LINUX_TYPES.contains(&text("type")) {
            values.push(format!("type {:?}", text("type")));
        }
        values.extend((!text("user").is_empty()).then(|| "user may not be set".to_owned()));
        values.extend((!text("role").is_empty()).then(|| "role may not be set".to_owned()));
    }
    values.dedup();
    let told = || format!("{} set forbidden securityContext.seLinuxOptions: {}", who.join(" and "), values.join("; "));
    (!who.is_empty()).then(|| ("seLinuxOptions", told()))
}

fn seccomp(spec: &Value) -> Option<Violation> {
    let free = |holder: &Value| holder["securityContext"]["seccompProfile"]["type"] == "Unconfined";
    let names = those(spec, free);
    let mut who: Vec<String> = Vec::new();
    if free(spec) {
        who.push("pod".to_owned());
    }
    if !names.is_empty() {
        who.push(named("container", &names));
    }
    let told = || format!("{} must not set securityContext.seccompProfile.type to \"Unconfined\"", who.join(" and "));
    (!who.is_empty()).then(|| ("seccompProfile", told()))
}

fn sysctls(spec: &Value) -> Option<Violation> {
    let all = spec["securityContext"]["sysctls"].as_array().into_iter().flatten();
    let names: Vec<&str> =
        all.filter_map(|sysctl| sysctl["name"].as_str()).filter(|name| !SYSCTLS.contains(name)).collect();
    (!names.is_empty()).then(|| ("forbidden sysctls", names.join(", ")))
}

fn windows(spec: &Value) -> Option<Violation> {
    let of_host = |holder: &Value| holder["securityContext"]["windowsOptions"]["hostProcess"] == true;
    let names = those(spec, of_host);
    let mut who: Vec<String> = Vec::new();
    if of_host(spec) {
        who.push("pod".to_owned());
    }
    if !names.is_empty() {
        who.push(named("container", &names));
    }
    let told = || format!("{} must not set securityContext.windowsOptions.hostProcess=true", who.join(" and "));
    (!who.is_empty()).then(|| ("hostProcess", told()))
}
