//! Names in Python: of the package, its classes, attributes and members of enums.
//! It does not know their meaning; `fudsv.py` makes the same names from the library.

use crate::model::interface::{Shape, Type};
use crate::model::manifest::Manifest;
use crate::model::names::{Scope, camel, is_word, package};

const KEYWORDS: &str = "False None True and as assert async await break class continue def del elif else except finally for \
    from global if import in is lambda nonlocal not or pass raise return try while with yield";
/// Modules that come with Python, and that are found before any package of that name.
const MODULES: &str = "abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii \
    bisect builtins bz2 calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys \
    compileall concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses \
    dataclasses datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno \
    faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt \
    getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp \
    importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma mailbox \
    mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt \
    ntpath nturl2path numbers opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools \
    pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile \
    pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource rlcompleter runpy \
    sched secrets select selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket \
    socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string stringprep \
    struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios \
    textwrap this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty \
    turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref \
    webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo fudsv \
    build_backend pip setuptools pytest";
/// Attributes of every model.
const MODEL: &str = "_assign _access _accept _covered _eval _failure _finalizer _judge _life _reads _state _status _text_of _writes call clear_coverage close \
    coverage dpi errors eval final finished info library next_event parameters ports probes reset restore run_until save tick time trace types warnings";
/// Attributes of every struct.
const STRUCT: &str = "_bits _get _member _members _of _put _set _width _write keys";
/// What the package offers beside its classes, and what its stub uses.
const PACKAGE: &str = "Any Array BadValue Error Fatal Finished IntEnum Library Mapping Model NoSuchName Sequence Stopped \
    Struct Trace int float load library property str";

/// The names of one package.
pub struct Names {
    /// Of the package.
    pub package: String,
    /// Of the class that is the model.
    pub class: String,
    /// The attribute of every port.
    pub ports: Vec<String>,
    /// Of every type of the manifest: in the library, and in the package; nothing when it has no class.
    pub types: Vec<Option<(String, String)>>,
}

impl Names {
    /// Gives every part of a package that is called after `name` its name.
    pub fn new(manifest: &Manifest, name: &str) -> Names {
        let (mut classes, mut in_library) = (scope(PACKAGE), scope(""));
        let class = classes.free(&camel(name));
        let types = manifest.types.iter().map(|of| {
            let short = of.name.rsplit("::").next().unwrap_or_default();
            let inside = in_library.free(if in_library.has(short) { &of.name } else { short });
            has_class(of).then(|| (inside.clone(), classes.free(&inside)))
        });
        let types = types.collect();
        let mut attributes = scope(MODEL);
        let ports = manifest.ports.iter().map(|port| attributes.free(&port.name)).collect();
        Names { package: package_of(name), class, ports, types }
    }
}

/// A scope in which these names are in use.
fn scope(taken: &str) -> Scope {
    Scope::new(KEYWORDS, taken)
}

/// A scope of the members of a struct.
pub fn in_struct() -> Scope {
    scope(STRUCT)
}

/// A scope of the members of an enum.
pub fn in_enum() -> Scope {
    scope("mro")
}

/// What a member of an enum is called after: Python keeps `_name_` for itself.
pub fn label(item: &str) -> String {
    if item.starts_with('_') && item.ends_with('_') { format!("e{item}") } else { item.to_owned() }
}

/// Whether Python has a class for a type: not for an enum of which nothing is known.
fn has_class(of: &Type) -> bool {
    !matches!(&of.shape, Shape::Enum { items, .. } if items.is_empty())
}

/// Text for a docstring.
pub fn plain(text: &str) -> String {
    text.replace(['\n', '\r'], " ").replace(['`', '"', '\\'], "'")
}

/// The name of the package of a model that is called so.
pub fn package_of(name: &str) -> String {
    package(name, |name| is_word(KEYWORDS, name) || is_word(MODULES, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::names::symbol;

    const FUDSV_PY: &str = include_str!("fudsv.py");

    /// The methods and slots of a class of `fudsv.py`, without those that Python itself has a meaning for.
    fn attributes(class: &str) -> Vec<String> {
        let (_, body) = FUDSV_PY.split_once(&format!("\nclass {class}:\n")).unwrap();
        let body = body.split("\n\n\n").next().unwrap();
        let methods = body.split("\n    def ").skip(1).filter_map(|rest| rest.split('(').next());
        let slots = body.split_once("__slots__ = (").unwrap().1.split_once(')').unwrap().0;
        let slots = slots.split('"').skip(1).step_by(2);
        let values = body.lines().filter_map(|line| line.strip_prefix("    ")?.split_once(": "));
        let values = values.map(|(name, _)| name).filter(|name| symbol(name) == **name);
        methods.chain(slots).chain(values).filter(|name| !name.starts_with("__")).map(str::to_owned).collect()
    }

    #[test]
    fn no_port_or_member_takes_the_name_of_an_attribute() {
        for (class, known) in [("Model", MODEL), ("Struct", STRUCT)] {
            let mut found = attributes(class);
            found.extend((class == "Struct").then(|| "keys".to_owned()));
            found.sort();
            found.dedup();
            let mut known: Vec<&str> = known.split_whitespace().collect();
            known.sort_unstable();
            assert_eq!(found, known);
        }
    }

    #[test]
    fn every_name_becomes_one_that_python_allows() {
        let names =
            ["counter", "AluTop", "queue", "lambda", "4bit"].map(|name| (package_of(name), camel(name)));
        let expected = [
            ("counter", "Counter"),
            ("alutop", "AluTop"),
            ("queue_model", "Queue"),
            ("lambda_model", "Lambda"),
            ("model_4bit", "Model4bit"),
        ];
        assert_eq!(names, expected.map(|(package, camel)| (package.to_owned(), camel.to_owned())));
        let mut taken = scope("tick");
        assert_eq!(["tick", "in", "q$x", "in"].map(|name| taken.free(name)), ["tick_", "in_", "q_x", "in__"]);
    }
}
