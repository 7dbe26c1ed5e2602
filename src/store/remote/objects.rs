//! The objects of a remote store: entries, which carry their small files with them, and sets of found files.
//! It does not know how objects are had or put.

use super::packed::{packed, sealed, unpacked, unsealed};
use super::transport::Trouble;
use crate::digest::Digest;
use crate::store::directory::entry::{Fault, LONGEST_LIST, Manifest};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Files up to this size travel together; a larger one travels alone, and is shared by all entries that have it.
const SMALL: usize = 1 << 20;

/// Small files of at most so many bytes in all travel in the entry itself, which saves waiting once more.
const CARRIED: usize = 256 << 10;

/// How many sets of found files are remembered of steps of one first level.
const SETS: usize = 16;

/// No object that is found by a key is longer, packed or not.
pub const LONGEST: u64 = LONGEST_LIST + CARRIED as u64;

/// Packed bytes under the name of their digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// The digest of the packed bytes.
    pub digest: Digest,
    /// How many there are.
    pub size: u64,
}

/// Where the files of an entry are, by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Places {
    /// The small ones, one behind the other, unless the entry carries them.
    together: Option<Parcel>,
    alone: Vec<(usize, Parcel)>,
}

/// An entry that is to be put: the object that is found by its key, and what it names.
pub struct Departing {
    /// What it names, by its digest.
    pub parcels: Vec<(Digest, Vec<u8>)>,
    /// The object.
    pub entry: Vec<u8>,
}

/// Packs an entry.
pub fn pack(manifest: &Manifest, contents: &[Vec<u8>]) -> serde_json::Result<Departing> {
    let (mut places, mut parcels) = (Places::default(), vec![]);
    let mut parcel = |bytes: &[u8]| {
        let bytes = packed(bytes);
        let parcel = Parcel { digest: Digest::of_bytes(&bytes), size: bytes.len() as u64 };
        parcels.push((parcel.digest, bytes));
        parcel
    };
    let mut small = vec![];
    for (number, content) in contents.iter().enumerate() {
        if content.len() > SMALL {
            places.alone.push((number, parcel(content)));
        } else {
            small.extend_from_slice(content);
        }
    }
    let carried = if small.len() <= CARRIED {
        small
    } else {
        places.together = Some(parcel(&small));
        vec![]
    };
    let lines = [serde_json::to_vec(manifest)?, serde_json::to_vec(&places)?, carried];
    Ok(Departing { parcels, entry: sealed(&lines.join(&b'\n')) })
}

/// An entry that came.
#[derive(Debug)]
pub struct Arriving {
    /// Its manifest, of the key that was asked for.
    pub manifest: Manifest,
    places: Places,
    carried: Vec<u8>,
}

/// Reads the object of a key.
pub fn unpack(object: &[u8], key: Digest) -> Result<Arriving, Trouble> {
    let bytes = unsealed(object, LONGEST)?;
    let mut lines = bytes.splitn(3, |byte| *byte == b'\n');
    let mut line = || lines.next().ok_or_else(|| Trouble::damaged("is cut off"));
    let (manifest, places, carried) = (line()?, line()?, line()?);
    let manifest = Manifest::parse(manifest, key).map_err(|fault| match fault {
        Fault::Absent => Trouble::damaged("is not there"),
        Fault::Damaged(what) | Fault::NoRoom(what) => Trouble::damaged(format!("is not used: {what}")),
    })?;
    let places =
        serde_json::from_slice(places).map_err(|_| Trouble::damaged("does not say where its files are"))?;
    Ok(Arriving { manifest, places, carried: carried.to_vec() })
}

impl Arriving {
    /// What is to be had beside it.
    pub fn parcels(&self) -> impl Iterator<Item = &Parcel> {
        self.places.together.iter().chain(self.places.alone.iter().map(|(_, parcel)| parcel))
    }

    /// How many bytes its files hold.
    pub fn size(&self) -> u64 {
        self.manifest.files.iter().fold(0, |sum: u64, file| sum.saturating_add(file.size))
    }

    /// What its files hold, out of the parcels, which are checked by now; each file is what the manifest says.
    pub fn contents(&self, parcels: &HashMap<Digest, Vec<u8>>) -> Result<Vec<Vec<u8>>, Trouble> {
        let lacks = || Trouble::damaged("does not say where all of its files are");
        let parcel = |parcel: &Parcel| parcels.get(&parcel.digest).ok_or_else(lacks);
        let together = match &self.places.together {
            Some(together) => unpacked(parcel(together)?, self.size())?,
            None => self.carried.clone(),
        };
        let (mut rest, mut contents) = (together.as_slice(), vec![]);
        for (number, file) in self.manifest.files.iter().enumerate() {
            let alone = self.places.alone.iter().find(|(at, _)| *at == number);
            let content = match alone {
                Some((_, alone)) => unpacked(parcel(alone)?, file.size)?,
                None => {
                    let size = usize::try_from(file.size).unwrap_or(usize::MAX);
                    let (content, behind) = rest.split_at_checked(size).ok_or_else(lacks)?;
                    rest = behind;
                    content.to_vec()
                }
            };
            if content.len() as u64 != file.size || Digest::of_bytes(&content) != file.digest {
                return Err(Trouble::damaged(format!("does not hold what was kept in file {number}")));
            }
            contents.push(content);
        }
        Ok(contents)
    }
}

/// Sets of found files, the last one first.
pub type Sets = Vec<Vec<String>>;

/// Reads the object of a first level.
pub fn sets(object: &[u8]) -> Result<Sets, Trouble> {
    let bytes = unsealed(object, LONGEST)?;
    serde_json::from_slice(&bytes).map_err(|_| Trouble::damaged("is no list of files"))
}

/// The sets with one more, as an object; `None` if it comes first already.
pub fn with_set(sets: &Sets, found: &[String]) -> Option<Vec<u8>> {
    if sets.first().is_some_and(|first| first == found) {
        return None;
    }
    let others = sets.iter().filter(|set| *set != found).cloned();
    let sets: Sets = std::iter::once(found.to_vec()).chain(others).take(SETS).collect();
    serde_json::to_vec(&sets).ok().map(|bytes| sealed(&bytes))
}
