//! The text of a filelist as Verilator splits it into words: comments, quotes, escapes.
//! It does not know what the words mean.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

/// A word and the line it begins on, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub line: usize,
}

/// The words of a filelist.
///
/// # Errors
/// A comment that is never closed; gives the line on which it begins.
pub fn words(text: &str) -> Result<Vec<Word>, usize> {
    let mut open = None;
    let mut plain = vec![];
    for (at, line) in text.lines().enumerate() {
        let left = without_comments(line, at + 1, &mut open);
        plain.extend(left.into_iter().chain([' ']).map(|c| (c, at + 1)));
    }
    match open {
        Some(line) => Err(line),
        None => Ok(split(&plain)),
    }
}

/// A line without its comments: `//` after a blank or at the front, `#` as the first character that is not blank, `/* */`.
fn without_comments(line: &str, number: usize, open: &mut Option<usize>) -> Vec<char> {
    let chars: Vec<char> = line.chars().collect();
    let (mut left, mut only_blanks, mut at) = (vec![], true, 0);
    while let Some(&c) = chars.get(at) {
        let pair = (c, chars.get(at + 1).copied());
        let before = at.checked_sub(1).and_then(|before| chars.get(before));
        let after_blank = before.is_none_or(char::is_ascii_whitespace);
        at += 1;
        match pair {
            ('*', Some('/')) if open.is_some() => {
                *open = None;
                at += 1;
            }
            _ if open.is_some() => {}
            ('/', Some('/')) if after_blank => break,
            ('#', _) if only_blanks => break,
            ('/', Some('*')) => {
                *open = Some(number);
                only_blanks = false;
                at += 1;
            }
            _ => {
                only_blanks &= c.is_ascii_whitespace();
                left.push(c);
            }
        }
    }
    left
}

/// What the next character belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum QuoteState {
    Nothing,
    /// `"…"`, of which the quotes are left out.
    Quotes,
    /// `'"…"'`, of which the single quotes are left out.
    Literal,
}

/// The words of a text without comments. A `'` that no `"` follows is kept: `8'hff`.
fn split(chars: &[(char, usize)]) -> Vec<Word> {
    let mut words = vec![];
    let mut word: Option<Word> = None;
    let mut inside = QuoteState::Nothing;
    let mut chars = chars.iter().copied().peekable();
    while let Some((c, line)) = chars.next() {
        let mut keep = |c: char| {
            word.get_or_insert_with(|| Word { text: String::new(), line }).text.push(c);
        };
        match (inside, c) {
            (QuoteState::Nothing, c) if c.is_ascii_whitespace() => words.extend(word.take()),
            (QuoteState::Nothing | QuoteState::Quotes, '\\') => {
                chars.next().into_iter().for_each(|(c, _)| keep(c))
            }
            (QuoteState::Nothing, '\'') => match chars.next_if(|(next, _)| *next == '"') {
                Some((quote, _)) => {
                    inside = QuoteState::Literal;
                    keep(quote);
                }
                None => {
                    keep('\'');
                    chars.next().into_iter().for_each(|(c, _)| keep(c));
                }
            },
            (QuoteState::Nothing, '"') => inside = QuoteState::Quotes,
            (QuoteState::Quotes, '"') | (QuoteState::Literal, '\'') => inside = QuoteState::Nothing,
            (_, c) => keep(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<String> {
        words(text).unwrap().into_iter().map(|word| format!("{}:{}", word.line, word.text)).collect()
    }

    #[test]
    fn comments_are_those_of_verilator() {
        let text = "# first\n a.sv // rest\nb/c//d.sv x#y.sv\n/* two\nlines */ e.sv f/* in */g.sv\n";
        assert_eq!(split(text), ["2:a.sv", "3:b/c//d.sv", "3:x#y.sv", "5:e.sv", "5:fg.sv"]);
    }

    #[test]
    fn a_comment_starts_in_the_middle_of_what_would_be_a_glob() {
        assert_eq!(words("a.sv\nrtl/*.sv\n"), Err(2));
    }

    #[test]
    fn quotes_and_escapes_are_taken_out_and_a_lone_quote_stays() {
        let text = r#""a b.sv" c\ d.sv -GW=8'hff -GS='"x y"' +define+M=\"q\" """#;
        assert_eq!(
            split(text),
            ["1:a b.sv", "1:c d.sv", "1:-GW=8'hff", "1:-GS=\"x y\"", "1:+define+M=\"q\""]
        );
    }
}
