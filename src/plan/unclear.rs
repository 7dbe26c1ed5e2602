//! The error for a parameter that several given files could fill, with the possible corrections.
//! It does not know how the plan was found.

use super::ask::Ask;
use crate::diag::Error;
use crate::graph::{OpId, StateId};
use crate::shell::ShellWord;

/// How many files are named one by one.
const SHOWN: usize = 4;

/// Several given files of one state, and one place for them: a parameter, or the result if there is no op.
pub(super) fn error(
    ask: &Ask,
    op: Option<OpId>,
    param: usize,
    state: StateId,
    files: &[usize],
) -> Box<Error> {
    let state_name = ask.graph.state_name(state);
    let shown: Vec<&str> = files.iter().map(|&file| ask.request.given[file].shown.as_str()).collect();
    let all = if shown.len() == 2 { "both" } else { "all" };
    let Some(op) = op else {
        let message = format!("{} are {all} `{state_name}`, but one is needed", listed(&shown));
        return Error::request(message).hint(format!("give one of them; or {}", each(ask, &shown)));
    };
    let alike = alike(ask, op, param);
    let name = ask.graph.op_name(op);
    let places: Vec<String> = alike.iter().map(|param| format!("{name}.{param}")).collect();
    let places_text: Vec<&str> = places.iter().map(String::as_str).collect();
    let given: Vec<String> =
        shown.iter().take(SHOWN).map(|file| format!("{file} (`{state_name}`)")).collect();
    let error = Error::request(match &places_text[..] {
        [one] => format!("{} could {all} be `{one}`, which takes one file", listed(&shown)),
        several => {
            format!("it is not clear which of {} belongs to which of {}", listed(&shown), listed(several))
        }
    });
    error.detail("given", given.join("\n")).hint(ways_out(ask, &places, state, &shown))
}

/// The names of the parameters that take one file of the same state and that nothing is bound to.
fn alike<'a>(ask: &'a Ask, op: OpId, param: usize) -> Vec<&'a str> {
    let inputs = &ask.graph.op(op).inputs;
    let same = inputs.iter().enumerate().filter(|(index, input)| {
        input.state == inputs[param].state
            && !input.count.may_be_several()
            && ask.bound(op, *index).is_empty()
    });
    same.map(|(_, input)| input.name.as_str()).collect()
}

/// Words to paste.
fn ways_out(ask: &Ask, places: &[String], state: StateId, shown: &[&str]) -> String {
    let bind =
        |(place, file): (&String, &&str)| format!("--bind {}", ShellWord::quote(&format!("{place}={file}")));
    let binds: Vec<String> = places.iter().zip(shown).map(bind).collect();
    match (places.len(), ask.graph.takers(state).len()) {
        (1, 1) => each(ask, shown),
        (1, _) => format!("{}; or `{}`, if another op takes the rest", each(ask, shown), binds.join(" ")),
        _ => format!("assign them, as in `{}`", binds.join(" ")),
    }
}

/// How to have a plan for each of these files.
fn each(ask: &Ask, shown: &[&str]) -> String {
    let extension = |file: &&str| file.rsplit_once('.').map(|(_, extension)| extension.to_owned());
    let first = shown.first().and_then(extension);
    let alike = shown.iter().all(|file| extension(file) == first);
    match (first, shown.len() == ask.request.given.len()) {
        (_, true) => "`--each` does this for each of them".to_owned(),
        (Some(extension), _) if alike => format!("`--each='*.{extension}'` does this for each of them"),
        _ => "`--each=PATTERN` does this for each file that matches".to_owned(),
    }
}

/// `` `a`, `b` and `c` ``; of many only the first ones.
pub(super) fn listed(names: &[&str]) -> String {
    let quoted = |name: &&str| format!("`{name}`");
    let mut shown: Vec<String> = names.iter().take(SHOWN).map(quoted).collect();
    if names.len() > SHOWN {
        shown.push(format!("{} more", names.len() - SHOWN));
    }
    let last = shown.pop().unwrap_or_default();
    if shown.is_empty() { last } else { format!("{} and {last}", shown.join(", ")) }
}
