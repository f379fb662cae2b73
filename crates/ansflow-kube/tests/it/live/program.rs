//! Tokens of a program that is allowed: printed, used until they are not taken, and printed anew.

use ansflow_kube::access::{Auth, Program};
use ansflow_kube::{Access, Cluster, Limits};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Answers requests in order: who is told what. What each brought with it is given back.
async fn serve(server: TcpListener, codes: &[u16]) -> Vec<String> {
    let mut bearers = Vec::new();
    for code in codes {
        let (mut stream, _) = server.accept().await.unwrap();
        let mut read = [0_u8; 4096];
        let length = stream.read(&mut read).await.unwrap();
        let request = String::from_utf8_lossy(&read[..length]).into_owned();
        let bearer = request.lines().find_map(|line| line.strip_prefix("authorization: Bearer "));
        bearers.push(bearer.unwrap_or_default().to_owned());
        let words = format!(
            "HTTP/1.1 {code} X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{{}}"
        );
        stream.write_all(words.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
    }
    bearers
}

#[tokio::test]
async fn a_token_that_is_not_taken_any_more_is_printed_anew_and_the_question_is_asked_again() {
    let dir = tempfile::tempdir().unwrap();
    let (path, count) = (dir.path().join("login"), dir.path().join("count"));
    let script = format!(
        r#"#!/bin/sh
echo x >> {count}
number=$(wc -l < {count} | tr -d ' ')
echo '{{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{{"token":"t0ken-'$number'"}}}}'
"#,
        count = count.display()
    );
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let program = Program { path: path.clone(), args: Vec::new(), env: Vec::new() };
    let access =
        Access { auth: Auth::Exec(program), ..Access::new(format!("http://{}", server.local_addr().unwrap())) };

    let nobody = Cluster::connect(&access, &Limits::with_loopback()).unwrap().ask("/version").await.unwrap_err();
    assert!(nobody.to_string().contains("--allow-exec") && !count.exists(), "{nobody}");

    let limits = Limits { allowed_exec: vec![path], ..Limits::with_loopback() };
    let cluster = Cluster::connect(&access, &limits).unwrap();
    let (bearers, ()) = tokio::join!(serve(server, &[200, 200, 401, 200, 401, 401]), async {
        cluster.ask("/version").await.unwrap();
        cluster.ask("/version").await.unwrap();
        // It has ended meanwhile: the next one is taken, and nobody hears of it.
        cluster.ask("/version").await.unwrap();
        // Where the new one is not taken either, it is over.
        let refused = cluster.ask("/version").await.unwrap_err();
        assert!(refused.to_string().contains("401") && !refused.may_pass(), "{refused}");
    });
    assert_eq!(bearers, ["t0ken-1", "t0ken-1", "t0ken-1", "t0ken-2", "t0ken-2", "t0ken-3"]);
}
