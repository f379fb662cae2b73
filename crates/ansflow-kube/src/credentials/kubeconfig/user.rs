//! Who one is, by a kubeconfig's user.

use std::path::{Path, PathBuf};

use ansflow_core::yaml::{Node, Value};
use zeroize::Zeroizing;

use super::super::refused::{Refused, shown};
use super::super::{certificate, inline, token};
use super::pick::Picked;
use super::{Reach, Section, plain};
use crate::access::{ActsAs, Auth, Program};

/// All that a user may say; what is not here is refused by name, because it would be a way to be somebody.
const KNOWN: [&str; 16] = [
    "token",
    "tokenFile",
    "client-certificate",
    "client-certificate-data",
    "client-key",
    "client-key-data",
    "username",
    "password",
    "exec",
    "auth-provider",
    "as",
    "as-uid",
    "as-groups",
    "as-user-extra",
    "extensions",
    "impersonate",
];

/// What an allowed program's environment may have of a kubeconfig: names that say who asks and where, and none that says
/// what is run (as `LD_PRELOAD`, `AWS_CONFIG_FILE` and `CLOUDSDK_PYTHON` do).
const VARIABLES: [&str; 16] = [
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_STS_REGIONAL_ENDPOINTS",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "CLOUDSDK_CORE_PROJECT",
    "CLOUDSDK_CORE_ACCOUNT",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_TENANT_ID",
    "AAD_LOGIN_METHOD",
    "AAD_SERVICE_PRINCIPAL_CLIENT_ID",
    "AAD_SERVICE_PRINCIPAL_CLIENT_SECRET",
    "USE_GKE_GCLOUD_AUTH_PLUGIN",
];

const MAKE_A_TOKEN: &str = "make a service account token and give that: `kubectl create token NAME --duration 8760h`";

pub(super) fn user(picked: &Picked<'_>, reach: Reach<'_>) -> Result<(Auth, Option<ActsAs>), Refused> {
    let name = format!("user {}", shown(&picked.user_name));
    let refuse = |why: String| Refused::new("text", why);
    let Some(node) = picked.user else {
        return Err(refuse(match picked.user_name.is_empty() {
            true => format!("context {} names no user", shown(&picked.context)),
            false => format!("{name} has no credential"),
        })
        .help(MAKE_A_TOKEN));
    };
    if let Some(unknown) = keys(node).find(|key| !KNOWN.contains(key)) {
        return Err(refuse(format!("{name} has {}, which is no way to be somebody", shown(unknown))).help(MAKE_A_TOKEN));
    }
    let section = Section { node: Some(node), name: name.clone() };
    if let Some(provider) = node.get("auth-provider").filter(|node| !super::is_null(node)) {
        let word = provider.get("name").and_then(Node::text).unwrap_or_default();
        let why = format!("{name} has `auth-provider: {}`, which Kubernetes itself no longer has", plain(word));
        return Err(refuse(why).help(MAKE_A_TOKEN));
    }
    if section.text("username")?.is_some() || section.text("password")?.is_some() {
        return Err(
            refuse(format!("{name} signs in with a password, which Kubernetes no longer takes")).help(MAKE_A_TOKEN)
        );
    }
    let by_token = bearer(&section, reach)?;
    let by_certificate = client(&section, reach)?;
    let by_program = match node.get("exec").filter(|node| !super::is_null(node)) {
        Some(exec) => Some(program(exec, &name, reach)?),
        None => None,
    };
    let auth = match (by_token, by_certificate, by_program) {
        (Some(auth), None, None) | (None, Some(auth), None) => auth,
        (None, None, Some(program)) => Auth::Exec(program),
        (None, None, None) => return Err(refuse(format!("{name} has no credential")).help(MAKE_A_TOKEN)),
        _ => {
            let why = format!("{name} has more than one of token, certificate and `exec`");
            return Err(refuse(why).help("keep the one that is meant"));
        }
    };
    Ok((auth, acts_as(&section)?))
}

fn bearer(section: &Section<'_>, reach: Reach<'_>) -> Result<Option<Auth>, Refused> {
    let owner = &section.name;
    let text = match (section.text("token")?, section.text("tokenFile")?, reach) {
        (_, Some(file), Reach::Own { folder }) => inline::file(&folder.join(file), &format!("`tokenFile` of {owner}"))?,
        (_, Some(file), Reach::Nothing { .. }) => {
            let why =
                format!("`tokenFile: {}` of {owner} is a file, and files of this machine are not read", plain(&file));
            return Err(Refused::new("text", why).help("put its content into `token`"));
        }
        (Some(token), None, _) => token,
        (None, None, _) => return Ok(None),
    };
    token::token(&text).map(Some)
}

fn client(section: &Section<'_>, reach: Reach<'_>) -> Result<Option<Auth>, Refused> {
    let owner = &section.name;
    let cert = section.content("client-certificate", "client-certificate-data", reach)?;
    let key = section.content("client-key", "client-key-data", reach)?.map(Zeroizing::new);
    match (cert, key) {
        (None, None) => Ok(None),
        (Some(cert), Some(key)) => certificate::certificate(&cert, &key).map(Some),
        (Some(_), None) => Err(Refused::new("text", format!("{owner} has a certificate without its key"))
            .help("put the key into `client-key-data`: `base64 -w0 FILE`")),
        (None, Some(_)) => Err(Refused::new("text", format!("{owner} has a key without its certificate"))
            .help("put the certificate into `client-certificate-data`: `base64 -w0 FILE`")),
    }
}

fn acts_as(section: &Section<'_>) -> Result<Option<ActsAs>, Refused> {
    let owner = &section.name;
    let has = |key: &str| section.node.and_then(|node| node.get(key)).is_some_and(|node| !super::is_null(node));
    if has("as-user-extra") || has("impersonate") {
        let why = format!("{owner} acts for another with `as-user-extra` or `impersonate`, which is not supported");
        return Err(Refused::new("text", why).help("`as`, `as-uid` and `as-groups` are"));
    }
    let groups = match section.node.and_then(|node| node.get("as-groups")).map(|node| &node.value) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::List(items)) => items.iter().filter_map(Node::scalar).collect(),
        Some(Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::Map(_)) => {
            return Err(Refused::new("text", format!("`as-groups` of {owner} is no list")));
        }
    };
    let uid = section.text("as-uid")?;
    let Some(user) = section.text("as")? else {
        return match groups.is_empty() && uid.is_none() {
            true => Ok(None),
            false => Err(Refused::new("text", format!("{owner} has `as-groups` or `as-uid` without `as`"))),
        };
    };
    let is_line = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    let are_lines = [&user].into_iter().chain(&groups).chain(&uid).all(|text| is_line(text));
    match are_lines {
        true => Ok(Some(ActsAs { user, uid, groups })),
        false => Err(Refused::new("text", format!("`as…` of {owner} has characters that no header can carry"))),
    }
}

/// The program that a user's `exec` names, where it is allowed.
fn program(exec: &Node, owner: &str, reach: Reach<'_>) -> Result<Program, Refused> {
    let section = Section { node: Some(exec), name: format!("`exec` of {owner}") };
    let Some(command) = section.text("command")? else {
        return Err(Refused::new("text", format!("`exec` of {owner} names no `command`")).help(MAKE_A_TOKEN));
    };
    if let Reach::Nothing { allowed } = reach
        && !allowed.iter().any(|allowed| allowed == Path::new(&command))
    {
        let why = format!("`exec: {}` of {owner} would run a program on this server", plain(&command));
        let path =
            if command.starts_with('/') { plain(&command) } else { format!("/usr/local/bin/{}", plain(&command)) };
        let help = format!(
            "{MAKE_A_TOKEN}, or ask an administrator to start the server with `--allow-exec {path}` and write \
                            that path"
        );
        return Err(Refused::new("text", why).help(help));
    }
    let args = match exec.get("args").map(|node| &node.value) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::List(items)) => items.iter().filter_map(Node::scalar).collect(),
        Some(Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::Map(_)) => {
            return Err(Refused::new("text", format!("`args` of `exec` of {owner} is no list")));
        }
    };
    Ok(Program { path: PathBuf::from(command), args, env: variables(exec, owner, reach)? })
}

fn variables(exec: &Node, owner: &str, reach: Reach<'_>) -> Result<Vec<(String, Zeroizing<String>)>, Refused> {
    let items = match exec.get("env").map(|node| &node.value) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::List(items)) => items,
        Some(Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::Map(_)) => {
            return Err(Refused::new("text", format!("`env` of `exec` of {owner} is no list")));
        }
    };
    let mut variables = Vec::new();
    for item in items {
        let (name, value) = (item.get("name").and_then(Node::scalar), item.get("value").and_then(Node::scalar));
        let (name, value) = (name.unwrap_or_default(), Zeroizing::new(value.unwrap_or_default()));
        if matches!(reach, Reach::Nothing { .. }) && !VARIABLES.contains(&name.as_str()) {
            let why = format!("`exec` of {owner} sets {}, which an allowed program does not get", shown(&name));
            return Err(Refused::new("text", why).help(format!("it may set {}", VARIABLES.join(", "))));
        }
        variables.push((name, value));
    }
    Ok(variables)
}

fn keys(node: &Node) -> impl Iterator<Item = &str> {
    let entries = match &node.value {
        Value::Map(entries) => entries.as_slice(),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::List(_) => &[],
    };
    entries.iter().map(|entry| entry.key.text.as_str())
}
