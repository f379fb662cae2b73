//! The key that seals what is secret at rest. It is in a file that only its owner reads, never in the database, so that
//! a stolen database or backup says nothing.
//!
//! Sealed text is `1.` and Base64 of a random 192-bit nonce and XChaCha20-Poly1305's output; the place that it belongs
//! to (`table:row:version`) is authenticated with it, so that nobody who can write the database can move one secret
//! into another's row, or an old one back.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::{Error, Result};

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
const FORMAT: &str = "1.";

/// Seals and opens. Cheap to clone; says nothing of the key.
#[derive(Clone)]
pub struct Keyring {
    cipher: Arc<XChaCha20Poly1305>,
}

impl Keyring {
    /// Reads the key, or makes one that only its owner may read.
    ///
    /// # Errors
    /// [`Error::Refused`] when others may read the file; [`Error::Corrupt`] when it holds no key; [`Error::Io`].
    pub fn open(path: &Path) -> Result<Keyring> {
        let key = match File::open(path) {
            Ok(file) => read(path, file)?,
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => make(path)?,
            Err(other) => return Err(Error::io("open the key", path)(other)),
        };
        let cipher = XChaCha20Poly1305::new_from_slice(&*key).expect("the length was checked");
        Ok(Keyring { cipher: Arc::new(cipher) })
    }

    /// Seals a secret for a place, such as `secret:DEPLOY_KEY:3`.
    #[must_use]
    pub fn seal(&self, place: &str, secret: &str) -> String {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).expect("the system gives randomness");
        let payload = Payload { msg: secret.as_bytes(), aad: place.as_bytes() };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).expect("a secret is far from 256 GiB");
        format!("{FORMAT}{}", STANDARD.encode([&nonce[..], &sealed].concat()))
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when it was sealed by another key, for another place, or was changed.
    pub fn open_sealed(&self, place: &str, sealed: &str) -> Result<Zeroizing<String>> {
        let corrupt = || Error::Corrupt(format!("what is sealed as `{place}` cannot be opened with this key"));
        let bytes = STANDARD.decode(sealed.strip_prefix(FORMAT).ok_or_else(corrupt)?).map_err(|_| corrupt())?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or_else(corrupt)?;
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        let plain = self.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| corrupt())?;
        String::from_utf8(plain).map(Zeroizing::new).map_err(|_| corrupt())
    }
}

fn read(path: &Path, mut file: File) -> Result<Zeroizing<[u8; KEY_BYTES]>> {
    let mode = file.metadata().map_err(Error::io("read the key", path))?.mode();
    if mode & 0o077 != 0 {
        let path = path.display();
        return Err(Error::Refused(format!("others may read the key `{path}`; say `chmod 600 {path}`")));
    }
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text).map_err(Error::io("read the key", path))?;
    let bytes = Zeroizing::new(STANDARD.decode(text.trim()).unwrap_or_default());
    let key = <[u8; KEY_BYTES]>::try_from(&bytes[..]);
    key.map(Zeroizing::new).map_err(|_| Error::Corrupt(format!("`{}` holds no key", path.display())))
}

fn make(path: &Path) -> Result<Zeroizing<[u8; KEY_BYTES]>> {
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    getrandom::fill(&mut *key).expect("the system gives randomness");
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        writeln!(file, "{}", *Zeroizing::new(STANDARD.encode(key.as_slice())))?;
        // Secrets that are sealed with a key that the plug took away are lost.
        file.sync_all()?;
        File::open(path.parent().unwrap_or(path))?.sync_all()
    })();
    written.map_err(Error::io("make the key", path))?;
    Ok(key)
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyring([hidden])")
    }
}
