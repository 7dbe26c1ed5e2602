//! What was typed: clap's view of the command line, validated and nothing more.
//! It does not know what the words mean; `session` and `request` do.

use crate::design::{Operand, Typed};
use crate::diag::{Error, Result};
use crate::graph::BUILTIN;
use camino::Utf8PathBuf;
use clap::{ArgMatches, Args, FromArgMatches, Parser, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Build hardware designs: scripts declare states and ops, fudsv plans a way, Ninja runs it
#[derive(Debug, Parser)]
#[command(name = "fudsv", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, help_heading = "Output")]
    pub color: Color,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Plan, write the Ninja file, run it, and print the paths of the results
    #[command(visible_alias = "build")]
    Exec(ExecArgs),
    /// Build a simulation and run it; its verdict is the exit code
    Run(RunArgs),
    /// Build and run several simulations, and print a table of their verdicts
    Test(TestArgs),
    /// Say what is wrong with a design, by Verilator, and build nothing
    Lint(VerbArgs),
    /// Print the plan and build nothing
    Plan(PlanArgs),
    /// Say which steps would run and why, and run nothing
    Explain(ExplainArgs),
    /// Print the Ninja file and build nothing
    Emit(RequestArgs),
    /// Write the build directory, print its path, and run nothing
    Gen(GenArgs),
    /// List what can be made from what
    List(ListArgs),
    /// Look after the store, which keeps results of steps for every build directory
    Precompile(PrecompileArgs),
    /// Draw all states and ops
    Graph(GraphArgs),
    /// Try plugins out: load them, and run the body of each op on made-up files
    Check(CheckArgs),
    /// Where plugins come from, and making one
    #[command(subcommand)]
    Plugin(PluginCommand),
    /// Say which tools are there, what they enable, and what to install for the rest
    Doctor(DoctorArgs),
    /// Show and change the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Write a fud.toml for the designs of this directory
    Init(InitArgs),
    /// Remove build directories of this project
    Clean(CleanArgs),
    /// Print a script that completes commands in a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// `fudsv doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Also run programs that the project's own files name, to learn their versions
    #[arg(long)]
    pub probe: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
    /// Set a configuration key
    #[arg(short, long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Load a plugin: a name on the search path, or a path
    #[arg(short, long, value_name = "NAME|PATH")]
    pub plugin: Vec<String>,
    /// Read this configuration file too
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,
}

/// `fudsv config`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print every key that has a value
    List {
        /// Say where each value was set
        #[arg(long)]
        origin: bool,
        /// Which configuration
        #[command(flatten)]
        of: ConfigOf,
    },
    /// Print the value of a key
    Get {
        /// The key, such as `verilator.top`
        key: String,
        /// Which configuration
        #[command(flatten)]
        of: ConfigOf,
    },
    /// Set a key in the project's fud.toml
    Set {
        /// The key, such as `verilator.top`
        key: String,
        /// The value: TOML when it is a list, a table, a bool or a whole number, else text
        value: String,
        /// In the user's file
        #[arg(long)]
        user: bool,
    },
    /// Remove a key from the project's fud.toml
    Unset {
        /// The key
        key: String,
        /// From the user's file
        #[arg(long)]
        user: bool,
    },
    /// Open the project's fud.toml in $VISUAL or $EDITOR, and check it afterwards
    Edit {
        /// The user's file
        #[arg(long)]
        user: bool,
    },
    /// Print the path of the project's fud.toml
    Path {
        /// Of the user's file
        #[arg(long)]
        user: bool,
    },
}

/// Which configuration is asked.
#[derive(Debug, Args)]
pub struct ConfigOf {
    /// Use the `[profile.NAME]` sections [default: dev]
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Set a configuration key
    #[arg(short, long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Read this configuration file too
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,
}

/// `fudsv init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Write a first plugin too
    #[arg(long)]
    pub plugin: bool,
}

/// `fudsv clean`.
#[derive(Debug, Args)]
pub struct CleanArgs {
    /// Only these: names of build directories, or of designs
    pub name: Vec<String>,
    /// Also empty the store, which other projects may use
    #[arg(long)]
    pub store: bool,
    /// Say what would be removed, and remove nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

/// What is asked for; the same for every command that plans.
#[derive(Clone, Debug, Default, Args, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestArgs {
    // Before the files: whoever reads an argument takes it out, and the lists want to see where the files stand.
    /// Filelists
    #[command(flatten)]
    pub lists: Lists,
    /// Input files, `-` for standard input (with --from); designs of fud.toml; +incdir+DIR, +define+NAME=V, +libext+EXT
    #[arg(value_name = "FILE")]
    pub files: Vec<String>,
    /// State of the input files, in their order; else their extensions tell
    #[arg(long, value_name = "STATE")]
    pub from: Vec<String>,
    /// State to build; repeat it for several
    #[arg(long, value_name = "STATE")]
    pub to: Vec<String>,
    /// Copy the result here; `-` is standard output; repeat it in the order of --to
    #[arg(short, long, value_name = "PATH")]
    pub output: Vec<String>,
    /// An op that must be used; repeat it in the order of use
    #[arg(long, value_name = "OP")]
    pub through: Vec<String>,
    /// Which file goes into which parameter of an op
    #[arg(long, value_name = "OP.PARAM=FILE")]
    pub bind: Vec<String>,
    /// Go the same way for each of the input files, or each that matches; the others are common to all
    #[arg(long, value_name = "GLOB", num_args = 0..=1, require_equals = true, default_missing_value = "*")]
    pub each: Option<String>,
    /// Take this plan, saved with `fudsv plan --format json`, instead of finding one
    #[arg(long, value_name = "FILE", conflicts_with_all = ["files", "from", "to", "through", "bind", "each", "strict"])]
    pub plan: Option<String>,
    /// Two plans of equal cost are an error
    #[arg(long)]
    pub strict: bool,
    /// A directory of included files and of modules
    #[arg(short = 'I', value_name = "DIR", help_heading = "Design")]
    pub include_dir: Vec<String>,
    /// Define a text macro
    #[arg(short = 'D', value_name = "NAME[=VALUE]", help_heading = "Design")]
    pub define: Vec<String>,
    /// Set a parameter of the top module
    #[arg(short = 'G', value_name = "NAME=VALUE", help_heading = "Design")]
    pub parameter: Vec<String>,
    /// The top module
    #[arg(long, value_name = "NAME", help_heading = "Design")]
    pub top: Option<String>,
    /// A directory of modules, one a file
    #[arg(short = 'y', value_name = "DIR", help_heading = "Design")]
    pub library_dir: Vec<String>,
    /// A file of modules of which those that are used are taken
    #[arg(long, value_name = "FILE", help_heading = "Design")]
    pub library_file: Vec<String>,
    /// Refuse what files of the project say that starts programs
    #[arg(long, help_heading = "Configuration")]
    pub untrusted: bool,
    /// Set a configuration key
    #[arg(short, long, value_name = "KEY=VALUE", help_heading = "Configuration")]
    pub set: Vec<String>,
    /// Use the `[profile.NAME]` sections of the configuration [default: dev]
    #[arg(long, value_name = "NAME", help_heading = "Configuration", conflicts_with = "release")]
    pub profile: Option<String>,
    /// The same as --profile release
    #[arg(long, help_heading = "Configuration")]
    pub release: bool,
    /// Read this configuration file too
    #[arg(long, value_name = "FILE", help_heading = "Configuration")]
    pub config: Option<String>,
    /// Load a plugin: a name on the search path, or a path
    #[arg(short, long, value_name = "NAME|PATH", help_heading = "Configuration")]
    pub plugin: Vec<String>,
    /// The build directory [default: .fudsv/<NAME>-<STATE>]
    #[arg(long, value_name = "PATH", help_heading = "Configuration")]
    pub dir: Option<String>,
}

/// Filelists, in the order of the command line.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lists(pub Vec<List>);

/// One filelist.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct List {
    /// The list.
    pub path: String,
    /// Whether its paths are relative to itself.
    pub own_paths: bool,
    /// How many files stand before it.
    pub after: usize,
}

/// The options that name filelists; [`Lists`] has them in their order among the files.
#[derive(Debug, Args)]
struct ListOptions {
    /// Read more words from this list; its paths are relative to where you stand
    #[arg(short = 'f', value_name = "FILE", help_heading = "Design")]
    list: Vec<String>,
    /// The same with paths that are relative to the list
    #[arg(short = 'F', value_name = "FILE", help_heading = "Design")]
    list_here: Vec<String>,
}

impl Args for Lists {
    fn augment_args(command: clap::Command) -> clap::Command {
        ListOptions::augment_args(command)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        ListOptions::augment_args_for_update(command)
    }
}

impl FromArgMatches for Lists {
    fn from_arg_matches(matches: &ArgMatches) -> std::result::Result<Lists, clap::Error> {
        let options = ListOptions::from_arg_matches(matches)?;
        let places = |id: &str| matches.indices_of(id).into_iter().flatten().collect::<Vec<usize>>();
        let files = places("files");
        let mut lists = vec![];
        let all = [("list", options.list, false), ("list_here", options.list_here, true)];
        for (id, paths, own_paths) in all {
            for (path, place) in paths.into_iter().zip(places(id)) {
                let after = files.iter().filter(|file| **file < place).count();
                lists.push((place, List { path, own_paths, after }));
            }
        }
        lists.sort_by_key(|(place, _)| *place);
        Ok(Lists(lists.into_iter().map(|(_, list)| list).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> std::result::Result<(), clap::Error> {
        *self = Lists::from_arg_matches(matches)?;
        Ok(())
    }
}

impl RequestArgs {
    /// Whether anything is asked for.
    pub fn asks(&self) -> bool {
        [&self.files, &self.to, &self.output].iter().any(|list| !list.is_empty()) || !self.lists.0.is_empty()
    }

    /// What is to be built, in the order of the command line.
    pub fn typed(&self) -> Typed {
        let mut lists = self.lists.0.iter().peekable();
        let mut operands = vec![];
        for at in 0..=self.files.len() {
            while let Some(list) = lists.next_if(|list| list.after <= at) {
                operands.push(Operand::List { path: list.path.clone(), own_paths: list.own_paths });
            }
            operands.extend(self.files.get(at).cloned().map(Operand::Word));
        }
        Typed {
            operands,
            include_dirs: self.include_dir.clone(),
            defines: self.define.clone(),
            parameters: self.parameter.clone(),
            library_dirs: self.library_dir.clone(),
            library_files: self.library_file.clone(),
            top: self.top.clone(),
            untrusted: self.untrusted,
        }
    }

    /// The chosen profile, when one was chosen.
    pub fn profile(&self) -> Option<String> {
        if self.release { Some("release".into()) } else { self.profile.clone() }
    }

    /// The request for the built-in state that a command stands for.
    ///
    /// # Errors
    /// Another state was asked for.
    pub fn wanting(mut self, command: &str, state: &str) -> Result<RequestArgs> {
        let builtin = format!("{BUILTIN}{state}");
        if let Some(other) = self.to.iter().find(|to| *to != state && **to != builtin) {
            return Err(Error::request(format!("`fudsv {command}` makes `{state}`, not `{other}`"))
                .hint(format!("`fudsv exec --to {other}` makes that")));
        }
        self.to = vec![builtin];
        Ok(self)
    }
}

/// `fudsv exec`.
#[derive(Debug, Args)]
pub struct ExecArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestArgs,
    /// How it is built
    #[command(flatten)]
    pub build: BuildArgs,
    /// Print the commands and run nothing
    #[arg(short = 'n', long, help_heading = "Running")]
    pub dry_run: bool,
}

/// A command that builds one thing of its own.
#[derive(Debug, Args)]
pub struct VerbArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestArgs,
    /// How it is built
    #[command(flatten)]
    pub build: BuildArgs,
}

/// `fudsv run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestArgs,
    /// How it is built
    #[command(flatten)]
    pub build: BuildArgs,
    /// How it is run
    #[command(flatten)]
    pub simulation: SimulationArgs,
    /// Write waves: to FILE.vcd or FILE.fst
    #[arg(long, value_name = "FILE", help_heading = "Simulation")]
    pub trace: Option<Utf8PathBuf>,
    /// Measure coverage and write it
    #[arg(long, value_name = "FILE", help_heading = "Simulation")]
    pub coverage: Option<Utf8PathBuf>,
}

/// How a simulation is run.
#[derive(Clone, Debug, Args)]
pub struct SimulationArgs {
    /// End a simulation that takes longer, such as 30s or 5m
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration, help_heading = "Simulation")]
    pub timeout: Option<Duration>,
    /// End at this simulated time, such as 10us
    #[arg(long, value_name = "TIME", help_heading = "Simulation")]
    pub max_time: Option<String>,
    /// Seed of `$random` and `$urandom`
    #[arg(long, value_name = "N", help_heading = "Simulation")]
    pub seed: Option<u32>,
    /// Arguments of the simulation: `+plusargs`
    #[arg(last = true, value_name = "ARG")]
    pub plusargs: Vec<String>,
}

impl SimulationArgs {
    /// The arguments of the program.
    pub fn words(&self) -> Vec<String> {
        let seed = self.seed.map(|seed| seed.to_string());
        let mut words = options([("--max-time", self.max_time.clone()), ("--seed", seed)]);
        words.extend(self.plusargs.iter().cloned());
        words
    }
}

impl RunArgs {
    /// The request for a simulation that can do what is asked of it.
    ///
    /// # Errors
    /// A name for waves that tells no format.
    pub fn instrumented(&self, mut request: RequestArgs) -> Result<RequestArgs> {
        if let Some(path) = &self.trace {
            let format = path.extension().filter(|extension| ["vcd", "fst"].contains(extension));
            let no_format = || Error::request(format!("`--trace {path}` tells no format"));
            let format = format.ok_or_else(|| no_format().hint("its name ends in `.vcd` or `.fst`"))?;
            request.set.push(format!("verilator.trace={format}"));
        }
        if self.coverage.is_some() {
            request.set.push("verilator.coverage=true".to_owned());
        }
        Ok(request)
    }

    /// The arguments of the program.
    pub fn words(&self) -> Vec<String> {
        let text = |path: &Option<Utf8PathBuf>| path.as_ref().map(ToString::to_string);
        let mut words = options([("--trace", text(&self.trace)), ("--coverage", text(&self.coverage))]);
        words.extend(self.simulation.words());
        words
    }
}

/// The options that were given, with their values.
fn options<const N: usize>(options: [(&str, Option<String>); N]) -> Vec<String> {
    let given = options.into_iter().filter_map(|(option, value)| Some([option.to_owned(), value?]));
    given.flatten().collect()
}

/// `fudsv test`.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestArgs,
    /// How it is built
    #[command(flatten)]
    pub build: BuildArgs,
    /// How it is run
    #[command(flatten)]
    pub simulation: SimulationArgs,
    /// Write the verdicts as JUnit's XML
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub junit: Option<Utf8PathBuf>,
}

/// How a build runs and what is said about it; the same for every command that builds.
#[derive(Clone, Debug, Default, Args)]
pub struct BuildArgs {
    /// How many steps run at once [default: as Ninja decides]
    #[arg(short, long, value_name = "N", help_heading = "Running")]
    pub jobs: Option<u32>,
    /// Stop after N failed steps, 0 for never [default: 1]
    #[arg(short, long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "0", help_heading = "Running")]
    pub keep_going: Option<u32>,
    /// Say how long each step took: as text, or as a file in the build directory
    #[arg(long, value_enum, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text", help_heading = "Output", hide_possible_values = true)]
    pub timings: Option<TimingsFormat>,
    /// What standard output gets: paths, or one JSON object per line
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = MessageFormat::Human, help_heading = "Output", hide_possible_values = true)]
    pub message_format: MessageFormat,
    /// Show the commands that run, and why they do
    #[arg(short, long, action = clap::ArgAction::Count, help_heading = "Output")]
    pub verbose: u8,
    /// Show errors only
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,
}

/// Who reads standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    /// People
    #[default]
    Human,
    /// Programs
    Json,
}

/// How `--timings` tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TimingsFormat {
    /// A table on standard error
    Text,
    /// `timings.json` in the build directory
    Json,
    /// `timings.csv` in the build directory
    Csv,
}

/// `fudsv gen`.
#[derive(Debug, Args)]
pub struct GenArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestArgs,
    /// Build, and write a directory that builds the same on machines without fudsv
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub standalone: Option<String>,
}

/// `fudsv explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestArgs,
    /// How to print it
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// `fudsv plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestArgs,
    /// How to print it
    #[arg(long, value_enum, default_value_t = PlanFormat::Text)]
    pub format: PlanFormat,
}

/// How a plan is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    /// For people
    Text,
    /// For programs, and for `--plan`
    Json,
    /// For Graphviz
    Dot,
    /// A picture
    Svg,
}

/// `fudsv list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Only these
    #[arg(value_enum)]
    pub what: Option<Listed>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
    /// Set a configuration key
    #[arg(short, long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Load a plugin: a name on the search path, or a path
    #[arg(short, long, value_name = "NAME|PATH")]
    pub plugin: Vec<String>,
    /// Read this configuration file too
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,
}

/// What `fudsv list` lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Listed {
    /// Kinds of files
    States,
    /// Transformations of files
    Ops,
}

/// `fudsv precompile`.
#[derive(Debug, Args)]
pub struct PrecompileArgs {
    /// What to do with the store
    #[command(subcommand)]
    pub verb: PrecompileVerb,
}

/// The verbs of `fudsv precompile`.
#[derive(Debug, Subcommand)]
pub enum PrecompileVerb {
    /// Say where the store is and what it holds
    Status(StoreArgs),
    /// Read every result that is kept, and put aside those that are damaged
    Verify(StoreArgs),
    /// Remove what was not used for long, until the rest fits
    Gc(GcArgs),
}

/// Which store is meant.
#[derive(Debug, Args)]
pub struct StoreArgs {
    /// The directory of the store [default: that of the configuration]
    #[arg(long, value_name = "DIR")]
    pub store: Option<String>,
    /// Set a configuration key
    #[arg(short, long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Read this configuration file too
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,
}

/// How a list is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

/// `fudsv graph`.
#[derive(Debug, Args)]
pub struct GraphArgs {
    /// How to draw it
    #[arg(long, value_enum, default_value_t = GraphFormat::Dot)]
    pub format: GraphFormat,
    /// Load a plugin: a name on the search path, or a path
    #[arg(short, long, value_name = "NAME|PATH")]
    pub plugin: Vec<String>,
    /// Read this configuration file too
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,
}

/// How the graph is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// For Graphviz
    Dot,
    /// A picture
    Svg,
    /// A page with the picture and the descriptions
    Html,
}

/// `fudsv check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Plugins to check beside those that are loaded anyway: names on the search path, or paths
    #[arg(value_name = "NAME|PATH")]
    pub plugin: Vec<String>,
    /// Set a configuration key
    #[arg(short, long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Read this configuration file too
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,
}

/// `fudsv precompile gc`.
#[derive(Debug, Args)]
pub struct GcArgs {
    /// Which store
    #[command(flatten)]
    pub store: StoreArgs,
    /// The size that it may have, such as 10G [default: store.max-size]
    #[arg(long, value_name = "SIZE")]
    pub max_size: Option<String>,
    /// How long ago a result may have been used last, such as 30d [default: store.max-age]
    #[arg(long, value_name = "AGE")]
    pub max_age: Option<String>,
    /// Say what would be removed and remove nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

/// `fudsv plugin`.
#[derive(Debug, Subcommand)]
pub enum PluginCommand {
    /// List the scripts on the search path, nearest first
    List(PluginListArgs),
    /// List the places where scripts are looked for, nearest first
    Path,
    /// Write a commented plugin that works into the project's `fudsv/`
    New(PluginNewArgs),
    /// Add a plugin to the configuration
    Register(PluginRegisterArgs),
}

/// `fudsv plugin list`.
#[derive(Debug, Args)]
pub struct PluginListArgs {
    /// How to print it
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
    /// Load a plugin: a name on the search path, or a path
    #[arg(short, long, value_name = "NAME|PATH")]
    pub plugin: Vec<String>,
}

/// `fudsv plugin new`.
#[derive(Debug, Args)]
pub struct PluginNewArgs {
    /// Its name
    pub name: String,
}

/// `fudsv plugin register`.
#[derive(Debug, Args)]
pub struct PluginRegisterArgs {
    /// A name on the search path, or a path
    #[arg(value_name = "NAME|PATH")]
    pub plugin: String,
    /// In the user's configuration instead of the project's
    #[arg(long)]
    pub user: bool,
}
