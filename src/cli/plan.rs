//! `fudsv plan`: prints the plan, and writes nothing.
//! It does not know how it is found.

use super::output::{pretty, to_stdout};
use super::request::LookOptions;
use crate::diag::Result;
use crate::draw::Picture;
use crate::env::Env;
use crate::options::RequestOptions;
use crate::plan::Plan;
use crate::session::{self, Session, typed_file};
use clap::{Args, ValueEnum};

/// `fudsv plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// What is asked for
    #[command(flatten)]
    pub request: RequestOptions,
    /// Which programs may run
    #[command(flatten)]
    pub look: LookOptions,
    /// Set the format
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

/// Prints the plan.
///
/// # Errors
/// Whatever is wrong with the request.
pub fn plan(env: Env, args: PlanArgs) -> Result<()> {
    let session = Session::open_to_look(env, args.request, args.look.probe)?;
    let (loaded, _, plan) = session::plan(&session)?;
    let shown = |id| typed_file(&session, &plan.file(id).path);
    let drawn = |id| match plan.maker(id) {
        Some(_) => plan.file(id).path.to_string(),
        None => shown(id),
    };
    let text = match args.format {
        PlanFormat::Text => {
            let text = plan.text(loaded.graph(), shown);
            format!("{text}{}", precompiled(&session, &plan))
        }
        PlanFormat::Json => pretty(&plan.to_saved(loaded.graph(), |path| typed_file(&session, path)))?,
        PlanFormat::Dot => Picture::of_plan(loaded.graph(), &plan, drawn).dot(),
        PlanFormat::Svg => Picture::of_plan(loaded.graph(), &plan, drawn).svg()?,
    };
    to_stdout(text.as_bytes())
}

/// A line for each given file that is in a database as it is, or for which one stands.
fn precompiled(session: &Session, plan: &Plan) -> String {
    let line = |path: &crate::paths::WorkPath| {
        let database = session.databases.of_source(&session.places.absolute(path))?;
        Some(format!("precompiled: {} ({database})\n", typed_file(session, path)))
    };
    plan.given().filter_map(line).collect()
}
