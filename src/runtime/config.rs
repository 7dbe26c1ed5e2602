//! How a model is to be built, and the words that say it to `fudsv`.
//! It does not know what is built.

use super::error::{Error, Kind};
use crate::options::RequestOptions;

/// How a model is built. What is not said here is as `fud.toml` says, if the project has one.
///
/// ```
/// use fudsv::runtime::{Config, Waves};
///
/// let config = Config::new().optimization(2).ignore_warning("WIDTH").waves(Waves::Vcd).parameter("N", 4);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    optimization: Option<u8>,
    verilator_args: Vec<String>,
    defines: Vec<String>,
    parameters: Vec<String>,
    cxx_standard: Option<u8>,
    waves: Option<Waves>,
    profile: Option<String>,
    settings: Vec<(String, String)>,
    added: Vec<(String, Vec<String>)>,
}

/// A format of waveforms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Waves {
    /// Value change dump: text that every viewer reads.
    Vcd,
    /// Fast signal trace: small; GTKWave's format.
    Fst,
}

impl Config {
    /// As `fudsv exec` builds without options.
    pub fn new() -> Config {
        Config::default()
    }

    /// How hard Verilator optimises: 0 to 3, its `-O0` to `-O3`.
    #[must_use]
    pub fn optimization(mut self, level: u8) -> Config {
        self.optimization = Some(level);
        self
    }

    /// Says nothing of this kind of Verilator's warnings, such as `WIDTH`.
    #[must_use]
    pub fn ignore_warning(self, name: &str) -> Config {
        self.verilator_arg(format!("-Wno-{name}"))
    }

    /// A further option of Verilator, after the `verilator.args` of `fud.toml`.
    #[must_use]
    pub fn verilator_arg(mut self, option: impl Into<String>) -> Config {
        self.verilator_args.push(option.into());
        self
    }

    /// Defines a text macro; an empty value defines a macro without a value.
    #[must_use]
    pub fn define(mut self, name: &str, value: impl ToString) -> Config {
        let value = value.to_string();
        self.defines.push(if value.is_empty() { name.to_owned() } else { format!("{name}={value}") });
        self
    }

    /// Sets a parameter of the top module, as Verilator writes it: `4`, `8'hff`, `"text"`.
    #[must_use]
    pub fn parameter(mut self, name: &str, value: impl ToString) -> Config {
        self.parameters.push(format!("{name}={}", value.to_string()));
        self
    }

    /// The standard of C++: 14 to 26, after the `cxx.flags` of `fud.toml`. A design with delays needs at least 20, the
    /// default.
    #[must_use]
    pub fn cxx_standard(mut self, year: u8) -> Config {
        self.cxx_standard = Some(year);
        self
    }

    /// Lets models write waveforms, which makes them slower.
    #[must_use]
    pub fn waves(mut self, format: Waves) -> Config {
        self.waves = Some(format);
        self
    }

    /// A profile of `fud.toml`; `release` is there always, and builds models that run faster.
    #[must_use]
    pub fn profile(mut self, name: &str) -> Config {
        self.profile = Some(name.to_owned());
        self
    }

    /// Adds words to a key of `fud.toml` that has a list of them, after its own: `("cxx.flags", ["-g"])`.
    #[must_use]
    pub fn add<W: Into<String>>(mut self, key: &str, words: impl IntoIterator<Item = W>) -> Config {
        self.added.push((key.to_owned(), words.into_iter().map(Into::into).collect()));
        self
    }

    /// Any key of `fud.toml`, as `fudsv exec --set` takes it, instead of its value there: `("cxx.exe", "clang++")`.
    #[must_use]
    pub fn set(mut self, key: &str, value: impl Into<String>) -> Config {
        self.settings.push((key.to_owned(), value.into()));
        self
    }

    /// The words for `fudsv exec`.
    ///
    /// # Errors
    /// An optimisation that Verilator does not have.
    pub(super) fn words(&self) -> Result<Vec<String>, Error> {
        let mut args = self.verilator_args.clone();
        match self.optimization {
            None => {}
            Some(level @ 0..=3) => args.push(format!("-O{level}")),
            Some(level) => {
                let message = format!("Verilator has the optimisation levels 0 to 3, and not {level}");
                return Err(Error::new(Kind::Build, message));
            }
        }
        // What replaces a value comes first: the rest is added to it.
        let mut set: Vec<String> =
            self.settings.iter().map(|(key, value)| format!("{key}={value}")).collect();
        if !args.is_empty() {
            set.push(format!("verilator.args+={}", list(&args)));
        }
        if let Some(year) = self.cxx_standard {
            set.push(format!("cxx.flags+={}", list(&[format!("-std=c++{year:02}")])));
        }
        set.extend(self.added.iter().map(|(key, words)| format!("{key}+={}", list(words))));
        if let Some(format) = self.waves {
            set.push(format!("verilator.trace={}", if format == Waves::Vcd { "vcd" } else { "fst" }));
        }
        let (define, parameter, profile) =
            (self.defines.clone(), self.parameters.clone(), self.profile.clone());
        Ok(RequestOptions { define, parameter, set, profile, ..RequestOptions::default() }.command_line())
    }
}

/// A list of texts in TOML.
pub(super) fn list(words: &[String]) -> String {
    let character = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    let word = |word: &String| format!("\"{}\"", word.chars().map(character).collect::<String>());
    format!("[{}]", words.iter().map(word).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_chosen_is_said() {
        let config = Config::new().optimization(2).ignore_warning("WIDTH").define("A", "x y").define("B", "");
        let config = config.parameter("N", 4).cxx_standard(17).waves(Waves::Fst).profile("release");
        let config = config.set("cxx.exe", "clang++").add("cxx.flags", ["-g"]);
        let expected = [
            "-DA=x y",
            "-DB",
            "-GN=4",
            "--set",
            "cxx.exe=clang++",
            "--set",
            "verilator.args+=[\"-Wno-WIDTH\", \"-O2\"]",
            "--set",
            "cxx.flags+=[\"-std=c++17\"]",
            "--set",
            "cxx.flags+=[\"-g\"]",
            "--set",
            "verilator.trace=fst",
            "--profile",
            "release",
        ];
        assert_eq!(config.words().unwrap(), expected);
        assert_eq!(list(&["a\"\\\n".to_owned()]), "[\"a\\\"\\\\\\u000a\"]");
    }
}
