//! `fudsv test`: runs designs and files and gives each run a verdict. What was built, or passed before, is not repeated.
//! It does not know how a program is built, nor how a run is executed.

pub mod args;
mod cases;
mod progress;
mod rows;
mod suite;
mod table;
mod traced;
mod waves;

use super::build::{is_json, volume};
use super::output::{Volume, pretty, to_stdout};
use super::request::wanting;
use super::run_names::{AskedSeeds, Plan, Words, of_design, of_files};
use super::simulation::of_cocotb;
use crate::diag::{Error, Kind, Result};
use crate::env::Env;
use crate::runs::{Seeds, Shard, seed_base};
use crate::session::Session;
use args::TestArgs;
use cases::Case;
use rows::Row;
use serde_json::json;

/// Runs the command.
///
/// # Errors
/// An error in a request or of the machine, or a test that did not pass.
pub fn test(env: Env, args: TestArgs) -> Result<()> {
    let says = volume(&args.simulate.build) > Volume::Quiet;
    let asked = seeds(&args, says)?;
    let window = args.waves_on_failure.as_deref().map(waves::window).transpose()?;
    let shard = args.choose.shard.as_deref().map(Shard::parse).transpose()?;
    let plans = plans(&env, &args, &asked)?;
    if args.choose.list && !args.choose.failed && shard.is_none() {
        return list(
            &args,
            plans.iter().flat_map(|plan| plan.runs.iter().map(move |run| (run.to_string(), plan))),
        );
    }
    let mut cases = plans.iter().map(|plan| Case::open(&env, plan, &args)).collect::<Result<Vec<_>>>()?;
    if args.choose.failed {
        cases::only_failed(&mut cases, asked.is_said())?;
    }
    if let Some(shard) = shard {
        let note = cases::only_shard(&mut cases, shard);
        if says {
            note!("note: {note}");
        }
    }
    if args.choose.list {
        return list(
            &args,
            cases.iter().flat_map(|case| case.runs.iter().map(|run| (run.name.to_string(), &case.plan))),
        );
    }
    let rows = suite::run(&env, &args, &cases, window)?;
    table::tell(&rows, &args)?;
    conclude(&rows, &args)
}

/// The seeds that are asked for.
fn seeds(args: &TestArgs, says: bool) -> Result<AskedSeeds> {
    let base = args.choose.seed_base.as_deref().map(seed_base).transpose()?;
    if let Some(base) = base.filter(|_| args.choose.seed_base.as_deref() == Some("random") && says) {
        note!("note: seeds begin at {base}: `--seed-base {base}`");
    }
    let these = args.choose.seeds.as_deref().map(Seeds::parse).transpose()?;
    Ok(AskedSeeds { one: args.simulate.simulation.seed, these, base })
}

/// What to build, and which runs to execute of each build.
fn plans(env: &Env, args: &TestArgs, asked: &AskedSeeds) -> Result<Vec<Plan>> {
    let request = &args.simulate.request;
    let request = &of_cocotb(request, &args.simulate.simulation);
    let session = Session::open(env.clone(), request.without_operands())?;
    let words = Words::of(&session, request)?;
    let mut plans = vec![];
    for (design, selections) in &words.designs {
        plans.extend(of_design(&session.config, request, (design, selections), asked)?);
    }
    if !words.files.is_empty() || words.designs.is_empty() && !request.operands.is_empty() {
        plans.extend(of_files(&session, request, &words.files, asked)?);
    }
    words.check(&session.config, &plans)?;
    if plans.is_empty() {
        return Err(Error::request("nothing to test").hint(
            "name files, or designs of `fud.toml`; without names fudsv tests all designs with `to = \"sim\"`, `\"program\"` or `\"cocotb\"`",
        ));
    }
    let tags = &args.choose.tag;
    let has = |plan: &Plan, tag: &String| plan.spec.tags.contains(tag);
    if let Some(tag) = tags.iter().find(|tag| !plans.iter().any(|plan| has(plan, tag))) {
        let known = plans.iter().flat_map(|plan| plan.spec.tags.iter().map(String::as_str));
        return Err(Error::request(format!("no test has the tag `{tag}`"))
            .maybe_hint(crate::diag::did_you_mean(tag, known)));
    }
    plans.retain(|plan| tags.is_empty() || tags.iter().any(|tag| has(plan, tag)));
    for plan in &mut plans {
        plan.name_tests(&args.simulate.simulation.testcase)?;
        plan.request = wanting(plan.request.clone(), "test", plan.state)?;
    }
    Ok(plans)
}

/// Prints the names of runs.
fn list<'p>(args: &TestArgs, runs: impl Iterator<Item = (String, &'p Plan)>) -> Result<()> {
    if is_json(&args.simulate.build) {
        let run =
            |(name, plan): (String, &Plan)| json!({"name": name, "tags": plan.spec.tags, "to": plan.state});
        return to_stdout(pretty(&runs.map(run).collect::<Vec<_>>())?.as_bytes());
    }
    let lines: String = runs.map(|(name, _)| name + "\n").collect();
    to_stdout(lines.as_bytes())
}

/// Prints the last line and sets the exit code.
fn conclude(rows: &[Row], args: &TestArgs) -> Result<()> {
    if rows.iter().any(|row| row.interrupted) {
        return Err(Error::new(Kind::Interrupted, "interrupted"));
    }
    let not_run = rows.iter().filter(|row| row.is_not_run()).count();
    let passed = rows.iter().filter(|row| row.passed).count();
    let failed = rows.len() - passed - not_run;
    if failed > 0 {
        let rest = if not_run > 0 { format!(", and {not_run} did not run") } else { String::new() };
        return Err(Error::step(format!("{failed} of {} tests did not pass{rest}", rows.len())));
    }
    if volume(&args.simulate.build) > Volume::Quiet {
        note!("{}", table::summary(rows));
    }
    Ok(())
}
