//! `fudsv store`: shows, verifies and shrinks the store, and carries results to and from the remote store.
//! It does not know how results are kept.

use super::output::{OnStderr, shown_size, to_stdout};
use super::request::ConfigurationOptions;
use crate::config::{self, Settings, parse_age, parse_size};
use crate::diag::{Error, Result};
use crate::env::Env;
use crate::facts::Facts;
use crate::options::RequestOptions;
use crate::paths::UserPath;
use crate::session::{self, Carry, Session, open_store, store_address, store_limits};
use crate::store::remote::{Carried, Remote};
use crate::store::{self, Address, Limits, Store};
use clap::{Args, Subcommand};
use std::time::Instant;

/// `fudsv store`.
#[derive(Debug, Args)]
pub struct StoreCommand {
    /// What to do with the store
    #[command(subcommand)]
    pub verb: StoreVerb,
}

/// The verbs of `fudsv store`.
#[derive(Debug, Subcommand)]
pub enum StoreVerb {
    /// Show where the store is and how much it holds
    Status(StatusArgs),
    /// Read every result in the store and put damaged ones aside
    Verify(StoreArgs),
    /// Remove the results that were used longest ago
    Gc(GcArgs),
    /// Give results to the remote store
    Push(PushArgs),
    /// Take the results of a request from the remote store
    Pull(PullArgs),
}

/// `fudsv store status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// Which store
    #[command(flatten)]
    pub store: StoreArgs,
    /// Ask the remote store whether it answers
    #[arg(long, conflicts_with = "store")]
    pub remote: bool,
}

/// `fudsv store push`.
#[derive(Debug, Args)]
pub struct PushArgs {
    /// Give all results that the store of this machine has
    #[arg(long, conflicts_with = "FILE")]
    pub all: bool,
    /// Whose results, which must be built
    #[command(flatten)]
    pub request: RequestOptions,
}

/// `fudsv store pull`.
#[derive(Debug, Args)]
pub struct PullArgs {
    /// Whose results
    #[command(flatten)]
    pub request: RequestOptions,
}

/// Which store is meant.
#[derive(Debug, Args)]
pub struct StoreArgs {
    /// The directory of the store [default: store.dir]
    #[arg(long, value_name = "DIR")]
    pub store: Option<String>,
    /// Which configuration
    #[command(flatten)]
    pub of: ConfigurationOptions,
}

/// `fudsv store gc`.
#[derive(Debug, Args)]
pub struct GcArgs {
    /// Which store
    #[command(flatten)]
    pub store: StoreArgs,
    /// The size to shrink to, such as 10G [default: store.max-size]
    #[arg(long, value_name = "SIZE")]
    pub max_size: Option<String>,
    /// Remove results that were last used longer ago than this, such as 30d [default: store.max-age]
    #[arg(long, value_name = "AGE")]
    pub max_age: Option<String>,
    /// Show what would be removed and remove nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
}

/// Runs the command.
///
/// # Errors
/// Whatever is wrong with the configuration, a store that is switched off or cannot be written, or a damaged one.
pub fn store(env: Env, args: StoreCommand) -> Result<()> {
    match args.verb {
        StoreVerb::Status(args) => status(env, &args),
        StoreVerb::Verify(args) => verify(env, &args),
        StoreVerb::Gc(args) => gc(env, &args),
        StoreVerb::Push(args) => push(env, args),
        StoreVerb::Pull(args) => {
            let session = Session::open_to_build(env, args.request, &mut OnStderr)?;
            let (carry, remote) = session::pull(&session, &mut OnStderr)?;
            carried("took", &carry, &remote)
        }
    }
}

fn push(env: Env, args: PushArgs) -> Result<()> {
    let session = Session::open(env, args.request)?;
    let (carry, remote) = match args.all {
        true => session::push_all(&session)?,
        false => session::push(&session, &mut OnStderr)?,
    };
    for (step, why) in &carry.left_out {
        note!("left out: {step}: {why}");
    }
    carried("gave", &carry, &remote)
}

/// Prints what became of results; what is wrong with the remote store is an error.
fn carried(verb: &str, carry: &Carry, remote: &Remote) -> Result<()> {
    let Carried { sent, bytes, were_there, left_out, failed } = carry.carried;
    let mut text = format!("{verb} {}, {}", results(sent), shown_size(bytes));
    let counts = [(were_there, "were there"), (left_out, "too large or gone"), (failed, "failed")];
    text.extend(
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("; {count} {what}")),
    );
    text.push('\n');
    to_stdout(text.as_bytes())?;
    session::remote_verdict(remote)
}

/// Asks the remote store whether it answers.
fn remote_status(env: Env, args: &StoreArgs) -> Result<()> {
    let session = Session::open(env, (*args.of.0).clone())?;
    let (remote, _) = session::remote_of(&session)?;
    let began = Instant::now();
    let answers = remote.answers();
    let far = session.settings.store.as_ref().and_then(|settings| settings.remote.as_ref());
    let writes = if far.is_some_and(|far| far.write) { "yes" } else { "no: `store.remote.write` is `false`" };
    let how = if answers { format!("in {} ms", began.elapsed().as_millis()) } else { "no".to_owned() };
    to_stdout(format!("remote   {}\nanswers  {how}\nwrites   {writes}\n", remote.url()).as_bytes())?;
    session::remote_verdict(&remote)
}

fn status(env: Env, args: &StatusArgs) -> Result<()> {
    if args.remote {
        return remote_status(env, &args.store);
    }
    let (store, limits) = meant(env, &args.store)?;
    let status = store.status();
    let limit = limits.size.map_or(String::new(), |limit| format!(" of {}", shown_size(limit)));
    let mut text = format!("store    {}\n", store.place());
    text.push_str(&format!("results  {}\nsize     {}{limit}\n", status.entries, shown_size(status.size)));
    if let Some(days) =
        status.oldest.and_then(|oldest| oldest.elapsed().ok()).map(|age| age.as_secs() / 86400)
    {
        text.push_str(&format!("oldest   {days} days since its last use\n"));
    }
    to_stdout(text.as_bytes())
}

fn verify(env: Env, args: &StoreArgs) -> Result<()> {
    let (store, _) = meant(env, args)?;
    let verified = store.verify()?;
    to_stdout(format!("{} whole, {} damaged\n", results(verified.whole), verified.damaged.len()).as_bytes())?;
    match verified.damaged.split_first() {
        None => Ok(()),
        Some((first, others)) => {
            let error = Error::machine(first.clone());
            Err(others.iter().fold(error, |error, other| error.detail("and", other.clone())))
        }
    }
}

fn gc(env: Env, args: &GcArgs) -> Result<()> {
    let (store, configured) = meant(env, &args.store)?;
    let size = args.max_size.as_deref().map(parse_size).transpose()?;
    let age = args.max_age.as_deref().map(parse_age).transpose()?;
    let limits = Limits { size: size.or(configured.size), age: age.or(configured.age) };
    let cleaned = store.clean(limits, args.dry_run)?;
    let verb = if args.dry_run { "would remove" } else { "removed" };
    let left = store.status();
    let left = if args.dry_run {
        String::new()
    } else {
        format!("; left: {}, {}", results(left.entries), shown_size(left.size))
    };
    to_stdout(format!("{verb} {}, {}{left}\n", results(cleaned.entries), shown_size(cleaned.size)).as_bytes())
}

/// The store of `--store`, else that of the configuration, and its limits.
fn meant(env: Env, args: &StoreArgs) -> Result<(Box<dyn Store>, Limits)> {
    let facts = Facts::new(env);
    let settings = settings(&facts, args)?;
    let limits = settings.store.as_ref().map(store_limits).unwrap_or_default();
    if let Some(dir) = &args.store {
        let address = store_address(&facts.env().cwd, dir.into());
        return Ok((store::open(&Address { text: address.as_str(), read_only: false })?, limits));
    }
    let settings = settings.store.ok_or_else(|| {
        Error::request("no store is used: `store` is `false`").hint("`--store DIR` names one")
    })?;
    let store = open_store(&settings, facts.env())?.ok_or_else(|| {
        Error::request("there is no home directory for the store").hint("`--store DIR` names one")
    })?;
    Ok((store, limits))
}

fn settings(facts: &Facts, args: &StoreArgs) -> Result<Settings> {
    let root = config::find_root(facts)?;
    let sources = config::Sources {
        file: args.of.0.config.as_ref().map(UserPath::new),
        profile: args.of.0.profile(),
        set: args.of.0.set.clone(),
        is_untrusted: false,
    };
    Ok(config::load(facts, root.as_deref(), &sources)?.1)
}

fn results(count: usize) -> String {
    if count == 1 { "1 result".to_owned() } else { format!("{count} results") }
}
