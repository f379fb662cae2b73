//! What can be typed behind `ansflow simulate`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

/// Shown by `--help`, below the flags.
const FAULTS: &str = "\
Faults on purpose, in short; docs/simulator.md has them all, and the differences:
  by an image's tag  acme/web:crash-3 :oom :hang :unready :unhealthy :slow-10s :nosuch
  by an annotation   sim.ansflow.io/fault: '{\"exit\": {\"code\": 3, \"after\": \"2s\"}}'
  by the API         echo '{\"on\": {\"node\": \"node-1\"}, \"what\": \"nodeLost\"}' |
                     kubectl replace --raw /sim.ansflow.io/v1/faults/lost -f -

No image is pulled and no program runs: a container of an unknown image is
ready and runs for ever. Stamps are in the cluster's own time, which is ahead
of your clock where --speed is more than 1.";

#[derive(Debug, Args)]
#[command(after_long_help = FAULTS)]
pub(crate) struct SimulateArgs {
    /// Where to listen; a free port of this machine where it is left out
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// Where to write the kubeconfig; into a temporary folder where it is left out
    #[arg(long, value_name = "FILE")]
    pub(crate) kubeconfig: Option<PathBuf>,
    /// Replace that file also where it is no kubeconfig of a simulated cluster
    #[arg(long, requires = "kubeconfig")]
    pub(crate) force: bool,
    /// How many times faster than yours its time goes
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = speed)]
    pub(crate) speed: f64,
    /// From this number comes all chance: names, delays, which pod goes first
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many nodes it has, of 4 processors, 16 GiB and 110 pods each
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(0..=1_000))]
    pub(crate) nodes: u16,
    /// Enforce roles (RBAC); without, everybody whom it knows may do everything
    #[arg(long)]
    pub(crate) rbac: bool,
    /// Give services of type LoadBalancer an address; without, they wait for one for ever
    #[arg(long)]
    pub(crate) load_balancer: bool,
    /// What is logged to standard error: error, warn, info, debug, trace, or a filter
    #[arg(long, value_name = "LEVEL", default_value = "warn")]
    pub(crate) log: String,
}

fn speed(text: &str) -> Result<f64, String> {
    let speed = text.parse::<f64>().ok().filter(|speed| (0.001..=1_000.0).contains(speed));
    speed.ok_or_else(|| "it is a number from 0.001 to 1000".to_owned())
}
