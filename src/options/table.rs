//! The table: one entry for each option of a request, in the order in which help and command lines show them.
//! It does not know what an option does.

use super::Operand;
use super::option::{RequestOption, Value};
#[cfg(feature = "program")]
use serde::{Deserialize, Serialize};

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
    /// State of the input files, in their order; else their extensions tell
    from: Vec<String> = RequestOption::long("from").value("STATE").identity();
    /// State to build; repeat it for several
    to: Vec<String> = RequestOption::long("to").value("STATE");
    /// Copy the result here; `-` is standard output; repeat it in the order of --to
    output: Vec<String> = RequestOption::long("output").or_short('o').value("PATH");
    /// An op that must be used; repeat it in the order of use
    through: Vec<String> = RequestOption::long("through").value("OP").identity();
    /// Which file goes into which parameter of an op
    bind: Vec<String> = RequestOption::long("bind").value("OP.PARAM=FILE").identity();
    /// Go the same way for each of the input files, or each that matches; the others are common to all
    each: Option<String> = RequestOption::long("each").value("GLOB").implies("*").identity();
    /// Take this plan, saved with `fudsv plan --format json`, instead of finding one
    plan: Option<String> = RequestOption::long("plan").value("FILE").identity()
        .against(&["FILE", "from", "to", "through", "bind", "each", "strict"]);
    /// Two plans of equal cost are an error
    strict: bool = RequestOption::long("strict");
    /// A directory of included files and of modules
    include_dir: Vec<String> = RequestOption::short("include-dir", 'I').value("DIR").below(DESIGN).identity()
        .adds_to("verilator.include-dirs");
    /// Define a text macro
    define: Vec<String> = RequestOption::short("define", 'D').value("NAME[=VALUE]").below(DESIGN).identity()
        .adds_to("verilator.defines");
    /// Set a parameter of the top module
    parameter: Vec<String> = RequestOption::short("parameter", 'G').value("NAME=VALUE").below(DESIGN).identity()
        .adds_to("verilator.parameters");
    /// The top module
    top: Option<String> = RequestOption::long("top").value("NAME").below(DESIGN);
    /// A directory of modules, one a file
    library_dir: Vec<String> = RequestOption::short("library-dir", 'y').value("DIR").below(DESIGN).identity()
        .adds_to("verilator.library-dirs");
    /// A file of modules of which those that are used are taken
    library_file: Vec<String> = RequestOption::long("library-file").value("FILE").below(DESIGN).identity()
        .adds_to("verilator.library-files");
    /// Refuse what files of the project say that starts programs
    untrusted: bool = RequestOption::long("untrusted").below(CONFIGURATION);
    /// Set a configuration key
    set: Vec<String> = RequestOption::long("set").or_short('s').value("KEY=VALUE").below(CONFIGURATION).identity();
    /// Use the `[profile.NAME]` sections of the configuration [default: dev]
    profile: Option<String> = RequestOption::long("profile").value("NAME").below(CONFIGURATION).against(&["release"]);
    /// The same as --profile release
    release: bool = RequestOption::long("release").below(CONFIGURATION);
    /// Read this configuration file too
    config: Option<String> = RequestOption::long("config").value("FILE").below(CONFIGURATION).identity();
    /// Load a plugin: a name on the search path, or a path
    plugin: Vec<String> = RequestOption::long("plugin").or_short('p').value("NAME|PATH").below(CONFIGURATION).identity();
    /// The build directory [default: .fudsv/<NAME>-<STATE>]
    dir: Option<String> = RequestOption::long("dir").value("PATH").below(CONFIGURATION);
}
