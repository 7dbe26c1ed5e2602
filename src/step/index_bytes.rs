//! The index as bytes: fields of known width and texts with their length, so that a hundred thousand files are read in
//! milliseconds. It does not know what the fields mean.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use crate::digest::Digest;
use crate::facts::Stat;
use crate::step::entries::{File, Index, Kind, Step};
use std::borrow::Cow;

/// The first bytes; a file that begins differently is not an index.
const FORMAT: &[u8] = b"fudsv scan 3\n";

/// What they end with; without it they are not whole.
const END: &[u8] = b"end\n";

/// The bytes of an index.
pub fn encode(index: &Index) -> Vec<u8> {
    let mut bytes = FORMAT.to_vec();
    put_time(&mut bytes, index.listed.unwrap_or_default());
    put_length(&mut bytes, index.steps.len());
    for step in &index.steps {
        bytes.push(u8::from(step.is_recorded));
        put_digest(&mut bytes, step.stated);
        put_stat(&mut bytes, step.stat);
        put_text(&mut bytes, step.name.as_bytes());
    }
    put_length(&mut bytes, index.files.len());
    for file in &index.files {
        bytes.push(file.kind as u8);
        put_digest(&mut bytes, file.digest);
        put_stat(&mut bytes, file.stat);
        put_text(&mut bytes, file.path.as_bytes());
        put_text(&mut bytes, &file.steps);
    }
    bytes.extend(END);
    bytes
}

/// The index of these bytes; `None` if they are not a whole index.
pub fn decode(bytes: &[u8]) -> Option<Index<'_>> {
    let mut rest = Bytes(bytes.strip_prefix(FORMAT)?.strip_suffix(END)?);
    let listed = Some(rest.time()?).filter(|listed| *listed != 0);
    let mut index = Index { listed, ..Index::default() };
    for _ in 0..rest.length()? {
        let (is_recorded, stated, stat) = (rest.byte()? == 1, rest.digest()?, rest.stat()?);
        index.steps.push(Step { name: rest.text()?, is_recorded, stated, stat });
    }
    let count = rest.length()?;
    // No more than fit into the bytes, whatever the number says.
    index.files.reserve(count.min(rest.0.len()));
    for _ in 0..count {
        let (kind, digest, stat) = (kind(rest.byte()?)?, rest.digest()?, rest.stat()?);
        let (path, steps) = (rest.text()?, rest.piece()?.into());
        index.files.push(File { path, kind, stat, digest, steps });
    }
    rest.0.is_empty().then_some(index)
}

fn kind(byte: u8) -> Option<Kind> {
    [Kind::Input, Kind::Output, Kind::Variable, Kind::Searched].into_iter().find(|kind| *kind as u8 == byte)
}

fn put_time(bytes: &mut Vec<u8>, time: i128) {
    bytes.extend(i64::try_from(time).unwrap_or_default().to_le_bytes());
}

fn put_length(bytes: &mut Vec<u8>, length: usize) {
    bytes.extend(u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
}

fn put_text(bytes: &mut Vec<u8>, text: &[u8]) {
    put_length(bytes, text.len());
    bytes.extend(text);
}

/// A missing digest is written as a zero, a present one begins with a one.
fn put_digest(bytes: &mut Vec<u8>, digest: Option<Digest>) {
    bytes.push(u8::from(digest.is_some()));
    bytes.extend(digest.iter().flat_map(|digest| digest.as_bytes()));
}

fn put_stat(bytes: &mut Vec<u8>, stat: Option<Stat>) {
    bytes.push(u8::from(stat.is_some()));
    if let Some(Stat { size, mtime, ctime, inode }) = stat {
        bytes.extend(size.to_le_bytes());
        put_time(bytes, mtime);
        put_time(bytes, ctime);
        bytes.extend(inode.to_le_bytes());
    }
}

/// What is still to be read.
struct Bytes<'t>(&'t [u8]);

impl<'t> Bytes<'t> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*first)
    }

    fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn number(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn time(&mut self) -> Option<i128> {
        self.array().map(|bytes| i64::from_le_bytes(bytes).into())
    }

    fn length(&mut self) -> Option<usize> {
        self.array().map(|bytes| u32::from_le_bytes(bytes) as usize)
    }

    fn piece(&mut self) -> Option<&'t [u8]> {
        let length = self.length()?;
        let (piece, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(piece)
    }

    fn text(&mut self) -> Option<Cow<'t, str>> {
        std::str::from_utf8(self.piece()?).ok().map(Cow::Borrowed)
    }

    fn digest(&mut self) -> Option<Option<Digest>> {
        if self.byte()? == 0 { Some(None) } else { Some(Some(Digest::from_bytes(self.array()?))) }
    }

    fn stat(&mut self) -> Option<Option<Stat>> {
        if self.byte()? == 0 {
            return Some(None);
        }
        let (size, mtime, ctime) = (self.number()?, self.time()?, self.time()?);
        Some(Some(Stat { size, mtime, ctime, inode: self.number()? }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use camino::Utf8Path;

    fn index() -> Index<'static> {
        let stat = Stat::of(Utf8Path::new("Cargo.toml"));
        let digest = Some(Digest::of_bytes(b"1"));
        let step =
            |name: &'static str, stat| Step { name: name.into(), is_recorded: true, stated: digest, stat };
        let file = |path: &'static str, kind, digest, stat| File {
            path: path.into(),
            kind,
            stat,
            digest,
            steps: vec![0, 0, 0, 0, 1, 0, 0, 0].into(),
        };
        Index {
            listed: Some(12),
            steps: vec![step("a b", stat), step("c", None)],
            files: vec![
                file("a b\n c", Kind::Output, digest, stat),
                file("c", Kind::Input, None, None),
                file("HOME", Kind::Variable, digest, None),
                file("../../inc", Kind::Searched, None, stat),
            ],
        }
    }

    #[test]
    fn an_index_reads_back_as_it_was() {
        assert_eq!(decode(&encode(&index())), Some(index()));
        assert_eq!(decode(&encode(&Index::default())), Some(Index::default()));
        assert_eq!(index().files[0].steps().collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn a_damaged_index_is_none() {
        let whole = encode(&index());
        for length in 0..whole.len() {
            assert_eq!(decode(&whole[..length]), None, "{length}");
        }
        for place in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[place] ^= 0xff;
            // It may still be an index, but nothing panics.
            drop(decode(&damaged));
        }
    }
}
