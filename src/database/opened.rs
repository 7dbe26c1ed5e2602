//! Opens a database to read it, and checks that it is whole and has a schema that this fudsv knows.
//! It does not know which session loads it, nor whether it fits the tools and sources of this machine.

use super::fault::Fault;
use super::manifest::{Manifest, is_plain};
use super::names::{MANIFEST, STORE, SUMS};
use super::{archive, unpack};
use crate::beneath::Beneath;
use crate::digest::Digest;
use crate::sums;
use camino::{Utf8Path, Utf8PathBuf};

/// The longest manifest or list that is read, in bytes.
const LONGEST: u64 = 1 << 28;

/// A database.
#[derive(Clone, Debug)]
pub struct Database {
    /// The directory that holds it: if the database is one file, where it was unpacked.
    pub dir: Utf8PathBuf,
    /// Its manifest.
    pub manifest: Manifest,
}

impl Database {
    /// Opens the database in this directory or file. `cache` is the directory below which a file is unpacked.
    ///
    /// # Errors
    /// It is not a database, it has another schema, or one of its files is missing. Contents are not checked here.
    pub fn open(location: &Utf8Path, cache: Option<&Utf8Path>) -> Result<Database, Fault> {
        let kind = std::fs::metadata(location).map_err(|_| Fault::new("it is not there"))?;
        if kind.is_dir() {
            return Database::in_directory(location);
        }
        if !archive::is_archive(location) {
            return Err(Fault::new(format!("it is neither a directory nor a file `*{}`", archive::ENDING)));
        }
        let cache =
            cache.ok_or_else(|| Fault::new("there is no cache to unpack it: set XDG_CACHE_HOME or HOME"))?;
        Database::in_directory(&unpack::unpacked(location, cache)?)
    }

    pub(super) fn in_directory(dir: &Utf8Path) -> Result<Database, Fault> {
        let root = Beneath::open(dir).map_err(|e| Fault::new(format!("it cannot be read: {e}")))?;
        let read = |name: &str| root.read(Utf8Path::new(name), LONGEST);
        let (manifest, sums) = (read(MANIFEST), read(SUMS));
        let (manifest, sums) = match (manifest, sums) {
            (Ok(manifest), Ok(sums)) => (manifest, sums),
            (Err(_), Err(_)) => return Err(Fault::new("it is not a database of fudsv")),
            (manifest, _) => {
                let missing = if manifest.is_err() { MANIFEST } else { SUMS };
                return Err(Fault::new(format!("it is not whole: `{missing}` is missing")));
            }
        };
        let listed = listed(&sums)?;
        let is_manifest = |(name, digest): &(Utf8PathBuf, Digest)| {
            name == MANIFEST && *digest == Digest::of_bytes(&manifest)
        };
        let parsed = Manifest::parse(&manifest)?;
        if !listed.iter().any(is_manifest) {
            return Err(Fault::new(format!("its `{MANIFEST}` does not match its `{SUMS}`")));
        }
        if let Some((name, _)) = listed.iter().find(|(name, _)| !root.exists(name)) {
            return Err(Fault::new(format!("it is not whole: `{name}` is missing")));
        }
        Ok(Database { dir: dir.to_owned(), manifest: parsed })
    }

    /// The store of its results.
    pub fn store(&self) -> Utf8PathBuf {
        self.dir.join(STORE)
    }

    /// The file that changes whenever the database is another one.
    pub fn manifest_file(&self) -> Utf8PathBuf {
        self.dir.join(MANIFEST)
    }

    /// Reads every byte. Returns how many files are whole, and what is wrong with the others.
    ///
    /// # Errors
    /// The list of files cannot be read.
    pub fn verify(&self) -> Result<(usize, Vec<String>), Fault> {
        let root = Beneath::open(&self.dir).map_err(|e| Fault::new(format!("it cannot be read: {e}")))?;
        let sums = root.read(Utf8Path::new(SUMS), LONGEST);
        let listed = listed(&sums.map_err(|e| Fault::new(format!("its `{SUMS}` cannot be read: {e}")))?)?;
        let (mut whole, mut damaged) = (0, vec![]);
        for (name, digest) in &listed {
            match root.read_from(name).and_then(Digest::of_reader) {
                Ok(now) if now == *digest => whole += 1,
                Ok(_) => damaged.push(format!("`{name}` does not hold what was saved")),
                Err(e) => damaged.push(format!("`{name}` cannot be read: {e}")),
            }
        }
        Ok((whole, damaged))
    }
}

/// The files that `SHA256SUMS` lists.
fn listed(sums: &[u8]) -> Result<Vec<(Utf8PathBuf, Digest)>, Fault> {
    let text = std::str::from_utf8(sums).ok();
    let listed =
        text.and_then(sums::entries).ok_or_else(|| Fault::new(format!("its `{SUMS}` is damaged")))?;
    match listed.iter().find(|(name, _)| name.is_absolute() || !is_plain(name)) {
        Some((name, _)) => Err(Fault::new(format!("its `{SUMS}` names `{}`", name.as_str().escape_debug()))),
        None => Ok(listed),
    }
}
