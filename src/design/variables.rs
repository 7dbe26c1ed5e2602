//! Environment variables in the paths of a filelist: `$V`, `${V}`, `$(V)`.
//! It does not know files.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use crate::facts::Facts;

/// A path with its variables put in, and those that were not set; their text stays as it is.
#[derive(Debug, PartialEq, Eq)]
pub struct Substituted {
    pub text: String,
    pub unset: Vec<String>,
}

/// Puts the variables in. Each that is asked for is remembered.
pub fn substitute(text: &str, facts: &Facts) -> Substituted {
    let mut found = Substituted { text: String::new(), unset: vec![] };
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, marked) = rest.split_at(at);
        found.text.push_str(before);
        let behind = marked.strip_prefix('$').unwrap_or_default();
        let Some((name, after)) = variable(behind) else {
            found.text.push('$');
            rest = behind;
            continue;
        };
        match facts.var(name).filter(|value| !value.is_empty()) {
            Some(value) => found.text.push_str(&value),
            None => {
                found.text.push_str(marked.strip_suffix(after).unwrap_or_default());
                found.unset.push(name.to_owned());
            }
        }
        rest = after;
    }
    found.text.push_str(rest);
    found
}

/// The name of a variable at the front of a text, and what follows it.
fn variable(text: &str) -> Option<(&str, &str)> {
    let closing = match text.chars().next()? {
        '{' => '}',
        '(' => ')',
        _ => {
            let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
            return (end > 0).then(|| text.split_at(end));
        }
    };
    let (name, after) = text.get(1..)?.split_once(closing)?;
    (!name.is_empty()).then_some((name, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::Env;

    #[test]
    fn three_ways_to_write_a_variable_and_one_that_is_not_set() {
        let vars = [("A".to_owned(), "x".to_owned()), ("B_1".to_owned(), "/y".to_owned())].into();
        let facts = Facts::new(Env { cwd: "/".into(), exe: "/bin/true".into(), args: vec![], vars });
        let found = substitute("$B_1/${A}_$(A)/$NO/a$", &facts);
        assert_eq!(found, Substituted { text: "/y/x_x/$NO/a$".into(), unset: vec!["NO".into()] });
    }
}
