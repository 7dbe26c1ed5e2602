//! The value of a text with Ninja's `$` in it.
//! It does not know where variables are defined; the caller looks them up.

use crate::diag::{Error, Result};

/// The text with all its `$` resolved.
///
/// # Errors
/// A `$` that means nothing, or what `value` says.
pub fn expand(text: &str, value: &mut dyn FnMut(&str) -> Result<String>) -> Result<String> {
    let mut done = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        done.push_str(before);
        let mut behind = after.chars();
        rest = match behind.next() {
            Some(c @ ('$' | ' ' | ':')) => {
                done.push(c);
                behind.as_str()
            }
            Some('\n') => behind.as_str().trim_start_matches(' '),
            Some('{') => {
                let (name, after) = behind.as_str().split_once('}').ok_or_else(|| lone(text))?;
                done.push_str(&value(name)?);
                after
            }
            _ => {
                let end = after.find(|c: char| !is_name(c)).unwrap_or(after.len());
                let (name, after) = after.split_at(end);
                if name.is_empty() {
                    return Err(lone(text));
                }
                done.push_str(&value(name)?);
                after
            }
        };
    }
    done.push_str(rest);
    Ok(done)
}

/// The characters of a variable name without braces.
fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

fn lone(text: &str) -> Box<Error> {
    Error::request(format!("a `$` in `{}` names no variable", text.escape_debug()))
        .hint("`$$` is a dollar; `$name` and `${name}` are variables")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> String {
        let mut look_up = |name: &str| Ok(format!("<{name}>"));
        expand(text, &mut look_up).unwrap_or_else(|error| error.message)
    }

    #[test]
    fn dollars_are_read_as_ninja_reads_them() {
        assert_eq!(value("$a-b.c ${a.b}x $$HOME a$ b$:c $\n   d"), "<a-b>.c <a.b>x $HOME a b:c d");
        assert_eq!(value("a $"), "a `$` in `a $` names no variable");
        assert_eq!(value("${a"), "a `$` in `${a` names no variable");
    }
}
