//! The documents of a text, apart: a pipeline is one, manifests are several.

/// Each document that says something, with its first line, from 1. A line that begins with `---` ends one wherever it
/// stands: nothing in YAML may begin so, not even the lines of a block text.
#[must_use]
pub fn documents(text: &str) -> Vec<(usize, String)> {
    let mut documents = vec![(1, String::new())];
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let marks = line.strip_prefix("---").filter(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
        match (marks, documents.last_mut()) {
            (None, Some((_, document))) => document.push_str(line),
            (Some(rest), _) => documents.push((index + 1, rest.to_owned())),
            (None, None) => {}
        }
    }
    documents.retain(|(_, document)| !says_nothing(document));
    documents
}

/// Whether there are only comments, and marks of the beginning and the end.
fn says_nothing(document: &str) -> bool {
    document.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with(['#', '%']) || line == "...")
}
