//! A mail server that speaks as much SMTP as one letter needs, on a port of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use ansflow_engine::notify::{MailServer, Security};

/// A letter that came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Letter {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) signed_in: bool,
    /// Head and body, lines ended by `\n`.
    pub(crate) text: String,
}

/// Takes letters until it is dropped.
pub(crate) struct Mailbox {
    address: SocketAddr,
    letters: mpsc::Receiver<Letter>,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Mailbox {
    /// One that takes everything.
    pub(crate) fn start() -> Mailbox {
        Mailbox::answering("250 ok")
    }

    /// One that takes no recipient, and says this.
    pub(crate) fn refusing(why: &'static str) -> Mailbox {
        Mailbox::answering(why)
    }

    fn answering(to_recipients: &'static str) -> Mailbox {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (came, letters) = mpsc::channel();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ears = Arc::clone(&heard);
        // It ends with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // A client that hangs up in the middle has said all that it will.
                let _ = converse(stream.unwrap(), to_recipients, &came, &ears);
            }
        });
        Mailbox { address, letters, heard }
    }

    /// How it is reached.
    pub(crate) fn server(&self, username: &str, password: &str) -> MailServer {
        MailServer {
            host: self.address.ip().to_string(),
            port: self.address.port(),
            security: Security::None,
            username: username.into(),
            password: password.into(),
            from: "AnsFlow <ci@example.com>".into(),
        }
    }

    /// The next letter that comes.
    pub(crate) fn letter(&self) -> Letter {
        self.letters.recv_timeout(Duration::from_secs(30)).unwrap()
    }

    /// Every command so far.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

fn converse(
    stream: TcpStream,
    to_recipients: &str,
    came: &mpsc::Sender<Letter>,
    heard: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut say = stream.try_clone()?;
    let mut lines = BufReader::new(stream).lines();
    let mut letter = Letter::default();
    write!(say, "220 mail.example.com\r\n")?;
    while let Some(line) = lines.next().transpose()? {
        heard.lock().unwrap().push(line.clone());
        let address = || line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        let word = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let answer = match word.as_str() {
            "EHLO" => "250-mail.example.com\r\n250 AUTH PLAIN LOGIN",
            "AUTH" => {
                letter.signed_in = true;
                "235 ok"
            }
            "MAIL" => {
                letter.from = address();
                "250 ok"
            }
            "RCPT" => {
                letter.to.push(address());
                to_recipients
            }
            "DATA" => {
                write!(say, "354 go on\r\n")?;
                for line in lines.by_ref() {
                    match line?.as_str() {
                        "." => break,
                        line => letter.text.push_str(&format!("{}\n", line.strip_prefix('.').unwrap_or(line))),
                    }
                }
                let _ = came.send(std::mem::take(&mut letter));
                "250 taken"
            }
            "QUIT" => {
                write!(say, "221 bye\r\n")?;
                return Ok(());
            }
            _ => "250 ok",
        };
        write!(say, "{answer}\r\n")?;
    }
    Ok(())
}
