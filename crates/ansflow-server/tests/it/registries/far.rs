//! A registry as far as one can be seen from here: something at a port of this machine that answers what a test says.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// Something that answers until the test ends.
pub(super) struct Far {
    pub(super) port: u16,
    /// What it was asked, whole requests, TLS greetings left out.
    pub(super) asked: Arc<Mutex<Vec<String>>>,
}

impl Far {
    /// Answers every request with what `answer` makes of it, and greetings of TLS with plain text.
    pub(super) fn start(answer: impl Fn(&str) -> String + Send + 'static) -> Far {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&asked);
        std::thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                if let Some((mut connection, request)) = request(connection) {
                    let answered = answer(&request);
                    kept.lock().unwrap().push(request);
                    let _ = connection.write_all(answered.as_bytes());
                }
            }
        });
        Far { port, asked }
    }

    /// Answers whoever comes with these bytes and nothing else.
    pub(super) fn raw(bytes: &'static [u8]) -> Far {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            // Kept open: who says nothing does not hang up either.
            let mut open = Vec::new();
            for mut connection in listener.incoming().map_while(Result::ok) {
                let _ = connection.read(&mut [0; 1024]);
                let _ = connection.write_all(bytes);
                open.push(connection);
            }
        });
        Far { port, asked: Arc::default() }
    }

    /// Nothing listens there any more.
    pub(super) fn gone() -> u16 {
        TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
    }

    /// A registry with `team/shop:v1` and other names, for whom `robot:right` may come in, or everybody.
    pub(super) fn registry(is_closed: bool) -> Far {
        let right = format!("authorization: Basic {}", STANDARD.encode("robot:right"));
        Far::start(move |request| match is_closed && !request.contains(&right) {
            true => http("401 Unauthorized", "www-authenticate: Basic realm=\"far\"\r\n", "{}"),
            false => contents(request.split(' ').nth(1).unwrap_or_default()),
        })
    }
}

/// What the registry has at a path.
fn contents(path: &str) -> String {
    let ok = |body: &str| http("200 OK", "docker-distribution-api-version: registry/2.0\r\n", body);
    let config = "{\"created\":\"2024-05-01T02:03:04Z\",\"os\":\"linux\",\"architecture\":\"amd64\"}";
    let digest = digest(config);
    let layer = format!("sha256:{}", "a".repeat(64));
    // The second layer's size is one that no sum of sizes survives.
    let manifest = format!(
        "{{\"config\":{{\"digest\":\"{digest}\",\"size\":100}},\"layers\":[{{\"digest\":\"{layer}\",\"size\":900}}]}}"
    );
    let huge = manifest.replace(":900", &format!(":{0}}},{{\"digest\":\"{layer}\",\"size\":{0}", u64::MAX));
    match path.split('?').next().unwrap_or_default() {
        "/v2/" => ok("{}"),
        // One of them would ring a bell in a terminal.
        "/v2/_catalog" => ok("{\"repositories\":[\"other\",\"team/shop\",\"team/\\u0007bell\",\"\"]}"),
        "/v2/team/shop/tags/list" => ok("{\"tags\":[\"v1\",\"v2\",\"\\u001b[31mred\"]}"),
        "/v2/team/none/tags/list" => http("200 OK", "", "{\"tags\":null}"),
        "/v2/team/shop/manifests/v1" => ok(&manifest),
        "/v2/team/shop/manifests/huge" => ok(&huge),
        "/v2/team/shop/manifests/v9" => http("404 Not Found", "", "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\"}]}"),
        path if path.starts_with("/v2/team/shop/blobs/") => ok(config),
        _ => http("404 Not Found", "", "{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]}"),
    }
}

pub(super) fn http(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

fn digest(text: &str) -> String {
    let hex: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// A request, as far as its headers; none where it was something else, which was answered.
fn request(mut connection: TcpStream) -> Option<(TcpStream, String)> {
    let (mut request, mut chunk) = (Vec::new(), [0; 1024]);
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = connection.read(&mut chunk).ok().filter(|read| *read > 0)?;
        if request.is_empty() && chunk[0] == 0x16 {
            let _ = connection.write_all(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n");
            return None;
        }
        request.extend_from_slice(&chunk[..read]);
    }
    Some((connection, String::from_utf8_lossy(&request).into_owned()))
}
