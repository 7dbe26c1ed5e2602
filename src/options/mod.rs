//! What a request asks for: its operands, and its options, each of which is one entry of one table. From the table are
//! made the arguments of commands, the words that say a request again, and what tells two builds of one thing apart.
//! It does not know the command line's library, nor what an option does.

mod option;
mod table;

pub use option::{RequestOption, Value};
pub use table::{OPTIONS, RequestOptions};

#[cfg(feature = "program")]
use serde::{Deserialize, Serialize};

/// What is built, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "program", derive(Serialize, Deserialize))]
pub enum Operand {
    /// A file, `-` for standard input, the name of a design, or `+incdir+…` and the like.
    Word(String),
    /// A filelist.
    List {
        /// As typed.
        path: String,
        /// Whether the paths in it are relative to itself (`-F`).
        own_paths: bool,
    },
}

impl RequestOptions {
    /// The operands that are no filelists, in their order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.operands.iter().filter_map(|operand| match operand {
            Operand::Word(word) => Some(word.as_str()),
            Operand::List { .. } => None,
        })
    }

    /// The same request for other words: files or designs.
    pub fn with_words(&self, words: impl IntoIterator<Item = String>) -> RequestOptions {
        RequestOptions { operands: words.into_iter().map(Operand::Word).collect(), ..self.clone() }
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
        let mut words = vec![];
        for operand in &self.operands {
            match operand {
                // A file of such a name would be an option.
                Operand::Word(word) if word.starts_with('-') && word != "-" => {
                    words.push(format!("./{word}"));
                }
                Operand::Word(word) => words.push(word.clone()),
                Operand::List { path, own_paths } => {
                    words.extend([if *own_paths { "-F" } else { "-f" }.into(), path.clone()]);
                }
            }
        }
        words.extend(OPTIONS.iter().flat_map(|option| option.words(self)));
        words
    }

    /// The options that make another build of the same thing, each with its values; what has a place of its own in the
    /// name of a build directory is not among them.
    pub fn identity(&self) -> impl Iterator<Item = (&'static str, String)> {
        let of = |option: &'static RequestOption| {
            (option.get)(self).into_iter().map(|value| (option.name, value)).collect::<Vec<_>>()
        };
        let lists = self.operands.iter().filter_map(|operand| match operand {
            Operand::List { path, own_paths } => Some((if *own_paths { "-F" } else { "-f" }, path.clone())),
            Operand::Word(word) => word.starts_with('+').then(|| ("word", word.clone())),
        });
        OPTIONS.iter().filter(|option| option.is_identity).flat_map(of).chain(lists)
    }
}
