//! Names of images, `host/project/image:tag@digest`, and addresses of registries: their rules in one place.
//!
//! [`Reference`] is a name as Docker reads it, [`Address`] a registry as people write it, and [`join()`] puts the two
//! together as users mean it. Whatever is refused is refused with a reason and, where there is one, a name that would do.

mod address;
mod join;
mod parts;
mod reference;
mod refused;

#[cfg(test)]
mod tests;

pub use address::Address;
pub use join::join;
pub use reference::Reference;
pub use refused::Refused;

/// The tag of a name that has neither tag nor digest.
pub const LATEST: &str = "latest";

/// The host of names that have none.
pub const HUB: &str = "docker.io";

/// Where Docker Hub keeps images that belong to nobody, such as `nginx`.
const LIBRARY: &str = "library";

/// Docker takes no longer name, host included, tag and digest not.
const LONGEST: usize = 255;

/// Whether the text is a tag.
///
/// # Errors
/// Why it is none.
pub fn check_tag(text: &str) -> Result<(), Refused> {
    parts::tag(text).map_err(|refused| refused.instead(parts::tamed_tag(text)))
}

/// Whether the text is a project, what stands between a registry and an image.
///
/// # Errors
/// Why it is none.
pub fn check_project(text: &str) -> Result<(), Refused> {
    join::check_project(text.trim_matches('/'))
}
