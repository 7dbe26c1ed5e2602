//! `fudsv graph`: a picture of all states and ops.
//! It does not know how it is drawn.

use super::output::to_stdout;
use crate::diag::Result;
use crate::draw::Picture;
use crate::env::Env;
use crate::options::RequestOptions;
use crate::session::{Session, load_scripts};
use clap::{Args, ValueEnum};

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

/// Draws all states and ops.
///
/// # Errors
/// Whatever is wrong with scripts or configuration.
pub fn graph(env: Env, args: GraphArgs) -> Result<()> {
    let GraphArgs { format, plugin, config } = args;
    let session =
        Session::open(env, RequestOptions { plugin, config, ..RequestOptions::default() })?.looking();
    let loaded = load_scripts(&session)?;
    let picture = Picture::of_graph(loaded.graph());
    let text = match format {
        GraphFormat::Dot => picture.dot(),
        GraphFormat::Svg => picture.svg()?,
        GraphFormat::Html => picture.html("States and ops")?,
    };
    to_stdout(text.as_bytes())
}
