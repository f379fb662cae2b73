//! A folder there and back.

use super::{pack, unpack};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use tokio::sync::mpsc;

fn packed(folder: &Path) -> (BTreeSet<std::path::PathBuf>, Vec<Vec<u8>>) {
    let (to, mut from) = mpsc::channel(1_000);
    let names = pack(folder, to).unwrap();
    let pieces = std::iter::from_fn(|| from.try_recv().ok()).collect();
    (names, pieces)
}

fn unpacked(folder: &Path, sent: &BTreeSet<std::path::PathBuf>, pieces: Vec<Vec<u8>>) -> std::io::Result<u64> {
    let (to, from) = mpsc::channel(1_000);
    pieces.into_iter().for_each(|piece| to.try_send(piece).unwrap());
    to.try_send(Vec::new()).unwrap();
    drop(to);
    unpack(folder, sent, from)
}

#[test]
fn what_was_changed_made_and_deleted_there_is_so_here() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::create_dir_all(here.path().join("src/deep")).unwrap();
    fs::write(here.path().join("src/deep/a"), "one").unwrap();
    fs::write(here.path().join("gone"), "x").unwrap();
    std::os::unix::fs::symlink("src/deep/a", here.path().join("link")).unwrap();
    let (sent, pieces) = packed(here.path());
    unpacked(there.path(), &BTreeSet::new(), pieces).unwrap();
    assert_eq!(fs::read_to_string(there.path().join("link")).unwrap(), "one");
    fs::write(there.path().join("src/deep/a"), "two").unwrap();
    fs::write(there.path().join("new"), vec![7; 300_000]).unwrap();
    fs::remove_file(there.path().join("gone")).unwrap();
    // Made here meanwhile, and never sent: it stays.
    fs::write(here.path().join("mine"), "m").unwrap();
    let (_, pieces) = packed(there.path());
    unpacked(here.path(), &sent, pieces).unwrap();
    assert_eq!(fs::read_to_string(here.path().join("src/deep/a")).unwrap(), "two");
    assert_eq!(fs::read(here.path().join("new")).unwrap().len(), 300_000);
    assert!(!here.path().join("gone").exists() && here.path().join("mine").exists());
}

/// One entry of a tar, by hand: the library would refuse to write it.
fn entry(name: &str, kind: tar::EntryType, link: &str, text: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_size(text.len() as u64);
    header.set_mode(0o644);
    header.as_mut_bytes()[157..157 + link.len()].copy_from_slice(link.as_bytes());
    header.set_cksum();
    let mut bytes = [header.as_bytes().as_slice(), text].concat();
    bytes.resize(bytes.len().div_ceil(512) * 512, 0);
    bytes
}

#[test]
fn nothing_is_written_outside_of_the_workspace() {
    let outside = tempfile::tempdir().unwrap();
    let to = outside.path().to_str().unwrap();
    let attacks = [
        vec![entry("../evil", tar::EntryType::Regular, "", b"x")],
        vec![entry(&format!("{to}/evil"), tar::EntryType::Regular, "", b"x")],
        vec![entry("link", tar::EntryType::Symlink, to, b""), entry("link/evil", tar::EntryType::Regular, "", b"x")],
        vec![entry("a/../../evil", tar::EntryType::Regular, "", b"x")],
    ];
    for attack in attacks {
        let folder = outside.path().join("workspace");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        let done = unpacked(&folder, &BTreeSet::new(), attack);
        assert!(done.is_err(), "{done:?}");
        assert!(!outside.path().join("evil").exists());
    }
}

#[test]
fn half_a_workspace_deletes_nothing() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(here.path().join("a"), "a").unwrap();
    fs::write(here.path().join("b"), "b").unwrap();
    let (sent, _) = packed(here.path());
    fs::write(there.path().join("a"), "changed").unwrap();
    let (_, pieces) = packed(there.path());
    let (to, from) = mpsc::channel(1_000);
    pieces.into_iter().for_each(|piece| to.try_send(piece).unwrap());
    drop(to);
    assert!(unpack(here.path(), &sent, from).is_err());
    assert!(here.path().join("b").exists());
}
