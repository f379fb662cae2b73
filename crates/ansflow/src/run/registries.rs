//! `--registry NAME=ADDRESS`: what a registry's name means on this machine.

use std::collections::BTreeSet;

use ansflow_core::image::Address;
use ansflow_core::planning::DEFAULT_REGISTRY;
use ansflow_engine::Registry;
use anyhow::Result;

use crate::exit::Refused;

/// The registries that were given. Who signs in there is in this machine's Docker configuration.
pub(crate) fn given(pairs: &[String]) -> Result<Vec<Registry>> {
    let mut registries: Vec<Registry> = Vec::new();
    for pair in pairs {
        let (name, address) = pair.split_once('=').filter(|(name, _)| !name.trim().is_empty()).ok_or_else(|| {
            Refused::invalid(format!("`--registry {}` is no name with an address", pair.escape_debug()))
                .help("write --registry NAME=ADDRESS, such as --registry 1=127.0.0.1:5000/team")
        })?;
        let name = name.trim();
        // Not the whole pair: an address may hold a password that should not be there.
        let address = Address::parse(address).map_err(|refused| {
            let problem = Refused::invalid(format!("`--registry {}`: {}", name.escape_debug(), refused.reason));
            problem.help(refused.help().unwrap_or_else(|| "write an address such as registry.example.com".to_owned()))
        })?;
        if registries.iter().any(|known| known.names.iter().any(|known| known == name)) {
            return Err(Refused::invalid(format!("`--registry {}` is given twice", name.escape_debug())).into());
        }
        registries.push(Registry {
            names: vec![name.to_owned()],
            address,
            username: None,
            password: None,
            is_default: name == DEFAULT_REGISTRY,
        });
    }
    Ok(registries)
}

/// What steps may call them.
pub(crate) fn names(registries: &[Registry]) -> BTreeSet<String> {
    registries.iter().flat_map(|registry| registry.names.iter().cloned()).collect()
}
