//! nginx: reads its configuration as the real one does, as far as `server`, `listen`, `location` and `return` go.

mod config;

use std::sync::Arc;

use self::config::{Location, Site};
use super::{Failed, Started};
use crate::program::{Files, Signal};
use crate::shell::{Civil, Server};
use crate::time::Micros;

const FOLDER: &str = "/etc/nginx/conf.d";

pub(crate) fn start(arguments: &[String], files: &mut dyn Files, user: Option<i64>, now: Micros) -> Started {
    if arguments.iter().any(|word| word == "-v" || word == "-V") {
        return Err(Failed { lines: vec!["nginx version: nginx/1.22.1".to_owned()], code: 0 });
    }
    let c = Civil::of(now);
    let stamp = format!("{}/{:02}/{:02} {:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second);
    let sites =
        sites(files).map_err(|problem| Failed { lines: vec![format!("{stamp} [emerg] 1#1: {problem}")], code: 1 })?;
    if arguments.iter().any(|word| word == "-t") {
        let file = "/etc/nginx/nginx.conf";
        let lines = vec![
            format!("nginx: the configuration file {file} syntax is ok"),
            format!("nginx: configuration file {file} test is successful"),
        ];
        return Err(Failed { lines, code: 0 });
    }
    if user.unwrap_or(0) != 0 {
        let warning = "the \"user\" directive makes sense only if the master process runs with super-user privileges, ignored in \
                       /etc/nginx/nginx.conf:1";
        let problem = "mkdir() \"/var/lib/nginx/body\" failed (13: Permission denied)";
        let lines = vec![format!("{stamp} [warn] 1#1: {warning}"), format!("{stamp} [emerg] 1#1: {problem}")];
        return Err(Failed { lines, code: 1 });
    }
    Ok(Arc::new(Nginx(sites)))
}

/// The servers of all files; where no folder is mounted, the one that the image has.
fn sites(files: &dyn Files) -> Result<Vec<Site>, String> {
    let mut sites = Vec::new();
    for name in files.list(FOLDER).unwrap_or_default().iter().filter(|name| name.ends_with(".conf")) {
        let path = format!("{FOLDER}/{name}");
        let text = files.read(&path).map_err(|_| format!("open() \"{path}\" failed (13: Permission denied)"))?;
        sites.extend(config::read(&path, &String::from_utf8_lossy(&text))?);
    }
    Ok(sites)
}

struct Nginx(Vec<Site>);

impl Server for Nginx {
    fn listens(&self, port: u16) -> bool {
        self.0.iter().any(|site| site.ports.contains(&port))
    }

    fn get(&self, path: &str, _now: Micros) -> (u16, Vec<u8>) {
        let path = path.split('?').next().unwrap_or_default();
        let Some(site) = self.0.first() else { return (404, page(404)) };
        let fits = |location: &&Location| {
            if location.exact { path == location.path } else { path.starts_with(&location.path) }
        };
        let found = site.locations.iter().filter(fits).max_by_key(|location| (location.exact, location.path.len()));
        match found.and_then(|location| location.answer.as_ref()).or(site.answer.as_ref()) {
            Some((code, text)) if text.is_empty() => (*code, page(*code)),
            Some((code, text)) => (*code, text.clone().into_bytes()),
            None if matches!(path, "/" | "/index.html") => (200, WELCOME.as_bytes().to_vec()),
            None if path == "/50x.html" => (200, page(500)),
            None => (404, page(404)),
        }
    }

    fn ended_by(&self, _signal: Signal) -> Option<i32> {
        Some(0)
    }
}

fn page(code: u16) -> Vec<u8> {
    let title = match code {
        403 => "403 Forbidden",
        404 => "404 Not Found",
        500 => "500 Internal Server Error",
        502 => "502 Bad Gateway",
        503 => "503 Service Temporarily Unavailable",
        _ => return Vec::new(),
    };
    let text = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n\
         <hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"
    );
    text.into_bytes()
}

const WELCOME: &str = "<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n\
    <h1>Welcome to nginx!</h1>\n<p>Simulated.</p>\n</body>\n</html>\n";
