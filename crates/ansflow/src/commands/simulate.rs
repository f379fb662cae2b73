//! `ansflow simulate`: a simulated Kubernetes until it is asked to end; its kubeconfig goes with it.

use ansflow_sim::{NodeSpec, SimConfig, Speed, VERSION};
use anyhow::{Context, Result};
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use super::print_data;
use crate::cli::Output;
use crate::cli::server::LogFormat;
use crate::cli::simulate::SimulateArgs;
use crate::exit::Exit;
use crate::log;
use crate::simulated::{NAME, Overwrite, Simulated};
use crate::state::Temporary;
use crate::terminal::{err, out, shell_word};

/// Requests beside the world's own work.
const WORKERS: usize = 2;

pub(super) fn simulate(args: &SimulateArgs, output: Output) -> Result<Exit> {
    log::start(&args.log, LogFormat::Text)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .context("failed to start the runtime")?;
    let exit = runtime.block_on(live(args, output));
    runtime.shutdown_background();
    exit
}

async fn live(args: &SimulateArgs, output: Output) -> Result<Exit> {
    let mut interrupt = signal(SignalKind::interrupt()).context("failed to listen for signals")?;
    let mut terminate = signal(SignalKind::terminate()).context("failed to listen for signals")?;
    // Where no file is named, it goes into a folder that goes with us.
    let (_folder, file) = match &args.kubeconfig {
        Some(file) => (None, file.clone()),
        None => {
            let folder = Temporary::make("simulate")?;
            let file = folder.path().join("kubeconfig");
            (Some(folder), file)
        }
    };
    let overwrite = if args.force { Overwrite::Anything } else { Overwrite::OnlyOurs };
    let cluster = Simulated::start(config(args), &file, overwrite).await?;
    let told = tell(args, output, &cluster);
    if told.is_ok() {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
    cluster.end().await;
    told.map(|()| Exit::Success)
}

fn config(args: &SimulateArgs) -> SimConfig {
    SimConfig {
        listen: args.listen,
        name: NAME.to_owned(),
        seed: args.seed,
        speed: Speed::Real(args.speed),
        nodes: (1..=args.nodes).map(|number| NodeSpec::named(format!("node-{number}"))).collect(),
        rbac: args.rbac,
        load_balancer: args.load_balancer,
        ..SimConfig::default()
    }
}

/// What it is, for people; where it is, as data.
fn tell(args: &SimulateArgs, output: Output, cluster: &Simulated) -> Result<()> {
    let (url, path) = (cluster.url(), cluster.kubeconfig());
    let nodes = if args.nodes == 1 { "1 node".to_owned() } else { format!("{} nodes", args.nodes) };
    err(&format!(
        "simulated Kubernetes {VERSION} at {url}: {nodes}, seed {}, speed {}\n\
         everything in it is simulated: no image is pulled and no container runs. Ctrl-C ends it and removes its kubeconfig.\n",
        args.seed, args.speed
    ));
    if !args.listen.ip().is_loopback() {
        err("note: it listens beyond this machine; who has the kubeconfig may do everything in it\n");
    }
    match output {
        Output::Table => Ok(out(&format!("export KUBECONFIG={}\n", shell_word(&path.to_string_lossy())))?),
        Output::Json | Output::Yaml => print_data(
            output,
            &json!({
                "simulated": true,
                "version": VERSION,
                "server": url,
                "kubeconfig": path,
                "context": NAME,
                "nodes": args.nodes,
                "seed": args.seed,
                "speed": args.speed,
                "rbac": args.rbac,
            }),
        ),
    }
}
