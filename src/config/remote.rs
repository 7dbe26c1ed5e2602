//! `[store.remote]`: the store of a team, behind the store of the machine.
//! It does not know which kinds of remote stores there are, nor any secret: it knows where secrets are.

use super::measure::{measured, parse_size};
use super::typed::{flag, number, path, text};
use super::value::Config;
use crate::diag::{Error, Result};
use crate::secret;
use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(1);

/// How often something is tried again that may work then.
const RETRIES: u32 = 1;

/// The largest result that is asked for or given.
const MAX_ENTRY: u64 = 256 << 20;

/// The section `[store.remote]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RemoteSettings {
    /// `url`.
    pub url: String,
    /// `write`.
    pub write: bool,
    /// `timeout`.
    pub timeout: Duration,
    /// `retries`.
    pub retries: u32,
    /// `max-entry`, in bytes.
    pub max_entry: u64,
    /// `token-env`: the variable that holds the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_env: Option<String>,
    /// `netrc`: whether names and passwords stand in that file of the user.
    pub netrc: bool,
    /// `ca-file`: absolute, or relative to where the user stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<Utf8PathBuf>,
    /// `region` of a bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// `endpoint`: the server of a bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
}

impl RemoteSettings {
    /// Reads them; none without an address.
    pub(super) fn of(config: &Config) -> Result<Option<RemoteSettings>> {
        let timeout = config.get("store.remote.timeout");
        let timeout = timeout.map(|found| measured(found, "store.remote.timeout", parse_time)).transpose()?;
        let size = config.get("store.remote.max-entry");
        let size = size.map(|found| measured(found, "store.remote.max-entry", parse_size)).transpose()?;
        let settings = RemoteSettings {
            url: text(config, "store.remote.url")?.unwrap_or_default(),
            write: flag(config, "store.remote.write", false)?,
            timeout: timeout.unwrap_or(TIMEOUT),
            retries: number(config, "store.remote.retries")?.unwrap_or(RETRIES),
            max_entry: size.unwrap_or(MAX_ENTRY),
            token_env: text(config, "store.remote.token-env")?,
            netrc: flag(config, "store.remote.netrc", false)?,
            ca_file: path(config, "store.remote.ca-file")?,
            region: text(config, "store.remote.region")?,
            endpoint: text(config, "store.remote.endpoint")?,
        };
        if secret::shown_text(&settings.url) != settings.url {
            let origin =
                config.get("store.remote.url").map(|found| found.origin.to_string()).unwrap_or_default();
            return Err(Error::request("`store.remote.url` holds a password").detail("set by", origin).hint(
                "name the variable that holds it by `store.remote.token-env`, or set `store.remote.netrc = true`",
            ));
        }
        Ok(Some(settings).filter(|settings| !settings.url.is_empty()))
    }
}

fn parse_time(text: &str) -> Result<Duration> {
    let wrong =
        |e| Error::request(format!("`{text}` is not a time")).because(e).hint("write it as `500ms` or `5s`");
    humantime::parse_duration(text).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use camino::Utf8Path;

    fn read(text: &str) -> Result<Option<RemoteSettings>> {
        RemoteSettings::of(&Config::of_test(text, Utf8Path::new("/p/fud.toml")))
    }

    #[test]
    fn an_address_is_enough_and_without_one_there_is_no_remote_store() {
        assert_eq!(read("[store.remote]\nwrite = true\n").unwrap(), None);
        let settings =
            read("[store.remote]\nurl = \"http://cache:8080/x\"\nca-file = \"ca.pem\"\n").unwrap().unwrap();
        let expected = RemoteSettings {
            url: "http://cache:8080/x".into(),
            write: false,
            timeout: TIMEOUT,
            retries: RETRIES,
            max_entry: MAX_ENTRY,
            token_env: None,
            netrc: false,
            ca_file: Some("/p/ca.pem".into()),
            region: None,
            endpoint: None,
        };
        assert_eq!(settings, expected);
    }

    #[test]
    fn a_password_in_an_address_is_refused_and_not_shown() {
        let error = read("[store.remote]\nurl = \"https://me:hidden@cache/\"\n").unwrap_err().to_string();
        assert_eq!(
            error,
            "error: `store.remote.url` holds a password\n  set by: /p/fud.toml\nhint: name the variable that holds it \
             by `store.remote.token-env`, or set `store.remote.netrc = true`"
        );
        let error =
            read("[store.remote]\nurl = \"https://cache/\"\ntimeout = \"soon\"\n").unwrap_err().to_string();
        assert!(
            error.contains("`soon` is not a time") && error.contains("`store.remote.timeout`"),
            "{error}"
        );
    }
}
