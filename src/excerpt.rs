//! What is shown of a text that is too long to be shown: its beginning and its end, and of a long line its beginning.
//! It does not know who says it.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use camino::Utf8Path;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Of a longer log, this many bytes of its beginning and of its end are passed on: somebody reads them.
pub const SHOWN: u64 = 512 << 10;

/// Of a longer log, this many bytes of its beginning and of its end are searched for messages.
pub const SEARCHED: u64 = 8 << 20;

/// A line in a message is cut behind this many characters.
const LONGEST_LINE: usize = 1000;

/// The part of a file from the byte `from` on; of one of more than twice `half` bytes the beginning and the end, with a
/// line between them that says how much is left out. Also how long the file is.
///
/// # Errors
/// Whatever opening or reading it says.
pub fn of_file(path: &Utf8Path, from: u64, half: u64) -> io::Result<(Vec<u8>, u64)> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = vec![];
    let rest = length.saturating_sub(from);
    if rest <= half.saturating_mul(2) {
        file.take(rest).read_to_end(&mut bytes)?;
        let until = from + bytes.len() as u64;
        return Ok((bytes, until));
    }
    (&mut file).take(half).read_to_end(&mut bytes)?;
    let left_out = rest - 2 * half;
    bytes.extend(format!("\n… {left_out} bytes are left out; `{path}` has them …\n").into_bytes());
    file.seek(SeekFrom::Start(length - half))?;
    file.take(half).read_to_end(&mut bytes)?;
    Ok((bytes, length))
}

/// The first and the last `half` lines of a longer text, with a line between them that says how many are left out and
/// where they are.
pub fn ends<'t>(text: &'t str, half: usize, whole: &str) -> Cow<'t, str> {
    let count = text.lines().count();
    if count <= 2 * half + 1 {
        return Cow::Borrowed(text);
    }
    let first: Vec<&str> = text.lines().take(half).collect();
    let last: Vec<&str> = text.lines().skip(count - half).collect();
    let between = format!("… {} lines are left out; `{whole}` has them …", count - 2 * half);
    Cow::Owned([first.join("\n"), between, last.join("\n")].join("\n"))
}

/// A text with its long lines cut.
pub fn lines(text: &str) -> Cow<'_, str> {
    // No line has more characters than bytes.
    if text.split('\n').all(|line| line.len() <= LONGEST_LINE) {
        return Cow::Borrowed(text);
    }
    let cut: Vec<Cow<'_, str>> = text.split('\n').map(|line| beginning(line, LONGEST_LINE)).collect();
    Cow::Owned(cut.join("\n"))
}

fn beginning(line: &str, most: usize) -> Cow<'_, str> {
    match line.char_indices().nth(most) {
        None => Cow::Borrowed(line),
        Some((at, _)) => {
            let (shown, rest) = line.split_at(at);
            Cow::Owned(format!("{shown}… ({} more characters)", rest.chars().count()))
        }
    }
}

/// The part of a line around a column, from 1: what is shown of it, and the column in that.
pub fn around(line: &str, column: usize) -> (String, usize) {
    const BEFORE: usize = 60;
    const SHOWN: usize = 160;
    if line.len() <= SHOWN {
        return (line.to_owned(), column);
    }
    let skipped = column.saturating_sub(BEFORE + 1);
    let mut rest = line.chars().skip(skipped);
    let shown: String = rest.by_ref().take(SHOWN).collect();
    let (front, back) = (if skipped > 0 { "…" } else { "" }, if rest.next().is_some() { "…" } else { "" });
    (format!("{front}{shown}{back}"), column - skipped + front.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_lines_the_ends_are_shown() {
        assert_eq!(ends("1\n2\n3\n4\n5", 2, "log"), "1\n2\n3\n4\n5");
        assert_eq!(
            ends("1\n2\n3\n4\n5\n6", 2, "log"),
            "1\n2\n… 2 lines are left out; `log` has them …\n5\n6"
        );
    }

    #[test]
    fn a_long_file_is_its_beginning_and_its_end_and_a_short_one_is_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(dir.path()).unwrap().join("log");
        std::fs::write(&path, "0123456789").unwrap();
        let shown = |from, half| {
            let (bytes, length) = of_file(&path, from, half).unwrap();
            (String::from_utf8(bytes).unwrap(), length)
        };
        assert_eq!(shown(0, 5), ("0123456789".to_owned(), 10));
        assert_eq!(shown(4, 5), ("456789".to_owned(), 10));
        assert_eq!(shown(1, 2), (format!("12\n… 5 bytes are left out; `{path}` has them …\n89"), 10));
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let text = format!("short\n{}\nend", "ü".repeat(1002));
        assert_eq!(lines(&text), format!("short\n{}… (2 more characters)\nend", "ü".repeat(1000)));
        assert_eq!(lines("a\nb\n"), "a\nb\n");
    }

    #[test]
    fn of_a_long_line_the_part_around_the_column_is_shown() {
        let line = format!("{}X{}", "a".repeat(70_000), "b".repeat(70_000));
        let (shown, column) = around(&line, 70_001);
        assert_eq!(shown, format!("…{}X{}…", "a".repeat(60), "b".repeat(99)));
        assert_eq!(shown.chars().nth(column - 1), Some('X'));
        assert_eq!(around("short", 3), ("short".to_owned(), 3));
        assert_eq!(around(&line, 0).1, 0);
    }
}
