//! The documents and their fenced blocks.
//! It does not know what is in a block.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

/// A document.
pub struct Document {
    /// Relative to the repository.
    pub path: PathBuf,
    pub text: String,
}

/// A fenced block.
pub struct Block {
    /// The first word after the fence.
    pub kind: String,
    pub lines: Vec<String>,
    /// The line of the document, from 1, that holds the opening fence.
    pub line: usize,
}

/// One command of a `console` block, and the output that is shown for it.
pub struct Command {
    pub text: String,
    pub output: Vec<String>,
}

/// The documents at the root, in `docs` and in `examples`, sorted by name.
pub fn documents() -> Vec<Document> {
    let mut folders = vec![PathBuf::from(""), "docs".into(), "examples".into()];
    folders.extend(listed("examples").into_iter().filter(|path| path.is_dir()));
    let files = folders.iter().flat_map(listed);
    let mut paths: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|e| e == "md")).collect();
    paths.sort();
    paths.into_iter().map(|path| document(&path)).collect()
}

/// What is in a folder of the checkout.
fn listed(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let folder = folder.as_ref();
    let entries = fs::read_dir(Path::new(".").join(folder)).unwrap();
    entries.map(|entry| folder.join(entry.unwrap().file_name())).collect()
}

/// One document.
pub fn document(path: impl AsRef<Path>) -> Document {
    let path = path.as_ref().to_owned();
    Document { text: fs::read_to_string(&path).unwrap(), path }
}

impl Document {
    /// The fenced blocks, in order.
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = vec![];
        let mut open = false;
        for (number, line) in self.text.lines().enumerate() {
            match line.strip_prefix("```") {
                Some(_) if open => open = false,
                Some(kind) => {
                    open = true;
                    blocks.push(Block { kind: kind.to_owned(), lines: vec![], line: number + 1 });
                }
                None if open => blocks.last_mut().unwrap().lines.push(line.to_owned()),
                None => {}
            }
        }
        assert!(!open, "{} ends inside of a fenced block", self.path.display());
        blocks
    }

    /// `docs/cli.md:12`.
    pub fn place(&self, block: &Block) -> String {
        format!("{}:{}", self.path.display(), block.line)
    }
}

impl Block {
    /// The commands when this is a `console` block.
    pub fn commands_or_none(&self) -> Vec<Command> {
        if self.kind == "console" { self.commands() } else { vec![] }
    }

    /// The commands of a `console` block: lines after `$ `, continued after `> `, each with the lines below it.
    pub fn commands(&self) -> Vec<Command> {
        let mut commands: Vec<Command> = vec![];
        for line in &self.lines {
            let more = line.strip_prefix("> ").or((line == ">").then_some(""));
            match (line.strip_prefix("$ "), more, commands.last_mut()) {
                (Some(text), _, _) => commands.push(Command { text: text.to_owned(), output: vec![] }),
                (_, Some(more), Some(last)) if last.output.is_empty() => {
                    last.text.push_str(&format!("\n{more}"));
                }
                (_, _, Some(last)) => last.output.push(line.to_owned()),
                (_, _, None) => panic!("line {}: a console block begins with `$ `", self.line),
            }
        }
        commands
    }
}
