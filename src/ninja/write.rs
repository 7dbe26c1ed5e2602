//! The text of a Ninja file: the same statements give the same bytes.
//! It does not know disks; whoever has the build directory writes the text.

use super::file::{Build, File, Statement};
use super::text::{Name, PathText, Text};
use std::fmt;

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.statements.iter().try_for_each(|statement| write_statement(f, statement))
    }
}

fn write_statement(f: &mut fmt::Formatter<'_>, statement: &Statement) -> fmt::Result {
    match statement {
        Statement::Blank => writeln!(f),
        Statement::Comment(text) => {
            text.lines().try_for_each(|line| writeln!(f, "# {}", line.replace('\r', "")))
        }
        Statement::Variable(name, value) => write_binding(f, "", name, value),
        Statement::Pool(name, depth) => writeln!(f, "pool {}\n  depth = {}", name.as_str(), depth.max(&1)),
        Statement::Rule(name, bindings) => {
            writeln!(f, "rule {}", name.as_str())?;
            bindings.iter().try_for_each(|(name, value)| write_binding(f, "  ", name, value))
        }
        Statement::Build(build) => write_build(f, build),
        Statement::Default(paths) => writeln!(f, "default{}", Paths(paths)),
    }
}

fn write_build(f: &mut fmt::Formatter<'_>, build: &Build) -> fmt::Result {
    let outputs = Paths(&build.outputs).to_string();
    write!(f, "build {}: {}{}", outputs.trim_start(), build.rule.as_str(), Paths(&build.inputs))?;
    for (sign, paths) in [("|", &build.implicit), ("||", &build.order_only)] {
        if !paths.is_empty() {
            write!(f, " {sign}{}", Paths(paths))?;
        }
    }
    writeln!(f)?;
    build.bindings.iter().try_for_each(|(name, value)| write_binding(f, "  ", name, value))
}

fn write_binding(f: &mut fmt::Formatter<'_>, indent: &str, name: &Name, value: &Text) -> fmt::Result {
    writeln!(f, "{indent}{} = {}", name.as_str(), value.as_value())
}

/// Paths on a build line, each after a blank.
struct Paths<'a>(&'a [PathText]);

impl fmt::Display for Paths<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|path| write!(f, " {}", path.as_path()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths::WorkPath;

    fn name(text: &str) -> Name {
        Name::new(text).unwrap()
    }

    fn path(text: &str) -> PathText {
        PathText::new(&WorkPath::new(text).unwrap())
    }

    #[test]
    fn a_file_is_written_as_ninja_reads_it() {
        let command = Text::literal("cat ").then(Text::var(name("x")));
        let build = Build {
            outputs: vec![path("a b")],
            rule: name("cat"),
            inputs: vec![path("$in")],
            implicit: vec![path("tool")],
            order_only: vec![path("dir")],
            bindings: vec![(name("x"), Text::literal("5 $"))],
        };
        let statements = vec![
            Statement::Comment("made by hand".into()),
            Statement::Rule(name("cat"), vec![(name("command"), command)]),
            Statement::Build(build),
            Statement::Default(vec![path("a b")]),
        ];
        let expected = "# made by hand\nrule cat\n  command = cat ${x}\nbuild a$ b: cat $$in | tool || dir\n  x = 5 $$\ndefault a$ b\n";
        assert_eq!(File { statements }.to_string(), expected);
    }
}
