//! Runs the program `fudsv` and reads what it says to programs.
//! It does not know what is built.

use super::error::{Error, Kind};
use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;

/// The message while another process builds in the same directory.
const BLOCKING: &str = "    Blocking ";

/// The variable of the environment, if it is set to something.
#[allow(clippy::disallowed_methods)] // this module is a library of its own, which users' programs call
pub(super) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// The program: the given one, else the one in the variable `FUDSV`, else the one on PATH.
pub(super) fn find(given: Option<&PathBuf>) -> OsString {
    given
        .map(|path| path.clone().into_os_string())
        .or_else(|| variable("FUDSV"))
        .unwrap_or_else(|| "fudsv".into())
}

/// What is heard of a build while it goes on.
pub(super) enum BuildEvent {
    /// A step has run.
    Step,
    /// What Verilator warns of, as it says it.
    Warning(String),
}

/// Builds, and returns the path of the result.
///
/// # Errors
/// The program does not exist, or the build failed; the error contains its output.
pub(super) fn exec(
    program: &OsStr,
    words: &[OsString],
    mut hear: impl FnMut(BuildEvent),
) -> Result<PathBuf, Error> {
    let mut command = Command::new(program);
    command.arg("exec").args(words).args(["-q", "--message-format", "json", "--color", "never"]);
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|cause| not_started(program, &cause))?;
    let said = child.stderr.take().map(|pipe| thread::spawn(move || complaints(pipe)));
    let mut result = None;
    for line in
        child.stdout.take().into_iter().flat_map(|pipe| BufReader::new(pipe).lines().map_while(Result::ok))
    {
        match text(&line, "type").as_deref() {
            Some("step") if text(&line, "outcome").is_some_and(|outcome| outcome != "hit") => {
                hear(BuildEvent::Step)
            }
            Some("diagnostic") => warning(&line).into_iter().for_each(|text| hear(BuildEvent::Warning(text))),
            Some("artifact") => result = text(&line, "path").map(PathBuf::from),
            _ => {}
        }
    }
    let said = said.and_then(|thread| thread.join().ok()).unwrap_or_default();
    let status = wait(&mut child)?;
    match result.filter(|_| status.success()) {
        Some(result) => Ok(result),
        None => Err(failed(status, &said)),
    }
}

fn wait(child: &mut Child) -> Result<ExitStatus, Error> {
    child.wait().map_err(|cause| Error::new(Kind::Machine, format!("cannot wait for `fudsv`: {cause}")))
}

fn not_started(program: &OsStr, cause: &std::io::Error) -> Error {
    let program = program.display();
    let message = if cause.kind() == ErrorKind::NotFound {
        format!(
            "cannot build a model: there is no program `{program}`; install it with `cargo install fudsv`, or name it in the variable `FUDSV`"
        )
    } else {
        format!("cannot start `{program}`: {cause}")
    };
    Error::new(Kind::Machine, message)
}

fn failed(status: ExitStatus, said: &str) -> Error {
    let kind = if status.code().is_some_and(|code| code < 3) { Kind::Build } else { Kind::Machine };
    let said = said.trim_end();
    if said.is_empty() {
        return Error::new(kind, format!("`fudsv` ended with {status}"));
    }
    Error::new(kind, said.strip_prefix("error: ").unwrap_or(said))
}

/// Collects the messages of a build that may fail. Waiting for another build is reported at once.
fn complaints(pipe: impl Read) -> String {
    let mut said = String::new();
    for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        if line.starts_with(BLOCKING) { tell(Level::Info, &line) } else { said += &(line + "\n") }
    }
    said
}

/// How much a line matters.
#[derive(Clone, Copy)]
pub(super) enum Level {
    Info,
    Warning,
}

/// Writes a line to standard error, past what `cargo test` captures.
#[cfg(not(feature = "log"))]
pub(super) fn tell(_level: Level, line: &str) {
    use std::io::Write;
    // Standard error itself failed, so nothing can report it.
    drop(std::io::stderr().write_all(format!("{line}\n").as_bytes()));
}

/// Hands a line to the logger of the program.
#[cfg(feature = "log")]
pub(super) fn tell(level: Level, line: &str) {
    let level = if matches!(level, Level::Warning) { log::Level::Warn } else { log::Level::Info };
    log::log!(target: "fudsv", level, "{}", line.trim_start());
}

/// A warning out of an object that describes it: `%Warning-WIDTH: a.sv:3:5: …`, then the lines that Verilator adds.
fn warning(object: &str) -> Option<String> {
    text(object, "severity").filter(|severity| severity == "warning")?;
    let code = text(object, "code").map(|code| format!("-{code}")).unwrap_or_default();
    let place = [text(object, "file"), number(object, "line"), number(object, "column")];
    let place: String = place.into_iter().map_while(|part| part.map(|part| part + ":")).collect();
    let blank = if place.is_empty() { "" } else { " " };
    let message = text(object, "message")?;
    let context = text(object, "context").unwrap_or_default();
    Some(format!("%Warning{code}: {place}{blank}{message}\n{context}").trim_end().to_owned())
}

/// The digits of a number in an object of one line.
fn number(object: &str, key: &str) -> Option<String> {
    let start = format!("\"{key}\":");
    let rest = &object[object.find(&start)? + start.len()..];
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some(digits).filter(|digits| !digits.is_empty())
}

/// A text in an object of one line, which has no blanks between its parts.
fn text(object: &str, key: &str) -> Option<String> {
    let start = format!("\"{key}\":\"");
    let mut rest = object[object.find(&start)? + start.len()..].chars();
    let (mut text, mut units) = (String::new(), vec![]);
    loop {
        let unit = match rest.next()? {
            '"' => return Some(text + String::from_utf16_lossy(&units).as_str()),
            '\\' => match rest.next()? {
                'u' => Some(u16::from_str_radix(&rest.by_ref().take(4).collect::<String>(), 16).ok()?),
                'n' => Some(10),
                't' => Some(9),
                'r' => Some(13),
                'b' => Some(8),
                'f' => Some(12),
                c => u16::try_from(u32::from(c)).ok(),
            },
            c => {
                text += &String::from_utf16_lossy(&std::mem::take(&mut units));
                text.push(c);
                None
            }
        };
        units.extend(unit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_an_object_are_read() {
        let object =
            r#"{"type":"artifact","state":"so","path":"a \"b\"\\ü\u00e9\ud83d\ude00\n.so","directory":true}"#;
        assert_eq!(text(object, "path").unwrap(), "a \"b\"\\üé😀\n.so");
        assert_eq!(text(object, "type").unwrap(), "artifact");
        assert_eq!(text(object, "directory"), None);
        assert_eq!(text("{\"path\":\"cut", "path"), None);
    }

    #[test]
    fn a_warning_reads_as_verilator_says_it() {
        let object = r#"{"type":"diagnostic","severity":"warning","code":"WIDTH","file":"a.sv","line":2,"column":12,"message":"too \"wide\"","context":"    2 |  assign y = a;\n      |"}"#;
        let said = "%Warning-WIDTH: a.sv:2:12: too \"wide\"\n    2 |  assign y = a;\n      |";
        assert_eq!(warning(object).unwrap(), said);
        let bare = r#"{"type":"diagnostic","severity":"warning","code":null,"file":null,"line":null,"message":"x","context":""}"#;
        assert_eq!(warning(bare).unwrap(), "%Warning: x");
        assert_eq!(warning(&object.replace("\"warning\"", "\"error\"")), None);
    }

    #[test]
    fn a_program_that_is_not_there_is_told_with_what_to_do() {
        let error = exec("no-such-fudsv".as_ref(), &[], |_| ()).unwrap_err();
        let message = "cannot build a model: there is no program `no-such-fudsv`; install it with `cargo install fudsv`, \
                       or name it in the variable `FUDSV`";
        assert_eq!((error.kind, error.message.as_str()), (Kind::Machine, message));
    }
}
