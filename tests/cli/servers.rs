//! Servers for tests, on ports of loopback that were free: nginx as a store of a team, and servers that are faulty.
//! It does not know what is asked of them.

use crate::sandbox::Sandbox;
use crate::toolchain::{optional_server, own_python, skipped_outside_ci};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A port of loopback that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A process that is ended with the test.
pub struct Server(Child);

impl Server {
    /// Starts a server and waits until it listens.
    pub fn start(command: &mut Command, port: u16) -> Server {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut server = Server(child);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(server.0.try_wait().unwrap().is_none(), "{command:?} ended");
            std::thread::yield_now();
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Servers have children of their own, which a TERM ends, too.
        drop(Command::new("kill").arg(self.0.id().to_string()).status());
        self.0.wait().unwrap();
    }
}

/// nginx as docs/ci.md writes it, with what a test needs beside that.
pub struct Nginx {
    dir: PathBuf,
    pub port: u16,
    _server: Server,
}

/// The lines of docs/ci.md.
pub fn documented_nginx() -> String {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/ci.md")).unwrap();
    let (_, server) = text.split_once("\nmap $http_authorization").unwrap();
    format!("map $http_authorization{}", server.split("```").next().unwrap())
}

impl Nginx {
    /// Starts it with its files below a directory; none where there is no nginx. `more` goes into the server.
    pub fn start(dir: &Path, more: &str) -> Option<Nginx> {
        Nginx::of(dir, more, false)
    }

    /// The same, which takes something only from whoever has the token `change-me`.
    pub fn guarded(dir: &Path) -> Option<Nginx> {
        Nginx::of(dir, "", true)
    }

    fn of(dir: &Path, more: &str, guarded: bool) -> Option<Nginx> {
        let nginx = optional_server("nginx")?;
        let (dir, port) = (dir.join("nginx"), free_port());
        fs::create_dir_all(dir.join("files")).unwrap();
        let here = dir.display().to_string();
        let server = documented_nginx()
            .replace("listen 8080;", &format!("listen 127.0.0.1:{port};\n{more}"))
            .replace("default no;", if guarded { "default no;" } else { "default yes;" })
            .replace("/srv/fudsv", &format!("{here}/files"));
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .iter()
            .map(|name| format!("{name}_temp_path {here}/{name};\n"))
            .collect();
        // Workers of an administrator's nginx are somebody else, who may not write here.
        let user = if rustix::process::geteuid().is_root() { "user root;\n" } else { "" };
        let text = format!(
            "{user}daemon off;\nerror_log {here}/error.log;\npid {here}/pid;\nevents {{ worker_connections 4096; }}\n\
             http {{\naccess_log {here}/access.log;\n{temporary}{server}}}\n"
        );
        fs::write(dir.join("nginx.conf"), text).unwrap();
        let mut command = Command::new(nginx);
        command
            .arg("-c")
            .arg(dir.join("nginx.conf"))
            .arg("-p")
            .arg(&dir)
            .arg("-e")
            .arg(dir.join("error.log"));
        Some(Nginx { port, _server: Server::start(&mut command, port), dir })
    }

    /// Its address as a store.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// The command of a shell that ends it.
    pub fn kill(&self) -> String {
        format!("kill $(cat '{0}'); while [ -e '{0}' ]; do :; done", self.dir.join("pid").display())
    }

    /// The directory of its files.
    pub fn files(&self) -> PathBuf {
        self.dir.join("files")
    }

    /// The paths of its objects of this kind, `ac` or `cas`, sorted.
    pub fn objects(&self, kind: &str) -> Vec<PathBuf> {
        let listed = fs::read_dir(self.files().join(kind)).into_iter().flatten();
        let mut paths: Vec<PathBuf> = listed.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    }

    /// The requests since the last call, such as `GET 200`, sorted.
    pub fn requests(&self) -> Vec<String> {
        let log = self.dir.join("access.log");
        let text = fs::read_to_string(&log).unwrap_or_default();
        let request = |line: &str| {
            let (request, answer) = line.split_once('"')?.1.split_once("\" ")?;
            Some(format!("{} {}", request.split(' ').next()?, answer.split(' ').next()?))
        };
        let mut requests: Vec<String> = text.lines().filter_map(request).collect();
        fs::File::options().write(true).truncate(true).open(log).unwrap();
        requests.sort();
        requests
    }
}

/// Redis that asks for a password, on this port; none where there is no Redis.
pub fn redis(port: u16, password: &str) -> Option<Server> {
    let mut command = Command::new(optional_server("redis-server")?);
    command.args([
        "--port",
        &port.to_string(),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--requirepass",
        password,
    ]);
    Some(Server::start(&mut command, port))
}

/// A server that speaks as S3 does and has an empty bucket `team`, on this port; none where there is none.
pub fn s3(port: u16) -> Option<Server> {
    let has = own_python().args(["-c", "import moto.server"]).output().unwrap().status.success();
    if !has {
        skipped_outside_ci("the Python of the tests has no `moto[server]`");
        return None;
    }
    let server = Server::start(own_python().args(["-m", "moto.server", "-p", &port.to_string()]), port);
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let request = "PUT /team HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    Some(server)
}

/// What a faulty server does with a connection whose request it has read.
pub type Fault = fn(&str, &mut TcpStream, &Held);

/// Waits: for some time, or until the test ends.
pub struct Held(Mutex<std::sync::mpsc::Receiver<()>>);

impl Held {
    /// Whether the test goes on after this time.
    fn for_a(&self, time: Duration) -> bool {
        let held = self.0.lock().unwrap().recv_timeout(time);
        matches!(held, Err(std::sync::mpsc::RecvTimeoutError::Timeout))
    }
}

/// A server that is faulty, until it is dropped.
pub struct Faulty {
    pub port: u16,
    connections: Arc<AtomicUsize>,
    _ends: Sender<()>,
}

impl Faulty {
    pub fn start(fault: Fault) -> Faulty {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (ends, ended) = channel();
        let (connections, held) = (Arc::new(AtomicUsize::new(0)), Arc::new(Held(Mutex::new(ended))));
        let counted = connections.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                counted.fetch_add(1, Ordering::Relaxed);
                let held = held.clone();
                std::thread::spawn(move || answer(stream, fault, &held));
            }
        });
        Faulty { port, connections, _ends: ends }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// How many connections it had.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

fn answer(mut stream: TcpStream, fault: Fault, held: &Held) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut length, mut method) = (0, String::new());
    drop(reader.read_line(&mut method));
    let method = method.split(' ').next().unwrap_or_default().to_owned();
    for line in reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some(text) = line.to_lowercase().strip_prefix("content-length:") {
            length = text.trim().parse().unwrap();
        }
    }
    drop(std::io::copy(&mut reader.take(length), &mut std::io::sink()));
    fault(&method, &mut stream, held);
}

/// An answer of this status, whole.
fn plain(stream: &mut TcpStream, status: &str, body: &str) {
    let text =
        format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    drop(stream.write_all(text.as_bytes()));
}

/// Never answers.
pub fn silent(_: &str, _: &mut TcpStream, held: &Held) {
    while held.for_a(Duration::from_secs(1)) {}
}

/// Answers at once, and goes on byte by byte.
pub fn trickling(_: &str, stream: &mut TcpStream, held: &Held) {
    drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"));
    while held.for_a(Duration::from_millis(20)) && stream.write_all(b"x").is_ok() {}
}

/// Ends in the middle of an answer.
pub fn half(_: &str, stream: &mut TcpStream, _: &Held) {
    drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nfudsv remote 1\n"));
}

/// Answers that it cannot.
pub fn broken(_: &str, stream: &mut TcpStream, _: &Held) {
    plain(stream, "500 Internal Server Error", "oh");
}

/// Sends in circles.
pub fn circling(_: &str, stream: &mut TcpStream, _: &Held) {
    drop(stream.write_all(
        b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    ));
}

/// Answers everything with a page, as a network does to whose terms nobody has agreed.
pub fn portal(_: &str, stream: &mut TcpStream, _: &Held) {
    plain(stream, "200 OK", "<html>Welcome! Please accept the terms.</html>");
}

/// Wants to know who asks.
pub fn guarded(_: &str, stream: &mut TcpStream, _: &Held) {
    plain(stream, "401 Unauthorized", "");
}

/// Has nothing, and no room for more.
pub fn full(method: &str, stream: &mut TcpStream, _: &Held) {
    let status = if method == "PUT" { "507 Insufficient Storage" } else { "404 Not Found" };
    plain(stream, status, "");
}

/// A project whose store is that of `url`; a second one takes what the first gave.
pub fn with_store(sandbox: Sandbox, url: &str, more: &str) -> Sandbox {
    let timeout = if more.contains("timeout") { "" } else { "timeout = \"300ms\"\n" };
    let text = format!("[store.remote]\nurl = \"{url}\"\n{timeout}{more}");
    sandbox.file("fud.toml", &text)
}
