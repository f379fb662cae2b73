//! The kubeconfig of a test's cluster: its current context, with everything inside.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::wire::yaml;

/// What stands in a kubeconfig.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// `https://127.0.0.1:6443`.
    pub server: String,
    /// PEM.
    pub ca: String,
    /// Certificate and key, PEM.
    pub certificate: Option<(String, String)>,
    /// A bearer token.
    pub token: Option<String>,
}

pub(super) fn read(text: &str) -> Result<Access, String> {
    let config = yaml::decode(text).map_err(|why| format!("the kubeconfig is no YAML: {}", why.why))?;
    let context = named(&config["contexts"], &config["current-context"])?;
    let cluster = &named(&config["clusters"], &context["context"]["cluster"])?["cluster"];
    let user = &named(&config["users"], &context["context"]["user"])?["user"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let data = |value: &Value| {
        let bytes = STANDARD.decode(value.as_str()?).ok()?;
        String::from_utf8(bytes).ok()
    };
    let certificate = data(&user["client-certificate-data"]).zip(data(&user["client-key-data"]));
    let token = text(&user["token"]);
    if certificate.is_none() && token.is_none() {
        return Err("the kubeconfig has neither `token` nor `client-certificate-data`".to_owned());
    }
    Ok(Access {
        server: text(&cluster["server"]).ok_or("the kubeconfig names no server")?,
        ca: data(&cluster["certificate-authority-data"]).ok_or("the kubeconfig has no `certificate-authority-data`")?,
        certificate,
        token,
    })
}

fn named<'a>(list: &'a Value, name: &Value) -> Result<&'a Value, String> {
    let mut all = list.as_array().into_iter().flatten();
    all.find(|one| one["name"] == *name).ok_or_else(|| format!("the kubeconfig has no {name}"))
}
