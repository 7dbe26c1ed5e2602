//! Fills the `@…@` of a template.
//! It does not know the content of templates.

/// Replaces every `@NAME@`; what is put in is not looked at again.
pub fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut filled = String::with_capacity(template.len() * 2);
    let mut parts = template.split('@');
    filled.push_str(parts.next().unwrap_or_default());
    while let (Some(name), Some(text)) = (parts.next(), parts.next()) {
        let value = values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value);
        filled.push_str(value);
        filled.push_str(text);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        let values = [("A", "@B@".to_owned()), ("B", "no".to_owned())];
        assert_eq!(fill("x @A@ y@B@", &values), "x @B@ yno");
    }
}
