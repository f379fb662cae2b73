//! A service gets an address of the cluster, and ports of the nodes where it asks for them; it keeps both.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::kinds;
use crate::object::{Object, ObjectExt};
use crate::status::Status;
use crate::store::Txn;

const FIRST_PORT: u32 = 30_000;
const PORTS: u32 = 2_768;

pub(crate) fn allocate(txn: &mut Txn<'_>, object: &mut Object, old: Option<&Object>) -> Result<(), Status> {
    if object.text("/spec/type") == "ExternalName" {
        return Ok(());
    }
    if let Some(old) = old {
        for field in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
            if let Some(value) =
                old.at(&format!("/spec/{field}")).filter(|_| object.text(&format!("/spec/{field}")).is_empty())
                && object.items(&format!("/spec/{field}")).is_empty()
            {
                object.put(&["spec", field], value.clone());
            }
        }
    }
    let all: Vec<Value> =
        txn.all(kinds::id("", "Service"), None).iter().filter_map(|stored| stored.view().ok()).collect();
    let start = place(object.namespace(), object.name());
    if object.text("/spec/clusterIP").is_empty() {
        let used: HashSet<&str> = all.iter().filter_map(|one| one["spec"]["clusterIP"].as_str()).collect();
        let address =
            |at: u32| format!("10.96.{}.{}", (start.wrapping_add(at) >> 8) & 0xff, start.wrapping_add(at) & 0xff);
        let taken = |address: &String| {
            used.contains(address.as_str())
                || address.ends_with(".0")
                || address.ends_with(".255")
                || address == "10.96.0.1"
        };
        let free = (0..65_536).map(address).find(|address| !taken(address));
        let free = free.ok_or_else(|| Status::internal("failed to allocate a serviceIP: range is full"))?;
        object.put(&["spec", "clusterIP"], free.into());
    }
    let address = object.text("/spec/clusterIP").to_owned();
    if object.items("/spec/clusterIPs").is_empty() {
        object.put(&["spec", "clusterIPs"], json!([address]));
    }
    if object.items("/spec/ipFamilies").is_empty() {
        object.put(&["spec", "ipFamilies"], json!(["IPv4"]));
    }
    if object.text("/spec/ipFamilyPolicy").is_empty() {
        object.put(&["spec", "ipFamilyPolicy"], "SingleStack".into());
    }
    if matches!(object.text("/spec/type"), "NodePort" | "LoadBalancer") {
        node_ports(&all, object, old, start);
    }
    Ok(())
}

fn node_ports(all: &[Value], object: &mut Object, old: Option<&Object>, start: u32) {
    let ports = |one: &Value| one["spec"]["ports"].as_array().cloned().unwrap_or_default();
    let mut used: HashSet<u64> = all.iter().flat_map(ports).filter_map(|port| port["nodePort"].as_u64()).collect();
    let before = old.map(|old| old.items("/spec/ports").to_vec()).unwrap_or_default();
    for port in object.at_mut("/spec/ports").and_then(Value::as_array_mut).into_iter().flatten() {
        if port["nodePort"].as_u64().is_some_and(|number| number > 0) {
            continue;
        }
        let same = before.iter().find(|known| known["port"] == port["port"] && known["protocol"] == port["protocol"]);
        let kept = same.and_then(|known| known["nodePort"].as_u64());
        let number = |at: u32| u64::from(FIRST_PORT + start.wrapping_add(at) % PORTS);
        if let Some(free) = kept.or_else(|| (0..PORTS).map(number).find(|number| !used.contains(number))) {
            used.insert(free);
            port["nodePort"] = free.into();
        }
    }
}

/// Where to begin looking: the same for the same name.
fn place(namespace: &str, name: &str) -> u32 {
    let text = format!("{namespace}/{name}");
    text.bytes().fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
