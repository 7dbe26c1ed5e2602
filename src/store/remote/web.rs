//! A client for HTTP: time-outs, certificates, and what an answer means.
//! It does not know which objects a store has.

use super::transport::{Trouble, TroubleKind, read_answer};
use crate::beneath;
use camino::{Utf8Path, Utf8PathBuf};
use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use ureq::http::Response;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, Error};

/// Where machines keep the certificates of the authorities that they trust: Debian, Fedora, SUSE, Alpine.
const AUTHORITIES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// No list of authorities is longer.
const LONGEST_LIST: u64 = 16 << 20;

/// How long a server may take to put an object away that it has got.
const PUT_AWAY: Duration = Duration::from_secs(10);

/// So many connections are kept open.
const CONNECTIONS: usize = 32;

/// Headers of a request.
pub type Headers = Vec<(&'static str, String)>;

/// A client.
pub struct Web {
    /// Made when it is first needed: whom the machine trusts is a long list.
    agent: OnceLock<Result<Agent, Trouble>>,
    is_secure: bool,
    timeout: Duration,
    ca: Option<Utf8PathBuf>,
}

impl Web {
    /// A client that waits so long for each answer. `ca` is the certificate of a private authority, which alone is trusted.
    pub fn new(is_secure: bool, timeout: Duration, ca: Option<&Utf8Path>) -> Web {
        Web { agent: OnceLock::new(), is_secure, timeout, ca: ca.map(Utf8Path::to_owned) }
    }

    fn agent(&self) -> Result<&Agent, Trouble> {
        self.agent.get_or_init(|| self.open()).as_ref().map_err(Clone::clone)
    }

    fn open(&self) -> Result<Agent, Trouble> {
        let timeout = self.timeout;
        let tls = if self.is_secure { Some(tls(self.ca.as_deref())?) } else { None };
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(3)
            .timeout_resolve(Some(timeout))
            .timeout_connect(Some(timeout))
            .timeout_send_request(Some(timeout))
            .timeout_per_read(Some(timeout))
            .timeout_per_write(Some(timeout))
            .timeout_recv_response(Some(timeout))
            .max_idle_connections(CONNECTIONS)
            .max_idle_connections_per_host(CONNECTIONS)
            .user_agent(concat!("fudsv/", env!("CARGO_PKG_VERSION")));
        let config = tls.into_iter().fold(config, |config, tls| config.tls_config(tls));
        Ok(config.build().new_agent())
    }

    /// What is at an address, of at most so many bytes; `None` if nothing is there.
    pub fn get(&self, url: &str, headers: &Headers, most: u64) -> Result<Option<Vec<u8>>, Trouble> {
        let request = headers
            .iter()
            .fold(self.agent()?.get(url), |request, (name, value)| request.header(*name, value));
        let mut response = request.call().map_err(trouble)?;
        if !is_there(&response)? {
            return Ok(None);
        }
        if response.body().content_length().is_some_and(|length| length > most) {
            return Err(Trouble::damaged(format!("gives more than {most} bytes where so many are the most")));
        }
        let reader = response.body_mut().with_config().limit(u64::MAX).reader();
        read_answer(reader, most, self.timeout, |e| trouble(Error::from(e))).map(Some)
    }

    /// Whether something is at an address.
    pub fn has(&self, url: &str, headers: &Headers) -> Result<bool, Trouble> {
        let request = headers
            .iter()
            .fold(self.agent()?.head(url), |request, (name, value)| request.header(*name, value));
        is_there(&request.call().map_err(trouble)?)
    }

    /// Puts something at an address.
    pub fn put(&self, url: &str, headers: &Headers, bytes: &[u8]) -> Result<(), Trouble> {
        let request = headers
            .iter()
            .fold(self.agent()?.put(url), |request, (name, value)| request.header(*name, value));
        let request =
            request.config().timeout_per_read(Some(PUT_AWAY)).timeout_recv_response(Some(PUT_AWAY)).build();
        let mut response = request.send(bytes).map_err(trouble)?;
        let status = response.status().as_u16();
        // The connection can be used again only when the answer was read.
        drop(response.body_mut().with_config().limit(64 << 10).read_to_vec());
        let answered = |kind| Err(Trouble::new(kind, format!("answers {status} to what is given to it")));
        match status {
            200..300 => Ok(()),
            507 => Err(Trouble::new(TroubleKind::TakesNothing, "is full")),
            429 | 500.. => answered(TroubleKind::NoAnswer),
            _ => answered(TroubleKind::TakesNothing),
        }
    }
}

/// Whether an answer says that the object is there.
fn is_there(response: &Response<Body>) -> Result<bool, Trouble> {
    let status = response.status().as_u16();
    match status {
        200 => Ok(true),
        404 | 410 => Ok(false),
        401 | 403 => {
            Err(Trouble::new(TroubleKind::Refused, format!("answers {status}: it wants to know who asks")))
        }
        408 | 429 | 500.. => Err(Trouble::new(TroubleKind::NoAnswer, format!("answers {status}"))),
        _ => Err(Trouble::new(TroubleKind::Refused, format!("answers {status}"))),
    }
}

/// What an error means.
fn trouble(error: Error) -> Trouble {
    let refused = |what: String| Trouble::new(TroubleKind::Refused, what);
    let no_answer = |what: String| Trouble::new(TroubleKind::NoAnswer, what);
    match error {
        Error::Timeout(_) => Trouble::new(TroubleKind::Slow, "does not answer in time"),
        Error::Io(e) if e.get_ref().is_some_and(|inner| inner.is::<rustls::Error>()) => {
            not_trusted(&e.to_string())
        }
        Error::Io(e) => Trouble::io(&e),
        Error::HostNotFound => no_answer("is on a host that nobody knows".to_owned()),
        Error::TooManyRedirects => refused("sends from one address to the next".to_owned()),
        Error::Rustls(e) => not_trusted(&e.to_string()),
        Error::Tls(e) => not_trusted(e),
        Error::BadUri(e) => refused(format!("has an address that is none: {e}")),
        Error::Protocol(e) => no_answer(format!("does not speak HTTP: {e}")),
        e => no_answer(format!("cannot be asked: {e}")),
    }
}

fn not_trusted(what: &str) -> Trouble {
    Trouble::new(TroubleKind::Refused, format!("is not trusted: {what}"))
}

fn tls(ca: Option<&Utf8Path>) -> Result<TlsConfig, Trouble> {
    let refused = |what: String| Trouble::new(TroubleKind::Refused, what);
    let files: Vec<Utf8PathBuf> =
        ca.map_or_else(|| AUTHORITIES.map(Utf8PathBuf::from).to_vec(), |ca| vec![ca.to_owned()]);
    let read = |file: &Utf8PathBuf| -> io::Result<Vec<u8>> { beneath::read(file, LONGEST_LIST) };
    let bytes = match ca {
        Some(ca) => read(&ca.to_owned())
            .map_err(|e| refused(format!("cannot be trusted: `{ca}` cannot be read: {e}")))?,
        None => files.iter().find_map(|file| read(file).ok()).ok_or_else(|| {
            refused("cannot be trusted: this machine has no list of authorities".to_owned())
        })?,
    };
    let certificate = |item: Result<PemItem<'static>, Error>| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    };
    let trusted: Vec<Certificate<'static>> = parse_pem(&bytes).filter_map(certificate).collect();
    if trusted.is_empty() {
        let file = ca.map_or("the list of authorities", Utf8Path::as_str);
        return Err(refused(format!("cannot be trusted: `{file}` holds no certificate")));
    }
    Ok(TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(&trusted))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build())
}
