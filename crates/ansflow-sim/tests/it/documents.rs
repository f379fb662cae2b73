//! What clients keep: documents with tags and dates, and the forms that they ask for.

use reqwest::Method;
use serde_json::Value;

use crate::cluster::{Cluster, Told};

async fn ask(cluster: &Cluster, path: &str, headers: &[(&str, &str)]) -> Told {
    let headers: Vec<(String, String)> =
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    cluster.told(Method::GET, path, &headers, None, None).await
}

fn header<'a>(told: &'a Told, name: &str) -> &'a str {
    told.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

#[tokio::test]
async fn discovery_that_a_client_has_is_not_sent_again() {
    let cluster = Cluster::start().await;
    for path in ["/api", "/apis"] {
        let first = ask(&cluster, path, &[("accept", AGGREGATED)]).await;
        assert_eq!((first.code, header(&first, "cache-control")), (200, "public"));
        assert!(header(&first, "content-type").ends_with("as=APIGroupDiscoveryList"));
        let again = ask(&cluster, path, &[("accept", AGGREGATED), ("if-none-match", header(&first, "etag"))]).await;
        assert_eq!((again.code, again.text.as_str(), header(&again, "content-type")), (304, "", ""));
    }
    cluster.sim.stop().await;
}

#[tokio::test]
async fn openapi_is_found_by_its_index_and_kept() {
    let cluster = Cluster::start().await;
    let index = ask(&cluster, "/openapi/v3", &[]).await;
    let again = ask(&cluster, "/openapi/v3", &[("if-modified-since", header(&index, "last-modified"))]).await;
    assert_eq!((index.code, again.code), (200, 304));
    let path = index.json()["paths"]["apis/batch/v1"]["serverRelativeURL"].as_str().unwrap().to_owned();
    let document = ask(&cluster, &path, &[]).await;
    assert_eq!(header(&document, "cache-control"), "public, immutable");
    assert!(document.json()["components"]["schemas"].get("io.k8s.api.batch.v1.Job").is_some());
    let packed = ask(&cluster, &path, &[("accept-encoding", "gzip")]).await;
    assert_eq!(header(&packed, "content-encoding"), "gzip");
    let no_json = ask(&cluster, "/openapi/v2", &[("accept", "application/json")]).await;
    assert_eq!(no_json.code, 406);
    cluster.sim.stop().await;
}

#[tokio::test]
async fn objects_come_in_the_form_that_is_accepted() {
    let cluster = Cluster::start().await;
    let path = "/api/v1/namespaces/default";
    let table = ask(&cluster, path, &[("accept", TABLE)]).await.json();
    assert_eq!((&table["kind"], &table["rows"][0]["cells"][0]), (&"Table".into(), &"default".into()));
    let yaml = ask(&cluster, path, &[("accept", "application/yaml")]).await;
    assert!(yaml.text.starts_with("apiVersion: v1\nkind: Namespace\n"), "{}", yaml.text);
    let partial =
        ask(&cluster, path, &[("accept", "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io")]).await;
    assert!(partial.json().get("status").is_none());
    assert_eq!(ask(&cluster, path, &[("accept", "text/html")]).await.code, 406);
    let watch = "/api/v1/namespaces?watch=1&timeoutSeconds=1";
    let lines = ask(&cluster, watch, &[("accept", TABLE)]).await;
    let lines: Vec<Value> = lines.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines[0]["object"]["columnDefinitions"].is_array() && lines[1]["object"]["columnDefinitions"].is_null());
    cluster.sim.stop().await;
}
