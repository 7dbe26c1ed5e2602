//! Free names in a target language: how a name of the design becomes one that is free in a scope.
//! It does not know languages: each host brings its reserved words.

use std::collections::HashSet;

/// A name that C, and so every host, allows: other characters become `_`, and a `_` goes before a leading digit.
pub fn symbol(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let symbol: String = name.chars().map(plain).collect();
    if symbol.starts_with(|c: char| c.is_ascii_digit()) { format!("_{symbol}") } else { symbol }
}

/// `alu_top` as the name of a type: `AluTop`.
pub fn camel(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name: String = words.map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() {
        return format!("Model{name}");
    }
    name
}

/// The name of a model as a package: in lower case, and not one that `is_taken`.
pub fn package(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let lower = symbol(name).to_ascii_lowercase();
    let lower = if lower.starts_with('_') { format!("model{lower}") } else { lower };
    if is_taken(&lower) { format!("{lower}_model") } else { lower }
}

/// Whether a list of words, parted by blanks, has this one.
pub fn is_word(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|one| one == word)
}

/// The names that are in use in one scope of a target language.
pub struct Scope {
    /// Words that are a name nowhere, parted by blanks.
    words: &'static str,
    taken: HashSet<String>,
}

impl Scope {
    /// A scope of a language with such `words`, in which the names of `taken` are in use.
    pub fn new(words: &'static str, taken: &str) -> Scope {
        Scope { words, taken: taken.split_whitespace().map(str::to_owned).collect() }
    }

    /// Whether a name is in use.
    pub fn has(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    /// Takes names.
    pub fn claim(&mut self, names: impl IntoIterator<Item = String>) {
        self.taken.extend(names);
    }

    /// The name, with `_` for what no language allows and with `_` behind it until it is free; takes it.
    pub fn free(&mut self, name: &str) -> String {
        self.free_for(name, |name| vec![name.to_owned()])
    }

    /// As [`Scope::free`], until all that `uses` makes of the name is free, too.
    pub fn free_for(&mut self, name: &str, uses: impl Fn(&str) -> Vec<String>) -> String {
        let mut name = symbol(name);
        while name.is_empty()
            || is_word(self.words, &name)
            || uses(&name).iter().any(|used| self.taken.contains(used))
        {
            name.push('_');
        }
        self.claim(uses(&name));
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_begins_a_c_function() {
        assert_eq!(["counter", "my-top.v2", "4bit"].map(symbol), ["counter", "my_top_v2", "_4bit"]);
    }

    #[test]
    fn a_name_is_free_when_all_that_is_made_of_it_is() {
        let mut scope = Scope::new("new in", "tick");
        let mut free = |name: &str| scope.free_for(name, |name| vec![name.to_owned(), format!("set_{name}")]);
        let names = ["tick", "new", "q$x", "a", "set_a", ""].map(&mut free);
        assert_eq!(names, ["tick_", "new_", "q_x", "a", "set_a_", "_"]);
        assert_eq!(["in", "in", "tick"].map(|name| scope.free(name)), ["in_", "in__", "tick__"]);
    }
}
