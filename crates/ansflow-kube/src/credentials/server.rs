//! Where a cluster is, and the proxy on the way: addresses, never with a password that would be shown.

use hyper::Uri;

use super::refused::Refused;

/// The longest address, in bytes.
const LONGEST: usize = 1024;

/// An API server's address as it is kept: `https://host`, with a port but for 443 and a path where there is one.
///
/// # Errors
/// When it is none, or would send the credential in clear.
pub fn server(text: &str) -> Result<String, Refused> {
    let refuse = |why: &str| Err(Refused::new("server", why).help("write an address such as https://10.0.0.5:6443"));
    let text = text.trim();
    let text = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    if text.len() > LONGEST {
        return refuse("the server's address is too long");
    }
    let Ok(uri) = text.parse::<Uri>() else { return refuse("the server is no address") };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return refuse("the server is no address");
    };
    match scheme {
        "https" => {}
        "http" => {
            return refuse("a cluster is asked by TLS only: without it everybody on the way reads the credential");
        }
        _ => return refuse("the server's address must begin with `https://`"),
    }
    if authority.as_str().contains('@') {
        return refuse("the server's address must not hold a user or a password");
    }
    if uri.query().is_some() {
        return refuse("the server's address must not hold a question mark");
    }
    let host = authority.host().to_ascii_lowercase();
    if host.is_empty() || host == "[]" {
        return refuse("the server's address names no host");
    }
    if authority.as_str().len() > authority.host().len() && authority.port_u16().is_none_or(|port| port == 0) {
        return refuse("the server's port is none");
    }
    let port = authority.port_u16().filter(|port| *port != 443).map(|port| format!(":{port}")).unwrap_or_default();
    let path = uri.path().trim_end_matches('/');
    Ok(format!("https://{host}{port}{path}"))
}

/// A proxy's address as it is kept, with its login.
///
/// # Errors
/// When it is none.
pub fn proxy(text: &str) -> Result<String, Refused> {
    let refuse = || {
        Err(Refused::new("proxy", "the proxy is no address").help("write one such as http://proxy.example.com:3128"))
    };
    let text = text.trim();
    let Ok(uri) = text.parse::<Uri>() else { return refuse() };
    let is_known = matches!(uri.scheme_str(), Some("http" | "https" | "socks5"));
    let has_host = uri.host().is_some_and(|host| !host.is_empty());
    match is_known && has_host && uri.query().is_none() && text.len() <= LONGEST {
        true => Ok(text.trim_end_matches('/').to_owned()),
        false => refuse(),
    }
}

/// A proxy's address as it may be shown.
pub(super) fn without_login(proxy: &str) -> String {
    match proxy.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?.1))) {
        Some((scheme, host)) => format!("{scheme}://{host}"),
        None => proxy.to_owned(),
    }
}
