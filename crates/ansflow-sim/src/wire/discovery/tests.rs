//! Discovery equals what a real cluster answered.

use serde_json::Value;

use super::{Root, aggregated, core, etag, group, groups, resources};
use crate::kinds::Kinds;
use crate::wire::recorded::{body, with_widgets};

fn check(told: &Value, recording: &str) {
    assert_eq!(told, &body(recording), "{recording}");
}

#[test]
fn the_recorded_documents_come_out() {
    let served = Kinds::new().served();
    check(&core("127.0.0.1:6443"), "discovery-api");
    check(&groups(&served), "discovery-apis");
    check(&group(&served, "apps").unwrap(), "discovery-apis-apps-group");
    check(&resources(&served, "", "v1").unwrap(), "discovery-api-v1");
    check(&resources(&served, "apps", "v1").unwrap(), "discovery-apis-apps-v1");
    check(&resources(&served, "batch", "v1").unwrap(), "discovery-apis-batch-v1");
    check(&aggregated(&served, Root::Core), "discovery-api-aggregated-v2");
    check(&aggregated(&served, Root::Groups), "discovery-apis-aggregated-v2");
}

#[test]
fn what_is_not_served_is_none() {
    let served = Kinds::new().served();
    assert!(group(&served, "cert-manager.io").is_none());
    assert!(resources(&served, "apps", "v2").is_none());
}

#[test]
fn a_tag_is_128_upper_case_digits_in_quotes() {
    let tag = etag(b"x");
    assert_eq!(tag.len(), 130);
    assert!(tag.trim_matches('"').chars().all(|c| c.is_ascii_digit() || ('A'..='F').contains(&c)));
}

#[test]
fn a_custom_resource_is_discovered_like_the_recorded_one() {
    let served = with_widgets().served();
    check(&resources(&served, "example.com", "v1").unwrap(), "crd-discovery");
    let document = aggregated(&served, Root::Groups);
    let group = document["items"].as_array().unwrap().last().unwrap();
    assert_eq!(group["metadata"]["name"], "example.com");
    let widget = &group["versions"][0]["resources"][0];
    assert_eq!(widget["responseKind"], serde_json::json!({"group": "example.com", "version": "v1", "kind": "Widget"}));
    assert_eq!(widget["subresources"][1]["responseKind"]["kind"], "Scale");
}
