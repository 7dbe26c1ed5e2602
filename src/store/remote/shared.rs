//! A remote store in a directory that machines share: `file:///mnt/share`.
//! It does not know what the objects hold.

use super::access::Access;
use super::transport::{Name, Transport, Trouble, TroubleKind};
use crate::beneath::{Beneath, read_at_most};
use camino::{Utf8Path, Utf8PathBuf};
use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

struct Shared {
    dir: Utf8PathBuf,
}

/// The store of an address that begins with `file://`.
pub fn open(access: &Access) -> Option<Result<Box<dyn Transport>, Trouble>> {
    let dir = access.url.strip_prefix("file://")?;
    let refused = || Trouble::new(TroubleKind::Refused, "is no absolute path behind `file://`");
    Some(match dir.starts_with('/') {
        true => Ok(Box::new(Shared { dir: dir.into() })),
        false => Err(refused()),
    })
}

impl Shared {
    fn root(&self) -> Result<Beneath, Trouble> {
        Beneath::open(&self.dir)
            .map_err(|e| Trouble::new(TroubleKind::NoAnswer, format!("cannot be read: {e}")))
    }

    /// Where an object is: as a server would find it, whose directory this is.
    fn place(name: Name) -> Utf8PathBuf {
        Utf8PathBuf::from(name.to_string())
    }

    fn write(root: &Beneath, name: Name, bytes: &[u8]) -> io::Result<()> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let place = Shared::place(name);
        let dir = place.parent().unwrap_or(Utf8Path::new(""));
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let (process, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let temporary = dir.join(format!("tmp.{process}.{count}.{since:x}"));
        root.make_dir(dir)?;
        let mut file = root.create(&temporary)?;
        let written = file.write_all(bytes).and_then(|()| root.rename(&temporary, &place));
        if written.is_err() {
            root.remove(&temporary).unwrap_or_default();
        }
        written
    }
}

impl Transport for Shared {
    fn get(&self, name: Name, most: u64) -> Result<Option<Vec<u8>>, Trouble> {
        match self.root()?.read_from(&Shared::place(name)).and_then(|file| read_at_most(&file, most)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(Trouble::damaged(format!("cannot be read: {e}"))),
        }
    }

    fn has(&self, name: Name) -> Result<bool, Trouble> {
        Ok(self.root()?.exists(&Shared::place(name)))
    }

    fn put(&self, name: Name, bytes: &[u8]) -> Result<(), Trouble> {
        let root = self.root()?;
        Shared::write(&root, name, bytes)
            .map_err(|e| Trouble::new(TroubleKind::TakesNothing, format!("cannot be written: {e}")))
    }
}
