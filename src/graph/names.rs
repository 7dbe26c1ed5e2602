//! Names, and what they mean when several things share one.
//! They do not know what is named.

use super::state::Origin;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::Hash;

/// Before a name, it means all built-in scripts.
pub const BUILTIN: &str = "builtin::";

/// The meaning of names. `NAME` means the one nearest to the user, `SCRIPT::NAME` the one of the script, and
/// `builtin::NAME` the one that the built-in scripts use.
#[derive(Clone, Debug)]
pub(super) struct Names<Id> {
    /// By name all that have it, the nearest first.
    named: HashMap<String, Vec<Id>>,
    /// What those are called whose name means a nearer one.
    labels: HashMap<Id, String>,
}

impl<Id> Default for Names<Id> {
    fn default() -> Names<Id> {
        Names { named: HashMap::new(), labels: HashMap::new() }
    }
}

impl<Id: Copy + Eq + Hash> Names<Id> {
    /// Adds one more.
    pub fn add<'a>(&mut self, id: Id, name: &str, origin: impl Fn(Id) -> &'a Origin) {
        let Some(all) = self.named.get_mut(name) else {
            self.named.insert(name.to_owned(), vec![id]);
            return;
        };
        let nearer = origin(id).order().cmp(&origin(all[0]).order()) == Ordering::Less;
        let far = if nearer { std::mem::replace(&mut all[0], id) } else { id };
        all.push(far);
        let (first, far_origin) = (origin(all[0]), origin(far));
        if (first.rank, &first.script) != (far_origin.rank, &far_origin.script) {
            let script = format!("{}::", far_origin.script);
            let of = if far_origin.builtin { BUILTIN } else { &script };
            self.labels.insert(far, format!("{of}{name}"));
        }
    }

    /// The nearest that is called so.
    pub fn find<'a>(&self, called: &str, origin: impl Fn(Id) -> &'a Origin) -> Option<Id> {
        match self.named.get(called) {
            Some(all) => all.first().copied(),
            None => self.all(called, &origin).into_iter().min_by(|a, b| {
                let (a, b) = (origin(*a), origin(*b));
                a.order().cmp(&b.order())
            }),
        }
    }

    /// All that are called so, in no order.
    pub fn all<'a>(&self, called: &str, origin: impl Fn(Id) -> &'a Origin) -> Vec<Id> {
        if let Some(all) = self.named.get(called) {
            return all.clone();
        }
        let named = |name: &str| self.named.get(name).map_or(&[][..], Vec::as_slice);
        let of_it = |all: &[Id], is: &dyn Fn(&Origin) -> bool| -> Vec<Id> {
            all.iter().copied().filter(|id| is(origin(*id))).collect()
        };
        if let Some(name) = called.strip_prefix(BUILTIN) {
            let builtin = of_it(named(name), &|origin| origin.builtin);
            return if builtin.is_empty() { named(name).to_vec() } else { builtin };
        }
        let Some((script, name)) = called.rsplit_once("::") else { return vec![] };
        of_it(named(name), &|origin| origin.script == script)
    }

    /// What it is called when its name means a nearer one.
    pub fn label(&self, id: Id) -> Option<&str> {
        self.labels.get(&id).map(String::as_str)
    }
}
