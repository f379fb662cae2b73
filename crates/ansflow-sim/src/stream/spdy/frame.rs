//! Frames: eight bytes of head, then what the head says.

use super::Broken;

/// The most that a frame may carry here; port-forward sends at most 32 KiB at once.
const LARGEST: usize = 1 << 20;

/// The flag of the last frame of a stream's direction.
pub(super) const FIN: u8 = 1;

/// A frame with its header block still packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Frame {
    SynStream {
        id: u32,
        fin: bool,
        block: Vec<u8>,
    },
    SynReply {
        id: u32,
        fin: bool,
        block: Vec<u8>,
    },
    Reset {
        id: u32,
        status: u32,
    },
    Ping {
        id: u32,
    },
    GoAway {
        last: u32,
        status: u32,
    },
    Headers {
        id: u32,
        fin: bool,
        block: Vec<u8>,
    },
    Data {
        id: u32,
        fin: bool,
        bytes: Vec<u8>,
    },
    /// Settings, window updates, and what nobody knows.
    Other,
}

/// Takes the first whole frame from the front of a buffer.
pub(super) fn take(buffer: &mut Vec<u8>) -> Result<Option<Frame>, Broken> {
    let Some(head) = buffer.first_chunk::<8>() else { return Ok(None) };
    let first = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
    let flags = head[4];
    let length = usize::from(head[5]) << 16 | usize::from(head[6]) << 8 | usize::from(head[7]);
    if length > LARGEST {
        return Err(Broken("frame too large"));
    }
    if buffer.len() < 8 + length {
        return Ok(None);
    }
    let body: Vec<u8> = buffer.drain(..8 + length).skip(8).collect();
    let fin = flags & FIN != 0;
    if first >> 31 == 0 {
        return Ok(Some(Frame::Data { id: first, fin, bytes: body }));
    }
    if first >> 16 & 0x7fff != 3 {
        return Err(Broken("not SPDY/3"));
    }
    let number = |at: usize| {
        let bytes = body.get(at..at + 4).and_then(|bytes| bytes.first_chunk::<4>());
        bytes.map(|bytes| u32::from_be_bytes(*bytes) & 0x7fff_ffff).ok_or(Broken("frame too short"))
    };
    let rest = |at: usize| body.get(at..).map(<[u8]>::to_vec).ok_or(Broken("frame too short"));
    Ok(Some(match first & 0xffff {
        1 => Frame::SynStream { id: number(0)?, fin, block: rest(10)? },
        2 => Frame::SynReply { id: number(0)?, fin, block: rest(4)? },
        3 => Frame::Reset { id: number(0)?, status: number(4)? },
        6 => Frame::Ping { id: number(0)? },
        7 => Frame::GoAway { last: number(0)?, status: number(4)? },
        8 => Frame::Headers { id: number(0)?, fin, block: rest(4)? },
        _ => Frame::Other,
    }))
}

/// A frame as bytes.
pub(super) fn bytes(frame: &Frame) -> Vec<u8> {
    let flag = |fin: bool| if fin { FIN } else { 0 };
    let numbers = |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_be_bytes()).collect::<Vec<u8>>();
    match frame {
        Frame::SynStream { id, fin, block } => {
            let mut body = numbers(&[*id, 0]);
            body.extend([0, 0]);
            body.extend(block);
            control(1, flag(*fin), &body)
        }
        Frame::SynReply { id, fin, block } => control(2, flag(*fin), &[numbers(&[*id]), block.clone()].concat()),
        Frame::Reset { id, status } => control(3, 0, &numbers(&[*id, *status])),
        Frame::Ping { id } => control(6, 0, &numbers(&[*id])),
        Frame::GoAway { last, status } => control(7, 0, &numbers(&[*last, *status])),
        Frame::Headers { id, fin, block } => control(8, flag(*fin), &[numbers(&[*id]), block.clone()].concat()),
        Frame::Data { id, fin, bytes } => framed(id.to_be_bytes(), flag(*fin), bytes),
        Frame::Other => Vec::new(),
    }
}

fn control(kind: u8, flags: u8, body: &[u8]) -> Vec<u8> {
    framed([0x80, 3, 0, kind], flags, body)
}

fn framed(first: [u8; 4], flags: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes();
    let mut out = Vec::with_capacity(8 + body.len());
    out.extend(first);
    out.push(flags);
    out.extend(&length[1..]);
    out.extend(body);
    out
}
