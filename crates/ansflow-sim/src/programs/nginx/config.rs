//! nginx's configuration language, with its complaints.

/// A `server` block.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Site {
    pub(super) ports: Vec<u16>,
    pub(super) locations: Vec<Location>,
    pub(super) answer: Option<(u16, String)>,
}

#[derive(Debug, Default, PartialEq)]
pub(super) struct Location {
    pub(super) path: String,
    pub(super) exact: bool,
    pub(super) answer: Option<(u16, String)>,
}

/// Directives that this knows to be directives.
const KNOWN: &str = " absolute_redirect access_log add_header aio alias allow auth_basic auth_basic_user_file auth_request autoindex \
    break charset chunked_transfer_encoding client_body_buffer_size client_body_temp_path client_body_timeout \
    client_header_buffer_size client_header_timeout client_max_body_size default_type deny directio disable_symlinks error_log \
    error_page etag expires fastcgi_index fastcgi_param fastcgi_pass fastcgi_read_timeout geo grpc_pass gzip gzip_comp_level \
    gzip_disable gzip_min_length gzip_proxied gzip_static gzip_types gzip_vary http2 if if_modified_since ignore_invalid_headers \
    include index internal ip_hash keepalive keepalive_requests keepalive_timeout large_client_header_buffers least_conn \
    limit_conn limit_conn_zone limit_except limit_rate limit_req limit_req_status limit_req_zone listen location log_format \
    log_not_found log_subrequest map map_hash_bucket_size map_hash_max_size max_ranges merge_slashes mirror open_file_cache \
    port_in_redirect proxy_bind proxy_buffer_size proxy_buffering proxy_buffers proxy_busy_buffers_size proxy_cache \
    proxy_cache_bypass proxy_cache_key proxy_cache_path proxy_cache_valid proxy_connect_timeout proxy_cookie_path \
    proxy_hide_header proxy_http_version proxy_intercept_errors proxy_next_upstream proxy_no_cache proxy_pass \
    proxy_pass_header proxy_pass_request_headers proxy_read_timeout proxy_redirect proxy_request_buffering proxy_send_timeout \
    proxy_set_header proxy_ssl_name proxy_ssl_server_name proxy_ssl_verify proxy_store proxy_temp_path real_ip_header recursive_error_pages \
    reset_timedout_connection resolver resolver_timeout return rewrite root satisfy send_timeout sendfile server server_name \
    server_name_in_redirect server_names_hash_bucket_size server_tokens set set_real_ip_from split_clients ssl ssl_certificate \
    ssl_certificate_key ssl_ciphers ssl_prefer_server_ciphers ssl_protocols ssl_session_cache ssl_session_timeout ssl_stapling \
    stub_status sub_filter sub_filter_once tcp_nodelay tcp_nopush try_files types types_hash_max_size underscores_in_headers \
    upstream uwsgi_pass variables_hash_bucket_size variables_hash_max_size zone ";

/// The servers of one file, or what nginx would say of it.
pub(super) fn read(path: &str, text: &str) -> Result<Vec<Site>, String> {
    let mut file = File { path, chars: text.chars().collect(), at: 0, line: 1 };
    let mut sites = Vec::new();
    let mut open: Vec<String> = Vec::new();
    loop {
        let (words, end) = file.directive()?;
        let name = words.first().cloned().unwrap_or_default();
        if end == End::File {
            let expecting = if open.is_empty() { "\";\" or \"}\"" } else { "\"}\"" };
            return match (words.is_empty(), open.is_empty()) {
                (true, true) => Ok(sites),
                (true, false) => Err(file.problem(&format!("unexpected end of file, expecting {expecting}"))),
                (false, _) => Err(file.problem("unexpected end of file, expecting \";\" or \"}\"")),
            };
        }
        if end == End::Close {
            if !words.is_empty() || open.pop().is_none() {
                return Err(file.problem("unexpected \"}\""));
            }
            continue;
        }
        // Inside these any word is a name of its own.
        let free = open
            .last()
            .is_some_and(|block| ["types", "map", "geo", "split_clients", "upstream"].contains(&block.as_str()));
        if !free && !KNOWN.contains(&format!(" {name} ")) {
            return Err(file.problem(&format!("unknown directive \"{name}\"")));
        }
        if end == End::Open {
            match name.as_str() {
                "server" if !free => sites.push(Site::default()),
                "location" => {
                    let exact = words.get(1).is_some_and(|word| word == "=");
                    let path = words.last().cloned().unwrap_or_default();
                    if let Some(site) = sites.last_mut() {
                        site.locations.push(Location { path, exact, answer: None });
                    }
                }
                _ => {}
            }
            open.push(name);
            continue;
        }
        if let Some(site) = sites.last_mut().filter(|_| open.iter().any(|block| block == "server")) {
            site.take(&words, open.last().is_some_and(|block| block == "location"));
        }
    }
}

impl Site {
    fn take(&mut self, words: &[String], in_location: bool) {
        let answer = match words.first().map(String::as_str) {
            Some("listen") => {
                let address = words.get(1).map(String::as_str).unwrap_or_default();
                self.ports.extend(address.rsplit(':').next().and_then(|port| port.parse::<u16>().ok()));
                return;
            }
            Some("return") => {
                let code = words.get(1).and_then(|code| code.parse().ok()).unwrap_or(302);
                (code, words.get(2).cloned().unwrap_or_default())
            }
            // Nobody answers behind a proxy of this world.
            Some("proxy_pass" | "fastcgi_pass" | "uwsgi_pass" | "grpc_pass") => (502, String::new()),
            _ => return,
        };
        match self.locations.last_mut().filter(|_| in_location) {
            Some(location) => location.answer = Some(answer),
            None => self.answer = Some(answer),
        }
    }
}

#[derive(Debug, PartialEq)]
enum End {
    Semicolon,
    Open,
    Close,
    File,
}

struct File<'a> {
    path: &'a str,
    chars: Vec<char>,
    at: usize,
    line: usize,
}

impl File<'_> {
    /// Words up to `;`, `{`, `}` or the end.
    fn directive(&mut self) -> Result<(Vec<String>, End), String> {
        let mut words = Vec::new();
        loop {
            let Some(c) = self.next() else { return Ok((words, End::File)) };
            match c {
                c if c.is_whitespace() => {}
                ';' if words.is_empty() => return Err(self.problem("unexpected \";\"")),
                ';' => return Ok((words, End::Semicolon)),
                '{' if words.is_empty() => return Err(self.problem("unexpected \"{\"")),
                '{' => return Ok((words, End::Open)),
                '}' => return Ok((words, End::Close)),
                '#' => while self.next().is_some_and(|c| c != '\n') {},
                '"' | '\'' => {
                    let mut word = String::new();
                    while let Some(inner) = self.next().filter(|inner| *inner != c) {
                        word.push(if inner == '\\' { self.next().unwrap_or('\\') } else { inner });
                    }
                    words.push(word);
                }
                c => {
                    let mut word = String::from(c);
                    while let Some(next) =
                        self.chars.get(self.at).copied().filter(|c| !c.is_whitespace() && !";{}".contains(*c))
                    {
                        self.at += 1;
                        word.push(next);
                        // `${name}` is part of a word.
                        if next == '$' && self.chars.get(self.at) == Some(&'{') {
                            while let Some(inner) = self.next() {
                                word.push(inner);
                                if inner == '}' {
                                    break;
                                }
                            }
                        }
                    }
                    words.push(word);
                }
            }
        }
    }

    fn next(&mut self) -> Option<char> {
        let c = self.chars.get(self.at).copied()?;
        self.at += 1;
        self.line += usize::from(c == '\n');
        Some(c)
    }

    fn problem(&self, what: &str) -> String {
        format!("{what} in {}:{}", self.path, self.line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_directive_is_named_with_file_and_line() {
        let text = "server {\n  listen 8080;\n  proxy_pas http://api:80;\n}\n";
        let problem = read("/etc/nginx/conf.d/default.conf", text).unwrap_err();
        assert_eq!(problem, "unknown directive \"proxy_pas\" in /etc/nginx/conf.d/default.conf:3");
    }

    #[test]
    fn ports_and_answers_are_read() {
        let sites =
            read("f", "server { listen 8080; location / { return 500; } location = /x { return 200 'ok'; } }").unwrap();
        assert_eq!(sites[0].ports, [8080]);
        assert_eq!(sites[0].locations[0].answer, Some((500, String::new())));
        assert_eq!(sites[0].locations[1].answer, Some((200, "ok".to_owned())));
    }

    #[test]
    fn a_block_that_is_not_closed_is_named() {
        assert_eq!(read("f", "server {\n listen 80;\n").unwrap_err(), "unexpected end of file, expecting \"}\" in f:3");
    }
}
