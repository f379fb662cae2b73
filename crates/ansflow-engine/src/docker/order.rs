//! What a step on images and containers is told: which registry it means, and only those logins that it may need.

use ansflow_core::image::{Address, Reference};
use ansflow_core::plan::PlannedStep;
use ansflow_core::resolve::Resolved;
use ansflow_core::run::{Attempt, Run};
use ansflow_core::spec::{ImageName, Meant, StepSpec};

use super::labels;
use crate::attempt::order::{Docker, RegistryLogin};
use crate::engine::Engine;
use crate::registry::Registry;

/// Whether registries have to be asked for before the step's order is made.
pub(crate) fn may_name_a_registry(step: &PlannedStep) -> bool {
    step.kind.starts_with("docker_") || step.params.contains_key("image")
}

/// None: it is no such step. An error is a sentence for the user.
pub(crate) fn order(
    engine: &Engine,
    registries: &[Registry],
    run: &Run,
    attempt: Attempt,
    resolved: &Resolved,
) -> Result<Option<Docker>, String> {
    let (image, is_push) = match &resolved.spec {
        StepSpec::DockerBuild(build) => (Some(&build.image), false),
        StepSpec::DockerRun(run) => (Some(&run.image), false),
        StepSpec::DockerPush(push) => (Some(&push.image), true),
        StepSpec::DockerPull(pull) => (Some(&pull.image), false),
        StepSpec::Shell(_) | StepSpec::ScriptFile(_) if resolved.container.is_some() => (None, false),
        StepSpec::Shell(_)
        | StepSpec::ScriptFile(_)
        | StepSpec::Ansible(_)
        | StepSpec::Git(_)
        | StepSpec::Notify(_)
        | StepSpec::K8sDeploy(_)
        | StepSpec::K8sScale(_)
        | StepSpec::K8sDelete(_)
        | StepSpec::K8sWait(_)
        | StepSpec::K8sExec(_)
        | StepSpec::K8sLogs(_)
        | StepSpec::Approval => return Ok(None),
    };
    let (registry, own) = match image {
        Some(image) => meant(registries, image, is_push)?,
        None => (None, None),
    };
    let mut logins: Vec<RegistryLogin> = own.into_iter().collect();
    let stored = registries.iter().filter_map(login);
    match (&resolved.spec, image, &resolved.container) {
        // Which base images a Dockerfile names is known when it is read.
        (StepSpec::DockerBuild(_), _, _) => logins.extend(stored),
        (_, Some(image), _) => {
            let host = image.reference(registry.as_ref()).map_err(|refused| refused.to_string())?.host().to_owned();
            logins.extend(stored.filter(|login| login.host == host));
        }
        (_, None, Some(container)) => logins.extend(stored.filter(|login| login.host == container.image.host())),
        (_, None, None) => {}
    }
    let instance = &engine.containers.instance;
    Ok(Some(Docker {
        container: resolved.container.clone(),
        registry,
        logins,
        labels: labels::of(instance, run, attempt),
        name: labels::name(instance, &run.created().run, attempt),
        allowed_mounts: engine.containers.allowed_mounts.clone(),
    }))
}

/// The registry that an image means, and the login that goes with it.
fn meant(
    registries: &[Registry],
    image: &ImageName,
    is_push: bool,
) -> Result<(Option<Address>, Option<RegistryLogin>), String> {
    let known = |name: &str| registries.iter().find(|registry| registry.names.iter().any(|known| known == name));
    let given = |address: &Address| {
        let (username, password) = (image.username.clone()?, image.password.clone()?);
        Some(RegistryLogin { host: address.host().to_owned(), username, password })
    };
    match image.meant(&|name| known(name).is_some())? {
        Meant::Known(name) => {
            let Some(registry) = known(&name) else { return Ok((None, None)) };
            // A step's own login is for the address that it names, and goes nowhere else.
            let is_there = image.registry_url.as_ref().is_none_or(|url| url.host() == registry.address.host());
            let own = login(registry).or_else(|| given(&registry.address).filter(|_| is_there));
            Ok((Some(registry.address.clone()), own))
        }
        Meant::Address(address) => {
            let own = given(&address);
            Ok((Some(address), own))
        }
        // A bare name is pulled from Docker Hub, as everywhere; it is pushed where we push to.
        Meant::None if is_push && has_no_host(&image.image) => {
            let default = registries.iter().find(|registry| registry.is_default);
            Ok((default.map(|registry| registry.address.clone()), default.and_then(login)))
        }
        Meant::None => Ok((None, None)),
    }
}

fn login(registry: &Registry) -> Option<RegistryLogin> {
    let (username, password) = (registry.username.clone()?, registry.password.clone()?);
    Some(RegistryLogin { host: registry.address.host().to_owned(), username, password })
}

fn has_no_host(image: &str) -> bool {
    let names_the_hub = image.starts_with("docker.io/") || image.starts_with("index.docker.io/");
    !names_the_hub && Reference::parse(image).is_ok_and(|reference| reference.is_hub())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registry(name: &str, address: &str, is_default: bool) -> Registry {
        Registry {
            names: vec![name.to_owned(), "7".to_owned()],
            address: Address::parse(address).unwrap(),
            username: Some(format!("{name}-robot")),
            password: Some(format!("{name}-password")),
            is_default,
        }
    }

    fn check(image: &ImageName, is_push: bool, expected: &str) {
        let registries = [registry("harbor", "harbor.example.com/team", true)];
        let found = match meant(&registries, image, is_push) {
            Ok((address, login)) => {
                let address = address.map(|address| address.to_string()).unwrap_or_default();
                let login = login.map(|login| format!("{}@{}", login.username, login.host)).unwrap_or_default();
                format!("{address} {login}")
            }
            Err(why) => why,
        };
        assert_eq!(found.trim(), expected);
    }

    fn image(name: &str) -> ImageName {
        ImageName { image: name.to_owned(), ..ImageName::default() }
    }

    #[test]
    fn a_bare_image_is_pushed_to_the_default_registry_and_pulled_from_docker_hub() {
        check(&image("shop"), true, "harbor.example.com/team harbor-robot@harbor.example.com");
        check(&image("shop"), false, "");
        check(&image("docker.io/shop"), true, "");
        check(&image("ghcr.io/shop"), true, "");
    }

    #[test]
    fn a_steps_own_login_goes_to_no_other_host() {
        let own = |registry: Option<&str>, url: &str| ImageName {
            registry: registry.map(str::to_owned),
            registry_url: Some(Address::parse(url).unwrap()),
            username: Some("me".to_owned()),
            password: Some("mine-4711".to_owned()),
            ..image("shop")
        };
        check(&own(None, "evil.example.com"), true, "evil.example.com me@evil.example.com");
        check(&own(Some("7"), "evil.example.com"), true, "harbor.example.com/team harbor-robot@harbor.example.com");
        let bare = [Registry { username: None, password: None, ..registry("harbor", "harbor.example.com", false) }];
        let (address, login) = meant(&bare, &own(Some("harbor"), "evil.example.com"), true).unwrap();
        assert_eq!((address.unwrap().host(), login.is_some()), ("harbor.example.com", false));
    }

    #[test]
    fn a_registry_that_nobody_knows_is_named() {
        let unknown = ImageName { registry: Some("nexus".to_owned()), ..image("shop") };
        check(
            &unknown,
            true,
            "there is no registry `nexus`; add it to the registries, or give it with `--registry nexus=ADDRESS`",
        );
    }
}
