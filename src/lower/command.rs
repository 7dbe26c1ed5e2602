//! A command put together: values quoted for their places, and the positions of its outputs.
//! It does not know Ninja; the text is what `sh -c` gets.

use super::emission::{Piece, RunIn, Target};
use crate::paths::{Places, WorkPath};
use crate::shell::{Quote, Scanner};

/// Where in a command the name of an output stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Bytes.
    pub len: usize,
    /// Position among the step's targets.
    pub target: usize,
    /// How it is quoted.
    pub quote: Quote,
}

/// A shell command with real names, and the positions of the outputs in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// The text.
    pub text: String,
    /// The outputs in it, in order.
    pub spans: Vec<Span>,
}

/// Puts a command together.
pub fn compose(pieces: &[Piece], targets: &[Target], run_in: RunIn, places: &Places) -> Command {
    let mut command = Command::default();
    let mut scanner = Scanner::default();
    for piece in pieces {
        let quote = scanner.context();
        let start = command.text.len();
        match piece {
            Piece::Text(text) => {
                scanner.read(text);
                command.text.push_str(text);
            }
            Piece::Words(words) => {
                let words: Vec<String> = words.iter().map(|word| quote.apply(word)).collect();
                command.text.push_str(&words.join(" "));
            }
            Piece::File(path) => {
                command.text.push_str(&quote.apply(&seen_from(path, run_in, places)));
                let len = command.text.len() - start;
                let target = targets.iter().position(|target| target.path == *path);
                command.spans.extend(target.map(|target| Span { start, len, target, quote }));
            }
        }
    }
    command
}

/// The file as the step sees it; a program never reads it as an option, or as `@FILE`.
pub fn seen_from(path: &WorkPath, run_in: RunIn, places: &Places) -> String {
    let path = match run_in {
        RunIn::Workdir => path.as_path().to_owned(),
        RunIn::Root => places.from_root(path),
    };
    if path.as_str().starts_with(['-', '+', '@']) { format!("./{path}") } else { path.into_string() }
}

/// The text of an option that is a path, such as the dependency file: seen from the build directory, not quoted.
pub fn path_text(pieces: &[Piece]) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::File(path) => path.to_string(),
        Piece::Words(words) => words.join(" "),
    };
    pieces.iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        Places { cwd: "/p".into(), root: "/p".into(), workdir: "/p/.fudsv/x".into() }
    }

    fn path(text: &str) -> WorkPath {
        WorkPath::new(text).unwrap()
    }

    #[test]
    fn a_value_is_quoted_for_where_it_stands_and_its_place_is_known() {
        let target = Target { path: path("o ut"), directory: false };
        let pieces = [
            Piece::Text("cp \"".into()),
            Piece::File(path("../../a $b")),
            Piece::Text("\" ".into()),
            Piece::File(path("o ut")),
            Piece::Text(".d".into()),
        ];
        let command = compose(&pieces, std::slice::from_ref(&target), RunIn::Workdir, &places());
        assert_eq!(command.text, r#"cp "../../a \$b" 'o ut'.d"#);
        assert_eq!(command.spans, [Span { start: 17, len: 6, target: 0, quote: Quote::Bare }]);
    }

    #[test]
    fn a_step_at_the_root_sees_files_from_there_and_no_file_looks_like_an_option() {
        for name in ["-a.sv", "@a.cpp", "+a.sv"] {
            let file = Piece::File(path(&format!("../../{name}")));
            assert_eq!(compose(&[file], &[], RunIn::Root, &places()).text, format!("./{name}"));
        }
    }
}
