//! A mail server in one line: `smtps://user:password@mail.example.com:465?from=ci@example.com`.

use reqwest::Url;

use super::{MailServer, Security};

impl MailServer {
    /// Reads `smtps://…` (TLS from the first byte, port 465) or `smtp://…` (STARTTLS, port 587; with `security=none` no
    /// TLS, port 25). User and password may be left out, and `from` where the user is an address.
    ///
    /// # Errors
    /// What is wrong with it, without repeating it: it holds a password.
    pub fn from_url(text: &str) -> Result<MailServer, String> {
        let url = Url::parse(text.trim()).map_err(|why| format!("it is no URL: {why}"))?;
        let option = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        if let Some((unknown, _)) = url.query_pairs().find(|(key, _)| key != "from" && key != "security") {
            return Err(format!("it has the unknown option `{unknown}`; it takes `from` and `security`"));
        }
        let security = match (url.scheme(), option("security").as_deref()) {
            ("smtps", None | Some("tls")) | ("smtp", Some("tls")) => Security::Tls,
            ("smtp", None | Some("starttls")) => Security::Starttls,
            ("smtp", Some("none")) => Security::None,
            ("smtp" | "smtps", Some(_)) => return Err("`security` must be tls, starttls or none".to_owned()),
            _ => return Err("it must begin with smtps:// or smtp://".to_owned()),
        };
        let default_port = match security {
            Security::Tls => 465,
            Security::Starttls => 587,
            Security::None => 25,
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or("it names no host")?;
        let username = decoded(url.username())?;
        let from = option("from").or_else(|| Some(username.clone()).filter(|name| name.contains('@')));
        Ok(MailServer {
            host: host.to_owned(),
            port: url.port().unwrap_or(default_port),
            security,
            password: decoded(url.password().unwrap_or_default())?,
            username,
            from: from.ok_or("it does not say who the sender is: add ?from=ci@example.com")?,
        })
    }
}

/// `%40` is `@`.
fn decoded(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
        match byte {
            b'%' => match (digit(), digit()) {
                (Some(high), Some(low)) => bytes.push((high * 16 + low) as u8),
                _ => return Err("a `%` in user or password stands alone: write %25".to_owned()),
            },
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).map_err(|_| "user or password is not UTF-8".to_owned())
}
