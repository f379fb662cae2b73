//! The border for image names: what is sent to a daemon or into a command's arguments went through the core's rules.

use ansflow_core::image::{Address, Reference};

use crate::error::{Error, Result};

/// A name with its tag or digest: with neither, a daemon would take all tags there are.
pub(crate) fn reference(name: &str) -> Result<Reference> {
    let refused = |refused: ansflow_core::image::Refused| Error::invalid("the image name", name, refused.to_string());
    Reference::parse(name).map(Reference::or_latest).map_err(refused)
}

/// A name that is given to an image: a digest is nobody's to give.
pub(crate) fn new_name(name: &str) -> Result<Reference> {
    let new = reference(name)?;
    match new.digest() {
        Some(_) => Err(Error::invalid("the image name", name, "a digest is what a push gives, not what it takes")),
        None => Ok(new),
    }
}

/// An image by its name, or by its id.
pub(crate) fn name_or_id(name: &str) -> Result<String> {
    if is_digest(name) { Ok(name.to_owned()) } else { Ok(reference(name)?.to_string()) }
}

/// A host with an optional port.
pub(crate) fn is_host(host: &str) -> bool {
    !host.contains('/') && Address::parse(host).is_ok()
}

pub(crate) fn is_digest(digest: &str) -> bool {
    digest.strip_prefix("sha256:").is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}
