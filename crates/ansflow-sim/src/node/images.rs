//! Images: how a reference is written in full, what a node has, and what a registry answers.

use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::chance::Chance;
use crate::faults::catalog;
use crate::faults::rule::ImageFault;

/// What every node has from the start, with its id.
const PRESENT: [(&str, &str); 3] = [
    ("docker.io/library/busybox:1.36", "sha256:89ffef2e12b8a1595c158849a3a58cea70500897860602cad3a5bda64e269bdc"),
    ("docker.io/library/nginx:1.22", "sha256:92587d99b83a997ea6f84f4363a085b32ce1f7290acddbce78f69aca00cc96a3"),
    (
        "registry.k8s.io/e2e-test-images/agnhost:2.53",
        "sha256:65fa180df6a2dfc94b5440fe762c484debb0e44de5fed152e30a91097e4aa747",
    ),
];

/// A reference in full: `docker.io/library/busybox:1.36`. The error is the parser's.
pub(crate) fn full(reference: &str) -> Result<String, String> {
    let (name, digest) = match reference.split_once('@') {
        Some((name, digest)) => (name, Some(digest)),
        None => (reference, None),
    };
    let slash = name.rfind('/').map_or(0, |at| at + 1);
    let (path, tag) = match name[slash..].rfind(':') {
        Some(colon) => (&name[..slash + colon], Some(&name[slash + colon + 1..])),
        None => (name, None),
    };
    let (host, rest) = match path.split_once('/') {
        Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => (host, rest),
        _ => ("docker.io", path),
    };
    if rest.chars().any(|at| at.is_ascii_uppercase()) {
        return Err(format!("invalid reference format: repository name ({rest}) must be lowercase"));
    }
    let good = |at: char| at.is_ascii_lowercase() || at.is_ascii_digit() || matches!(at, '/' | '.' | '_' | '-');
    if rest.is_empty() || !rest.chars().all(good) || tag.is_some_and(str::is_empty) {
        return Err("invalid reference format".to_owned());
    }
    let rest = if host == "docker.io" && !rest.contains('/') { format!("library/{rest}") } else { rest.to_owned() };
    Ok(match (digest, tag) {
        (Some(digest), _) => format!("{host}/{rest}@{digest}"),
        (None, tag) => format!("{host}/{rest}:{}", tag.unwrap_or("latest")),
    })
}

pub(crate) fn is_present(full: &str) -> bool {
    PRESENT.iter().any(|(known, _)| *known == full)
}

/// The id of an image, by its full reference.
pub(crate) fn id(full: &str) -> String {
    if let Some((_, id)) = PRESENT.iter().find(|(known, _)| *known == full) {
        return (*id).to_owned();
    }
    let digest: String = Sha256::digest(full.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digest}")
}

/// What pulling an image comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pull {
    Pulled { after: Duration, size: u64 },
    Failed { after: Duration, why: String },
}

/// Asks the registry that is not there. A fault speaks first, then the name itself.
pub(crate) fn pull(full: &str, fault: Option<&ImageFault>, chance: &mut Chance) -> Pull {
    let named = catalog::image(full);
    let quick = Duration::from_millis(6);
    let failed = |why: String| Pull::Failed { after: quick, why };
    let resolving =
        |full: &str| format!("failed to pull and unpack image \"{full}\": failed to resolve reference \"{full}\"");
    let host = full.split('/').next().unwrap_or_default();
    match fault.or(named.as_ref()) {
        Some(ImageFault::NotFound) => {
            failed(format!("rpc error: code = NotFound desc = {}: {full}: not found", resolving(full)))
        }
        Some(ImageFault::Denied) => failed(format!(
            "{}: pull access denied, repository does not exist or may require authorization: server message: \
             insufficient_scope: authorization failed",
            resolving(full)
        )),
        Some(ImageFault::RateLimited) => failed(format!(
            "{}: failed to authorize: failed to fetch anonymous token: unexpected status from GET request: \
             429 Too Many Requests",
            resolving(full)
        )),
        Some(ImageFault::UnknownHost) => failed(format!(
            "{}: failed to do request: Head \"https://{host}/v2/{}\": dial tcp: lookup {host} on 10.255.255.53:53: \
             no such host",
            resolving(full),
            manifest(full)
        )),
        Some(ImageFault::Slow { after, size }) => {
            Pull::Pulled { after: after.0, size: size.unwrap_or_else(|| size_of(full)) }
        }
        Some(ImageFault::Present) => Pull::Pulled { after: Duration::ZERO, size: size_of(full) },
        None => Pull::Pulled { after: Duration::from_millis(800 + chance.below(700)), size: size_of(full) },
    }
}

/// The path of the manifest behind `/v2/`.
fn manifest(full: &str) -> String {
    let path = full.split_once('/').map_or(full, |(_, path)| path);
    match (path.split_once('@'), path.rsplit_once(':')) {
        (Some((name, digest)), _) => format!("{name}/manifests/{digest}"),
        (None, Some((name, tag))) => format!("{name}/manifests/{tag}"),
        (None, None) => path.to_owned(),
    }
}

fn size_of(full: &str) -> u64 {
    let sum = full.bytes().fold(17_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    4_000_000 + sum % 180_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_written_in_full() {
        for (given, expected) in [
            ("busybox", "docker.io/library/busybox:latest"),
            ("acme/web:9.9", "docker.io/acme/web:9.9"),
            ("localhost:5000/web", "localhost:5000/web:latest"),
            ("registry.corp.invalid/team/web:3.1", "registry.corp.invalid/team/web:3.1"),
        ] {
            assert_eq!(full(given).as_deref(), Ok(expected));
        }
        let why = "invalid reference format: repository name (Team/Web) must be lowercase";
        assert_eq!(full("registry.example.com/Team/Web:1.0"), Err(why.to_owned()));
    }

    #[test]
    fn a_host_that_nobody_knows_is_said_in_the_runtimes_words() {
        let mut chance = Chance::stream(1, "test");
        let Pull::Failed { why, .. } = pull("registry.corp.invalid/team/web:3.1", None, &mut chance) else {
            panic!("it cannot be pulled")
        };
        assert_eq!(
            why,
            "failed to pull and unpack image \"registry.corp.invalid/team/web:3.1\": failed to resolve reference \
             \"registry.corp.invalid/team/web:3.1\": failed to do request: Head \
             \"https://registry.corp.invalid/v2/team/web/manifests/3.1\": dial tcp: lookup registry.corp.invalid on \
             10.255.255.53:53: no such host"
        );
    }
}
