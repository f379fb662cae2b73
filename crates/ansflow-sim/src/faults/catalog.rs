//! Images whose names say what goes wrong with them.

use std::time::Duration;

use super::rule::{ContainerFault, ExitFault, ImageFault, ProbeFault, Span};

/// What the registry answers for an image of this name, written in full.
pub(crate) fn image(full: &str) -> Option<ImageFault> {
    let host = full.split('/').next().unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    if name.ends_with(".invalid") {
        return Some(ImageFault::UnknownHost);
    }
    let tag = tag(full);
    if tag.contains("nosuch") || tag.contains("missing") {
        return Some(ImageFault::NotFound);
    }
    match tag {
        "denied" => Some(ImageFault::Denied),
        "rate-limited" => Some(ImageFault::RateLimited),
        _ => None,
    }
}

/// What a container of this image does: `:crash-3` ends with 3, `:oom` is killed, `:hang` never listens.
pub(crate) fn container(reference: &str) -> Option<ContainerFault> {
    let tag = tag(reference);
    let ends = |code, oom, log: &str| {
        let after = Span(Duration::from_millis(200));
        Some(ContainerFault::Exit(ExitFault { code, after, log: log.to_owned(), oom, times: 0 }))
    };
    match tag {
        "oom" => ends(137, true, ""),
        "hang" => Some(ContainerFault::Hang),
        _ => {
            let code = tag.strip_prefix("crash-")?.parse().ok()?;
            ends(code, false, &format!("simulated crash with exit code {code}\n"))
        }
    }
}

/// What probes of this image are told: `:unready` is never ready, `:unhealthy` fails its liveness, `:slow-10s` is ready later.
pub(crate) fn probe(reference: &str) -> Option<ProbeFault> {
    let tag = tag(reference);
    let fault =
        |which: &str, until| ProbeFault { which: which.to_owned(), until, status: 503, ..ProbeFault::default() };
    match tag {
        "unready" => Some(fault("readiness", Span::default())),
        "unhealthy" => Some(fault("liveness", Span::default())),
        _ => Some(fault("readiness", Span::parse(tag.strip_prefix("slow-")?)?)),
    }
}

fn tag(reference: &str) -> &str {
    let last = reference.rsplit('/').next().unwrap_or_default();
    last.split_once(':').map_or("", |(_, tag)| tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_image_says_what_goes_wrong() {
        assert_eq!(image("docker.io/library/busybox:1.36.nosuch"), Some(ImageFault::NotFound));
        assert_eq!(image("registry.corp.invalid/team/web:3.1"), Some(ImageFault::UnknownHost));
        assert_eq!(image("docker.io/library/busybox:1.36"), None);
        assert!(matches!(container("acme/web:crash-3"), Some(ContainerFault::Exit(ExitFault { code: 3, .. }))));
        assert_eq!(probe("acme/web:slow-10s").map(|fault| fault.until.0.as_secs()), Some(10));
    }
}
