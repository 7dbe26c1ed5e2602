//! The remote store of the configuration: how it is reached from here, who asks, and what is told of it.
//! It does not know how results travel.

use super::open::Session;
use super::step_texts::StepTexts;
use super::tell::Tell;
use super::trail;
use crate::config::RemoteSettings;
use crate::diag::Result;
use crate::env::Env;
use crate::paths::{normal, relative};
use crate::run::Outcome;
use crate::store::Directory;
use crate::store::remote::{Access, Ended, Login, Patience, Remote, RemoteShelf, Talker, check};
use crate::workdir::{Workdir, names};
use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{Access as Right, access as may};
use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

/// How long a remote store that did not answer is left alone by steps under plain Ninja, which know of no build.
const LEFT_ALONE: Duration = Duration::from_secs(60);

/// What is written where steps are told that the remote store is left alone.
const ALONE: &str = "left alone\n";

/// The settings as a build directory keeps them: paths in the project are seen from there. An untrusted project gives
/// nothing to anybody.
pub fn seen_from(session: &Session, workdir: &Workdir, remote: &RemoteSettings) -> RemoteSettings {
    let places = &session.places;
    let seen = |file: &Utf8PathBuf| {
        let file = normal(&places.cwd.join(file));
        if file.starts_with(&places.root) { relative(workdir.path(), &file) } else { file }
    };
    let ca_file = remote.ca_file.as_ref().map(seen);
    RemoteSettings { ca_file, write: remote.write && !session.options.untrusted, ..remote.clone() }
}

/// How a remote store is reached; `base` is what paths are relative to.
pub fn access(remote: &RemoteSettings, env: &Env, base: &Utf8Path) -> Access {
    let token =
        remote.token_env.as_ref().and_then(|name| env.var(name)).map(|token| Login::Token(token.to_owned()));
    let of_netrc = || if remote.netrc { of_netrc(&remote.url, env) } else { None };
    let login = token.or_else(of_netrc).or_else(|| of_amazon(&remote.url, env));
    let setting = |set: &Option<String>, names: &[&str]| {
        set.clone().or_else(|| names.iter().find_map(|name| env.var(name)).map(str::to_owned))
    };
    Access {
        url: remote.url.clone(),
        timeout: remote.timeout,
        retries: remote.retries,
        max_entry: remote.max_entry,
        login,
        ca_file: remote.ca_file.as_ref().map(|file| base.join(file)),
        region: setting(&remote.region, &["AWS_REGION", "AWS_DEFAULT_REGION"]),
        endpoint: setting(&remote.endpoint, &["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"]),
    }
}

/// Who asks for a bucket, as the tools of Amazon have it.
fn of_amazon(url: &str, env: &Env) -> Option<Login> {
    let var = |name: &str| env.var(name).map(str::to_owned);
    let (id, secret) = (var("AWS_ACCESS_KEY_ID")?, var("AWS_SECRET_ACCESS_KEY")?);
    url.starts_with("s3://").then(|| Login::Signing { id, secret, session: var("AWS_SESSION_TOKEN") })
}

/// The name and the password of the host in the user's `.netrc`.
fn of_netrc(url: &str, env: &Env) -> Option<Login> {
    let file = env
        .var("NETRC")
        .map(Utf8PathBuf::from)
        .or_else(|| Some(Utf8Path::new(env.var("HOME")?).join(".netrc")))?;
    let host = url.split_once("://")?.1.split(['/', ':']).next()?;
    netrc(&fs::read_to_string(file).ok()?, host)
}

/// The entry of a host, or the default one.
fn netrc(text: &str, host: &str) -> Option<Login> {
    let (mut is_meant, mut login, mut password) = (false, None, None);
    let lines = text.lines().take_while(|line| !line.trim_start().starts_with("macdef"));
    let mut words = lines.flat_map(str::split_whitespace);
    while let Some(word) = words.next() {
        match word {
            "machine" | "default" if login.is_some() && password.is_some() => break,
            "machine" => is_meant = words.next() == Some(host),
            "default" => is_meant = true,
            "login" => login = words.next().filter(|_| is_meant).or(login),
            "password" => password = words.next().filter(|_| is_meant).or(password),
            _ => {}
        }
    }
    Some(Login::Password(login?.to_owned(), password?.to_owned()))
}

/// The store in front of a remote store, and whether it is there for that alone: the store of the machine where that
/// takes results, else one in the build directory.
pub fn front(own: Option<&Utf8Path>, read_only: bool, workdir: &Utf8Path) -> (Directory, bool) {
    let is_writable = |dir: &&Utf8Path| !dir.exists() || may(dir.as_std_path(), Right::WRITE_OK).is_ok();
    match own.filter(|dir| !read_only && !dir.as_str().contains("://")).filter(is_writable) {
        Some(dir) => (Directory::new(dir), false),
        None => (Directory::new(workdir.join(names::FETCHED)), true),
    }
}

/// The patience of a build with this remote store.
pub fn patience(remote: &RemoteSettings) -> Patience {
    Patience::new(remote.retries, remote.timeout)
}

/// A remote store as the step that runs in this build directory asks it.
pub fn shelf(remote: &RemoteSettings, env: &Env, own: Option<&Utf8Path>, read_only: bool) -> RemoteShelf {
    let (front, fills_front) = front(own, read_only, &env.cwd);
    let direct = || {
        let told = fs::metadata(names::REMOTE_TOLD).and_then(|meta| meta.modified());
        let is_recent = told.is_ok_and(|told| told.elapsed().is_ok_and(|since| since < LEFT_ALONE));
        let is_alone = is_recent && fs::read_to_string(names::REMOTE_TOLD).is_ok_and(|text| text == ALONE);
        (access(remote, env, &env.cwd), if is_alone { Patience::exhausted() } else { patience(remote) })
    };
    RemoteShelf::new(Utf8Path::new(names::REMOTE), front, (remote.write, fills_front), direct)
}

/// What a step under plain Ninja tells of the remote store: once in a build directory.
pub fn warning(shelf: &RemoteShelf) -> Option<String> {
    let warning = shelf.untold()?;
    let is_first = fs::symlink_metadata(names::REMOTE_TOLD).is_err();
    // Where nothing can be written, it is told of more often.
    drop(fs::write(names::REMOTE_TOLD, if shelf.is_left_alone() { ALONE } else { "" }));
    is_first.then_some(warning)
}

/// Begins a new build directory of warnings.
pub fn forget_told(workdir: &Workdir) {
    fs::remove_file(workdir.file(names::REMOTE_TOLD)).unwrap_or_default();
}

/// A remote store for a command of the user.
///
/// # Errors
/// No kind of remote store has its address.
pub fn client(remote: &RemoteSettings, env: &Env, front: Directory) -> Result<Remote> {
    let access = access(remote, env, &env.cwd);
    check(&access)?;
    Ok(Remote::new(&access, front, patience(remote)))
}

/// The same with an address that is known to be right, and paths that are seen from a directory.
pub fn client_at(remote: &RemoteSettings, env: &Env, base: &Utf8Path, front: Directory) -> Remote {
    Remote::new(&access(remote, env, base), front, patience(remote))
}

/// Starts the talker of a build, which brings what an earlier build made of the same files, with the directory of the store of the machine; none without a remote store, or where there can be no socket: then steps ask themselves.
pub fn start(
    session: &Session,
    workdir: &Workdir,
    texts: &StepTexts,
    own: Option<&Utf8Path>,
) -> Option<Talker> {
    let settings = session.settings.store.as_ref()?;
    let remote = seen_from(session, workdir, settings.remote.as_ref()?);
    let env = session.facts.env();
    let (front, _) = front(own, settings.read_only, workdir.path());
    let remote_store = client_at(&remote, env, workdir.path(), front);
    let talker = Talker::start(remote_store, remote.write, &workdir.file(names::REMOTE)).ok()?;
    trail::follow(session, texts, talker.remote());
    Some(talker)
}

/// Ends the talker of a build, which `ran` so. Where that was interrupted, nothing more is waited for.
pub fn end(
    talker: Option<Talker>,
    (session, workdir, texts): (&Session, &Workdir, &StepTexts),
    ran: Option<&Outcome>,
    tell: &mut dyn Tell,
) {
    let Some(talker) = talker else { return };
    let hurries = ran.is_none_or(|outcome| outcome.interrupted);
    let is_made = ran.is_some_and(|outcome| outcome.success && !outcome.ends.is_empty());
    let trail = if is_made && talker.writes() { trail::of(session, texts, &BTreeMap::new()) } else { None };
    let ended = talker.end(hurries, trail.map(|trail| (trail::name(texts), trail)));
    tell_end(&ended, hurries, tell);
    fs::remove_dir_all(workdir.file(names::FETCHED)).unwrap_or_default();
}

/// Tells how a talker ended.
pub fn tell_end(ended: &Ended, hurries: bool, tell: &mut dyn Tell) {
    if let Some(warning) = &ended.warning {
        tell.warns(warning);
    } else if ended.unsent > 0 && !hurries {
        let what = if ended.unsent == 1 {
            "1 result was".to_owned()
        } else {
            format!("{} results were", ended.unsent)
        };
        tell.warns(&format!("{what} not given to the remote store in time; `fudsv store push` gives them"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_netrc_is_read_as_curl_reads_it() {
        let text = "machine other login a password b\nmachine cache\n  login me\n  password secret\ndefault login x password y\n\
                    macdef init\nmachine cache login wrong password wrong\n";
        let header = |host: &str| netrc(text, host).and_then(|login| login.header());
        let of = |name: &str, password: &str| Login::Password(name.into(), password.into()).header();
        assert_eq!(header("cache"), of("me", "secret"));
        assert_eq!(header("other"), of("a", "b"));
        assert_eq!(header("unknown"), of("x", "y"));
        assert_eq!(netrc("machine cache login me\n", "cache").and_then(|login| login.header()), None);
    }
}
