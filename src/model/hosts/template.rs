//! Fills the `@…@` of a frame, and writes text into C.
//! It does not know what the frames say.

/// Replaces every `@NAME@`; what is put in is not looked at again.
pub fn fill(frame: &str, values: &[(&str, String)]) -> String {
    let mut filled = String::with_capacity(frame.len() * 2);
    let mut parts = frame.split('@');
    filled.push_str(parts.next().unwrap_or_default());
    while let (Some(name), Some(text)) = (parts.next(), parts.next()) {
        let value = values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value);
        filled.push_str(value);
        filled.push_str(text);
    }
    filled
}

/// A C string constant of this text.
pub fn c_text(text: &str) -> String {
    let mut constant = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => constant.extend(['\\', char::from(byte)]),
            b'?' => constant.push_str("\\?"),
            0x20..0x7f => constant.push(char::from(byte)),
            _ => constant.push_str(&format!("\\{byte:03o}")),
        }
    }
    constant.push('"');
    constant
}

/// Text that can't end a comment.
pub fn comment_text(text: &str) -> String {
    text.replace("*/", "* /").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        let values = [("A", "@B@".to_owned()), ("B", "no".to_owned())];
        assert_eq!(fill("x @A@ y@B@", &values), "x @B@ yno");
    }

    #[test]
    fn any_text_is_one_constant() {
        assert_eq!(c_text("a\"b\\\n?é"), "\"a\\\"b\\\\\\012\\?\\303\\251\"");
    }
}
