//! Where a repository is, read strictly: an address is never an option, a helper's name, or a place for a password.

/// The address of a repository.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Address {
    url: String,
    transport: Transport,
}

/// How git gets there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    Http,
    Ssh,
    Git,
    /// A path on this machine.
    File,
}

impl Address {
    /// The address, or why it is none.
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        let refuse = |why: &str| Err(format!("the repository `{}` {why}", hide_password(url)));
        if url.is_empty() || url.starts_with('-') || url.contains(char::is_control) {
            return refuse("is no address");
        }
        let transport = match url.split_once("://") {
            Some(("https" | "http", _)) => Transport::Http,
            Some(("ssh" | "git+ssh" | "ssh+git", _)) => Transport::Ssh,
            Some(("git", _)) => Transport::Git,
            Some(("file", _)) => Transport::File,
            Some(_) => return refuse("has a scheme that is not https, http, ssh, git or file"),
            // `ext::sh -c …` would be a program.
            None if url.contains("::") => return refuse("names a remote helper, which may run anything"),
            // As git sees it: a colon before the first slash makes it a host.
            None if url.split('/').next().is_some_and(|first| first.contains(':')) => Transport::Ssh,
            None => Transport::File,
        };
        if hide_password(url) != url {
            return refuse("holds a password: give it as `password`, from a secret");
        }
        let host = url.split_once("://").map_or(url, |(_, rest)| rest);
        if transport != Transport::File && host.rsplit('@').next().is_some_and(|host| host.starts_with('-')) {
            return refuse("has a host that begins with `-`");
        }
        Ok(Self { url: url.to_owned(), transport })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn transport(&self) -> Transport {
        self.transport
    }

    /// Host and port of an HTTP address: the only place that its password is for.
    pub(crate) fn origin(&self) -> Option<&str> {
        let (_, rest) = self.url.split_once("://").filter(|_| self.transport == Transport::Http)?;
        let authority = rest.split('/').next()?;
        Some(authority.rsplit('@').next().unwrap_or(authority))
    }

    /// The host that a stored credential must be for, as [`ansflow_store::git_credentials::host`] writes it; none: no
    /// host, or one that programs read differently.
    pub(crate) fn credential_host(&self) -> Option<String> {
        self.host_and_port()?;
        ansflow_store::git_credentials::host(&self.url).ok()
    }

    /// Whether nobody on the way reads what is said there: by HTTPS and SSH, or within this machine.
    pub(crate) fn is_private(&self) -> bool {
        let is_here = || {
            let host = self.host_and_port().map(|(host, _)| host);
            host.is_some_and(|host| ["127.0.0.1", "localhost", "[::1]"].contains(&&*host))
        };
        self.url.starts_with("https://") || self.transport == Transport::Ssh || is_here()
    }

    /// Host and path, the same for all ways to a repository; none: a path on this machine. Forges do not tell capital
    /// letters from small ones.
    pub(crate) fn place(&self) -> Option<(String, String)> {
        let (host, _) = self.host_and_port()?;
        let path = match self.url.split_once("://") {
            Some((_, rest)) => rest.split_once('/')?.1,
            None => self.url.split_once(':')?.1,
        };
        let path = path.trim_matches('/');
        Some((host, path.strip_suffix(".git").unwrap_or(path).to_ascii_lowercase()))
    }

    fn host_and_port(&self) -> Option<(String, Option<&str>)> {
        let authority = match (self.transport, self.url.split_once("://")) {
            (Transport::File, _) => return None,
            (_, Some((_, rest))) => rest.split('/').next()?,
            (_, None) => self.url.split(':').next()?,
        };
        let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (host, port) = match host.rsplit_once(':') {
            // The colons of an IPv6 address are inside of brackets.
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            Some(_) | None => (host, None),
        };
        // Strict: where two programs find two hosts, the password goes to the wrong one.
        let plain = |text: &str, more: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
        let is_plain = plain(user, "-._~+") && plain(host, "-._:[]") && port.is_none_or(|port| plain(port, ""));
        (is_plain && !host.is_empty()).then(|| (host.to_ascii_lowercase(), port))
    }

    /// The directory that git would clone into.
    pub(crate) fn last_name(&self) -> Option<String> {
        let path = self.url.trim_end_matches('/').trim_end_matches("/.git");
        let name = path.rsplit(['/', ':']).next()?.trim_end_matches(".git");
        Some(name.to_owned()).filter(|name| !name.is_empty() && name != "." && name != "..")
    }
}

fn hide_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let authority = rest.split('/').next().unwrap_or(rest);
    match authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':')) {
        Some((user, password)) => {
            format!("{scheme}://{user}:***{}", &rest[user.len() + 1 + password.len()..])
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, expected: &str) {
        let found = match Address::parse(url) {
            Ok(address) => format!(
                "{:?} {} {}",
                address.transport,
                address.origin().unwrap_or("-"),
                address.last_name().unwrap_or_else(|| "-".into())
            ),
            Err(message) => message,
        };
        assert_eq!(found, expected, "{url}");
    }

    #[test]
    fn addresses_are_read_as_git_reads_them() {
        check("https://me@git.example.com:8443/team/shop.git/", "Http git.example.com:8443 shop");
        check("git@example.com:team/shop.git", "Ssh - shop");
        check("ssh://git@example.com/shop", "Ssh - shop");
        check("/srv/git/shop/.git", "File - shop");
        check("../shop", "File - shop");
        check("..", "File - -");
    }

    #[test]
    fn what_could_run_a_program_or_tell_a_password_is_refused() {
        check("--upload-pack=touch /tmp/x", "the repository `--upload-pack=touch /tmp/x` is no address");
        check("ext::sh -c id", "the repository `ext::sh -c id` names a remote helper, which may run anything");
        check(
            "ssh://-oProxyCommand=id/x",
            "the repository `ssh://-oProxyCommand=id/x` has a host that begins with `-`",
        );
        check("-x:y", "the repository `-x:y` is no address");
        check(
            "https://me:pa@ss@h/x",
            "the repository `https://me:***@h/x` holds a password: give it as `password`, from a secret",
        );
        check("fd://3", "the repository `fd://3` has a scheme that is not https, http, ssh, git or file");
    }
}
