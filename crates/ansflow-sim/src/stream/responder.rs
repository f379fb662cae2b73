//! The far side of a port-forward: a very small HTTP/1.1 server over bytes.

/// The most that a request's head may have.
const LARGEST: usize = 64 << 10;

/// Requests that come in pieces.
#[derive(Default)]
pub(crate) struct Responder {
    buffer: Vec<u8>,
    /// Bytes of a body that are still to be thrown away.
    body: usize,
    closed: bool,
}

/// What has come so far.
struct Asked {
    method: String,
    path: String,
    close: bool,
}

impl Responder {
    /// Takes bytes and answers all requests that are whole; `page` gives the status and body of a path.
    pub(crate) fn receive(&mut self, bytes: &[u8], mut page: impl FnMut(&str) -> Option<(u16, Vec<u8>)>) -> Vec<u8> {
        let mut out = Vec::new();
        self.buffer.extend_from_slice(bytes);
        while !self.closed {
            let skip = self.body.min(self.buffer.len());
            self.buffer.drain(..skip);
            self.body -= skip;
            if self.body > 0 {
                break;
            }
            let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") else {
                self.closed = self.buffer.len() > LARGEST;
                break;
            };
            let head: Vec<u8> = self.buffer.drain(..end + 4).collect();
            let Some(asked) = self.head(&String::from_utf8_lossy(&head)) else {
                out.extend(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                self.closed = true;
                break;
            };
            let Some((code, body)) = page(&asked.path) else {
                self.closed = true;
                break;
            };
            self.closed = asked.close;
            let connection = if asked.close { "Connection: close\r\n" } else { "" };
            let kind = if body.starts_with(b"<") { "text/html" } else { "text/plain; charset=utf-8" };
            let head = format!(
                "HTTP/1.1 {code} {}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{connection}\r\n",
                reason(code),
                body.len()
            );
            out.extend(head.as_bytes());
            if asked.method != "HEAD" {
                out.extend(body);
            }
        }
        out
    }

    /// Whether it has said all that it will.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed
    }

    fn head(&mut self, head: &str) -> Option<Asked> {
        let mut lines = head.split("\r\n");
        let mut words = lines.next()?.split(' ');
        let (method, path, version) = (words.next()?, words.next()?, words.next()?);
        if !version.starts_with("HTTP/1") {
            return None;
        }
        let mut close = version == "HTTP/1.0";
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            match name.to_ascii_lowercase().as_str() {
                "content-length" => self.body = value.trim().parse().ok()?,
                "connection" => close = value.trim().eq_ignore_ascii_case("close"),
                _ => {}
            }
        }
        Some(Asked { method: method.to_owned(), path: path.to_owned(), close })
    }
}

fn reason(code: u16) -> &'static str {
    match code {
        200 => "OK",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        412 => "Precondition Failed",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::Responder;

    fn page(path: &str) -> Option<(u16, Vec<u8>)> {
        Some(if path == "/" { (200, b"hello".to_vec()) } else { (404, Vec::new()) })
    }

    #[test]
    fn requests_are_answered_when_they_are_whole() {
        let mut responder = Responder::default();
        assert_eq!(responder.receive(b"GET / HTTP/1.1\r\nHost: a", page), b"");
        let out =
            String::from_utf8(responder.receive(b"\r\n\r\nPOST /x HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", page))
                .unwrap();
        assert!(out.starts_with("HTTP/1.1 200 OK\r\n") && out.contains("\r\n\r\nhelloHTTP/1.1 404 Not Found"), "{out}");
        let out = String::from_utf8(responder.receive(b"cGET / HTTP/1.1\r\nConnection: close\r\n\r\n", page)).unwrap();
        assert!(out.ends_with("Connection: close\r\n\r\nhello"), "{out}");
        assert!(responder.is_closed());
    }

    #[test]
    fn what_is_no_http_is_refused() {
        let mut responder = Responder::default();
        assert!(responder.receive(b"\x16\x03\x01 hello\r\n\r\n", page).starts_with(b"HTTP/1.1 400"));
        assert!(responder.is_closed());
    }
}
