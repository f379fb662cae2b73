//! Text without what is another in every cluster and every second.

use std::sync::LazyLock;

use regex::Regex;

/// What becomes what, in this order.
static RULES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let rules = [
        // Times, as Go, helm, kubectl and `diff` write them.
        (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| \+0000( UTC)?)", "TIME"),
        (r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000", "TIME"),
        (r"\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}", "TIME"),
        // Names that a controller or the system has made up.
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UID"),
        (r"\S*/(LIVE|MERGED)-\d+", "/$1"),
        (r"\b(web|ssa|web-web|web2-web)-[bcdf-hj-np-tv-xz2-9]{6,10}-[bcdf-hj-np-tv-xz2-9]{5}\b", "$1-SET-POD"),
        (r"\b(web|ssa|web-web|web2-web)-[bcdf-hj-np-tv-xz2-9]{6,10}\b", "$1-SET"),
        (r"pod-template-hash%3D\w+", "pod-template-hash%3DSET"),
        (r"kube-api-access-\w{5}", "kube-api-access-POD"),
        (r"containerd://[0-9a-f]{64}", "containerd://ID"),
        (r"sha256:[0-9a-f]{64}", "sha256:ID"),
        (r"\[X509SHA256=\w+\]", "[X509SHA256=ID]"),
        // Addresses.
        (r"\b10\.\d+\.\d+\.\d+\b", "IP"),
        (r"https://127\.0\.0\.1:\d+", "https://SERVER"),
        (r"127\.0\.0\.1:\d+", "LOCAL"),
        (r"\[::1\]:\d+", "LOCAL6"),
        (r"connection for \d+", "connection for LOCAL"),
        // Numbers that count all writes of the cluster, and those that clients draw.
        (r#"(resourceVersion"?: ?)"\d+""#, r#"$1"VERSION""#),
        (r"resourceVersion=\d+", "resourceVersion=VERSION"),
        (r"\?hash=[0-9A-F]+", "?hash=HASH"),
        (r"timeoutSeconds=\d+", "timeoutSeconds=N"),
        // Ages.
        (r"\b(\d+y)?(\d+d)?(\d+h)?(\d+m)?\d+s\b|\b(\d+d)?(\d+h)?\d+m\b", "AGE"),
        // Columns are as wide as what stands in them.
        (r"[ \t]+", " "),
    ];
    rules.into_iter().map(|(from, to)| (Regex::new(from).unwrap(), to)).collect()
});

/// The lines of a text.
pub(super) fn plain(text: &str) -> Vec<String> {
    text.lines().map(|line| ruled(line).trim_end().to_owned()).collect()
}

/// A request with its answer's code. One whose answer the client had already counts as answered.
pub(super) fn asked(line: &str) -> String {
    let line = ruled(line).replace(" -> 304", " -> 200");
    // Go draws the order of a selector's fields anew each time.
    let Some((head, rest)) = line.split_once("fieldSelector=") else { return line };
    let (fields, tail) = rest.split_once('&').unwrap_or((rest, ""));
    let mut fields: Vec<&str> = fields.split("%2C").collect();
    fields.sort_unstable();
    format!("{head}fieldSelector={}&{tail}", fields.join("%2C"))
}

fn ruled(line: &str) -> String {
    let mut line = line.to_owned();
    for (from, to) in RULES.iter() {
        line = from.replace_all(&line, *to).into_owned();
    }
    line
}
