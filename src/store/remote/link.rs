//! How a step reaches the remote store: by the talker of its build, or by itself where there is none.
//! It does not know what a step does with the answers.

use super::client::Remote;
use super::objects::Sets;
use crate::digest::Digest;
use camino::Utf8Path;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// How long a talker may take: it gives up earlier by itself.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// What a step asks.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// The sets of files of this first level.
    Sets(Digest),
    /// Bring the entry of this key.
    Entry(Digest),
    /// The entry of this key was made.
    Made(Digest),
}

/// What is answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// The sets.
    Sets(Sets),
    /// Whether the entry is in the store in front.
    Entry(bool),
    /// It is known now.
    Noted,
}

/// The way to the remote store.
pub enum Link {
    /// By the talker of the build.
    Talker(BufReader<UnixStream>),
    /// By itself.
    Direct(Box<Remote>),
}

impl Link {
    /// By the talker that listens there; none where none does.
    pub fn to_talker(socket: &Utf8Path) -> Option<Link> {
        let stream = connect(socket).ok()?;
        stream.set_read_timeout(Some(LONGEST_WAIT)).ok()?;
        Some(Link::Talker(BufReader::new(stream)))
    }

    /// The sets of files of a first level.
    pub fn sets(&mut self, first: Digest) -> Sets {
        match self {
            Link::Direct(remote) => remote.sets(first),
            Link::Talker(stream) => match ask(stream, Question::Sets(first)) {
                Ok(Reply::Sets(sets)) => sets,
                _ => vec![],
            },
        }
    }

    /// Brings an entry into the store in front; whether it is there now.
    pub fn entry(&mut self, key: Digest) -> bool {
        match self {
            Link::Direct(remote) => remote.pull(key),
            Link::Talker(stream) => matches!(ask(stream, Question::Entry(key)), Ok(Reply::Entry(true))),
        }
    }

    /// Says that an entry was made, which the talker gives to the remote store. A step that has no talker gives nothing:
    /// it would have to wait for it.
    pub fn made(&mut self, key: Digest) {
        if let Link::Talker(stream) = self {
            drop(ask(stream, Question::Made(key)));
        }
    }
}

/// A socket may have no long name; the directory of one that has is named by its number.
fn connect(socket: &Utf8Path) -> io::Result<UnixStream> {
    const SHORT: usize = 100;
    let (Some(dir), Some(name)) = (socket.parent(), socket.file_name()) else {
        return UnixStream::connect(socket);
    };
    if socket.as_str().len() <= SHORT {
        return UnixStream::connect(socket);
    }
    let dir = File::open(dir)?;
    UnixStream::connect(format!("/proc/self/fd/{}/{name}", dir.as_raw_fd()))
}

fn ask(stream: &mut BufReader<UnixStream>, question: Question) -> io::Result<Reply> {
    let mut line = serde_json::to_vec(&question)?;
    line.push(b'\n');
    stream.get_mut().write_all(&line)?;
    let mut reply = String::new();
    stream.read_line(&mut reply)?;
    Ok(serde_json::from_str(&reply)?)
}
