//! Bytes as they travel: compressed, and for what is found by a key, with a seal.
//! It does not know what they mean.

use super::transport::Trouble;
use crate::digest::Digest;
use ruzstd::decoding::StreamingDecoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::io::Read;

/// How a sealed object begins; another form begins otherwise.
const BEGINNING: &[u8] = b"fudsv remote 1\n";

/// Room for so many bytes is made at once: files say how large they are, while lists only have a limit, which is larger.
const LIKELY: u64 = 32 << 20;

/// Compressed.
pub fn packed(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

/// The bytes again, of which there are at most so many.
pub fn unpacked(packed: &[u8], most: u64) -> Result<Vec<u8>, Trouble> {
    let damaged = || Trouble::damaged("cannot be unpacked");
    let decoder = StreamingDecoder::new(packed).map_err(|_| damaged())?;
    let mut bytes = vec![];
    // One more, so that the end is seen without another buffer; without room, it comes piece by piece.
    let room = usize::try_from(most + 1).ok().filter(|_| most <= LIKELY);
    room.map_or(Ok(()), |room| bytes.try_reserve_exact(room)).unwrap_or_default();
    decoder.take(most + 1).read_to_end(&mut bytes).map_err(|_| damaged())?;
    if bytes.len() as u64 > most { Err(Trouble::damaged("is larger than it may be")) } else { Ok(bytes) }
}

/// Compressed, with a seal: half of it, or a page of a proxy in its place, is known as such.
pub fn sealed(bytes: &[u8]) -> Vec<u8> {
    let body = packed(bytes);
    [BEGINNING, Digest::of_bytes(&body).as_bytes(), &body].concat()
}

/// The bytes of a sealed object, of which there are at most so many.
pub fn unsealed(object: &[u8], most: u64) -> Result<Vec<u8>, Trouble> {
    let rest =
        object.strip_prefix(BEGINNING).ok_or_else(|| Trouble::damaged("is nothing that fudsv kept"))?;
    let (seal, body) = rest.split_at_checked(32).ok_or_else(|| Trouble::damaged("is cut off"))?;
    if Digest::of_bytes(body).as_bytes() != seal {
        return Err(Trouble::damaged("does not hold what was kept"));
    }
    unpacked(body, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_object_is_read_again_and_every_cut_or_changed_one_is_refused() {
        let text = "results ".repeat(1000);
        let object = sealed(text.as_bytes());
        assert!(object.len() < text.len() / 10);
        assert_eq!(unsealed(&object, text.len() as u64).unwrap(), text.as_bytes());
        assert!(unsealed(&object, text.len() as u64 - 1).is_err());
        for length in 0..object.len() {
            assert!(unsealed(&object[..length], 1 << 20).is_err(), "{length}");
        }
        for at in 0..object.len() {
            let mut changed = object.clone();
            changed[at] ^= 0x40;
            assert!(unsealed(&changed, 1 << 20).is_err(), "{at}");
        }
        assert!(unsealed(b"<html>welcome to the network</html>", 1 << 20).is_err());
    }
}
