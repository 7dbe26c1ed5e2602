//! Content digests: SHA-256 for keys and payloads, MD5 (as in DVT) for noticing that a source changed.
//! It does not know what is hashed or why.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use md5::Md5;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::io::Read;
use std::path::Path;

/// A SHA-256 digest; shown and stored as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of these bytes.
    pub fn of_bytes(bytes: &[u8]) -> Digest {
        Digest(Sha256::digest(bytes).into())
    }

    /// The digest of the content of a file.
    ///
    /// # Errors
    /// Whatever opening or reading it says.
    pub fn of_file(path: &Path) -> std::io::Result<Digest> {
        Digest::of_reader(open(path)?)
    }

    /// The digest of what is still to be read.
    ///
    /// # Errors
    /// Whatever reading it says.
    pub fn of_reader(reader: impl Read) -> std::io::Result<Digest> {
        let mut hasher = Sha256::new();
        read_all(reader, |bytes| hasher.update(bytes))?;
        Ok(Digest(hasher.finalize().into()))
    }

    /// The digest of which these are the bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Digest {
        Digest(bytes)
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first `n` hexadecimal digits, for names that people read.
    pub fn short(&self, n: usize) -> String {
        let mut text = self.to_string();
        text.truncate(n);
        text
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(f, &self.0)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(f, &self.0)
    }
}

impl std::str::FromStr for Digest {
    type Err = String;

    fn from_str(text: &str) -> Result<Digest, String> {
        let mut bytes = [0; 32];
        parse_hex(text, &mut bytes)?;
        Ok(Digest(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
        let text = <std::borrow::Cow<'_, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// HMAC with SHA-256 (RFC 2104): a digest that only whoever knows the key can make.
pub fn keyed(key: &[u8], bytes: &[u8]) -> Digest {
    const BLOCK: usize = 64;
    let short = if key.len() > BLOCK { Digest::of_bytes(key).as_bytes().to_vec() } else { key.to_vec() };
    let padded = |pad: u8| (0..BLOCK).map(move |_| pad);
    let with = |pad: u8| -> Vec<u8> {
        let key = short.iter().copied().chain(std::iter::repeat(0));
        padded(pad).zip(key).map(|(pad, key)| pad ^ key).collect()
    };
    let inner = Sha256::new().chain_update(with(0x36)).chain_update(bytes).finalize();
    Digest(Sha256::new().chain_update(with(0x5c)).chain_update(inner).finalize().into())
}

/// A key over several fields: each is hashed with its length, so that `ab`,`c` and `a`,`bc` differ.
#[derive(Clone, Default)]
pub struct KeyHasher(Sha256);

impl KeyHasher {
    /// A key that nothing was added to.
    pub fn new() -> KeyHasher {
        KeyHasher::default()
    }

    /// Adds one named field.
    pub fn field(&mut self, name: &str, value: impl AsRef<[u8]>) -> &mut KeyHasher {
        for part in [name.as_bytes(), value.as_ref()] {
            self.0.update((part.len() as u64).to_le_bytes());
            self.0.update(part);
        }
        self
    }

    /// The key.
    pub fn finish(&self) -> Digest {
        Digest(self.0.clone().finalize().into())
    }
}

/// An MD5 of a source file's content: notices changes, keys nothing; 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SourceSum([u8; 16]);

impl SourceSum {
    /// The sum of these bytes.
    pub fn of_bytes(bytes: &[u8]) -> SourceSum {
        SourceSum(Md5::digest(bytes).into())
    }

    /// The sum of a file's content.
    ///
    /// # Errors
    /// Whatever opening or reading it says.
    pub fn of_file(path: &Path) -> std::io::Result<SourceSum> {
        let mut hasher = Md5::new();
        read_all(open(path)?, |bytes| hasher.update(bytes))?;
        Ok(SourceSum(hasher.finalize().into()))
    }
}

impl fmt::Display for SourceSum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(f, &self.0)
    }
}

impl fmt::Debug for SourceSum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(f, &self.0)
    }
}

impl std::str::FromStr for SourceSum {
    type Err = String;

    fn from_str(text: &str) -> Result<SourceSum, String> {
        let mut bytes = [0; 16];
        parse_hex(text, &mut bytes)?;
        Ok(SourceSum(bytes))
    }
}

fn write_hex(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

fn parse_hex(text: &str, bytes: &mut [u8]) -> Result<(), String> {
    let wrong = || format!("`{text}` is not {} hexadecimal digits", bytes.len() * 2);
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect();
    let digits = digits.filter(|d| d.len() == bytes.len() * 2).ok_or_else(wrong)?;
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        *byte = pair.iter().fold(0, |byte, digit| byte << 4 | digit);
    }
    Ok(())
}

/// Opens what ends: neither a device nor a FIFO.
fn open(path: &Path) -> std::io::Result<std::fs::File> {
    let path = camino::Utf8Path::from_path(path).ok_or(std::io::ErrorKind::InvalidFilename)?;
    crate::beneath::open_plain(path)
}

fn read_all(mut file: impl Read, mut each: impl FnMut(&[u8])) -> std::io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => each(buffer.get(..n).unwrap_or_default()),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_the_sha256_that_sha256sum_prints() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::of_bytes(b"abc").to_string(), expected);
        assert_eq!(expected.parse::<Digest>().unwrap(), Digest::of_bytes(b"abc"));
    }

    #[test]
    fn moving_a_boundary_between_fields_changes_the_key() {
        let mut one = KeyHasher::new();
        let mut two = KeyHasher::new();
        assert_ne!(
            one.field("x", "ab").field("y", "c").finish(),
            two.field("x", "a").field("y", "bc").finish()
        );
    }

    #[test]
    fn a_source_sum_is_the_md5_that_md5sum_prints() {
        assert_eq!(SourceSum::of_bytes(b"abc").to_string(), "900150983cd24fb0d6963f7d28e17f72");
        assert!("90015".parse::<SourceSum>().is_err());
    }
}
