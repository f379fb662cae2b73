//! Label selectors as apimachinery reads, prints and refuses them.

use serde_json::json;

use super::{Selector, shown, shown_map};

fn check(text: &str, labels: &[(&str, &str)], expect: bool) {
    let selector = Selector::parse(text).unwrap();
    assert_eq!(selector.matches_pairs(labels), expect, "{text} on {labels:?}");
}

fn refused(text: &str, expect: &str) {
    assert_eq!(Selector::parse(text).unwrap_err().to_string(), expect, "{text}");
}

#[test]
fn requirements_hold_together() {
    let web = [("app", "web"), ("tier", "front")];
    check("", &web, true);
    check("app=web", &web, true);
    check("app==web,tier!=back", &web, true);
    check("app=web,tier=back", &web, false);
    check("app in (api, web)", &web, true);
    check("app notin (api,web)", &web, false);
    check("other notin (api)", &web, true);
    check("other!=x", &web, true);
    check("app", &web, true);
    check("!app", &web, false);
    check("!other", &web, true);
    check("n>3", &[("n", "4")], true);
    check("n<3", &[("n", "4")], false);
    check("name=web,owner=helm", &[("name", "web"), ("owner", "helm")], true);
}

#[test]
fn an_empty_value_is_a_value() {
    check("a=", &[("a", "")], true);
    check("a in (,b)", &[("a", "")], true);
    check("a=", &[], false);
}

#[test]
fn keywords_may_be_keys_and_values() {
    check("in in (notin)", &[("in", "notin")], true);
}

#[test]
fn what_is_no_selector_is_refused_in_apimachinery_s_words() {
    refused("==", "found '==', expected: !, identifier, or 'end of string'");
    refused("a,", "found '', expected: identifier after ','");
    refused("a=b c", "found 'c', expected: ',' or 'end of string'");
    refused("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt");
    refused("a in b", "unable to parse requirement: found 'b' expected: '('");
}

#[test]
fn an_object_s_selector_is_read_and_shown() {
    let selector = json!({"matchLabels": {"b": "2", "a": "1"}, "matchExpressions": [{"key": "c", "operator": "In", "values": ["y", "x"]}]});
    assert!(Selector::of(&selector).unwrap().matches_pairs(&[("a", "1"), ("b", "2"), ("c", "x")]));
    assert_eq!(shown(&selector), "a=1,b=2,c in (x,y)");
    assert_eq!(shown(&json!(null)), "<none>");
    assert_eq!(shown_map(&json!({"b": "2", "a": "1"})), "a=1,b=2");
}
