//! Directories below the workspace, judged by their components; nothing here asks the disk.

/// The path below the workspace in its shortest form, `""` for the workspace itself.
///
/// # Errors
/// Why the path does not stay inside.
pub(crate) fn inside(path: &str) -> Result<String, String> {
    if path.contains('\0') {
        return Err("holds a NUL character".to_owned());
    }
    if path.starts_with('/') {
        return Err(format!("`{path}` is absolute, and must be relative to the workspace"));
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Err(format!("`{path}` leaves the workspace"));
                }
            }
            part => parts.push(part),
        }
    }
    Ok(parts.join("/"))
}

/// The same for a path that may be absolute as long as it lies in the workspace.
///
/// # Errors
/// Why the path does not lie inside.
pub(crate) fn below(workspace: &str, path: &str) -> Result<String, String> {
    let workspace = workspace.trim_end_matches('/');
    match path.strip_prefix(workspace) {
        Some(rest) if !workspace.is_empty() && (rest.is_empty() || rest.starts_with('/')) => {
            inside(rest.trim_start_matches('/'))
        }
        _ => inside(path),
    }
}
