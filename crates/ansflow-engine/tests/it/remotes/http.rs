//! A git server over HTTP: `git http-backend` behind a door that asks for a password, as the large hosts do.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

/// Serves until the test ends.
pub(super) struct Http {
    port: u16,
    door: Arc<Door>,
}

struct Door {
    root: PathBuf,
    /// Who knows it comes in, whatever his name.
    password: Option<String>,
    redirect: Option<String>,
    /// Every `Authorization` that anybody sent; empty for those without.
    told: Mutex<Vec<String>>,
}

#[derive(Default)]
struct Request {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Http {
    pub(super) fn start(root: &Path, password: Option<&str>) -> Self {
        Self::serve(Door {
            root: root.to_owned(),
            password: password.map(str::to_owned),
            redirect: None,
            told: Mutex::default(),
        })
    }

    /// Sends everybody to another address.
    pub(super) fn redirecting(to: &str) -> Self {
        Self::serve(Door {
            root: PathBuf::new(),
            password: None,
            redirect: Some(to.to_owned()),
            told: Mutex::default(),
        })
    }

    fn serve(door: Door) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let door = Arc::new(door);
        let keeper = Arc::clone(&door);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, door) = (stream.unwrap(), Arc::clone(&keeper));
                // A client that hangs up is its own trouble.
                thread::spawn(move || door.answer(stream).ok());
            }
        });
        Self { port, door }
    }

    pub(super) fn url(&self, repository: &str) -> String {
        format!("http://127.0.0.1:{}/{repository}", self.port)
    }

    /// How many came.
    pub(super) fn requests(&self) -> usize {
        self.door.told.lock().unwrap().len()
    }

    /// What it was told by those who said who they are.
    pub(super) fn told(&self) -> Vec<String> {
        self.door.told.lock().unwrap().iter().filter(|told| !told.is_empty()).cloned().collect()
    }
}

impl Door {
    fn answer(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let request = Request::read(&mut stream)?;
        let said = request.header("authorization").unwrap_or_default().to_owned();
        let known = self.password.as_ref().is_none_or(|password| password_in(&said).as_ref() == Some(password));
        self.told.lock().unwrap().push(said);
        let answer = match &self.redirect {
            Some(to) => {
                let rest = request.path.split_once(".git").map_or("", |(_, rest)| rest);
                format!("HTTP/1.1 302 Found\r\nLocation: {to}{rest}?{}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", request.query).into()
            }
            None if known => self.serve(&request)?,
            None => b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"git\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec(),
        };
        stream.write_all(&answer)
    }

    fn serve(&self, request: &Request) -> std::io::Result<Vec<u8>> {
        let mut backend = Command::new("git");
        backend.arg("http-backend").env("GIT_PROJECT_ROOT", &self.root).env("GIT_HTTP_EXPORT_ALL", "1");
        backend
            .env("REQUEST_METHOD", &request.method)
            .env("PATH_INFO", &request.path)
            .env("QUERY_STRING", &request.query);
        backend.env("CONTENT_LENGTH", request.body.len().to_string());
        for (variable, header) in [
            ("CONTENT_TYPE", "content-type"),
            ("HTTP_CONTENT_ENCODING", "content-encoding"),
            ("HTTP_GIT_PROTOCOL", "git-protocol"),
            ("GIT_PROTOCOL", "git-protocol"),
        ] {
            backend.envs(request.header(header).map(|value| (variable, value)));
        }
        let mut backend = backend.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        backend.stdin.take().unwrap().write_all(&request.body)?;
        let output = backend.wait_with_output()?.stdout;
        // A CGI program says its status in a header of its own.
        let head = output.windows(4).position(|end| end == b"\r\n\r\n").map_or(&output[..], |end| &output[..end]);
        let head = String::from_utf8_lossy(head);
        let status = head.lines().find_map(|line| line.strip_prefix("Status: ")).unwrap_or("200 OK");
        let mut answer = format!("HTTP/1.1 {status}\r\nConnection: close\r\n").into_bytes();
        answer.extend(output);
        Ok(answer)
    }
}

impl Request {
    fn read(stream: &mut TcpStream) -> std::io::Result<Self> {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let mut words = line.split_whitespace();
        let (method, target) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default());
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut request = Self { method, path: path.to_owned(), query: query.to_owned(), ..Self::default() };
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            request.headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
        request.body.resize(length, 0);
        reader.read_exact(&mut request.body)?;
        Ok(request)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// The password of `Basic …`, by the program that every machine has for it.
fn password_in(said: &str) -> Option<String> {
    let encoded = said.strip_prefix("Basic ")?;
    let mut decoder = Command::new("base64").arg("-d").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    decoder.stdin.take().unwrap().write_all(encoded.as_bytes()).unwrap();
    let text = String::from_utf8(decoder.wait_with_output().unwrap().stdout).unwrap();
    Some(text.split_once(':')?.1.to_owned())
}
