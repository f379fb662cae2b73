//! A cluster as it is entered, and what is wrong with it, by field.

use ansflow_kube::Access;
use ansflow_kube::access::Auth as KubeAuth;
use ansflow_kube::credentials::{self as given, Credential, Refused};
use ansflow_store::clusters::{Auth, Cluster, Input, check_name};
use serde::Deserialize;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::view::ClusterKind;
use crate::App;
use crate::error::{ApiError, ApiResult};

/// The longest description, in bytes.
const DESCRIPTION_MAX: usize = 2_000;
/// The longest name of a namespace or of a server's certificate, in bytes.
const WORD_MAX: usize = 253;

/// A cluster as it is entered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClusterInput {
    /// Only where a connection is tried: the stored one whose credential is meant where `credential` is null.
    #[serde(default)]
    pub(super) id: Option<String>,
    /// 1 to 100 characters on one line, without braces, `=` and `#`; what steps call it. `clu_…` is taken.
    #[schema(min_length = 1, max_length = 100)]
    pub(super) name: String,
    /// At most 2,000 bytes.
    #[serde(default)]
    description: String,
    kind: ClusterKind,
    /// `https://10.0.0.5:6443`; empty for a kubeconfig, and in the cluster itself, which say it.
    #[serde(default)]
    server: String,
    /// Null keeps what is stored.
    #[schema(required)]
    pub(super) credential: Option<CredentialInput>,
    /// Whom its certificate may be signed by, PEM. Null keeps what is stored, or takes what the kubeconfig says; empty: whom
    /// the machine trusts that AnsFlow runs on.
    #[serde(default)]
    ca: Option<String>,
    /// Whether its certificate is looked at. Without, whoever answers at its address gets the credential.
    verify_tls: bool,
    /// The name that its certificate must have, where that is not the server's.
    #[serde(default)]
    tls_server_name: Option<String>,
    /// `http://`, `https://` or `socks5://`, with user and password where it wants them.
    #[serde(default)]
    proxy: Option<String>,
    /// The namespace of who names none; null: the kubeconfig's, or `default`.
    #[serde(default)]
    namespace: Option<String>,
}

/// A credential, by how it is given.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum CredentialInput {
    /// A bearer token.
    Token {
        /// The token alone.
        #[schema(value_type = String)]
        token: Zeroizing<String>,
    },
    /// A kubeconfig with everything inside; server, CA and proxy are taken from it.
    Kubeconfig {
        /// YAML, at most 1 MiB.
        #[schema(value_type = String)]
        text: Zeroizing<String>,
        /// Which of its contexts; null: its current one.
        #[serde(default)]
        context: Option<String>,
    },
    /// A client certificate with its key.
    Certificate {
        /// PEM.
        certificate: String,
        /// PEM, without a passphrase.
        #[schema(value_type = String)]
        key: Zeroizing<String>,
    },
    /// The service account of the pod that AnsFlow runs in.
    InCluster,
}

/// One that can be stored.
pub(super) struct Checked {
    name: String,
    description: String,
    kind: ClusterKind,
    auth: Auth,
    /// None: the stored one.
    credential: Option<Zeroizing<String>>,
    pub(super) access: Access,
    proxy: String,
    facts: String,
}

impl ClusterInput {
    /// As one that is tried: which stored one is meant, if any, and whoever tries has often not thought of a name yet.
    pub(super) fn tried(mut self) -> (Option<String>, ClusterInput) {
        if self.name.trim().is_empty() {
            self.name = "untitled".to_owned();
        }
        (self.id.take(), self)
    }

    /// With what is stored of the cluster where nothing is said: another token is for the same server, whose authority stays.
    pub(super) fn keeping(mut self, stored: &Cluster) -> ClusterInput {
        let says_all = matches!(self.credential, Some(CredentialInput::Kubeconfig { .. } | CredentialInput::InCluster));
        if self.ca.is_none() && !says_all {
            self.ca = Some(stored.ca.clone());
        }
        self
    }

    /// What is wrong with it. Without a credential it stands for one that is stored: `before`, and what that is reached with.
    pub(super) fn check(self, app: &App, before: Option<(&Cluster, &Access)>) -> ApiResult<Checked> {
        if self.id.is_some() {
            return Err(ApiError::invalid("id", "`id` is the server's to give"));
        }
        let name = self.name.trim().to_owned();
        check_name(&name)?;
        if self.description.len() > DESCRIPTION_MAX || self.description.contains('\0') {
            let why = format!("`description` must be at most {DESCRIPTION_MAX} bytes, without zero bytes");
            return Err(ApiError::invalid("description", why));
        }
        let (auth, mut access, facts) = self.way(app, before)?;
        if let Some(ca) = &self.ca {
            access.tls.roots = Some(given::authorities(ca).map_err(refused)?).filter(|ca| !ca.is_empty());
        }
        if !access.tls.verify && self.verify_tls && self.credential.is_some() && auth == Auth::Kubeconfig {
            return Err(ApiError::invalid("verify_tls", "the kubeconfig says `insecure-skip-tls-verify`").help(
                "give it the CA (`certificate-authority-data`), or switch the look at the certificate off here too",
            ));
        }
        access.tls.verify = self.verify_tls;
        let word = |field: &'static str, text: &Option<String>| word(field, text.as_deref().unwrap_or_default());
        let is_kubeconfig = self.credential.is_some() && auth == Auth::Kubeconfig;
        let (name_there, proxy) = (word("tls_server_name", &self.tls_server_name)?, word("proxy", &self.proxy)?);
        if name_there.is_some() || !is_kubeconfig {
            access.tls.server_name = name_there;
        }
        match proxy {
            // What is shown of a proxy is not all of it.
            Some(proxy) if Credential::proxy_of(&access) == proxy => {}
            Some(proxy) => access.proxy = Some(Zeroizing::new(given::proxy(&proxy).map_err(refused)?)),
            None if is_kubeconfig => {}
            None => access.proxy = None,
        }
        let namespace = word("namespace", &self.namespace)?;
        if namespace.is_some() || !is_kubeconfig {
            access.namespace = namespace;
        }
        Ok(Checked {
            name,
            description: self.description,
            kind: self.kind,
            auth,
            credential: self.credential.is_some().then(|| Credential::of(&access).text()),
            proxy: Credential::proxy_of(&access),
            facts,
            access,
        })
    }

    /// How it is reached, before what is entered besides.
    fn way(&self, app: &App, before: Option<(&Cluster, &Access)>) -> ApiResult<(Auth, Access, String)> {
        let plain = |method: Auth, auth: KubeAuth| {
            let mut access = Access::new(given::server(&self.server).map_err(refused)?);
            if let Some((_, known)) = before {
                access.tls.roots.clone_from(&known.tls.roots);
            }
            access.auth = auth;
            let facts = told(&given::facts(&access.auth, None));
            Ok((method, access, facts))
        };
        match &self.credential {
            None => {
                let Some((stored, known)) = before else {
                    return Err(ApiError::invalid("credential", "a new cluster needs a `credential`"));
                };
                let mut access = known.clone();
                access.server = given::server(&self.server).map_err(refused)?;
                Ok((stored.auth, access, stored.facts.clone()))
            }
            Some(CredentialInput::Token { token }) => plain(Auth::Token, given::token(token).map_err(refused)?),
            Some(CredentialInput::Certificate { certificate, key }) => {
                plain(Auth::Certificate, given::certificate(certificate, key).map_err(refused)?)
            }
            Some(CredentialInput::Kubeconfig { text, context }) => {
                let allowed = &app.config().clusters.allowed_exec;
                let given = given::parse(text, context.as_deref(), allowed).map_err(refused)?;
                Ok((Auth::Kubeconfig, given.access, told(&given.facts)))
            }
            Some(CredentialInput::InCluster) => {
                let pod = given::in_cluster().map_err(refused)?;
                let mut access = Access::new(pod.server);
                (access.tls.roots, access.auth) = (Some(pod.ca), KubeAuth::InCluster);
                access.namespace = Some(pod.namespace).filter(|namespace| !namespace.is_empty());
                Ok((Auth::InCluster, access, told(&given::Facts::default())))
            }
        }
    }
}

fn told(facts: &given::Facts) -> String {
    serde_json::to_string(facts).unwrap_or_else(|_| "{}".to_owned())
}

/// One line of a name or an address; none where it is empty.
fn word(field: &'static str, text: &str) -> ApiResult<Option<String>> {
    let text = text.trim();
    let most = if field == "proxy" { 1_024 } else { WORD_MAX };
    if text.len() > most || text.contains(|c: char| c.is_control() || c.is_whitespace() || c == '/' && field != "proxy")
    {
        return Err(ApiError::invalid(field, format!("`{field}` must be one word of at most {most} bytes")));
    }
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}

/// Why a credential is not taken, with the field of the request.
fn refused(refused: Refused) -> ApiError {
    let field = match refused.field {
        "server" | "proxy" | "ca" => refused.field.to_owned(),
        within => format!("credential.{within}"),
    };
    let error = ApiError::invalid(field, refused.why);
    match refused.help {
        Some(help) => error.help(help),
        None => error,
    }
}

impl Checked {
    /// As the store wants it.
    pub(super) fn input(&self) -> Input<'_> {
        Input {
            name: &self.name,
            description: &self.description,
            kind: self.kind.into(),
            server: &self.access.server,
            auth: self.auth,
            credential: self.credential.as_ref().map(|credential| credential.as_str()),
            ca: self.access.tls.roots.as_deref().unwrap_or_default(),
            verify_tls: self.access.tls.verify,
            tls_server_name: self.access.tls.server_name.as_deref().unwrap_or_default(),
            proxy: &self.proxy,
            namespace: self.access.namespace.as_deref().unwrap_or_default(),
            facts: &self.facts,
        }
    }
}
