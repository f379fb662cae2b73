//! Attacks: an address of a cluster is what somebody wrote, and leads nowhere that it must not.

use ansflow_kube::connect::{Lookup, Why};
use ansflow_kube::{Access, Cluster, Error, Limits};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use zeroize::Zeroizing;

async fn why(access: &Access, limits: &Limits) -> Why {
    let cluster = match Cluster::connect(access, limits) {
        Ok(cluster) => cluster,
        Err(Error::Trouble(trouble)) => return trouble.why,
        Err(other) => panic!("{other}"),
    };
    match cluster.ask("/version").await {
        Err(Error::Trouble(trouble)) => trouble.why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn metadata_services_and_this_machine_are_not_asked() {
    for server in [
        "https://169.254.169.254",
        "http://169.254.169.254/latest/meta-data",
        "https://[fe80::1]:6443",
        "https://[::ffff:169.254.169.254]",
        "https://[fd00:ec2::254]",
        "https://100.100.100.200",
        "https://127.0.0.1:6443",
        "https://[::1]:6443",
        "https://localhost:6443",
        "https://0.0.0.0:6443",
        "https://224.0.0.1",
    ] {
        let found = why(&Access::new(server), &Limits::default()).await;
        assert!(matches!(found, Why::Guard(_)), "{server}: {found:?}");
        // The same of a proxy's address, and of an address behind a proxy.
        let proxied =
            Access { proxy: Some(Zeroizing::new(server.replace("https", "http"))), ..Access::new("https://10.0.0.1") };
        let found = why(&proxied, &Limits::default()).await;
        assert!(matches!(found, Why::Guard(_) | Why::Proxy(_)), "{server}: {found:?}");
        assert!(found.to_string().contains("not asked"), "{found}");
        let behind = Access { proxy: Some(Zeroizing::new("http://10.0.0.1:1".to_owned())), ..Access::new(server) };
        if !server.contains("localhost") {
            let found = why(&behind, &Limits::default()).await;
            assert!(matches!(found, Why::Guard(_)), "{server}: {found:?}");
        }
    }
}

#[tokio::test]
async fn a_name_that_changes_its_address_gains_nothing() {
    // Says something good at first, as when it was checked, and something bad when it is connected to.
    let asked = Arc::new(AtomicUsize::new(0));
    let lookup: Lookup = {
        let asked = asked.clone();
        Arc::new(move |_, port| {
            let first = asked.fetch_add(1, Ordering::SeqCst) == 0;
            let address = if first { [127, 0, 0, 1] } else { [169, 254, 169, 254] };
            Box::pin(async move { Ok(vec![SocketAddr::from((address, port))]) })
        })
    };
    let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let access = Access::new(format!("http://rebind.example.com:{}", server.local_addr().unwrap().port()));
    let cluster = Cluster::connect(&access, &Limits { lookup: Some(lookup), ..Limits::with_loopback() }).unwrap();
    let serving = tokio::spawn(async move {
        answer(
            &server,
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}",
        )
        .await
    });
    cluster.ask("/version").await.unwrap();
    serving.await.unwrap();
    let second = cluster.ask("/version").await.unwrap_err();
    assert!(second.to_string().contains("`rebind.example.com` leads to 169.254.169.254"), "{second}");
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn one_bad_address_among_good_ones_is_no_accident() {
    let lookup: Lookup = Arc::new(|_, port| {
        Box::pin(async move {
            Ok(vec![SocketAddr::from(([10, 0, 0, 1], port)), SocketAddr::from(([169, 254, 1, 1], port))])
        })
    });
    let limits = Limits { lookup: Some(lookup), ..Limits::default() };
    assert!(matches!(why(&Access::new("https://two.example.com"), &limits).await, Why::Guard(_)));
}

/// Answers one request with these words.
async fn answer(server: &TcpListener, words: &str) {
    let (mut stream, _) = server.accept().await.unwrap();
    let mut read = [0_u8; 4096];
    let _request = stream.read(&mut read).await.unwrap();
    stream.write_all(words.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_what_is_no_kubernetes_is_told() {
    let redirect = "HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/latest\r\ncontent-length: 0\r\n\r\n";
    let page = "HTTP/1.1 404 Not Found\r\ncontent-type: text/html\r\ncontent-length: 4\r\n\r\n<p/>";
    let text = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 4\r\n\r\n<p/>";
    let ssh = "SSH-2.0-OpenSSH_9.9\r\n";
    for (words, said) in [
        (redirect, "no Kubernetes answers there: it redirects to http://169.254.169.254/latest, which is not followed"),
        (page, "no Kubernetes answers there: it answers with a page (404)"),
        (text, "no Kubernetes answers there: its answer is no JSON"),
        (ssh, "no Kubernetes answers there: it does not speak HTTP"),
    ] {
        let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let access = Access::new(format!("http://{}", server.local_addr().unwrap()));
        let limits = Limits::with_loopback();
        let (found, ()) = tokio::join!(why(&access, &limits), answer(&server, words));
        assert_eq!(found.to_string(), said);
    }
}

#[tokio::test]
async fn a_proxy_is_gone_through_and_its_refusal_is_told() {
    let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = format!("http://me:p%40ss@{}", server.local_addr().unwrap());
    let access = Access { proxy: Some(Zeroizing::new(proxy)), ..Access::new("https://cluster.example.com:6443") };
    let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
    let proxied = async {
        let (mut stream, _) = server.accept().await.unwrap();
        let mut read = [0_u8; 4096];
        let length = stream.read(&mut read).await.unwrap();
        stream.write_all(refusal.as_bytes()).await.unwrap();
        String::from_utf8_lossy(&read[..length]).into_owned()
    };
    let limits = Limits::with_loopback();
    let (found, asked) = tokio::join!(why(&access, &limits), proxied);
    assert!(asked.starts_with("CONNECT cluster.example.com:6443 HTTP/1.1\r\n"), "{asked}");
    // `me:p@ss`
    assert!(asked.contains("Basic bWU6cEBzcw=="), "{asked}");
    assert!(matches!(&found, Why::Proxy(said) if said.contains("authorization required")), "{found:?}");
    for (proxy, said) in [("ftp://proxy:1", "`ftp://` is not spoken"), ("proxy", "its address is none")] {
        let access = Access { proxy: Some(Zeroizing::new(proxy.to_owned())), ..Access::new("https://10.0.0.1") };
        assert!(why(&access, &Limits::default()).await.to_string().contains(said), "{proxy}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_told_before_anybody_is_asked() {
    for (server, said) in [
        ("10.0.0.5:6443", "does not begin with https://"),
        ("ftp://10.0.0.5", "does not begin with https://"),
        ("https://", "cannot be read"),
        ("https://me:secret@10.0.0.5", "has a user in it"),
    ] {
        let found = Cluster::connect(&Access::new(server), &Limits::default()).unwrap_err().to_string();
        assert!(found.contains(said) && !found.contains("secret"), "{server}: {found}");
    }
}
