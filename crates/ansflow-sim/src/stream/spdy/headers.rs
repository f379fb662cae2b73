//! Header blocks: names and values, packed by zlib with the dictionary of SPDY/3. Each direction is one zlib stream for the
//! whole connection.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use super::Broken;

/// More than this no header block unpacks to.
const LARGEST: usize = 64 << 10;
const HEADERS: u32 = 100;

/// The words of the dictionary, each written with its length before it (SPDY/3, section 2.6.10.1).
const WORDS: &str = "options|head|post|put|delete|trace|accept|accept-charset|accept-encoding|accept-language|accept-ranges|age|\
    allow|authorization|cache-control|connection|content-base|content-encoding|content-language|content-length|content-location|\
    content-md5|content-range|content-type|date|etag|expect|expires|from|host|if-match|if-modified-since|if-none-match|if-range|\
    if-unmodified-since|last-modified|location|max-forwards|pragma|proxy-authenticate|proxy-authorization|range|referer|\
    retry-after|server|te|trailer|transfer-encoding|upgrade|user-agent|vary|via|warning|www-authenticate|method|get|status|\
    200 OK|version|HTTP/1.1|url|public|set-cookie|keep-alive|origin";

/// What follows them, as it is.
const TAIL: &str = "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 \
    Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not \
    Found500 Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec \
    00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,\
    application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,\
    utf-,*,enq=0.";

pub(super) fn dictionary() -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1_423);
    for word in WORDS.split('|') {
        put(&mut bytes, word);
    }
    bytes.extend(TAIL.as_bytes());
    bytes
}

fn put(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend(u32::try_from(text.len()).unwrap_or_default().to_be_bytes());
    bytes.extend(text.as_bytes());
}

/// Names (lower case) and values.
pub(super) type Headers = Vec<(String, String)>;

/// One direction that is read.
pub(super) struct Unpacker(Decompress);

impl Unpacker {
    pub(super) fn new() -> Unpacker {
        Unpacker(Decompress::new(true))
    }

    pub(super) fn read(&mut self, block: &[u8]) -> Result<Headers, Broken> {
        let mut out = Vec::with_capacity(1_024);
        let begin = self.0.total_in();
        loop {
            let done = usize::try_from(self.0.total_in() - begin).unwrap_or(usize::MAX);
            let rest = block.get(done..).unwrap_or_default();
            let before = (self.0.total_in(), out.len());
            if out.len() == out.capacity() {
                out.reserve(1_024);
            }
            match self.0.decompress_vec(rest, &mut out, FlushDecompress::Sync) {
                Ok(Status::StreamEnd) => break,
                Ok(Status::Ok | Status::BufError) if out.len() > LARGEST => {
                    return Err(Broken("header block too large"));
                }
                Ok(Status::Ok | Status::BufError) => {
                    let still = before == (self.0.total_in(), out.len());
                    if still && out.len() < out.capacity() {
                        break;
                    }
                }
                Err(error) if error.needs_dictionary().is_some() => {
                    self.0.set_dictionary(&dictionary()).map_err(|_| Broken("another dictionary"))?;
                }
                Err(_) => return Err(Broken("header block is not zlib")),
            }
        }
        parse(&out)
    }
}

fn parse(bytes: &[u8]) -> Result<Headers, Broken> {
    let mut rest = bytes;
    let count = number(&mut rest)?;
    if count > HEADERS {
        return Err(Broken("too many headers"));
    }
    (0..count).map(|_| Ok((text(&mut rest)?.to_ascii_lowercase(), text(&mut rest)?))).collect()
}

fn number(rest: &mut &[u8]) -> Result<u32, Broken> {
    let (first, after) = rest.split_first_chunk::<4>().ok_or(Broken("header block too short"))?;
    *rest = after;
    Ok(u32::from_be_bytes(*first))
}

fn text(rest: &mut &[u8]) -> Result<String, Broken> {
    let length = usize::try_from(number(rest)?).unwrap_or(usize::MAX);
    let (text, after) = rest.split_at_checked(length).ok_or(Broken("header block too short"))?;
    *rest = after;
    Ok(String::from_utf8_lossy(text).into_owned())
}

/// One direction that is written.
pub(super) struct Packer {
    zlib: Compress,
    begun: bool,
}

impl Packer {
    pub(super) fn new() -> Packer {
        Packer { zlib: Compress::new(Compression::default(), true), begun: false }
    }

    pub(super) fn write(&mut self, headers: &[(&str, &str)]) -> Vec<u8> {
        if !std::mem::replace(&mut self.begun, true) {
            // It refuses only a stream that has begun.
            let _adler = self.zlib.set_dictionary(&dictionary());
        }
        let mut plain = u32::try_from(headers.len()).unwrap_or_default().to_be_bytes().to_vec();
        for (name, value) in headers {
            put(&mut plain, name);
            put(&mut plain, value);
        }
        let mut out = Vec::with_capacity(plain.len() + 64);
        let begin = self.zlib.total_in();
        loop {
            let done = usize::try_from(self.zlib.total_in() - begin).unwrap_or(usize::MAX);
            let rest = plain.get(done..).unwrap_or_default();
            let status = self.zlib.compress_vec(rest, &mut out, FlushCompress::Sync);
            if status.is_err() || out.len() < out.capacity() {
                return out;
            }
            out.reserve(256);
        }
    }
}
