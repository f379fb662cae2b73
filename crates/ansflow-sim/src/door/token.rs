//! Tokens of service accounts: signed by the cluster (ES256), and good for as long as their account and their pod are there.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Actor;
use crate::kinds;
use crate::object::Str;
use crate::sim::Sim;
use crate::store::Key;
use crate::time::Micros;

/// Who issues tokens, and whom they are for where nothing is said.
pub(crate) const ISSUER: &str = "https://kubernetes.default.svc.cluster.local";

/// The key that tokens are signed with.
pub(crate) struct Keys {
    pair: EcdsaKeyPair,
    public: Vec<u8>,
    id: String,
    random: SystemRandom,
}

/// What a token is for.
#[derive(Debug)]
pub(crate) struct Grant<'a> {
    pub(crate) namespace: &'a str,
    pub(crate) account: &'a str,
    pub(crate) uid: &'a str,
    pub(crate) audiences: &'a [String],
    pub(crate) seconds: i64,
    /// The kind (`pod`, `secret`, `node`), the name and the uid of what it ends with.
    pub(crate) bound: Option<(&'a str, &'a str, &'a str)>,
    pub(crate) now: Micros,
}

impl Keys {
    pub(crate) fn new() -> Result<Keys, String> {
        let random = SystemRandom::new();
        let told = "no key for tokens could be made";
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).map_err(|_| told)?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random)
            .map_err(|error| error.to_string())?;
        let public = pair.public_key().as_ref().to_vec();
        let id = URL_SAFE_NO_PAD.encode(Sha256::digest(&public));
        Ok(Keys { pair, public, id, random })
    }

    /// A token that says this.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let said = format!("{}.{}", part(&json!({"alg": "ES256", "kid": self.id})), part(claims));
        let signature = self.pair.sign(&self.random, said.as_bytes()).expect("the system gives random numbers");
        format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }

    /// What a token says, if it is ours.
    pub(crate) fn verify(&self, token: &str) -> Option<Value> {
        let (said, signature) = token.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &self.public);
        key.verify(said.as_bytes(), &signature).ok()?;
        let (_, claims) = said.split_once('.')?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }

    /// The public key, as others may check tokens with it.
    pub(crate) fn published(&self) -> Value {
        let part = |from: usize| URL_SAFE_NO_PAD.encode(&self.public[from..from + 32]);
        json!({"keys": [{
            "use": "sig", "kty": "EC", "kid": self.id, "crv": "P-256", "alg": "ES256", "x": part(1), "y": part(33),
        }]})
    }
}

/// Where others learn how to check tokens.
pub(crate) fn discovery() -> Value {
    json!({
        "issuer": ISSUER, "jwks_uri": format!("{ISSUER}/openid/v1/jwks"), "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["ES256"],
    })
}

/// A token for a while.
pub(crate) fn issue(sim: &Sim, grant: &Grant<'_>) -> String {
    let now = grant.now.0.div_euclid(Micros::SECOND);
    let mut own = json!({
        "namespace": grant.namespace, "serviceaccount": {"name": grant.account, "uid": grant.uid},
    });
    if let Some((kind, name, uid)) = grant.bound {
        own[kind] = json!({"name": name, "uid": uid});
    }
    let id = sim.ids().uid();
    sim.door().keys.sign(&json!({
        "aud": grant.audiences, "exp": now + grant.seconds, "iat": now, "iss": ISSUER, "jti": id, "kubernetes.io": own,
        "nbf": now, "sub": format!("system:serviceaccount:{}:{}", grant.namespace, grant.account),
    }))
}

/// A token that lasts as long as its Secret.
pub(crate) fn of_secret(sim: &Sim, namespace: &str, account: &str, uid: &str, secret: &str) -> String {
    sim.door().keys.sign(&json!({
        "iss": "kubernetes/serviceaccount", "kubernetes.io/serviceaccount/namespace": namespace,
        "kubernetes.io/serviceaccount/secret.name": secret,
        "kubernetes.io/serviceaccount/service-account.name": account,
        "kubernetes.io/serviceaccount/service-account.uid": uid,
        "sub": format!("system:serviceaccount:{namespace}:{account}"),
    }))
}

/// Whose token this is, if it is good now for one of these audiences; for the API itself where none is named.
pub(super) fn holder(sim: &Sim, token: &str, audiences: &[&str]) -> Option<Actor> {
    let claims = sim.door().keys.verify(token)?;
    if claims["iss"] != ISSUER {
        return of_legacy(sim, &claims);
    }
    let now = sim.now_micros().0.div_euclid(Micros::SECOND);
    if claims["exp"].as_i64()? <= now || claims["nbf"].as_i64()? > now {
        return None;
    }
    let meant: &[&str] = if audiences.is_empty() { &[ISSUER] } else { audiences };
    let mut given = claims["aud"].as_array()?.iter().filter_map(Value::as_str);
    if !given.any(|audience| meant.contains(&audience)) {
        return None;
    }
    let own = &claims["kubernetes.io"];
    let namespace = own["namespace"].as_str()?;
    let account = &own["serviceaccount"];
    let mut actor = account_of(sim, namespace, account["name"].as_str()?, account["uid"].as_str()?)?;
    actor = actor.with_credential(format!("JTI={}", claims["jti"].as_str().unwrap_or_default()));
    for (claim, kind) in [("pod", "Pod"), ("secret", "Secret"), ("node", "Node")] {
        let Some(name) = own[claim]["name"].as_str() else { continue };
        let within = if claim == "node" { "" } else { namespace };
        let bound = sim.store().get(&Key::new(kinds::id("", kind), within, name));
        let uid = own[claim]["uid"].as_str().unwrap_or_default();
        if claim != "node" && bound.is_none_or(|bound| *bound.uid != *uid) {
            return None;
        }
        if claim != "secret" {
            let extra = |what: &str, value: &str| -> (Str, Vec<Str>) {
                (format!("authentication.kubernetes.io/{claim}-{what}").into(), vec![value.into()])
            };
            actor.extra.extend([extra("name", name), extra("uid", uid)]);
        }
    }
    Some(actor)
}

fn of_legacy(sim: &Sim, claims: &Value) -> Option<Actor> {
    let text = |field: &str| claims[format!("kubernetes.io/serviceaccount/{field}")].as_str();
    let namespace = text("namespace")?;
    sim.store().get(&Key::new(kinds::id("", "Secret"), namespace, text("secret.name")?))?;
    account_of(sim, namespace, text("service-account.name")?, text("service-account.uid")?)
}

fn account_of(sim: &Sim, namespace: &str, name: &str, uid: &str) -> Option<Actor> {
    let stored = sim.store().get(&Key::new(kinds::id("", "ServiceAccount"), namespace, name))?;
    (*stored.uid == *uid).then(|| Actor {
        user: format!("system:serviceaccount:{namespace}:{name}").into(),
        uid: uid.into(),
        groups: vec![
            "system:serviceaccounts".into(),
            format!("system:serviceaccounts:{namespace}").into(),
            "system:authenticated".into(),
        ],
        extra: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_only_as_it_was_signed() {
        let keys = Keys::new().unwrap();
        let token = keys.sign(&json!({"sub": "me"}));
        assert_eq!(keys.verify(&token), Some(json!({"sub": "me"})));
        assert_eq!(Keys::new().unwrap().verify(&token), None);
        let (_, signature) = token.rsplit_once('.').unwrap();
        let forged = URL_SAFE_NO_PAD.encode(json!({"sub": "you"}).to_string());
        assert_eq!(keys.verify(&format!("e30.{forged}.{signature}")), None);
        assert_eq!(keys.verify("nonsense"), None);
    }
}
