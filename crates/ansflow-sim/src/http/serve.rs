//! Takes connections, reads requests whole, and sends what the API answers.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::UPGRADE;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::answer::{Broken, Response, whole};
use super::{over, stream, upgrade};
use crate::api::options::Options;
use crate::api::target::decoded;
use crate::api::{self, Answer, Reply, Request};
use crate::faults::http::HttpFault;
use crate::sim::Sim;
use crate::status::Status;

/// The most that a request may send.
const LARGEST: usize = 3 << 20;
/// Who connects and says nothing is not waited for.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Serves until the cluster stops.
pub(crate) async fn run(sim: Sim, listener: TcpListener) {
    let acceptor = TlsAcceptor::from(sim.authority().server());
    let mut stopping = sim.stopping();
    loop {
        tokio::select! {
            taken = listener.accept() => match taken {
                Ok((socket, _)) => drop(tokio::spawn(connection(sim.clone(), acceptor.clone(), socket))),
                Err(error) => {
                    tracing::warn!(%error, "the simulated cluster could not take a connection");
                    tokio::task::yield_now().await;
                }
            },
            () = over(&mut stopping) => return,
        }
    }
}

async fn connection(sim: Sim, acceptor: TlsAcceptor, socket: TcpStream) {
    // Watches are small writes that somebody waits for.
    let _at_once = socket.set_nodelay(true);
    let Ok(Ok(tls)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(socket)).await else { return };
    let peer = tls.get_ref().1.peer_certificates().and_then(|chain| chain.first());
    let peer: Option<Bytes> = peer.map(|certificate| Bytes::copy_from_slice(certificate));
    let mut stopping = sim.stopping();
    let service = service_fn(move |request| {
        let (sim, peer) = (sim.clone(), peer.clone());
        async move { answered(sim, peer, request).await }
    });
    let builder = Builder::new(TokioExecutor::new());
    let serving = builder.serve_connection_with_upgrades(TokioIo::new(tls), service);
    tokio::select! {
        // How a connection ends is the client's affair.
        _ended = serving => {}
        () = over(&mut stopping) => {}
    }
}

async fn answered(sim: Sim, peer: Option<Bytes>, request: hyper::Request<Incoming>) -> Result<Response, Broken> {
    let asked = sim.listeners().heard(&request);
    let response = answer(&sim, peer, request).await;
    if let Some(asked) = asked {
        // 0 is none.
        let code = response.as_ref().map_or(0, |response| response.status().as_u16());
        sim.listeners().answered(asked, code);
    }
    response
}

async fn answer(sim: &Sim, peer: Option<Bytes>, mut request: hyper::Request<Incoming>) -> Result<Response, Broken> {
    let switches = request.headers().contains_key(UPGRADE).then(|| hyper::upgrade::on(&mut request));
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, LARGEST).collect().await else {
        let message = format!("Request entity too large: limit is {LARGEST}");
        let status = Status::new(413, "RequestEntityTooLarge", message);
        return Ok(whole(sim, Reply::refusal(&status)));
    };
    let request = Request {
        method: head.method,
        path: head.uri.path().to_owned(),
        options: Options::parse(head.uri.query().unwrap_or_default()),
        headers: head.headers,
        body: body.to_bytes(),
        peer,
    };
    let request = Arc::new(request);
    tracing::debug!(method = %request.method, path = %decoded(&request.path), "asked");
    let fault = api::fault(sim, &request);
    if let Some(fault) = &fault
        && let Some(refusal) = gone_wrong(sim, fault).await?
    {
        return Ok(whole(sim, Reply::refusal(&refusal)));
    }
    let answer = panic::catch_unwind(AssertUnwindSafe(|| api::answer(sim, &request))).unwrap_or_else(|_| {
        // What panicked has said where. The store holds whole objects at any moment, and goes on with those.
        tracing::error!(method = %request.method, path = %decoded(&request.path), "the simulator has a bug: a request made it panic");
        Answer::Whole(Reply::refusal(&Status::internal("the simulator has a bug: this request made it panic")))
    });
    Ok(match answer {
        Answer::Whole(reply) => whole(sim, reply.packed(request.header("accept-encoding"))),
        Answer::Watch(watch) => stream::watch(sim, *watch, fault.as_ref().and_then(|fault| fault.watch.as_ref())),
        Answer::Log(logs) => stream::logs(sim, *logs),
        Answer::Upgrade(session) => upgrade::switch(sim, &request, switches, *session),
    })
}

/// Does to a request what a rule says, and gives what is answered in the place of its answer.
async fn gone_wrong(sim: &Sim, fault: &HttpFault) -> Result<Option<Status>, Broken> {
    let mut stopping = sim.stopping();
    let waits = async {
        tokio::time::sleep(fault.delay.0).await;
        if fault.hang {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = waits => {}
        () = over(&mut stopping) => return Err(Broken),
    }
    if fault.reset { Err(Broken) } else { Ok(fault.refusal()) }
}
