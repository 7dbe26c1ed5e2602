//! The commands that look after the store.
//! It does not know what is kept there.

use clap::{Args, Subcommand};

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
