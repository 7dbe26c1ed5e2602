//! `fudsv graph`: a picture of all states and ops.
//! It does not know how it is drawn.

use super::output::to_stdout;
use super::request::ScriptOptions;
use crate::diag::Result;
use crate::draw::Picture;
use crate::env::Env;
use crate::session::{Session, load_scripts};
use clap::{Args, ValueEnum};

/// `fudsv graph`.
#[derive(Debug, Args)]
pub struct GraphArgs {
    /// Set the format
    #[arg(long, value_enum, default_value_t = GraphFormat::Dot)]
    pub format: GraphFormat,
    /// Which scripts and which configuration
    #[command(flatten)]
    pub of: ScriptOptions,
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

/// Draws all states and ops.
///
/// # Errors
/// Whatever is wrong with scripts or configuration.
pub fn graph(env: Env, args: GraphArgs) -> Result<()> {
    let GraphArgs { format, of } = args;
    let session = Session::open(env, *of.0)?.looking();
    let loaded = load_scripts(&session)?;
    let picture = Picture::of_graph(loaded.graph());
    let text = match format {
        GraphFormat::Dot => picture.dot(),
        GraphFormat::Svg => picture.svg()?,
        GraphFormat::Html => picture.html("States and ops")?,
    };
    to_stdout(text.as_bytes())
}
