//! Which kinds of remote stores there are, each a file of this folder and one entry in a list.
//! It does not know what is kept there.

use super::access::Access;
use super::transport::{Transport, Trouble};
use super::{http, redis, s3, shared};
use crate::diag::{Error, Result};

/// All kinds of remote stores. Each opens the addresses that are its own.
const KINDS: &[Open] = &[http::open, redis::open, s3::open, shared::open];

/// Opens a remote store at an address of its kind.
type Open = fn(&Access) -> Option<std::result::Result<Box<dyn Transport>, Trouble>>;

/// The store of an address; none where no kind of store has it.
pub fn open(access: &Access) -> Option<std::result::Result<Box<dyn Transport>, Trouble>> {
    KINDS.iter().find_map(|open| open(access))
}

/// Whether an address is one of a remote store.
///
/// # Errors
/// No kind of remote store has such addresses.
pub fn check(access: &Access) -> Result<()> {
    const HINT: &str =
        "`store.remote.url` begins with `http://`, `https://`, `redis://`, `s3://` or `file:///`";
    match open(access) {
        Some(Ok(_)) => Ok(()),
        Some(Err(trouble)) => {
            Err(Error::request(format!("the remote store `{}` {}", access.url, trouble.what)).hint(HINT))
        }
        None => Err(Error::request(format!("no kind of remote store is at `{}`", access.url)).hint(HINT)),
    }
}
