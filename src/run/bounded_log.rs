//! Writes what a program prints to a file of bounded size. If the output is longer, the beginning and the end are kept.
//! It does not know which program prints, nor who reads the file.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use camino::Utf8Path;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write};

/// A log that is being written.
pub struct BoundedLog {
    file: File,
    /// How many more bytes of the beginning are kept.
    room: usize,
    /// How many bytes of the end are kept.
    most: usize,
    tail: VecDeque<u8>,
    left_out: u64,
}

impl BoundedLog {
    /// An empty log. If more than `most` bytes come, it keeps half of that from the beginning and half from the end.
    pub fn create(path: &Utf8Path, most: u64) -> io::Result<BoundedLog> {
        let half = usize::try_from(most / 2).unwrap_or(usize::MAX);
        Ok(BoundedLog {
            file: File::create(path)?,
            room: half,
            most: half,
            tail: VecDeque::new(),
            left_out: 0,
        })
    }

    /// Adds what was printed.
    pub fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        let (head, rest) = bytes.split_at(bytes.len().min(self.room));
        self.room -= head.len();
        self.file.write_all(head)?;
        let rest = rest.get(rest.len().saturating_sub(self.most)..).unwrap_or_default();
        self.left_out += (bytes.len() - head.len() - rest.len()) as u64;
        self.tail.extend(rest);
        let over = self.tail.len().saturating_sub(self.most);
        self.tail.drain(..over);
        self.left_out += over as u64;
        Ok(())
    }

    /// Writes what is left, and how much is missing.
    pub fn finish(mut self) -> io::Result<()> {
        if self.left_out > 0 {
            let said =
                format!("\n… {} bytes are left out: `run.max-log` sets the size of a log …\n", self.left_out);
            self.file.write_all(said.as_bytes())?;
        }
        let (one, other) = self.tail.as_slices();
        self.file.write_all(one)?;
        self.file.write_all(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(most: u64, parts: &[&str]) -> String {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(dir.path()).unwrap().join("log");
        let mut log = BoundedLog::create(&path, most).unwrap();
        parts.iter().for_each(|part| log.add(part.as_bytes()).unwrap());
        log.finish().unwrap();
        std::fs::read_to_string(path).unwrap()
    }

    #[test]
    fn of_a_long_log_the_beginning_and_the_end_are_kept() {
        assert_eq!(written(8, &["12", "345", "678"]), "12345678");
        let cut = |left_out| {
            format!("1234\n… {left_out} bytes are left out: `run.max-log` sets the size of a log …\n")
        };
        assert_eq!(written(8, &["12", "345", "6789a"]), cut(2) + "789a");
        assert_eq!(written(8, &["123456789abcdef"]), cut(7) + "cdef");
        assert_eq!(written(8, &["123456", "789abcdef", "g"]), cut(8) + "defg");
    }
}
