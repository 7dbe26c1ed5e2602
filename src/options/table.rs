//! The table: one entry for each option of a request, in the order in which help and command lines show them.
//! It does not know what an option does.

use super::operand::Operand;
use super::value::Value;
#[cfg(feature = "program")]
use serde::{Deserialize, Serialize};

/// An option of a request.
#[derive(Debug)]
pub struct RequestOption {
    /// Its name: without dashes, unique.
    pub name: &'static str,
    /// Whether it is typed as `--NAME`; if not, it has a letter.
    pub is_long: bool,
    /// The letter of its short form.
    pub short: Option<char>,
    /// The name of its value; `None` for a flag.
    pub value_name: Option<&'static str>,
    /// One line for the help.
    pub help: &'static str,
    /// Its heading in the help.
    pub heading: &'static str,
    /// Whether it is among the few that `-h` shows.
    pub is_common: bool,
    /// Whether it shapes the plan: commands that build one state of their own do not show it.
    pub shapes_plan: bool,
    /// Its value where only its name is typed; then a value follows `=`.
    pub implied: Option<&'static str>,
    /// Whether it may be repeated.
    pub repeats: bool,
    /// Names of options that it conflicts with; `FILE` is a file.
    pub conflicts: &'static [&'static str],
    /// Whether another value makes another build, so that the build directory needs another name.
    pub is_identity: bool,
    /// The key of the configuration to whose list its values are added.
    pub adds_to: Option<&'static str>,
    /// The words that each value adds there; `{}` is replaced by the value.
    pub adds_words: &'static [&'static str],
    /// Its values in a request; an empty text for a flag that is set.
    pub get: fn(&RequestOptions) -> Vec<String>,
    /// Gives it these values.
    pub set: fn(&mut RequestOptions, Vec<String>),
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
            heading: PLAN,
            is_common: false,
            shapes_plan: false,
            implied: None,
            repeats: false,
            conflicts: &[],
            is_identity: false,
            adds_to: None,
            adds_words: &["{}"],
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

    /// It is below this heading.
    pub(super) const fn below(self, heading: &'static str) -> RequestOption {
        RequestOption { heading, ..self }
    }

    /// `-h` shows it.
    pub(super) const fn common(self) -> RequestOption {
        RequestOption { is_common: true, ..self }
    }

    /// It shapes the plan.
    pub(super) const fn shapes_plan(self) -> RequestOption {
        RequestOption { shapes_plan: true, ..self }
    }

    /// Its value may be left out, and is this then.
    pub(super) const fn implies(self, value: &'static str) -> RequestOption {
        RequestOption { implied: Some(value), ..self }
    }

    /// It conflicts with these.
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

    /// It is an option of Verilator, which is given these words.
    pub(super) const fn verilators(self, words: &'static [&'static str]) -> RequestOption {
        RequestOption { adds_words: words, ..self.below(DESIGN).identity().adds_to("verilator.args") }
    }
}

const PLAN: &str = "Plan";
const DESIGN: &str = "Design";
const CONFIGURATION: &str = "Configuration";

/// Makes the fields of a request and the table of its options out of `/// help` and `field: Type = option;`.
macro_rules! request_options {
    ($(#[doc = $help:literal] $field:ident: $kind:ty = $option:expr;)*) => {
        /// A request as it was typed.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        #[cfg_attr(feature = "program", derive(Serialize, Deserialize))]
        #[cfg_attr(feature = "program", serde(default, deny_unknown_fields))]
        pub struct RequestOptions {
            /// What is built: files, designs, filelists, in the order of the command line
            pub operands: Vec<Operand>,
            $(#[doc = $help] pub $field: $kind,)*
        }

        /// All options of a request.
        pub const OPTIONS: &[RequestOption] = &[$(RequestOption {
            help: $help.trim_ascii_start(),
            repeats: <$kind as Value>::REPEATS,
            get: |request| request.$field.get(),
            set: |request, values| request.$field.set(values),
            ..$option
        },)*];
    };
}

request_options! {
    /// Set the state of the input files, in their order [default: by their extensions]
    from: Vec<String> = RequestOption::long("from").value("STATE").identity();
    /// Build this state; repeat it for several
    to: Vec<String> = RequestOption::long("to").value("STATE").common().shapes_plan();
    /// Copy the result here; `-` is standard output; repeat it in the order of --to
    output: Vec<String> = RequestOption::long("output").or_short('o').value("PATH").common();
    /// Use this op; repeat it in the order of use
    through: Vec<String> = RequestOption::long("through").value("OP").identity().shapes_plan();
    /// Put a file into a parameter of an op
    bind: Vec<String> = RequestOption::long("bind").value("OP.PARAM=FILE").identity().shapes_plan();
    /// Run the same plan for each input file, or for each that matches GLOB; all runs share the other files
    each: Option<String> = RequestOption::long("each").value("GLOB").implies("*").identity().shapes_plan();
    /// Run a plan saved by `fudsv plan --format json`
    plan: Option<String> = RequestOption::long("plan").value("FILE").identity()
        .against(&["FILE", "from", "to", "through", "bind", "each", "strict"]).shapes_plan();
    /// Fail if two plans have the same cost
    strict: bool = RequestOption::long("strict").shapes_plan();
    /// Search a directory for included files and modules
    include_dir: Vec<String> = RequestOption::short("include-dir", 'I').value("DIR").below(DESIGN).identity()
        .adds_to("verilator.include-dirs").common();
    /// Define a text macro
    define: Vec<String> = RequestOption::short("define", 'D').value("NAME[=VALUE]").below(DESIGN).identity()
        .adds_to("verilator.defines").common();
    /// Set a parameter of the top module
    parameter: Vec<String> = RequestOption::short("parameter", 'G').value("NAME=VALUE").below(DESIGN).identity()
        .adds_to("verilator.parameters").common();
    /// Set the top module
    top: Option<String> = RequestOption::long("top").value("NAME").below(DESIGN).common();
    /// Search a directory for modules, one a file
    library_dir: Vec<String> = RequestOption::short("library-dir", 'y').value("DIR").below(DESIGN).identity()
        .adds_to("verilator.library-dirs");
    /// Search a file for modules; take only those that the design uses
    library_file: Vec<String> = RequestOption::long("library-file").value("FILE").below(DESIGN).identity()
        .adds_to("verilator.library-files");
    /// Turn Verilator's warnings on or off: -Wall, -Wno-WIDTH, -Werror-WIDTH
    warning: Vec<String> = RequestOption::short("warning", 'W').value("all|no-CODE|error-CODE").verilators(&["-W{}"]).common();
    /// Assign this value to X in the design: 0, 1, fast or unique
    x_assign: Option<String> = RequestOption::long("x-assign").value("MODE").verilators(&["--x-assign", "{}"]);
    /// Give uninitialized variables this value: 0, fast or unique
    x_initial: Option<String> = RequestOption::long("x-initial").value("MODE").verilators(&["--x-initial", "{}"]);
    /// Make every signal visible in the Verilated class
    public_flat_rw: bool = RequestOption::long("public-flat-rw").verilators(&["--public-flat-rw"]);
    /// Allow the project only settings that are known to be harmless
    untrusted: bool = RequestOption::long("untrusted").below(CONFIGURATION);
    /// Set a configuration key
    set: Vec<String> = RequestOption::long("set").or_short('s').value("KEY=VALUE").below(CONFIGURATION).identity().common();
    /// Use the `[profile.NAME]` sections of the configuration [default: dev]
    profile: Option<String> = RequestOption::long("profile").value("NAME").below(CONFIGURATION).against(&["release"]);
    /// The same as --profile release
    release: bool = RequestOption::long("release").below(CONFIGURATION).common();
    /// Read this configuration file too
    config: Option<String> = RequestOption::long("config").value("FILE").below(CONFIGURATION).identity();
    /// Load a plugin: a name on the search path, or a path
    plugin: Vec<String> = RequestOption::long("plugin").or_short('p').value("NAME|PATH").below(CONFIGURATION).identity();
    /// Take results from a precompiled database; repeat it for several, earlier ones first
    load: Vec<String> = RequestOption::long("load").value("DB").below(CONFIGURATION);
    /// Use this build directory [default: .fudsv/<NAME>-<STATE>]
    dir: Option<String> = RequestOption::long("dir").value("PATH").below(CONFIGURATION);
}
