//! Text as C writes it.
//! It does not know where the text goes.

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

/// Text that cannot end a comment.
pub fn comment_text(text: &str) -> String {
    text.replace("*/", "* /").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_one_constant() {
        assert_eq!(c_text("a\"b\\\n?é"), "\"a\\\"b\\\\\\012\\?\\303\\251\"");
    }
}
