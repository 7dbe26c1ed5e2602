//! Regenerates a Ninja file that Ninja found out of date: it plans its saved request again.
//! It does not know who started Ninja, except by the token.

use super::freshness::{fresh, token};
use super::generate::generate;
use super::open::Session;
use super::precompiled;
use super::saved_request::SavedRequest;
use super::store;
use super::tell::Tell;
use crate::diag::{Error, Result};
use crate::env::Env;
use crate::step::{DatabaseFiles, scan};
use crate::workdir::{Lock, Workdir};

/// Regenerates the Ninja file of the current directory.
///
/// # Errors
/// An error of the request as it is now.
pub fn regenerate(mut env: Env, tell: &mut dyn Tell) -> Result<()> {
    let workdir = Workdir::existing(&env.cwd.clone());
    if let Some(held) = env.var("FUDSV_TOKEN")
        && token(&workdir).is_some_and(|token| token.to_string() == held)
    {
        return Ok(());
    }
    let saved = SavedRequest::load(&workdir)?;
    if let Some(key) = saved.withheld.first() {
        return Err(Error::request("this build.ninja is out of date and cannot be regenerated here")
            .detail("missing", format!("`{key}`, a secret, which fudsv stores in no file"))
            .hint("run `fudsv exec` again, as before"));
    }
    env.cwd = saved.cwd(&env.cwd);
    let mut session = Session::open_to_build(env, saved.options, tell)?;
    session.places.workdir = workdir.path().to_owned();
    let _lock = Lock::take(&workdir, "fudsv tool regenerate", |holder| tell.waits(holder))?;
    if fresh(&session, &workdir).is_none() {
        generate(&session, &workdir, tell)?;
    }
    store::tell(&session, &workdir)?;
    // A link that leads elsewhere may lead to files with older times, which Ninja would take for built.
    let standing = DatabaseFiles::of(&precompiled::places(workdir.path()));
    scan::force_changed(workdir.path(), &session.facts.env().vars, standing, &[]).map(drop)
}
