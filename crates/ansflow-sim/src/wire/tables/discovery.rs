//! Endpoints and EndpointSlices.

use serde_json::Value;

use super::column::{AGE, Column, NAME, text};
use super::{age, name, some_of};
use crate::object::{Object, ObjectExt};
use crate::time::Micros;

pub(super) const ENDPOINTS: &[Column] =
    &[NAME, text("Endpoints", "The set of all endpoints is the union of all subsets."), AGE];

pub(super) fn endpoints(endpoints: &Object, now: Micros) -> Vec<Value> {
    let mut all = Vec::new();
    for subset in endpoints.items("/subsets") {
        let of = |field: &str| subset[field].as_array().map_or(&[][..], Vec::as_slice);
        let addresses = || of("addresses").iter().filter_map(|address| address["ip"].as_str());
        for port in of("ports") {
            all.extend(addresses().map(|ip| host_and_port(ip, port["port"].as_i64().unwrap_or(0))));
        }
        if of("ports").is_empty() {
            all.extend(addresses().map(str::to_owned));
        }
    }
    let said = if all.is_empty() { "<none>".to_owned() } else { some_of(&all, 3) };
    vec![name(endpoints), said.into(), age::age(endpoints, now)]
}

fn host_and_port(ip: &str, port: i64) -> String {
    if ip.contains(':') { format!("[{ip}]:{port}") } else { format!("{ip}:{port}") }
}

pub(super) const SLICE: &[Column] = &[
    NAME,
    text("AddressType", "addressType specifies the type of address carried by this EndpointSlice."),
    text("Ports", "ports specifies the list of network ports exposed by each endpoint in this slice."),
    text("Endpoints", "endpoints is a list of unique endpoints in this slice."),
    AGE,
];

pub(super) fn slice(slice: &Object, now: Micros) -> Vec<Value> {
    let ports = slice.items("/ports").iter().map(|port| match (port["port"].as_i64(), port["name"].as_str()) {
        (Some(number), _) => number.to_string(),
        (None, Some(name)) => name.to_owned(),
        (None, None) => "*".to_owned(),
    });
    let endpoints = slice.items("/endpoints").iter();
    let addresses =
        endpoints.flat_map(|one| one["addresses"].as_array().into_iter().flatten()).filter_map(Value::as_str);
    let said = |all: Vec<String>| if all.is_empty() { Value::from("<unset>") } else { some_of(&all, 3).into() };
    vec![
        name(slice),
        slice.text("/addressType").into(),
        said(ports.collect()),
        said(addresses.map(str::to_owned).collect()),
        age::age(slice, now),
    ]
}
