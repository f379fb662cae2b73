//! A recorded request with one thing wrong in its body is refused or taken; it never makes the server fail, and the world goes
//! on with whatever was taken.

use std::time::Duration;

use ansflow_sim::{SimConfig, Speed, Who};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::cluster::Cluster;

/// What stands in the place of what was right.
fn wrong() -> [Value; 9] {
    [
        Value::Null,
        json!([]),
        json!({}),
        json!(""),
        json!("x/y z"),
        json!(-1),
        json!(1.5e300),
        json!([null, {"name": "a"}, 7]),
        json!({"name": 1, "": null, "$patch": "replace"}),
    ]
}

/// All places of a value.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                places(value, &format!("{at}/{}", escaped(name)), out);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                places(value, &format!("{at}/{index}"), out);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Requests that were recorded, with whole objects of every kind that was.
fn recorded() -> Vec<(Method, String, String, Value)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/api");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut out = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|of| of == "json")) {
        let recording: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let request = &recording["request"];
        let (method, path) =
            (request["method"].as_str().unwrap_or_default(), request["path"].as_str().unwrap_or_default());
        let media = request["headers"]["Content-Type"].as_str().unwrap_or("application/json").to_owned();
        let is_write = matches!(method, "POST" | "PUT" | "PATCH" | "DELETE") && !path.contains("dryRun");
        if is_write && (request["body"].is_object() || request["body"].is_array()) {
            out.push((method.parse().unwrap(), path.to_owned(), media.clone(), request["body"].clone()));
        }
        // What was answered is a whole object, which can be made again under another name.
        let body = &recording["response"]["body"];
        if method == "POST" && recording["response"]["status"] == 201 && body["metadata"]["uid"].is_string() {
            let mut object = body.clone();
            for field in ["uid", "resourceVersion", "managedFields", "creationTimestamp"] {
                object["metadata"].as_object_mut().unwrap().shift_remove(field);
            }
            let path = path.split('?').next().unwrap().to_owned();
            let at = format!("{path}/applied?fieldManager=mutant&force=true");
            let mut applied = object.clone();
            applied["metadata"]["name"] = "applied".into();
            out.push((Method::PATCH, at, "application/apply-patch+yaml".to_owned(), applied));
            out.push((Method::POST, path, "application/json".to_owned(), object));
        }
    }
    out
}

async fn asked(client: &Client, url: &str, method: &Method, media: &str, body: &Value) -> String {
    let request = client.request(method.clone(), url).header("content-type", media).body(body.to_string());
    let answer = tokio::time::timeout(Duration::from_secs(10), request.send()).await;
    let answer = answer.unwrap_or_else(|_| panic!("{method} {url} {body}: no answer"));
    let answer = answer.unwrap_or_else(|why| panic!("{method} {url} {body}: {why}"));
    let code = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    // The one recorded: an apply of what the schema does not know.
    assert!(code < 500 || text.contains("failed to create typed"), "{method} {url} {body}: {code} {text}");
    text
}

#[tokio::test]
async fn what_is_wrong_in_one_place_fails_nothing() {
    let cluster = Cluster::with(SimConfig { speed: Speed::Manual, ..SimConfig::default() }).await;
    let client = cluster.client(Some(&Who::admin()));
    cluster.post("/api/v1/namespaces", &json!({"metadata": {"name": "demo"}})).await.expect(201);
    let every: usize = std::env::var("MUTANTS_EVERY").ok().and_then(|text| text.parse().ok()).unwrap_or(29);
    let mut number = 0;
    for (method, path, media, body) in recorded() {
        let url = format!("{}{path}", cluster.sim.url());
        asked(&client, &url, &method, &media, &body).await;
        let mut at = Vec::new();
        places(&body, "", &mut at);
        for place in at {
            for wrong in wrong() {
                number += 1;
                if number % every != 0 {
                    continue;
                }
                let mut mutant = body.clone();
                *mutant.pointer_mut(&place).unwrap() = wrong;
                if method == Method::POST && place != "/metadata/name" && mutant["metadata"]["name"].is_string() {
                    mutant["metadata"]["name"] = format!("m{number}").into();
                }
                asked(&client, &url, &method, &media, &mutant).await;
                if number % (every * 8) == 0 {
                    cluster.sim.advance(Duration::from_millis(900));
                }
            }
        }
    }
    cluster.sim.advance(Duration::from_secs(60));
    cluster.get("/api/v1/pods?limit=1").await.expect(200);
    cluster.sim.stop().await;
}
