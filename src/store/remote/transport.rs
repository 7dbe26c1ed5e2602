//! What every kind of remote store can do: give, take and look for objects by name.
//! It does not know what the objects hold, nor how often it is worth asking.

use crate::digest::Digest;
use std::fmt;
use std::io::{self, Read};
use std::time::{Duration, Instant};

/// Where objects are: a server, or a directory of the team. It is asked by several threads at once.
pub trait Transport: Send + Sync {
    /// The object of this name, of at most so many bytes; `None` if there is none.
    ///
    /// # Errors
    /// It cannot be had.
    fn get(&self, name: Name, most: u64) -> Result<Option<Vec<u8>>, Trouble>;

    /// Whether there is an object of this name.
    ///
    /// # Errors
    /// It cannot be asked.
    fn has(&self, name: Name) -> Result<bool, Trouble>;

    /// Puts an object, whole or not at all; one of this name is replaced.
    ///
    /// # Errors
    /// It cannot be put.
    fn put(&self, name: Name, bytes: &[u8]) -> Result<(), Trouble>;
}

/// The name of an object, in the layout that Bazel's caches have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    part: &'static str,
    digest: Digest,
}

impl Name {
    /// What is found by a key.
    pub fn of_key(key: Digest) -> Name {
        Name { part: "ac", digest: key }
    }

    /// What is called after its own bytes.
    pub fn of_content(digest: Digest) -> Name {
        Name { part: "cas", digest }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.digest)
    }
}

/// Why something did not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What follows from it.
    pub kind: TroubleKind,
    /// What is wrong, in words that follow the address.
    pub what: String,
}

/// What follows from trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// It was waited for in vain.
    Slow,
    /// There was no answer, or one that says that another attempt may help.
    NoAnswer,
    /// Whoever asks may not.
    Refused,
    /// It does not take what is given; it may still give.
    TakesNothing,
    /// What it gave is not what was kept.
    Damaged,
}

impl Trouble {
    /// Trouble of this kind.
    pub fn new(kind: TroubleKind, what: impl Into<String>) -> Trouble {
        Trouble { kind, what: what.into() }
    }

    /// What it gave is not what was kept.
    pub fn damaged(what: impl Into<String>) -> Trouble {
        Trouble::new(TroubleKind::Damaged, what)
    }

    /// What the system says.
    pub fn io(e: &io::Error) -> Trouble {
        match e.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
                Trouble::new(TroubleKind::Slow, "does not answer in time")
            }
            io::ErrorKind::ConnectionRefused => Trouble::new(TroubleKind::NoAnswer, "refuses the connection"),
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => {
                Trouble::new(TroubleKind::NoAnswer, "ends the connection in the middle of an answer")
            }
            _ => Trouble::new(TroubleKind::NoAnswer, format!("cannot be asked: {e}")),
        }
    }
}

/// Bytes a second below which an answer only trickles.
const TRICKLE: u64 = 256 << 10;

/// Reads an answer to its end: not more than so many bytes, and not when it only trickles. `patience` is how long no byte
/// need come.
pub fn read_answer(
    mut from: impl Read,
    most: u64,
    patience: Duration,
    trouble: impl FnOnce(io::Error) -> Trouble,
) -> Result<Vec<u8>, Trouble> {
    let (began, mut bytes) = (Instant::now(), Vec::new());
    let mut chunk = vec![0; 64 << 10];
    loop {
        let read = match from.read(&mut chunk) {
            Ok(0) => return Ok(bytes),
            Ok(read) => read,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(trouble(e)),
        };
        bytes.extend_from_slice(chunk.get(..read).unwrap_or_default());
        let received = bytes.len() as u64;
        if received > most {
            return Err(Trouble::damaged(format!("gives more than {most} bytes where so many are the most")));
        }
        if began.elapsed() > patience + Duration::from_millis(received * 1000 / TRICKLE) {
            return Err(Trouble::new(TroubleKind::Slow, "answers too slowly"));
        }
    }
}
