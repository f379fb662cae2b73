//! `--cluster NAME=KUBECONFIG` and `--simulate`: what a cluster's name means on this machine.

use anyhow::Result;

use crate::exit::Refused;
use crate::simulated::NAME;

/// Refuses what names nothing, and a name that the simulated cluster has: it is never mistaken for another.
pub(crate) fn check(pairs: &[String], simulate: bool) -> Result<()> {
    for pair in pairs {
        let named = pair.split_once('=').filter(|(name, to)| !name.is_empty() && !to.is_empty());
        let Some((name, _)) = named else {
            return Err(Refused::invalid(format!("`--cluster {pair}` does not name what it means"))
                .help("write --cluster NAME=VALUE")
                .into());
        };
        if simulate && name == NAME {
            return Err(Refused::invalid(format!(
                "`--cluster {pair}`: with --simulate, `{NAME}` is the simulated cluster"
            ))
            .help("give your cluster another name, or leave --simulate out")
            .into());
        }
    }
    Ok(())
}
