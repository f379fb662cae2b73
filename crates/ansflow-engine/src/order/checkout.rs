//! What a git step need not say: the commit that was pushed, and how to sign in to a host that the server knows.

use ansflow_core::run::RunFacts;
use ansflow_core::spec::Git;

use crate::attempt::address::{Address, Transport};
use crate::git_credential::{GitCredential, GitSecret};

/// Puts in what the step left open.
pub(super) fn complete(git: &mut Git, facts: &RunFacts, credentials: &[GitCredential]) {
    // What is wrong with an address is said by the step itself.
    let Ok(address) = Address::parse(&git.repository) else { return };
    if git.reference.is_none() {
        git.reference = pushed_commit(&address, facts);
    }
    if git.username.is_none() && git.password.is_none() && git.ssh_key.is_none() {
        sign_in(git, &address, credentials);
    }
}

/// The commit that the run is about, where this is the repository that was pushed to.
fn pushed_commit(address: &Address, facts: &RunFacts) -> Option<String> {
    // Who starts a run by hand names no repository; a retry is about the same commit as what it repeats.
    let is_about_a_push = ["webhook", "retry"].contains(&&*facts.trigger);
    let pushed = Address::parse(facts.repository.as_deref().filter(|_| is_about_a_push)?).ok()?;
    let is_same = address.place().is_some() && address.place() == pushed.place();
    facts.git_commit.clone().filter(|_| is_same)
}

/// A credential goes to the host that it is for, and to no other: whoever may write a pipeline may name any host.
fn sign_in(git: &mut Git, address: &Address, credentials: &[GitCredential]) {
    let Some(host) = address.credential_host() else { return };
    for credential in credentials.iter().filter(|credential| credential.host == host) {
        match (&credential.secret, address.transport()) {
            (GitSecret::Password(password), Transport::Http) if address.is_private() => {
                git.username = Some(credential.username.clone()).filter(|name| !name.is_empty());
                git.password = Some(password.clone());
            }
            (GitSecret::SshKey(key), Transport::Ssh) => git.ssh_key = Some(key.clone()),
            (
                GitSecret::Password(_) | GitSecret::SshKey(_),
                Transport::Http | Transport::Ssh | Transport::Git | Transport::File,
            ) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a checkout of this address is given: `user:password`, `key`, or nothing.
    fn check(repository: &str, expected: &str) {
        let credential = |host: &str, secret| GitCredential { host: host.into(), username: "bot".into(), secret };
        let known = [
            credential("git.example.com", GitSecret::Password("pw".into())),
            credential("git.example.com", GitSecret::SshKey("KEY".into())),
            credential("127.0.0.1:3000", GitSecret::Password("local".into())),
            credential("git.example.com:2222", GitSecret::SshKey("OTHER".into())),
        ];
        let mut git = Git { repository: repository.into(), ..Git::default() };
        complete(&mut git, &RunFacts::default(), &known);
        let given = match (git.username, git.password, git.ssh_key) {
            (Some(user), Some(password), None) => format!("{user}:{password}"),
            (None, None, Some(key)) => key,
            (None, None, None) => "nothing".into(),
            other => panic!("{other:?}"),
        };
        assert_eq!(given, expected, "{repository}");
    }

    #[test]
    fn a_credential_goes_to_its_host() {
        check("https://git.example.com/team/shop.git", "bot:pw");
        check("https://GIT.example.com:443/team/shop.git", "bot:pw");
        check("https://mona@git.example.com/team/shop.git", "bot:pw");
        check("git@git.example.com:team/shop.git", "KEY");
        check("ssh://git@git.example.com:22/team/shop", "KEY");
        check("ssh://git@git.example.com:2222/team/shop", "OTHER");
        check("http://127.0.0.1:3000/shop", "bot:local");
    }

    #[test]
    fn a_credential_goes_nowhere_else() {
        for repository in [
            "https://git.example.com.evil.net/shop",
            "https://git.example.com:8443/shop",
            "https://evil.net/git.example.com",
            "https://git.example.com@evil.net/shop",
            r"https://git.example.com\@evil.net/shop",
            "https://evil.net#@git.example.com/shop",
            "https://evil.net?@git.example.com/shop",
            r"https://evil.net\@git.example.com/shop",
            "https://evil.net%2f@git.example.com/shop",
            "https://evil.net /@git.example.com/shop",
            "http://git.example.com/shop",
            "git://git.example.com/shop",
            "evil.net:git.example.com",
            "git.example.com@evil.net:shop",
            "ssh://evil.net#@git.example.com/shop",
            "file://git.example.com/shop",
            "/git.example.com/shop",
            "ext::sh -c git.example.com",
        ] {
            check(repository, "nothing");
        }
    }

    #[test]
    fn what_a_step_says_itself_stands() {
        let known =
            [GitCredential { host: "h".into(), username: "bot".into(), secret: GitSecret::Password("pw".into()) }];
        let mut git = Git { repository: "https://h/x".into(), password: Some("own".into()), ..Git::default() };
        complete(&mut git, &RunFacts::default(), &known);
        assert_eq!((git.username, git.password.as_deref()), (None, Some("own")));
    }

    fn reference(trigger: &str, pushed: &str, repository: &str, own: Option<&str>) -> Option<String> {
        let facts = RunFacts {
            trigger: trigger.into(),
            git_commit: Some("c0ffee1".into()),
            repository: Some(pushed.into()),
            ..RunFacts::default()
        };
        let mut git = Git { repository: repository.into(), reference: own.map(str::to_owned), ..Git::default() };
        complete(&mut git, &facts, &[]);
        git.reference
    }

    #[test]
    fn the_pushed_commit_is_checked_out_of_the_pushed_repository() {
        let commit = Some("c0ffee1".to_owned());
        let pushed = "https://git.example.com/team/shop.git";
        for same in [
            "https://git.example.com/team/shop",
            "https://GIT.example.com/team/shop.git/",
            "git@git.example.com:team/shop.git",
            "ssh://git@git.example.com:2222/team/shop",
        ] {
            assert_eq!(reference("webhook", pushed, same, None), commit, "{same}");
        }
        assert_eq!(reference("retry", pushed, pushed, None), commit);
        assert_eq!(reference("webhook", pushed, pushed, Some("v1")).as_deref(), Some("v1"), "the step says it");
        assert_eq!(reference("manual", pushed, pushed, None), None, "nothing was pushed");
        for other in ["https://git.example.com/team/shop2", "https://evil.net/team/shop", "/team/shop", "shop"] {
            assert_eq!(reference("webhook", pushed, other, None), None, "{other}");
        }
        assert_eq!(reference("webhook", "/team/shop", "/team/shop", None), None, "a path is no pushed repository");
    }
}
