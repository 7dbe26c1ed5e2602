//! A remote store behind any HTTP server that knows GET, HEAD and PUT, in the layout of Bazel's caches.
//! It does not know what the objects hold.

use super::access::Access;
use super::transport::{Name, Transport, Trouble};
use super::web::{Headers, Web};

struct Http {
    web: Web,
    base: String,
    headers: Headers,
}

/// The store of an address that begins with `http://` or `https://`.
pub fn open(access: &Access) -> Option<Result<Box<dyn Transport>, Trouble>> {
    let is_secure = access.url.starts_with("https://");
    if !is_secure && !access.url.starts_with("http://") {
        return None;
    }
    let headers = access.login.iter().filter_map(|login| Some(("Authorization", login.header()?))).collect();
    let base = access.url.trim_end_matches('/').to_owned();
    let web = Web::new(is_secure, access.timeout, access.ca_file.as_deref());
    Some(Ok(Box::new(Http { web, base, headers })))
}

impl Http {
    fn url(&self, name: Name) -> String {
        format!("{}/{name}", self.base)
    }
}

impl Transport for Http {
    fn get(&self, name: Name, most: u64) -> Result<Option<Vec<u8>>, Trouble> {
        self.web.get(&self.url(name), &self.headers, most)
    }

    fn has(&self, name: Name) -> Result<bool, Trouble> {
        self.web.has(&self.url(name), &self.headers)
    }

    fn put(&self, name: Name, bytes: &[u8]) -> Result<(), Trouble> {
        self.web.put(&self.url(name), &self.headers, bytes)
    }
}
