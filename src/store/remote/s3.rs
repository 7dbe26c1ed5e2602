//! A remote store in a bucket, as Amazon S3 and others that speak like it have: `s3://bucket/prefix`. Requests are signed by
//! version 4 of its signatures.
//! It does not know what the objects hold.

use super::access::{Access, Login};
use super::transport::{Name, Transport, Trouble, TroubleKind};
use super::web::{Headers, Web};
use crate::digest::{Digest, keyed};
use std::time::SystemTime;

/// Where a bucket is whose region is not said.
const REGION: &str = "us-east-1";

struct Bucket {
    web: Web,
    /// Such as `https://s3.eu-central-1.amazonaws.com`.
    endpoint: String,
    /// The bucket and the prefix, with a slash before each and none at the end.
    path: String,
    region: String,
    signer: Option<Signer>,
}

/// Who signs.
struct Signer {
    id: String,
    secret: String,
    session: Option<String>,
}

/// The store of an address that begins with `s3://`.
pub fn open(access: &Access) -> Option<Result<Box<dyn Transport>, Trouble>> {
    let path = access.url.strip_prefix("s3://")?.trim_end_matches('/');
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._/".contains(c);
    if path.is_empty() || !path.chars().all(is_plain) {
        let what =
            "names a bucket or a prefix with other characters than letters, digits, `-`, `.`, `_` and `/`";
        return Some(Err(Trouble::new(TroubleKind::Refused, what)));
    }
    let region = access.region.clone().unwrap_or_else(|| REGION.to_owned());
    let endpoint = access.endpoint.clone().unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com"));
    let endpoint = endpoint.trim_end_matches('/').to_owned();
    let signer = match access.login.clone() {
        Some(Login::Signing { id, secret, session }) => Some(Signer { id, secret, session }),
        _ => None,
    };
    let web = Web::new(endpoint.starts_with("https://"), access.timeout, access.ca_file.as_deref());
    let path = format!("/{path}");
    Some(Ok(Box::new(Bucket { web, endpoint, path, region, signer })))
}

impl Bucket {
    /// The address of an object, and the headers of a signed request for it.
    fn signed(&self, method: &str, name: Name, content: &[u8]) -> (String, Headers) {
        let path = format!("{}/{name}", self.path);
        let url = format!("{}{path}", self.endpoint);
        let Some(signer) = &self.signer else { return (url, vec![]) };
        let now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
        let now: String = now.chars().filter(|c| !"-:".contains(*c)).collect();
        let host = self.endpoint.split_once("://").map_or(self.endpoint.as_str(), |(_, host)| host);
        let mut headers: Headers = vec![
            ("host", host.to_owned()),
            ("x-amz-content-sha256", Digest::of_bytes(content).to_string()),
            ("x-amz-date", now.clone()),
        ];
        headers.extend(signer.session.clone().map(|session| ("x-amz-security-token", session)));
        let authorization = signer.authorization(method, &path, &headers, &self.region, &now);
        // The client says the host itself.
        headers.retain(|(name, _)| *name != "host");
        headers.push(("authorization", authorization));
        (url, headers)
    }
}

impl Signer {
    /// The header by which a request is known as ours. The headers are sorted.
    fn authorization(&self, method: &str, path: &str, headers: &Headers, region: &str, now: &str) -> String {
        let content = headers.iter().find(|(name, _)| *name == "x-amz-content-sha256");
        let content = content.map_or("", |(_, digest)| digest.as_str());
        let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
        let request = format!("{method}\n{path}\n\n{lines}\n{names}\n{content}");
        let day = now.split('T').next().unwrap_or_default();
        let scope = format!("{day}/{region}/s3/aws4_request");
        let text = format!("AWS4-HMAC-SHA256\n{now}\n{scope}\n{}", Digest::of_bytes(request.as_bytes()));
        let first = keyed(format!("AWS4{}", self.secret).as_bytes(), day.as_bytes());
        let parts = [region.as_bytes(), b"s3", b"aws4_request", text.as_bytes()];
        let signature = parts.iter().fold(first, |key, part| keyed(key.as_bytes(), part));
        format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
            self.id
        )
    }
}

impl Transport for Bucket {
    fn get(&self, name: Name, most: u64) -> Result<Option<Vec<u8>>, Trouble> {
        let (url, headers) = self.signed("GET", name, b"");
        self.web.get(&url, &headers, most)
    }

    fn has(&self, name: Name) -> Result<bool, Trouble> {
        let (url, headers) = self.signed("HEAD", name, b"");
        self.web.has(&url, &headers)
    }

    fn put(&self, name: Name, bytes: &[u8]) -> Result<(), Trouble> {
        let (url, headers) = self.signed("PUT", name, bytes);
        self.web.put(&url, &headers, bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Amazon's documentation of signatures, of a request for an object.
    #[test]
    fn a_request_is_signed_as_in_the_documentation_of_the_signature() {
        let signer = Signer {
            id: "AKIAIOSFODNN7EXAMPLE".into(),
            secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
            session: None,
        };
        let headers: Headers = vec![
            ("host", "examplebucket.s3.amazonaws.com".into()),
            ("range", "bytes=0-9".into()),
            ("x-amz-content-sha256", Digest::of_bytes(b"").to_string()),
            ("x-amz-date", "20130524T000000Z".into()),
        ];
        let expected = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
                        SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, \
                        Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
        let signed = signer.authorization("GET", "/test.txt", &headers, "us-east-1", "20130524T000000Z");
        assert_eq!(signed, expected);
    }
}
