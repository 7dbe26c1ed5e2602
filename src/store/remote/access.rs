//! How a remote store is reached: its address, who asks, and how long an answer may take.
//! It does not know kinds of stores. What is secret here is shown and written nowhere.

use camino::Utf8PathBuf;
use std::fmt;
use std::time::Duration;

/// How a remote store is reached.
#[derive(Clone, Debug)]
pub struct Access {
    /// Its address.
    pub url: String,
    /// How long an answer may take.
    pub timeout: Duration,
    /// How often something is tried again that may work then.
    pub retries: u32,
    /// No result of more bytes is asked for or given.
    pub max_entry: u64,
    /// Who asks.
    pub login: Option<Login>,
    /// The certificate of a private authority, which alone is trusted.
    pub ca_file: Option<Utf8PathBuf>,
    /// The region of a bucket.
    pub region: Option<String>,
    /// The server of a bucket.
    pub endpoint: Option<String>,
}

/// Who asks.
#[derive(Clone)]
pub enum Login {
    /// A token.
    Token(String),
    /// A name and a password.
    Password(String, String),
    /// Whoever signs.
    Signing {
        /// The name of the secret.
        id: String,
        /// The secret.
        secret: String,
        /// What says that both hold for some time.
        session: Option<String>,
    },
}

impl Login {
    /// The header by which a server knows who asks.
    pub fn header(&self) -> Option<String> {
        Some(match self {
            Login::Token(token) => format!("Bearer {token}"),
            Login::Password(name, password) => {
                format!("Basic {}", base64(format!("{name}:{password}").as_bytes()))
            }
            Login::Signing { .. } => return None,
        })
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(***)")
    }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (at, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = usize::try_from(group >> shift & 63).unwrap_or_default();
            let digit = DIGITS.get(digit).filter(|_| at <= chunk.len());
            text.push(digit.map_or('=', |digit| char::from(*digit)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_password_become_a_header_and_nothing_else() {
        let login = Login::Password("Aladdin".into(), "open sesame".into());
        assert_eq!(login.header().unwrap(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(Login::Password("a".into(), "b".into()).header().unwrap(), "Basic YTpi");
        assert_eq!(format!("{login:?}"), "Login(***)");
        assert_eq!(Login::Token("t".into()).header().unwrap(), "Bearer t");
    }
}
