//! What a store holds, whether it is whole, and its limits.
//! It does not know when to look: commands ask.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::entry::{self, Fault, Manifest};
use super::fetch::latest;
use super::keep::{BLOCK, SIZE, on_disk};
use super::places::{Directory, Kind, TEMPORARY, all, is_abandoned, place};
use crate::beneath::Beneath;
use crate::diag::{Error, Result};
use crate::digest::Digest;
use crate::store::kind::{Cleaned, Limits, Status, Store, Verified};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::HashSet;
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
        let items = self.open().map(|root| items(&root)).unwrap_or_default();
        let (size, oldest) = (
            items.iter().fold(0, |sum: u64, item| sum.saturating_add(item.size)),
            items.iter().map(|item| item.used).min(),
        );
        Status { entries: items.len(), size, oldest }
    }

    fn verify(&self) -> Result<Verified> {
        let mut verified = Verified::default();
        let Some(root) = self.existing()? else { return Ok(verified) };
        for (key, path) in all(&root, Kind::Entries) {
            match is_whole(&root, &path, key) {
                Ok(()) => verified.whole += 1,
                Err(Fault::Absent | Fault::NoRoom(_)) => {}
                Err(Fault::Damaged(what)) => verified.damaged.push(self.drop_damaged(&root, key, &what)),
            }
        }
        Ok(verified)
    }

    /// Costs one look at a file.
    fn is_over(&self, limits: Limits) -> bool {
        let file = self.open().and_then(|root| root.read_from(Utf8Path::new(SIZE))?.metadata());
        let counted = file.map_or(0, |meta| meta.len().saturating_mul(BLOCK));
        !self.is_read_only && limits.size.is_some_and(|limit| counted > limit)
    }

    /// Removes also what nothing leads to any more, and what was left half-written.
    fn clean(&self, limits: Limits, dry_run: bool) -> Result<Cleaned> {
        let Some(root) = self.existing()? else { return Ok(Cleaned::default()) };
        let mut items = items(&root);
        items.sort_by_key(|item| std::cmp::Reverse(item.used));
        let now = SystemTime::now();
        let is_old = |item: &Item| {
            limits.age.is_some_and(|limit| now.duration_since(item.used).is_ok_and(|age| age > limit))
        };
        let total = items.iter().fold(0, |sum: u64, item| sum.saturating_add(item.size));
        let room = match limits.size {
            Some(limit) if total > limit => limit / 10 * KEPT_OF_TEN,
            _ => u64::MAX,
        };
        let (mut cleaned, mut left, mut firsts) = (Cleaned::default(), 0_u64, HashSet::new());
        for item in &items {
            if !is_old(item) && left.saturating_add(item.size) <= room {
                left = left.saturating_add(item.size);
                firsts.extend(item.first);
                continue;
            }
            cleaned = Cleaned { entries: cleaned.entries + 1, size: cleaned.size.saturating_add(item.size) };
            if !dry_run {
                self.remove(&root, &item.path)?;
            }
        }
        if !dry_run {
            sweep(&root, &firsts);
            // The counter is set right.
            let file = root.append(Utf8Path::new(SIZE));
            file.and_then(|file| file.set_len(left / BLOCK)).unwrap_or_default();
        }
        Ok(cleaned)
    }

    fn tidy(&self) {
        if let Some(root) = self.existing().ok().flatten().filter(|_| !self.is_read_only) {
            remove_temporary(&root, is_abandoned);
        }
    }
}

impl Directory {
    /// Takes an entry out of its place in one go, then apart.
    fn remove(&self, root: &Beneath, path: &Utf8Path) -> Result<()> {
        match self.put_aside(root, path, "removed") {
            Some(aside) => root.remove(&aside).unwrap_or_default(),
            None if !root.exists(path) => {}
            None => return Err(Error::machine(format!("cannot write the store `{}`", self.path()))),
        }
        Ok(())
    }
}

fn items(root: &Beneath) -> Vec<Item> {
    let item = |(_, path): (Digest, Utf8PathBuf)| {
        let file = path.join(entry::MANIFEST);
        let bytes = root.read(&file, entry::LONGEST_LIST).unwrap_or_default();
        let manifest = serde_json::from_slice::<Manifest>(&bytes).ok();
        let used = root.read_from(&file).and_then(|file| file.metadata()?.modified());
        let used = used.unwrap_or(SystemTime::UNIX_EPOCH);
        let size = manifest.as_ref().map_or(BLOCK, on_disk);
        let first = manifest.map(|manifest| entry::first_level(&manifest.parts));
        Item { used, size, path, first }
    };
    all(root, Kind::Entries).into_iter().map(item).collect()
}

/// Removes what belongs to no entry, and what was given up.
fn sweep(root: &Beneath, firsts: &HashSet<Digest>) {
    for (first, path) in all(root, Kind::Sets) {
        // One that belongs to a result that is being kept just now comes back with the next one like it.
        if !firsts.contains(&first) {
            root.remove(&path).unwrap_or_default();
        }
    }
    for (_, path) in all(root, Kind::Latest) {
        if !latest(root, &path).is_some_and(|key| root.is_dir(&place(Kind::Entries, key))) {
            root.remove(&path).unwrap_or_default();
        }
    }
    let is_old =
        |name: &str| root.age(&Utf8Path::new(TEMPORARY).join(name)).is_some_and(|age| age > GIVEN_UP_AFTER);
    remove_temporary(root, |name| is_abandoned(name) || is_old(name));
}

fn remove_temporary(root: &Beneath, is_left: impl Fn(&str) -> bool) {
    for name in root.list(Utf8Path::new(TEMPORARY)).iter().filter(|name| is_left(name)) {
        root.remove(&Utf8Path::new(TEMPORARY).join(name)).unwrap_or_default();
    }
}

fn is_whole(root: &Beneath, path: &Utf8Path, key: Digest) -> std::result::Result<(), Fault> {
    let manifest = Manifest::read(root, path, key)?;
    for (number, file) in manifest.files.iter().enumerate() {
        entry::check(root, path, number, file)?;
    }
    Ok(())
}
