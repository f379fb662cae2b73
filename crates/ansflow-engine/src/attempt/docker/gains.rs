//! What a step on an image leaves to those after it: `docker_image`, and the parts of that name.

use ansflow_core::image::Reference;
use ansflow_core::run::event::Gains;
use serde_json::{Value as Json, json};

use super::desk::Desk;

/// Under this name later steps know the image that the pipeline makes.
pub(super) const DOCKER_IMAGE: &str = "docker_image";

/// Of an image under a name. What is secret in a name is masked, and known to be.
pub(super) fn of(desk: &Desk<'_>, name: &Reference, digest: &str, size: u64) -> Gains {
    let mut gains = Gains::default();
    let tag = name.tag().unwrap_or_default();
    let texts = [(DOCKER_IMAGE, name.to_string()), ("image", name.name()), ("tag", tag.to_owned())];
    for (key, text) in texts.into_iter().chain([("digest", digest.to_owned())]) {
        let shown = desk.masker.mask(&text);
        if shown != text {
            gains.masked.push(key.to_owned());
        }
        gains.outputs.insert(key.to_owned(), Json::from(shown.into_owned()));
    }
    gains.outputs.insert("size".to_owned(), json!(size));
    gains
}
