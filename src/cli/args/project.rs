//! The commands that set up a project: configuration, plugins, and what is thrown away.
//! It does not know the keys.

use super::ListFormat;
use clap::{Args, Subcommand};

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
