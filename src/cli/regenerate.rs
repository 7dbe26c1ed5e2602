//! `fudsv tool regenerate`: Ninja found that its file is out of date; the kept request is planned again.
//! It does not know who started Ninja, except by the token.

use super::args::RequestArgs;
use super::generate::{fresh, generate, token};
use super::output;
use super::session::Session;
use super::store;
use crate::diag::{Error, Result};
use crate::env::Env;
use crate::paths::{normal, relative};
use crate::run::{Lock, Workdir};
use crate::secret;
use crate::step::scan;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

/// The request of a build directory, kept so that the tree may move.
#[derive(Debug, Serialize, Deserialize)]
pub struct Kept {
    /// Where the user stood, seen from the build directory.
    cwd: Utf8PathBuf,
    /// What was typed, without secrets.
    args: RequestArgs,
    /// Keys of `--set` whose values are secrets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    withheld: Vec<String>,
}

impl Kept {
    /// What to keep of a session.
    pub fn of(session: &Session) -> Kept {
        let mut args = session.args.clone();
        let mut withheld = vec![];
        args.set.retain(|setting| {
            let is_secret = secret::shown_setting(setting) != *setting;
            withheld.extend(setting.split('=').next().filter(|_| is_secret).map(str::to_owned));
            !is_secret
        });
        Kept { cwd: relative(&session.places.workdir, &session.places.cwd), args, withheld }
    }

    /// What is kept in a build directory.
    ///
    /// # Errors
    /// It is not there, or damaged.
    pub fn load(workdir: &Workdir) -> Result<Kept> {
        let file = workdir.internal("request.json");
        let bytes =
            std::fs::read(&file).map_err(|e| Error::machine(format!("cannot read `{file}`")).because(e))?;
        serde_json::from_slice(&bytes).map_err(|e| {
            Error::machine(format!("`{file}` is damaged")).because(e).hint("run `fudsv exec` again")
        })
    }

    /// Where the user stood, when the build directory is this one.
    pub fn cwd(&self, workdir: &Utf8Path) -> Utf8PathBuf {
        normal(&workdir.join(&self.cwd))
    }
}

/// Makes the Ninja file of the current directory anew.
///
/// # Errors
/// Whatever is wrong with the request by now.
pub fn regenerate(mut env: Env) -> Result<()> {
    let workdir = Workdir::existing(&env.cwd.clone());
    if let Some(held) = env.var("FUDSV_TOKEN")
        && token(&workdir).is_some_and(|token| token.to_string() == held)
    {
        return Ok(());
    }
    let kept = Kept::load(&workdir)?;
    if let Some(key) = kept.withheld.first() {
        return Err(Error::request("this build.ninja is out of date, and cannot be remade here")
            .detail("missing", format!("`{key}`, a secret, which is kept in no file"))
            .hint("run `fudsv exec` again, as before"));
    }
    env.cwd = kept.cwd(&env.cwd);
    let mut session = Session::open(env, kept.args)?;
    session.places.workdir = workdir.path().to_owned();
    let _lock = Lock::take(&workdir, "fudsv tool regenerate", output::waiting)?;
    if fresh(&session, &workdir).is_none() {
        generate(&session, &workdir)?;
    }
    // A link that leads elsewhere may lead to files with older times, which Ninja would take for built.
    scan::force_changed(workdir.path(), &session.facts.env().vars)?;
    store::tell(&session, &workdir)
}
