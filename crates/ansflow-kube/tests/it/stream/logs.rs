//! Logs of one and of many.

use super::Here;
use super::proxy::Proxy;
use ansflow_core::spec::Pods;
use ansflow_kube::stream::logs::{Containers, LogLine, Logs, Said, Stopped, Wanted};
use std::time::Duration;

fn of(pods: Pods) -> Wanted {
    Wanted {
        pods,
        containers: Containers::Default,
        tail: None,
        since_seconds: None,
        previous: false,
        follow: false,
        until: None,
    }
}

/// Lines, notes, and the end.
async fn to_the_end(mut logs: Logs) -> (Vec<LogLine>, Vec<String>, Stopped) {
    let (mut lines, mut notes) = (Vec::new(), Vec::new());
    let all = async {
        loop {
            match logs.next().await {
                Said::Line(line) => lines.push(line),
                Said::Note(note) => notes.push(note),
                Said::End(end) => return end,
            }
        }
    };
    let end = tokio::time::timeout(Duration::from_secs(60), all).await.expect("it ends within a minute");
    (lines, notes, end)
}

async fn read(here: &Here, wanted: Wanted) -> (Vec<LogLine>, Vec<String>, Stopped) {
    to_the_end(Logs::open(&here.cluster, &here.namespace, wanted).await.unwrap()).await
}

fn texts(lines: &[LogLine]) -> Vec<&str> {
    lines.iter().map(|line| line.text.as_str()).collect()
}

#[tokio::test]
async fn lines_of_several_pods_come_in_the_order_of_their_times() {
    let here = Here::new().await;
    here.pod("a", "for i in 1 2 3; do echo a$i; sleep 0.4; done").await;
    here.pod("b", "for i in 1 2 3; do echo b$i; sleep 0.4; done").await;
    let mut wanted = of(Pods::Selected("all=yes".to_owned()));
    wanted.follow = true;
    let (lines, notes, end) = read(&here, wanted.clone()).await;
    assert_eq!((lines.len(), end), (6, Stopped::Over { lines: 6 }), "{notes:?}");
    assert!(lines.windows(2).all(|pair| pair[0].at <= pair[1].at), "{lines:?}");
    wanted.follow = false;
    wanted.tail = Some(1);
    let (lines, ..) = read(&here, wanted).await;
    let mut last = texts(&lines);
    last.sort_unstable();
    assert_eq!(last, ["a3", "b3"]);
}

#[tokio::test]
async fn a_line_that_is_waited_for_ends_it_and_one_that_never_comes_is_told() {
    let here = Here::new().await;
    here.pod("web", "echo starting; echo listening on 80; echo more; sleep 1").await;
    let mut wanted = of(Pods::Named("web".to_owned()));
    wanted.follow = true;
    wanted.until = Some(regex("listening on [0-9]+"));
    let (lines, _, end) = read(&here, wanted.clone()).await;
    assert!(matches!(&end, Stopped::Matched(line) if line.text == "listening on 80"), "{end:?}");
    assert_eq!(texts(&lines), ["starting", "listening on 80"]);
    wanted.until = Some(regex("never"));
    assert_eq!(read(&here, wanted).await.2, Stopped::Unmatched);
}

#[tokio::test]
async fn a_connection_that_breaks_loses_no_line_and_doubles_none() {
    let here = Here::new().await;
    here.pod("web", "i=0; while [ $i -lt 60 ]; do echo line $i; echo again $i; i=$((i+1)); sleep 0.05; done").await;
    let proxy = Proxy::before(&here.far.access().server, Duration::from_secs(60)).await;
    let mut wanted = of(Pods::Named("web".to_owned()));
    wanted.follow = true;
    let mut logs = Logs::open(&here.behind(&proxy), &here.namespace, wanted).await.unwrap();
    let (mut lines, mut notes) = (Vec::new(), Vec::new());
    let end = loop {
        match logs.next().await {
            Said::Line(line) => {
                lines.push(line.text);
                if lines.len() % 30 == 20 {
                    proxy.cut();
                }
            }
            Said::Note(note) => notes.push(note),
            Said::End(end) => break end,
        }
    };
    let expected: Vec<String> = (0..60).flat_map(|i| [format!("line {i}"), format!("again {i}")]).collect();
    assert_eq!(lines, expected, "{notes:?}");
    assert_eq!(end, Stopped::Over { lines: 120 });
    assert!(notes.iter().any(|note| note.contains("its log broke off")), "{notes:?}");
}

#[tokio::test]
async fn what_is_not_there_is_said() {
    let here = Here::new().await;
    let (_, _, end) = read(&here, of(Pods::Of("none".to_owned()))).await;
    assert!(matches!(&end, Stopped::Nothing(why) if why.contains("no workload and no pod")), "{end:?}");
    here.pod("web", "echo one; sleep 3600").await;
    let mut wanted = of(Pods::Named("web".to_owned()));
    wanted.previous = true;
    let (_, notes, _) = read(&here, wanted).await;
    assert!(notes.iter().any(|note| note.contains("previous terminated container \"app\"")), "{notes:?}");
}

fn regex(text: &str) -> regex::Regex {
    regex::Regex::new(text).unwrap()
}
