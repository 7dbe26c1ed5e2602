//! Properties of a request and of its options: the words that repeat it, and the options that make another build.
//! It does not know which options there are.

use super::operand::Operand;
use super::table::{OPTIONS, RequestOption, RequestOptions};

impl RequestOptions {
    /// The operands that are not filelists, in their order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.operands.iter().filter_map(|operand| match operand {
            Operand::Word(word) => Some(word.as_str()),
            Operand::List { .. } => None,
        })
    }

    /// The same request of nothing: for who only looks into the configuration.
    pub fn without_operands(&self) -> RequestOptions {
        RequestOptions { operands: vec![], to: vec![], output: vec![], ..self.clone() }
    }

    /// The same request with these words instead of its own; filelists stay.
    pub fn with_words(&self, words: &[String]) -> RequestOptions {
        let stays = |operand: &&Operand| !matches!(operand, Operand::Word(word) if !words.contains(word));
        let mut operands: Vec<Operand> = self.operands.iter().filter(stays).cloned().collect();
        let new = words.iter().filter(|word| !self.words().any(|own| own == *word));
        operands.extend(new.cloned().map(Operand::Word));
        RequestOptions { operands, ..self.clone() }
    }

    /// Whether anything is to be built.
    pub fn asks(&self) -> bool {
        !(self.operands.is_empty() && self.to.is_empty() && self.output.is_empty())
    }

    /// The chosen profile, when one was chosen.
    pub fn profile(&self) -> Option<String> {
        if self.release { Some("release".into()) } else { self.profile.clone() }
    }

    /// The words that ask for this, to be typed after a command that takes a request.
    pub fn command_line(&self) -> Vec<String> {
        let operands = self.operands.iter().flat_map(Operand::command_line);
        operands.chain(OPTIONS.iter().flat_map(|option| option.command_line(self))).collect()
    }

    /// The options that make another build of the same thing, each with its values, without those that are part of the name of
    /// a build directory.
    pub fn identity(&self) -> impl Iterator<Item = (&'static str, String)> {
        let of = |option: &'static RequestOption| {
            (option.get)(self).into_iter().map(|value| (option.name, value)).collect::<Vec<_>>()
        };
        let lists = self.operands.iter().filter_map(|operand| match operand {
            Operand::List { path, own_paths } => Some((Operand::flag(*own_paths), path.clone())),
            Operand::Word(word) => word.starts_with('+').then(|| ("word", word.clone())),
        });
        OPTIONS.iter().filter(|option| option.is_identity).flat_map(of).chain(lists)
    }
}

impl RequestOption {
    /// How it is typed: `-I`, `--to`.
    pub fn typed(&self) -> String {
        let letter = self.short.filter(|_| !self.is_long);
        letter.map_or_else(|| format!("--{}", self.name), |letter| format!("-{letter}"))
    }

    /// The words that give it the values that it has in a request: `--to sim`, `-DNAME`, `--each=GLOB`, `--strict`.
    pub fn command_line(&self, request: &RequestOptions) -> Vec<String> {
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
