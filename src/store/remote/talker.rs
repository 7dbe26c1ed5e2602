//! The one that talks with the remote store while a build runs: it holds the connections, answers the steps over a socket
//! in the build directory, and gives what they make to the remote store while they go on.
//! It does not know which steps there are.

use super::client::{Pushed, Remote};
use super::link::{Question, Reply};
use super::trail::Trail;
use crate::digest::Digest;
use camino::Utf8Path;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How many results go to the remote store side by side.
const SENDERS: usize = 4;

/// How often somebody looks whether all is sent.
const LOOK: Duration = Duration::from_millis(5);

/// How long the end of a build waits in all for what is still to be sent.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The talker of a build.
pub struct Talker {
    shared: Arc<Shared>,
    socket: Socket,
}

/// How it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// What is to be told of the remote store.
    pub warning: Option<String>,
    /// How many results were not sent in time.
    pub unsent: usize,
}

/// What all of its threads share.
struct Shared {
    remote: Remote,
    writes: bool,
    made: Mutex<Option<Sender<Digest>>>,
    waiting: AtomicUsize,
    failed: AtomicUsize,
    has_ended: AtomicBool,
}

/// The socket, which is removed with this.
struct Socket {
    dir: File,
    name: String,
}

impl Talker {
    /// Listens at this place in the build directory. What steps make is given to the remote store where it `writes`.
    ///
    /// # Errors
    /// There can be no socket, or no thread.
    pub fn start(remote: Remote, writes: bool, socket: &Utf8Path) -> io::Result<Talker> {
        let socket = Socket::new(socket)?;
        let listener = socket.listen()?;
        let (sender, made) = channel();
        let shared = Arc::new(Shared {
            remote,
            writes,
            made: Mutex::new(Some(sender)),
            waiting: AtomicUsize::new(0),
            failed: AtomicUsize::new(0),
            has_ended: AtomicBool::new(false),
        });
        let made = Arc::new(Mutex::new(made));
        for _ in 0..if writes { SENDERS } else { 0 } {
            let (shared, made) = (shared.clone(), made.clone());
            start(move || shared.send(&made))?;
        }
        let listening = shared.clone();
        start(move || listening.listen(&listener))?;
        Ok(Talker { shared, socket })
    }

    /// Whether results are given to the remote store.
    pub fn writes(&self) -> bool {
        self.shared.writes
    }

    /// The remote store that it talks with.
    pub fn remote(&self) -> &Remote {
        &self.shared.remote
    }

    /// Ends it: waits until all is sent that is to be, for a bounded time, and not at all where the user `hurries`. The trail
    /// goes last: what it names is there.
    pub fn end(self, hurries: bool, trail: Option<(Digest, Trail)>) -> Ended {
        drop(self.socket);
        let (shared, began) = (self.shared, Instant::now());
        // Senders end when there is nothing left.
        shared.made.lock().unwrap_or_else(PoisonError::into_inner).take();
        let waiting = || shared.waiting.load(Ordering::Acquire);
        let goes_on = || !hurries && !shared.remote.is_left_alone() && began.elapsed() < LONGEST_WAIT;
        while waiting() > 0 && goes_on() {
            thread::sleep(LOOK);
        }
        shared.has_ended.store(true, Ordering::Release);
        let is_whole = waiting() == 0 && shared.failed.load(Ordering::Acquire) == 0;
        if let Some((name, trail)) = trail.filter(|_| shared.writes && is_whole && !hurries) {
            shared.remote.push_trail(name, &trail);
        }
        let unsent = waiting() + shared.failed.load(Ordering::Acquire);
        Ended { warning: shared.remote.untold(), unsent }
    }
}

impl Shared {
    fn listen(self: Arc<Self>, listener: &UnixListener) {
        for stream in listener.incoming() {
            if self.has_ended.load(Ordering::Acquire) {
                return;
            }
            let Ok(stream) = stream else { continue };
            let shared = self.clone();
            // Without a thread the step hears nothing, and does without.
            drop(start(move || drop(shared.talk(stream))));
        }
    }

    /// Answers one step until it ends.
    fn talk(&self, stream: UnixStream) -> io::Result<()> {
        let mut writer = stream.try_clone()?;
        for line in BufReader::new(stream).lines() {
            let mut reply = serde_json::to_vec(&self.reply(serde_json::from_str(&line?)?))?;
            reply.push(b'\n');
            writer.write_all(&reply)?;
        }
        Ok(())
    }

    fn reply(&self, question: Question) -> Reply {
        match question {
            Question::Sets(first) => Reply::Sets(self.remote.sets(first)),
            Question::Entry(key) => Reply::Entry(self.remote.pull(key)),
            Question::Made(key) => {
                let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(made) = made.as_ref().filter(|_| self.writes) {
                    self.waiting.fetch_add(1, Ordering::AcqRel);
                    made.send(key).unwrap_or_default();
                }
                Reply::Noted
            }
        }
    }

    /// Gives to the remote store what was made.
    fn send(&self, made: &Mutex<Receiver<Digest>>) {
        loop {
            let next = made.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(key) = next else { return };
            if self.remote.push(key) == Pushed::Failed {
                self.failed.fetch_add(1, Ordering::AcqRel);
            }
            self.waiting.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

/// A thread, for which there may be no memory.
fn start(work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new().spawn(work).map(drop)
}

impl Socket {
    fn new(path: &Utf8Path) -> io::Result<Socket> {
        let name = path.file_name().unwrap_or_default().to_owned();
        let dir = File::open(path.parent().unwrap_or(Utf8Path::new(".")))?;
        Ok(Socket { dir, name })
    }

    /// A socket may have no long name, so its directory is named by its number.
    fn path(&self) -> String {
        format!("/proc/self/fd/{}/{}", self.dir.as_raw_fd(), self.name)
    }

    fn listen(&self) -> io::Result<UnixListener> {
        // One that a killed build left.
        std::fs::remove_file(self.path()).unwrap_or_default();
        UnixListener::bind(self.path())
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        std::fs::remove_file(self.path()).unwrap_or_default();
    }
}
