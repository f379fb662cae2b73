//! What a tag stands for: digest, size, age, platforms.

use reqwest::StatusCode;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::Registry;
use super::client::Answer;
use crate::cause::Cause;
use crate::error::{Error, Result};

/// Every kind of manifest that an image may have.
const KINDS: &str = "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, \
                     application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

/// A tag's image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// By which it can be pulled for ever: `sha256:…`.
    pub digest: String,
    /// Bytes that a pull transfers; of the first platform, where there are several.
    pub size: u64,
    /// When it was built, in RFC 3339, where its builder says so.
    pub created: Option<String>,
    /// `linux/amd64`, …
    pub platforms: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    #[serde(default)]
    manifests: Vec<Described>,
    config: Option<Described>,
    #[serde(default)]
    layers: Vec<Described>,
}

#[derive(Deserialize)]
struct Described {
    digest: String,
    #[serde(default)]
    size: u64,
    platform: Option<Platform>,
}

#[derive(Deserialize, Default)]
struct Platform {
    #[serde(default)]
    os: String,
    #[serde(default)]
    architecture: String,
    variant: Option<String>,
}

#[derive(Deserialize)]
struct Config {
    created: Option<String>,
    #[serde(flatten)]
    platform: Platform,
}

impl Registry {
    /// What a tag or digest of a repository stands for.
    pub async fn manifest(&self, repository: &str, tag: &str) -> Result<Manifest> {
        let repository = self.repository(repository)?;
        if !crate::image::is_digest(tag) {
            ansflow_core::image::check_tag(tag)
                .map_err(|refused| Error::invalid("the tag", tag, refused.to_string()))?;
        }
        let answer = self.object(&repository, "manifests", tag, KINDS).await?;
        let digest = digest_of(&answer);
        let told = answer.headers.get("docker-content-digest").and_then(|told| told.to_str().ok());
        if told.is_some_and(|told| crate::image::is_digest(told) && told != digest) {
            let why = "its manifest is not what its digest says";
            return Err(self.failed(Cause::Other(why.to_owned())));
        }
        let mut body = self.read(&answer)?;
        let mut platforms: Vec<String> =
            body.manifests.iter().filter_map(|one| one.platform.as_ref()).filter_map(Platform::name).collect();
        // An index says nothing of sizes: its first image stands for them all. Attestations are no images.
        let is_image = |one: &&Described| one.platform.as_ref().and_then(Platform::name).is_some();
        if let Some(first) = body.manifests.iter().find(is_image).or(body.manifests.first()) {
            let first = self.digest_only(&first.digest)?;
            body = self.read(&self.object(&repository, "manifests", first, KINDS).await?)?;
        }
        // A registry may say any number.
        let mut size = body.layers.iter().fold(0_u64, |size, layer| size.saturating_add(layer.size));
        let mut created = None;
        if let Some(config) = &body.config {
            size = size.saturating_add(config.size);
            let blob = self.object(&repository, "blobs", self.digest_only(&config.digest)?, "*/*").await?;
            // Charts and other artifacts have configurations of their own kinds.
            if let Ok(config) = serde_json::from_slice::<Config>(&blob.body) {
                created = config.created;
                if platforms.is_empty() {
                    platforms.extend(config.platform.name());
                }
            }
        }
        Ok(Manifest { digest, size, created, platforms })
    }

    async fn object(&self, repository: &str, kind: &str, name: &str, accept: &str) -> Result<Answer> {
        let scope = format!("repository:{repository}:pull");
        let path = format!("/v2/{repository}/{kind}/{name}");
        let answer = self.get(&path, accept, &scope).await.map_err(|cause| self.failed(cause))?;
        match answer.status {
            StatusCode::OK => Ok(answer),
            _ => Err(self.failed(answer.cause(self.login.is_some()))),
        }
    }

    fn read(&self, answer: &Answer) -> Result<Body> {
        serde_json::from_slice(&answer.body)
            .map_err(|_| self.failed(Cause::NotARegistry("it does not answer with a manifest".to_owned())))
    }

    /// What a registry calls a digest becomes a part of an address.
    fn digest_only<'d>(&self, digest: &'d str) -> Result<&'d str> {
        let no = || self.failed(Cause::Other("its manifest names what is no digest".to_owned()));
        crate::image::is_digest(digest).then_some(digest).ok_or_else(no)
    }
}

fn digest_of(answer: &Answer) -> String {
    let hex: String = Sha256::digest(&answer.body).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

impl Platform {
    fn name(&self) -> Option<String> {
        let variant = self.variant.as_ref().map(|variant| format!("/{variant}")).unwrap_or_default();
        let is_known = |text: &str| !text.is_empty() && text != "unknown";
        (is_known(&self.os) && is_known(&self.architecture))
            .then(|| format!("{}/{}{variant}", self.os, self.architecture))
    }
}
