//! What must not be shown: values under names that suggest a secret, and passwords inside URLs.
//! It does not know where a text goes; whoever writes or prints a setting or a word passes it through here.

/// The replacement of a secret.
pub const MASK: &str = "***";

/// Whether the value of a key or a variable of this name is a secret.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    ["token", "secret", "password", "key"].iter().any(|word| name.ends_with(word))
}

/// A value as it may be shown: a mask when its key speaks of a secret, else with the passwords of its URLs masked.
pub fn shown_value(key: &str, value: &str) -> String {
    if is_secret(key) { MASK.to_owned() } else { shown_text(value) }
}

/// `KEY=VALUE` or `KEY+=VALUE` as it may be shown; text without `=` is masked as any other text.
pub fn shown_setting(setting: &str) -> String {
    match setting.split_once('=') {
        Some((key, value)) => {
            let name = key.trim().trim_end_matches('+').trim_end();
            format!("{key}={}", shown_value(name, value))
        }
        None => shown_text(setting),
    }
}

/// A text as it may be shown: `https://user:password@host` loses its password.
pub fn shown_text(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + "://".len());
        shown.push_str(before);
        let end = after.find(|c: char| "/?#".contains(c) || c.is_whitespace()).unwrap_or(after.len());
        let (authority, tail) = after.split_at(end);
        match authority.rsplit_once('@').map(|(login, host)| (login.split_once(':'), host)) {
            Some((Some((user, _)), host)) => shown.push_str(&format!("{user}:{MASK}@{host}")),
            _ => shown.push_str(authority),
        }
        rest = tail;
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_under_the_name_of_a_secret_and_passwords_in_urls_are_masked() {
        let shown = [
            "mine.token=abc",
            "mine.token+=abc",
            "cloud.API_KEY=abc",
            "a.b=c",
            "mine.url=https://me:pass@host/path?a=b@c and git://you:word@other",
            "mine.url=https://me@host/a:b@c",
            "mine.url=https://host:80/",
            "no setting",
        ]
        .map(shown_setting);
        assert_eq!(
            shown,
            [
                "mine.token=***",
                "mine.token+=***",
                "cloud.API_KEY=***",
                "a.b=c",
                "mine.url=https://me:***@host/path?a=b@c and git://you:***@other",
                "mine.url=https://me@host/a:b@c",
                "mine.url=https://host:80/",
                "no setting",
            ]
        );
    }
}
