//! `--cluster NAME=KUBECONFIG` and `--simulate`: what a cluster's name means on this machine.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ansflow_engine::KnownCluster;
use ansflow_kube::credentials;
use anyhow::Result;

use crate::exit::Refused;
use crate::simulated::{Aside, NAME};

/// A cluster as it was typed, its file from the root on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Named<'p> {
    name: &'p str,
    file: PathBuf,
    context: Option<&'p str>,
}

/// The clusters that were given: kubeconfigs of the user, with what the user's own files and allowed programs say.
///
/// # Errors
/// What names nothing, and a name that is given twice or that the simulated cluster has: it is never mistaken for another;
/// and a kubeconfig that leads nowhere.
pub(crate) async fn given(pairs: &[String], allowed_exec: &[PathBuf], simulate: bool) -> Result<Vec<KnownCluster>> {
    let mut clusters: Vec<KnownCluster> = Vec::new();
    for pair in pairs {
        let Named { name, file, context } = named(pair, simulate)?;
        if clusters.iter().any(|known| known.name() == name) {
            return Err(Refused::invalid(format!("`--cluster {}` is given twice", name.escape_debug())).into());
        }
        clusters.push(read(name, &file, context, allowed_exec).await?);
    }
    Ok(clusters)
}

/// The simulated cluster of this run.
pub(crate) async fn simulated(cluster: &Aside) -> Result<KnownCluster> {
    Ok(KnownCluster { simulated: true, ..read(NAME, cluster.kubeconfig(), None, &[]).await? })
}

/// What steps may call them; the simulated one may not have begun.
pub(crate) fn names(clusters: &[KnownCluster], simulate: bool) -> BTreeSet<String> {
    let names = clusters.iter().flat_map(|cluster| cluster.names.iter().cloned());
    names.chain(simulate.then(|| NAME.to_owned())).collect()
}

/// As it was typed, with files from the root on: a run goes on from wherever it is resumed.
pub(crate) fn absolute(pairs: &[String]) -> Vec<String> {
    let absolute = |pair: &String| match named(pair, false) {
        Ok(Named { name, file, context }) => {
            let context = context.map(|context| format!("#{context}")).unwrap_or_default();
            format!("{name}={}{context}", file.display())
        }
        Err(_) => pair.clone(),
    };
    pairs.iter().map(absolute).collect()
}

async fn read(name: &str, file: &Path, context: Option<&str>, allowed_exec: &[PathBuf]) -> Result<KnownCluster> {
    let given = credentials::inline(file, context, allowed_exec).await.map_err(|refused| {
        let problem = Refused::invalid(format!("`--cluster {}`: {}", name.escape_debug(), refused.why));
        match &refused.help {
            Some(help) => problem.help(help.clone()),
            None => problem,
        }
    })?;
    let (names, access) = (vec![name.to_owned()], given.access);
    Ok(KnownCluster { names, access, simulated: false, allowed_exec: Vec::new() })
}

fn named(pair: &str, simulate: bool) -> Result<Named<'_>> {
    let named = pair.split_once('=').map(|(name, to)| (name.trim(), to)).filter(|(name, to)| {
        let file = to.split('#').next().unwrap_or_default();
        !name.is_empty() && !file.is_empty()
    });
    let Some((name, to)) = named else {
        return Err(Refused::invalid(format!("`--cluster {}` does not name what it means", pair.escape_debug()))
            .help("write --cluster NAME=KUBECONFIG or --cluster NAME=KUBECONFIG#CONTEXT")
            .into());
    };
    if simulate && name == NAME {
        return Err(Refused::invalid(format!(
            "`--cluster {}`: with --simulate, `{NAME}` is the simulated cluster",
            pair.escape_debug()
        ))
        .help("give your cluster another name, or leave --simulate out")
        .into());
    }
    let (file, context) = match to.rsplit_once('#') {
        Some((file, context)) if !context.is_empty() => (file, Some(context)),
        Some((file, _)) => (file, None),
        None => (to, None),
    };
    // No shell expands it behind the `=`.
    let file = match (file.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        (Some(_) | None, _) => PathBuf::from(file),
    };
    let file = std::path::absolute(&file).unwrap_or(file);
    Ok(Named { name, file, context })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pair: &str, simulate: bool, expected: Result<(&str, &str, Option<&str>), &str>) {
        let found = named(pair, simulate).map_err(|error| error.to_string());
        let found = found.as_ref().map(|found| (found.name, found.file.to_str().unwrap(), found.context));
        assert_eq!(found.map_err(String::as_str), expected);
    }

    #[test]
    fn a_cluster_is_a_name_a_file_and_perhaps_a_context() {
        check("1=/tmp/config", false, Ok(("1", "/tmp/config", None)));
        check("prod=/tmp/config#admin@prod", false, Ok(("prod", "/tmp/config", Some("admin@prod"))));
        check("prod=/tmp/a#b#c", false, Ok(("prod", "/tmp/a#b", Some("c"))));
        check("prod=/tmp/config#", false, Ok(("prod", "/tmp/config", None)));
        check("prod", false, Err("`--cluster prod` does not name what it means"));
        check("prod=#c", false, Err("`--cluster prod=#c` does not name what it means"));
        check("simulated=/c", false, Ok(("simulated", "/c", None)));
        let taken = "`--cluster simulated=/c`: with --simulate, `simulated` is the simulated cluster";
        check("simulated=/c", true, Err(taken));
    }
}
