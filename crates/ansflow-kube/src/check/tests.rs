//! What a check says, in words.

use super::{Checked, Count, Right};

fn checked(nodes: Option<Count>, deploys: bool) -> String {
    let right = |verb: &str, resource: &str, namespace: Option<&str>, allowed| Right {
        allowed,
        ..Right::of(verb, resource, namespace)
    };
    let rights = vec![
        right("list", "nodes", None, nodes.is_some()),
        right("create", "deployments.apps", Some("shop"), deploys),
        right("patch", "deployments.apps", Some("shop"), true),
    ];
    let pods = Some(Count { total: 43, well: 41 });
    let (version, username) = ("v1.34.9".to_owned(), "system:serviceaccount:ci:deployer".to_owned());
    Checked { version, simulated: false, username, groups: Vec::new(), nodes, pods, rights }.sentence()
}

#[test]
fn what_may_not_be_listed_is_said_and_never_counted_as_nothing() {
    let who = "connected as system:serviceaccount:ci:deployer · v1.34.9";
    assert_eq!(
        checked(Some(Count { total: 3, well: 3 }), true),
        format!("{who} · 3 of 3 nodes ready · 41 of 43 pods running · may deploy in `shop`")
    );
    assert_eq!(
        checked(None, false),
        format!(
            "{who} · nodes may not be listed · 41 of 43 pods running · may not deploy in `shop`, may not list nodes"
        )
    );
}
