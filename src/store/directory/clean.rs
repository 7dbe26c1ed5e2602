//! What a store holds, whether it is whole, and its limits.
//! It does not know when to look: commands ask.

use super::entry::{self, Fault, Manifest};
use super::keep::{BLOCK, on_disk};
use super::places::{Directory, Kind, entries};
use crate::diag::{Error, Result};
use crate::digest::Digest;
use crate::store::kind::{Cleaned, Limits, Status, Store, Verified};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::HashSet;
use std::fs::{self, File};
use std::time::{Duration, SystemTime};

/// A store grows to its limit and is then made this much smaller, so that it is not cleaned at every build.
const KEPT_OF_TEN: u64 = 8;

/// What was being written this long ago was given up.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(24 * 3600);

/// A result as the limits see it.
struct Item {
    used: SystemTime,
    size: u64,
    path: Utf8PathBuf,
    /// The first level of its key; none for a damaged one.
    first: Option<Digest>,
}

impl Store for Directory {
    fn place(&self) -> String {
        self.path().to_string()
    }

    fn dir(&self) -> Option<&Utf8Path> {
        Some(self.path())
    }

    fn status(&self) -> Status {
        let items = self.items();
        let (size, oldest) =
            (items.iter().map(|item| item.size).sum(), items.iter().map(|item| item.used).min());
        Status { entries: items.len(), size, oldest }
    }

    fn verify(&self) -> Verified {
        let mut verified = Verified::default();
        for (key, path) in self.all(Kind::Entries) {
            match is_whole(&path, key) {
                Ok(()) => verified.whole += 1,
                Err(Fault::Absent) => {}
                Err(Fault::Damaged(what)) => verified.damaged.push(self.drop_damaged(key, &what)),
            }
        }
        verified
    }

    /// Costs one look at a file.
    fn is_over(&self, limits: Limits) -> bool {
        let counted = fs::metadata(self.size_file()).map_or(0, |meta| meta.len().saturating_mul(BLOCK));
        !self.is_read_only && limits.size.is_some_and(|limit| counted > limit)
    }

    /// Removes also what nothing leads to any more, and what was left half-written.
    fn clean(&self, limits: Limits, dry_run: bool) -> Result<Cleaned> {
        let mut items = self.items();
        items.sort_by_key(|item| std::cmp::Reverse(item.used));
        let now = SystemTime::now();
        let is_old = |item: &Item| {
            limits.age.is_some_and(|limit| now.duration_since(item.used).is_ok_and(|age| age > limit))
        };
        let total: u64 = items.iter().map(|item| item.size).sum();
        let room = match limits.size {
            Some(limit) if total > limit => limit / 10 * KEPT_OF_TEN,
            _ => u64::MAX,
        };
        let (mut cleaned, mut left, mut firsts) = (Cleaned::default(), 0, HashSet::new());
        for item in &items {
            if !is_old(item) && left + item.size <= room {
                left += item.size;
                firsts.extend(item.first);
                continue;
            }
            cleaned = Cleaned { entries: cleaned.entries + 1, size: cleaned.size + item.size };
            if !dry_run {
                self.remove(&item.path)?;
            }
        }
        if !dry_run {
            self.sweep(&firsts);
            self.count(left);
        }
        Ok(cleaned)
    }
}

impl Directory {
    fn items(&self) -> Vec<Item> {
        let item = |(_, path): (Digest, Utf8PathBuf)| {
            let file = path.join(entry::MANIFEST);
            let bytes = fs::read(&file).unwrap_or_default();
            let manifest = serde_json::from_slice::<Manifest>(&bytes).ok();
            let used = fs::metadata(file).and_then(|meta| meta.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
            let size = manifest.as_ref().map_or(BLOCK, on_disk);
            let first = manifest.map(|manifest| entry::first_level(&manifest.parts));
            Item { used, size, path, first }
        };
        self.all(Kind::Entries).into_iter().map(item).collect()
    }

    /// Takes an entry out of its place in one go, then apart.
    fn remove(&self, path: &Utf8Path) -> Result<()> {
        match self.put_aside(path, "removed") {
            Some(aside) => fs::remove_dir_all(aside).unwrap_or_default(),
            None if !path.exists() => {}
            None => return Err(Error::machine(format!("cannot write the store `{}`", self.path()))),
        }
        Ok(())
    }

    /// Removes what belongs to no entry, and what was given up.
    fn sweep(&self, firsts: &HashSet<Digest>) {
        let is_old = |path: &Utf8Path| {
            let since =
                fs::symlink_metadata(path).and_then(|meta| meta.modified()).map(|time| time.elapsed());
            since.is_ok_and(|since| since.is_ok_and(|since| since > GIVEN_UP_AFTER))
        };
        for (first, path) in self.all(Kind::Sets) {
            // One that belongs to a result that is being kept just now comes back with the next one like it.
            if !firsts.contains(&first) {
                fs::remove_dir_all(path).unwrap_or_default();
            }
        }
        for (_, path) in self.all(Kind::Latest) {
            let key = fs::read_to_string(&path).ok().and_then(|text| text.trim().parse().ok());
            if !key.is_some_and(|key| self.place(Kind::Entries, key).is_dir()) {
                fs::remove_file(path).unwrap_or_default();
            }
        }
        for path in entries(&self.temporary()).iter().filter(|path| is_old(path)) {
            fs::remove_dir_all(path).or_else(|_| fs::remove_file(path)).unwrap_or_default();
        }
    }

    /// Sets the counter right.
    fn count(&self, bytes: u64) {
        let file = File::options().write(true).open(self.size_file());
        file.and_then(|file| file.set_len(bytes / BLOCK)).unwrap_or_default();
    }
}

fn is_whole(path: &Utf8Path, key: Digest) -> std::result::Result<(), Fault> {
    let manifest = Manifest::read(path, key)?;
    for (number, file) in manifest.files.iter().enumerate() {
        entry::check(path, number, file)?;
    }
    Ok(())
}
