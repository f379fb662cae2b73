//! How a simulated cluster is asked for.

use std::net::{Ipv4Addr, SocketAddr};

use jiff::Timestamp;

/// What to simulate. `SimConfig::default()` is a cluster of three nodes on a free port of this machine, in real time.
#[derive(Debug, Clone)]
pub struct SimConfig {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Further names that the server's certificate is good for.
    pub names: Vec<String>,
    /// The cluster's name in kubeconfigs.
    pub name: String,
    /// From this number comes all chance.
    pub seed: u64,
    /// How fast time goes.
    pub speed: Speed,
    /// The nodes, each with a kubelet.
    pub nodes: Vec<NodeSpec>,
    /// Whether roles are enforced. Without, every known user may do everything.
    pub rbac: bool,
    /// Whether services of type LoadBalancer get an address.
    pub load_balancer: bool,
    /// What time it is in the cluster at the start; now, where nothing is said.
    pub start: Option<Timestamp>,
    /// Bearer tokens that are good for ever, with who they are.
    pub tokens: Vec<(String, Who)>,
}

/// How fast the simulated time goes.
#[derive(Debug, Copy, Clone, PartialEq)]
pub enum Speed {
    /// So many times as fast as the wall's clock.
    Real(f64),
    /// Only when `Sim::advance` moves it.
    Manual,
}

/// A node of the simulated cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeSpec {
    /// Its name.
    pub name: String,
    /// Processors.
    pub cpus: u32,
    /// Bytes of memory.
    pub memory: u64,
    /// How many pods it takes.
    pub pods: u32,
}

/// Somebody: a user name with groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// As certificates' common name.
    pub name: String,
    /// As certificates' organisations.
    pub groups: Vec<String>,
}

impl NodeSpec {
    /// A node of 4 processors, 16 GiB and 110 pods.
    #[must_use]
    pub fn named(name: impl Into<String>) -> NodeSpec {
        NodeSpec { name: name.into(), cpus: 4, memory: 16 << 30, pods: 110 }
    }
}

impl Who {
    /// Who may do everything, always.
    #[must_use]
    pub fn admin() -> Who {
        Who { name: "kubernetes-admin".to_owned(), groups: vec!["system:masters".to_owned()] }
    }

    /// A user in groups.
    #[must_use]
    pub fn user(name: &str, groups: &[&str]) -> Who {
        Who { name: name.to_owned(), groups: groups.iter().map(|&group| group.to_owned()).collect() }
    }
}

impl Default for SimConfig {
    fn default() -> SimConfig {
        SimConfig {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            names: Vec::new(),
            name: "simulated".to_owned(),
            seed: 1,
            speed: Speed::Real(1.0),
            nodes: ["node-1", "node-2", "node-3"].map(NodeSpec::named).to_vec(),
            rbac: false,
            load_balancer: false,
            start: None,
            tokens: Vec::new(),
        }
    }
}
