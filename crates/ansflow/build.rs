//! How the program is linked, and where its web UI is.
//!
//! Every step of every run starts the program once more, so what the dynamic linker does at a start is a cost of every
//! step. At a fixed address it need not touch 45,000 relocations on 200 pages: 1.5 ms to start instead of 2.1 ms, and
//! 1.3 s of processor time instead of 1.6 s for a chain of 300 steps. What is given up is a random address of the
//! program's own code; stack, heap and libraries still have theirs, and no `unsafe` of ours is in it.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-link-arg-bins=-no-pie");
    find_ui();
}

/// Tells `ui.rs` the folder, without `..`: a debug build compares it with the paths that it reads. A folder that is not
/// there is no error, the binary then has no UI.
fn find_ui() {
    let here = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let root = Path::new(&here).ancestors().nth(2).expect("this crate is two folders below the root");
    let ui = root.join("web").join("dist");
    println!("cargo::rustc-env=ANSFLOW_UI={}", ui.display());
    // What is embedded must be looked at again when it is built again; a debug build reads it when it is asked.
    let is_asked = |name| std::env::var_os(name).is_some();
    if !is_asked("CARGO_CFG_DEBUG_ASSERTIONS") || is_asked("CARGO_FEATURE_EMBED_UI") {
        println!("cargo::rerun-if-changed={}", ui.display());
    }
}
