//! Clusters on the screen.

use anyhow::Result;
use jiff::Timestamp;
use serde_json::Value as Json;

use crate::cli::Output;
use crate::commands::print_data;
use crate::terminal::{out, table::table};

/// A table of clusters; behind one that is not well stands why.
pub(super) fn list(clusters: &[Json], output: Output) -> Result<()> {
    if output != Output::Table {
        return print_data(output, &Json::Array(clusters.to_vec()));
    }
    let rows: Vec<Vec<String>> = clusters.iter().map(row).collect();
    Ok(out(&table(&["NAME", "STATE", "SINCE", "VERSION", "NODES", "PODS", "SERVER", ""], &rows))?)
}

fn row(cluster: &Json) -> Vec<String> {
    let text = |key: &str| cluster[key].as_str().unwrap_or("-").to_owned();
    let count = |well: &str, all: &str| match (cluster[well].as_u64(), cluster[all].as_u64()) {
        (Some(well), Some(all)) => format!("{well}/{all}"),
        _ => "-".to_owned(),
    };
    let mut remarks = Vec::new();
    if cluster["simulated"] == true {
        remarks.push("SIMULATED".to_owned());
    }
    if cluster["verify_tls"] == false {
        remarks.push("its certificate is not looked at".to_owned());
    }
    if !cluster["check_code"].is_null() {
        // Which one stands beside it.
        let server = text("server");
        let host = server.split_once("://").map_or(server.as_str(), |(_, rest)| rest.split('/').next().unwrap_or(rest));
        let why = text("check_message");
        remarks.push(why.strip_prefix(&format!("{host}: ")).unwrap_or(&why).to_owned());
    }
    vec![
        text("name"),
        text("state"),
        since(cluster["state_since"].as_str(), Timestamp::now()),
        text("version"),
        count("nodes_ready", "nodes"),
        count("pods_running", "pods"),
        text("server"),
        remarks.join(" · "),
    ]
}

/// How long ago, in one unit.
fn since(at: Option<&str>, now: Timestamp) -> String {
    let Some(at) = at.and_then(|at| at.parse::<Timestamp>().ok()) else { return "-".to_owned() };
    match (now.as_second() - at.as_second()).max(0) {
        seconds @ ..60 => format!("{seconds} s"),
        seconds @ 60..3_600 => format!("{} m", seconds / 60),
        seconds @ 3_600..86_400 => format!("{} h", seconds / 3_600),
        seconds => format!("{} d", seconds / 86_400),
    }
}

/// A cluster, a line for each thing that is known.
pub(super) fn one(cluster: &Json, output: Output) -> Result<()> {
    if output != Output::Table {
        return print_data(output, cluster);
    }
    let now = Timestamp::now();
    let ago = |key: &str| {
        let at = cluster[key].as_str()?;
        Some(Json::from(format!("{at} ({} ago)", since(Some(at), now))))
    };
    let [since, good, looked] = ["state_since", "good_at", "checked_at"].map(|key| ago(key).unwrap_or_default());
    // A cluster that is away has counts that nobody knows.
    let counted = |well: &str, all: &str, word: &str| match (cluster[well].as_u64(), cluster[all].as_u64()) {
        (Some(well), Some(all)) => Json::from(format!("{well} of {all} {word}")),
        _ if cluster["state"] == "connected" => Json::from("we may not list them"),
        _ => Json::Null,
    };
    let nodes = counted("nodes_ready", "nodes", "ready");
    let pods = counted("pods_running", "pods", "running");
    let verified = if cluster["verify_tls"] == false { "its certificate is not looked at".into() } else { Json::Null };
    let shown = [
        ("NAME", &cluster["name"]),
        ("ID", &cluster["id"]),
        ("DESCRIPTION", &cluster["description"]),
        ("KIND", &cluster["kind"]),
        ("SERVER", &cluster["server"]),
        ("TLS", &verified),
        ("CREDENTIAL", &cluster["auth"]),
        ("SUBJECT", &cluster["facts"]["subject"]),
        ("ENDS", &cluster["facts"]["expires_at"]),
        ("CONTEXT", &cluster["facts"]["context"]),
        ("PROXY", &cluster["proxy"]),
        ("NAMESPACE", &cluster["namespace"]),
        ("STATE", &cluster["state"]),
        ("SINCE", &since),
        ("LAST GOOD", &good),
        ("LAST LOOK", &looked),
        ("FOUND", &cluster["check_message"]),
        ("VERSION", &cluster["version"]),
        ("WE ARE", &cluster["username"]),
        ("NODES", &nodes),
        ("PODS", &pods),
    ];
    let rows: Vec<Vec<String>> = shown
        .into_iter()
        .filter_map(|(name, value)| {
            Some(vec![name.to_owned(), value.as_str().filter(|text| !text.is_empty())?.to_owned()])
        })
        .collect();
    let heading = ["CLUSTER", if cluster["simulated"] == true { "SIMULATED" } else { "" }];
    Ok(out(&table(&heading, &rows))?)
}

/// Whether a cluster is connected, in one line.
pub(super) fn check(name: &str, check: &Json, output: Output) -> Result<()> {
    if output != Output::Table {
        return print_data(output, check);
    }
    let message = check["message"].as_str().unwrap_or_default();
    let help = check["help"].as_str().map(|help| format!("; {help}")).unwrap_or_default();
    Ok(out(&format!("{name}: {message}{help}\n"))?)
}

/// What a credential is and when it ends, and whether it works now: two facts.
pub(super) fn token(status: &Json, works: &Json, output: Output) -> Result<()> {
    if output != Output::Table {
        let both = serde_json::json!({ "status": status, "now": works });
        return print_data(output, &both);
    }
    let text = |value: &Json, none: &str| value.as_str().filter(|text| !text.is_empty()).unwrap_or(none).to_owned();
    let now = match works["accepted"].as_bool() {
        Some(true) => "it is accepted",
        Some(false) => "it is not accepted",
        None => "not known",
    };
    let rows = [
        vec!["SUBJECT".to_owned(), text(&status["facts"]["subject"], "it does not say")],
        vec!["ENDS".to_owned(), text(&status["facts"]["expires_at"], "it does not say")],
        vec!["NOW".to_owned(), now.to_owned()],
        vec!["FOUND".to_owned(), text(&works["message"], "-")],
    ];
    Ok(out(&table(&["CREDENTIAL", status["auth"].as_str().unwrap_or_default()], &rows))?)
}

/// How to make another credential.
pub(super) fn guide(guide: &Json, output: Output) -> Result<()> {
    if output != Output::Table {
        return print_data(output, guide);
    }
    let commands = guide["commands"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let commands: String = commands.map(|command| format!("\n  {command}")).collect();
    Ok(out(&format!("{}\n{commands}\n", guide["text"].as_str().unwrap_or_default()))?)
}

/// What was done, or for programs what there is now.
pub(super) fn done(view: &Json, words: &str, output: Output) -> Result<()> {
    match output {
        Output::Table => Ok(out(&format!("{words}\n"))?),
        Output::Json | Output::Yaml => print_data(output, view),
    }
}

#[cfg(test)]
mod tests {
    use super::since;

    #[test]
    fn a_time_is_told_in_one_unit() {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        for (at, expected) in [
            (Some("2026-11-22T11:59:30Z"), "30 s"),
            (Some("2026-11-22T11:48:00Z"), "12 m"),
            (Some("2026-11-22T01:00:00Z"), "11 h"),
            (Some("2026-11-19T12:00:00Z"), "3 d"),
            (Some("2027-01-01T00:00:00Z"), "0 s"),
            (None, "-"),
        ] {
            assert_eq!(since(at, now), expected, "{at:?}");
        }
    }
}
