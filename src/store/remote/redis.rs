//! A remote store in Redis: `redis://host[:port][/number]`, spoken over TCP without encryption.
//! It does not know what the objects hold. How long Redis keeps them is Redis' own setting (`maxmemory-policy`).

use super::access::{Access, Login};
use super::transport::{Name, Transport, Trouble, TroubleKind, read_answer};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Where Redis listens.
const PORT: u16 = 6379;

/// What the names of our objects begin with.
const FRONT: &str = "fudsv/";

/// No line of an answer is longer.
const LONGEST_LINE: u64 = 4096;

struct Redis {
    address: String,
    database: u32,
    login: Option<Login>,
    timeout: Duration,
    /// Connections that nobody uses just now.
    idle: Mutex<Vec<BufReader<TcpStream>>>,
}

/// An answer.
enum Reply {
    Done,
    Number(i64),
    Bytes(Option<Vec<u8>>),
}

/// The store of an address that begins with `redis://`.
pub fn open(access: &Access) -> Option<Result<Box<dyn Transport>, Trouble>> {
    let rest = access.url.strip_prefix("redis://")?;
    let (host, database) = rest.split_once('/').unwrap_or((rest, ""));
    let database = if database.is_empty() { Ok(0) } else { database.parse() };
    let Ok(database) = database else {
        return Some(Err(Trouble::new(TroubleKind::Refused, "has no number of a database at its end")));
    };
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let address = if has_port { host.to_owned() } else { format!("{host}:{PORT}") };
    let (login, timeout) = (access.login.clone(), access.timeout);
    Some(Ok(Box::new(Redis { address, database, login, timeout, idle: Mutex::default() })))
}

impl Redis {
    /// Asks, over a connection that is there or over another. One that was idle may have been closed meanwhile.
    fn ask(&self, words: &[&[u8]], most: u64) -> Result<Reply, Trouble> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let earlier = idle.and_then(|mut stream| {
            let reply = self.exchange(&mut stream, words, most).ok()?;
            Some((reply, stream))
        });
        let (reply, stream) = match earlier {
            Some(answered) => answered,
            None => {
                let mut stream = self.connect()?;
                (self.exchange(&mut stream, words, most)?, stream)
            }
        };
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(stream);
        reply
    }

    fn connect(&self) -> Result<BufReader<TcpStream>, Trouble> {
        let unknown = || Trouble::new(TroubleKind::NoAnswer, "is on a host that nobody knows");
        let address =
            self.address.to_socket_addrs().ok().and_then(|mut all| all.next()).ok_or_else(unknown)?;
        let stream = TcpStream::connect_timeout(&address, self.timeout).map_err(|e| Trouble::io(&e))?;
        let limited = stream
            .set_read_timeout(Some(self.timeout))
            .and_then(|()| stream.set_write_timeout(Some(self.timeout)))
            .and_then(|()| stream.set_nodelay(true));
        limited.map_err(|e| Trouble::io(&e))?;
        let mut stream = BufReader::new(stream);
        let number = self.database.to_string();
        let greetings: [Option<Vec<&[u8]>>; 2] = [
            self.login.as_ref().map(|login| match login {
                Login::Token(token) => vec![&b"AUTH"[..], token.as_bytes()],
                Login::Password(name, password) => vec![b"AUTH", name.as_bytes(), password.as_bytes()],
                Login::Signing { secret, .. } => vec![b"AUTH", secret.as_bytes()],
            }),
            (self.database != 0).then(|| vec![&b"SELECT"[..], number.as_bytes()]),
        ];
        for words in greetings.iter().flatten() {
            self.exchange(&mut stream, words, 0)??;
        }
        Ok(stream)
    }

    /// The outer error is one of the connection, the inner one is what Redis says.
    fn exchange(
        &self,
        stream: &mut BufReader<TcpStream>,
        words: &[&[u8]],
        most: u64,
    ) -> Result<Result<Reply, Trouble>, Trouble> {
        let mut request = format!("*{}\r\n", words.len()).into_bytes();
        for word in words {
            request.extend_from_slice(format!("${}\r\n", word.len()).as_bytes());
            request.extend_from_slice(word);
            request.extend_from_slice(b"\r\n");
        }
        let io = |e: io::Error| Trouble::io(&e);
        stream.get_mut().write_all(&request).map_err(io)?;
        let mut line = String::new();
        stream.take(LONGEST_LINE).read_line(&mut line).map_err(io)?;
        let text = line.strip_suffix("\r\n").ok_or_else(|| io(io::ErrorKind::UnexpectedEof.into()))?;
        let odd = || Trouble::new(TroubleKind::NoAnswer, "does not speak as Redis does");
        let (kind, rest) = text.split_at_checked(1).ok_or_else(odd)?;
        match kind {
            "+" => Ok(Ok(Reply::Done)),
            "-" => Ok(Err(said(rest))),
            ":" => rest.parse().map(|number| Ok(Reply::Number(number))).map_err(|_| odd()),
            "$" if rest == "-1" => Ok(Ok(Reply::Bytes(None))),
            "$" => {
                let length: u64 = rest.parse().map_err(|_| odd())?;
                if length > most {
                    let what = format!("gives more than {most} bytes where so many are the most");
                    return Err(Trouble::damaged(what));
                }
                let mut bytes = read_answer(stream.take(length + 2), length + 2, self.timeout, io)?;
                if bytes.len() as u64 != length + 2 {
                    return Err(io(io::ErrorKind::UnexpectedEof.into()));
                }
                bytes.truncate(bytes.len() - 2);
                Ok(Ok(Reply::Bytes(Some(bytes))))
            }
            _ => Err(odd()),
        }
    }
}

/// What an error of Redis means.
fn said(error: &str) -> Trouble {
    let word = error.split(' ').next().unwrap_or_default();
    let kind = match word {
        "NOAUTH" | "WRONGPASS" | "NOPERM" => TroubleKind::Refused,
        "OOM" | "READONLY" | "MISCONF" => TroubleKind::TakesNothing,
        _ => TroubleKind::NoAnswer,
    };
    Trouble::new(kind, format!("answers `{word}`"))
}

fn key(name: Name) -> Vec<u8> {
    format!("{FRONT}{name}").into_bytes()
}

impl Transport for Redis {
    fn get(&self, name: Name, most: u64) -> Result<Option<Vec<u8>>, Trouble> {
        match self.ask(&[b"GET", &key(name)], most)? {
            Reply::Bytes(bytes) => Ok(bytes),
            _ => Err(Trouble::damaged("gives something that is no value")),
        }
    }

    fn has(&self, name: Name) -> Result<bool, Trouble> {
        Ok(matches!(self.ask(&[b"EXISTS", &key(name)], 0)?, Reply::Number(1)))
    }

    fn put(&self, name: Name, bytes: &[u8]) -> Result<(), Trouble> {
        match self.ask(&[b"SET", &key(name), bytes], 0)? {
            Reply::Done => Ok(()),
            _ => Err(Trouble::new(TroubleKind::TakesNothing, "does not take what is given to it")),
        }
    }
}
