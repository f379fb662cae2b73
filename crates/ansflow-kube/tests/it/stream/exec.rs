//! Commands in pods.

use super::Here;
use super::proxy::Proxy;
use ansflow_kube::Cluster;
use ansflow_kube::stream::channels::End;
use ansflow_kube::stream::exec::{Command, Heard, Session};
use std::time::Duration;

fn command(here: &Here, words: &[&str]) -> Command {
    Command {
        namespace: here.namespace.to_string(),
        pod: "shell".to_owned(),
        command: words.iter().map(ToString::to_string).collect(),
        ..Command::default()
    }
}

async fn session(cluster: &Cluster, command: &Command) -> Session {
    Session::open(cluster, command).await.unwrap()
}

/// Both outputs, and the end.
async fn to_the_end(mut session: Session) -> (Vec<u8>, Vec<u8>, Heard) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    loop {
        match session.next().await {
            Heard::Out(bytes) => out.extend_from_slice(&bytes),
            Heard::Err(bytes) => err.extend_from_slice(&bytes),
            end => return (out, err, end),
        }
    }
}

#[tokio::test]
async fn a_command_ends_with_its_outputs_apart_and_its_exit_code() {
    let here = Here::new().await;
    here.pod("shell", "sleep 3600").await;
    let run = async |words: &[&str]| to_the_end(session(&here.cluster, &command(&here, words)).await).await;
    let (out, err, end) = run(&["sh", "-c", "echo out; echo err >&2; exit 3"]).await;
    assert_eq!((&*out, &*err, end), (&b"out\n"[..], &b"err\n"[..], Heard::End(End::Code(3))));
    assert_eq!(run(&["echo", "a b"]).await, (b"a b\n".to_vec(), Vec::new(), Heard::End(End::Code(0))));
    let (_, _, end) = run(&["nosuch"]).await;
    assert!(matches!(&end, Heard::End(End::Refused(why)) if why.contains("executable file not found")), "{end:?}");
}

#[tokio::test]
async fn a_megabyte_comes_whole() {
    let here = Here::new().await;
    here.pod("shell", "sleep 3600").await;
    let text = "i=0; while [ $i -lt 4000 ]; do echo \"$i 0123456789012345678901234567890123456789\"; i=$((i+1)); done";
    let (out, _, end) = to_the_end(session(&here.cluster, &command(&here, &["sh", "-c", text])).await).await;
    let expected: String = (0..4000).map(|i| format!("{i} 0123456789012345678901234567890123456789\n")).collect();
    assert!(out == expected.as_bytes(), "{} bytes in place of {}", out.len(), expected.len());
    assert_eq!(end, Heard::End(End::Code(0)));
}

#[tokio::test]
async fn input_is_written_and_ends() {
    let here = Here::new().await;
    here.pod("shell", "sleep 3600").await;
    let mut cat = session(&here.cluster, &Command { stdin: true, ..command(&here, &["cat"]) }).await;
    cat.write(b"abc\n").await.unwrap();
    assert_eq!(cat.end_input().await, Ok(true));
    assert_eq!(to_the_end(cat).await, (b"abc\n".to_vec(), Vec::new(), Heard::End(End::Code(0))));
}

#[tokio::test]
async fn what_cannot_begin_is_refused_in_the_clusters_words() {
    let here = Here::new().await;
    here.pod("shell", "sleep 3600").await;
    let refused = async |command: &Command| Session::open(&here.cluster, command).await.unwrap_err();
    let nowhere = refused(&Command { pod: "none".to_owned(), ..command(&here, &["ls"]) }).await;
    assert!(nowhere.code() == 404 && nowhere.to_string().contains("pods \"none\" not found"), "{nowhere}");
    let other = refused(&Command { container: Some("x".to_owned()), ..command(&here, &["ls"]) }).await;
    assert!(other.code() == 400 && other.to_string().contains("container x is not valid"), "{other}");
}

#[tokio::test]
async fn a_proxy_that_cuts_what_is_idle_does_no_harm() {
    let here = Here::new().await;
    here.pod("shell", "sleep 3600").await;
    let proxy = Proxy::before(&here.far.access().server, Duration::from_secs(1)).await;
    let cluster = here.behind(&proxy);
    let silent = command(&here, &["sh", "-c", "sleep 3; echo done"]);
    let alive = session(&cluster, &silent).await.pinging(Duration::from_millis(300));
    assert_eq!(to_the_end(alive).await, (b"done\n".to_vec(), Vec::new(), Heard::End(End::Code(0))));
    // Without signs of life it is cut, and told as what it is: nobody knows how it ended.
    let (_, _, end) = to_the_end(session(&cluster, &silent).await).await;
    assert!(matches!(end, Heard::Lost(_)), "{end:?}");
}
