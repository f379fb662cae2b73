//! A real `sshd` on a port and with keys of its own, which lets the current user in with one key.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use nix::unistd::{User, getuid};
use tempfile::TempDir;

use crate::world::wait_for;

/// Serves until it is dropped.
pub(super) struct Sshd {
    child: Child,
    home: TempDir,
    pub(super) port: u16,
    pub(super) user: String,
    /// The private key that opens it.
    pub(super) key: String,
    /// The line by which it is known.
    pub(super) known_hosts: String,
}

impl Sshd {
    /// None, and a notice, where there is no `sshd` or no `ssh`.
    #[expect(clippy::print_stderr, reason = "a test that does not test says so")]
    pub(super) fn start() -> Option<Self> {
        let Some(program) = installed() else {
            eprintln!("NOT TESTED: ssh, ssh-keygen or sshd is not installed");
            return None;
        };
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        let [key, host] = ["key", "host"].map(|name| make_key(&at(name)));
        fs::copy(at("key.pub"), at("authorized")).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {0}/host\nAuthorizedKeysFile {0}/authorized\nPidFile none\n\
             StrictModes no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n\
             Subsystem sftp internal-sftp\nSetEnv PATH={1}\n",
            home.path().display(),
            std::env::var("PATH").unwrap()
        );
        fs::write(at("config"), config).unwrap();
        if getuid().is_root() {
            // An sshd of root locks itself up in there.
            fs::create_dir_all("/run/sshd").unwrap();
        }
        let log = fs::File::create(at("log")).unwrap();
        let mut child = Command::new(program)
            .args(["-D", "-e", "-f"])
            .arg(at("config"))
            .stdin(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        wait_for("sshd", || {
            assert!(child.try_wait().unwrap().is_none(), "sshd: {}", fs::read_to_string(at("log")).unwrap());
            TcpStream::connect(("127.0.0.1", port)).ok()
        });
        let user = User::from_uid(getuid()).unwrap().unwrap().name;
        let known_hosts = known(port, &host.1);
        Some(Self { child, home, port, user, key: key.0, known_hosts })
    }

    pub(super) fn url(&self, path: &Path) -> String {
        format!("ssh://{}@127.0.0.1:{}{}", self.user, self.port, path.display())
    }

    /// A line of the key that every file of its kind does not have.
    pub(super) fn heart_of_key(&self) -> &str {
        self.key.lines().nth(3).unwrap()
    }

    /// A private key that opens nothing.
    pub(super) fn another_key(&self) -> String {
        make_key(&self.home.path().join("another")).0
    }

    /// The line by which a liar at its address would be known.
    pub(super) fn known_hosts_of_another(&self) -> String {
        known(self.port, &make_key(&self.home.path().join("liar")).1)
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn installed() -> Option<PathBuf> {
    let clients = ["ssh", "ssh-keygen"].iter().all(|name| Command::new(name).arg("-?").output().is_ok());
    // It starts itself again for every client, by this path.
    let paths = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd"];
    paths.iter().map(PathBuf::from).find(|path| clients && path.exists())
}

/// Private and public.
fn make_key(path: &Path) -> (String, String) {
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(path).status().unwrap();
    assert!(made.success());
    [path.to_owned(), path.with_extension("pub")].map(|path| fs::read_to_string(path).unwrap()).into()
}

fn known(port: u16, public_key: &str) -> String {
    format!("[127.0.0.1]:{port} {public_key}")
}
