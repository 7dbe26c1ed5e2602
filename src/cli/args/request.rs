//! What is asked for: files, states, and how the design is read. The same for every command that plans.
//! It does not know what is done with the request.

use crate::design::{Operand, Typed};
use crate::diag::{Error, Result};
use crate::graph::BUILTIN;
use clap::{ArgMatches, Args, FromArgMatches};
use serde::{Deserialize, Serialize};

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

    /// The same request of no files: for who only looks into the configuration.
    pub fn without_files(&self) -> RequestArgs {
        RequestArgs { files: vec![], lists: Lists::default(), to: vec![], output: vec![], ..self.clone() }
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
