//! What there is to know of an option of a request, and how its values stand in words.
//! It does not know which options there are.

use super::RequestOptions;

/// An option of a request.
#[derive(Debug)]
pub struct RequestOption {
    /// Its name: without dashes, unique.
    pub name: &'static str,
    /// Whether it is typed as `--NAME`; if not, it has a letter.
    pub is_long: bool,
    /// The letter that stands for it.
    pub short: Option<char>,
    /// What its value is called; nothing for one that is only there or not.
    pub value_name: Option<&'static str>,
    /// One line for the help.
    pub help: &'static str,
    /// Below which heading it stands in the help.
    pub heading: Option<&'static str>,
    /// Its value where only its name is typed; then a value follows `=`.
    pub implied: Option<&'static str>,
    /// Whether it may be repeated.
    pub repeats: bool,
    /// Names of options that it cannot stand beside; `FILE` is a file.
    pub conflicts: &'static [&'static str],
    /// Whether another value makes another build, so that the build directory needs another name.
    pub is_identity: bool,
    /// The key of the configuration to whose list its values are added.
    pub adds_to: Option<&'static str>,
    /// Its values in a request; one that is empty stands for an option that is only there.
    pub get: fn(&RequestOptions) -> Vec<String>,
    /// Gives it these values.
    pub set: fn(&mut RequestOptions, Vec<String>),
}

/// What an option may hold.
pub trait Value {
    /// Whether the option may be repeated.
    const REPEATS: bool = false;
    /// The values.
    fn get(&self) -> Vec<String>;
    /// Takes these values.
    fn set(&mut self, values: Vec<String>);
}

impl Value for bool {
    fn get(&self) -> Vec<String> {
        if *self { vec![String::new()] } else { vec![] }
    }

    fn set(&mut self, values: Vec<String>) {
        *self = !values.is_empty();
    }
}

impl Value for Option<String> {
    fn get(&self) -> Vec<String> {
        self.iter().cloned().collect()
    }

    fn set(&mut self, mut values: Vec<String>) {
        *self = values.pop();
    }
}

impl Value for Vec<String> {
    const REPEATS: bool = true;

    fn get(&self) -> Vec<String> {
        self.clone()
    }

    fn set(&mut self, values: Vec<String>) {
        *self = values;
    }
}

impl RequestOption {
    /// `--NAME`.
    pub(super) const fn long(name: &'static str) -> RequestOption {
        RequestOption {
            name,
            is_long: true,
            short: None,
            value_name: None,
            help: "",
            heading: None,
            implied: None,
            repeats: false,
            conflicts: &[],
            is_identity: false,
            adds_to: None,
            get: |_| vec![],
            set: |_, _| {},
        }
    }

    /// `-L`, which has no long name.
    pub(super) const fn short(name: &'static str, letter: char) -> RequestOption {
        RequestOption { is_long: false, short: Some(letter), ..RequestOption::long(name) }
    }

    /// It can be typed as `-L`, too.
    pub(super) const fn or_short(self, letter: char) -> RequestOption {
        RequestOption { short: Some(letter), ..self }
    }

    /// It has a value, which is called like this.
    pub(super) const fn value(self, name: &'static str) -> RequestOption {
        RequestOption { value_name: Some(name), ..self }
    }

    /// It stands below this heading.
    pub(super) const fn below(self, heading: &'static str) -> RequestOption {
        RequestOption { heading: Some(heading), ..self }
    }

    /// Its value may be left out, and is this then.
    pub(super) const fn implies(self, value: &'static str) -> RequestOption {
        RequestOption { implied: Some(value), ..self }
    }

    /// It cannot stand beside these.
    pub(super) const fn against(self, names: &'static [&'static str]) -> RequestOption {
        RequestOption { conflicts: names, ..self }
    }

    /// Another value makes another build.
    pub(super) const fn identity(self) -> RequestOption {
        RequestOption { is_identity: true, ..self }
    }

    /// Its values are added to this key of the configuration.
    pub(super) const fn adds_to(self, key: &'static str) -> RequestOption {
        RequestOption { adds_to: Some(key), ..self }
    }

    /// How it is typed: `-I`, `--to`.
    pub fn typed(&self) -> String {
        let letter = self.short.filter(|_| !self.is_long);
        letter.map_or_else(|| format!("--{}", self.name), |letter| format!("-{letter}"))
    }

    /// Its words in a request: `--to sim`, `-DNAME`, `--each=GLOB`, `--strict`.
    pub fn words(&self, request: &RequestOptions) -> Vec<String> {
        let typed = self.typed();
        let said = |value: String| {
            // What would be read as another option, or as nothing.
            let is_odd = value.is_empty() || value.starts_with('=');
            match self.is_long {
                _ if self.value_name.is_none() => vec![typed.clone()],
                false if !is_odd => vec![format!("{typed}{value}")],
                _ if self.implied.is_some() || (value.starts_with('-') && value != "-") => {
                    vec![format!("{typed}={value}")]
                }
                _ => vec![typed.clone(), value],
            }
        };
        (self.get)(request).into_iter().flat_map(said).collect()
    }
}
