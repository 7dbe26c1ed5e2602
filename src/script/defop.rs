//! `defop name(a: s1, b: [s2]) >> x: t1 #{…} { … }`: the syntax, and what happens when it is evaluated.
//! It does not know what a body may do; the body runs when a plan is lowered.

use super::block::Block;
use super::body::Body;
use super::declared::{OpDeclared, ParamDeclared};
use super::options::Options;
use super::session::Session;
use super::states::wanted;
use super::thrown::{Answer, Thrown};
use crate::diag::{Error, Place, Result};
use crate::graph::{Count, OpProperties, TopPorts};
use rhai::{
    Dynamic, Engine, EvalContext, Expression, ImmutableString, LexError, Map, ParseError, ParseErrorType,
    Position,
};
use std::rc::Rc;

/// All options.
const KNOWN: [&str; 8] =
    ["cost", "description", "needs", "may_need", "named_by", "top_ports", "sets", "report"];

/// What the parser consumed last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Consumed {
    Keyword,
    Name,
    Open,
    Param,
    Colon,
    State,
    Comma,
    Close,
    Arrow,
    Options,
    Body,
}

/// What was parsed so far; kept with the syntax tree.
#[derive(Clone, Debug)]
struct Shape {
    at: Consumed,
    inputs: usize,
    outputs: usize,
    in_outputs: bool,
    options: bool,
}

/// Registers the syntax.
pub fn register(engine: &mut Engine, session: &Rc<Session>) {
    let session = session.clone();
    let parse = |_: &[ImmutableString], ahead: &str, state: &mut Dynamic| {
        let start = Shape { at: Consumed::Keyword, inputs: 0, outputs: 0, in_outputs: false, options: false };
        let mut shape = state.clone().try_cast::<Shape>().unwrap_or(start);
        let next = shape.advance(ahead);
        *state = Dynamic::from(shape);
        next.map(|symbol| symbol.map(Into::into))
    };
    engine.register_custom_syntax_with_state_raw("defop", parse, false, move |context, parts, state| {
        declare(&session, context, parts, state)
    });
}

impl Shape {
    /// What must come next, when `ahead` is the next token.
    fn advance(&mut self, ahead: &str) -> std::result::Result<Option<&'static str>, ParseError> {
        const IDENT: (Consumed, &str) = (Consumed::Param, "$ident$");
        let (at, symbol) = match self.at {
            Consumed::Keyword => (Consumed::Name, "$ident$"),
            Consumed::Name if ahead == "()" => (Consumed::Close, "()"),
            Consumed::Name => (Consumed::Open, "("),
            Consumed::Open | Consumed::Comma if ahead == ")" && !self.in_outputs => (Consumed::Close, ")"),
            Consumed::Open | Consumed::Comma | Consumed::Arrow => IDENT,
            Consumed::Param => (Consumed::Colon, ":"),
            Consumed::Colon => (Consumed::State, "$expr$"),
            Consumed::State if ahead == "," => (Consumed::Comma, ","),
            Consumed::State if !self.in_outputs => (Consumed::Close, ")"),
            Consumed::State if ahead == "#{" => (Consumed::Options, "$expr$"),
            Consumed::Close => (Consumed::Arrow, ">>"),
            Consumed::State | Consumed::Options if ahead == "{" => (Consumed::Body, "$block$"),
            Consumed::State | Consumed::Options => {
                return Err(unexpected("a body in `{` and `}` must follow the outputs"));
            }
            Consumed::Body => return Ok(None),
        };
        self.in_outputs |= at == Consumed::Arrow;
        self.options |= at == Consumed::Options;
        if at == Consumed::Param {
            *(if self.in_outputs { &mut self.outputs } else { &mut self.inputs }) += 1;
        }
        self.at = at;
        Ok(Some(symbol))
    }
}

fn unexpected(message: &str) -> ParseError {
    let bad = LexError::ImproperSymbol(String::new(), message.to_owned());
    ParseError(Box::new(ParseErrorType::BadInput(bad)), Position::NONE)
}

/// Evaluates a `defop` statement: the op is declared, its body kept.
fn declare(
    session: &Session,
    context: &mut EvalContext,
    parts: &[Expression],
    state: &Dynamic,
) -> Answer<Dynamic> {
    let Some(shape) = state.clone().try_cast::<Shape>() else { return Ok(Dynamic::UNIT) };
    let source = context.source().map(str::to_owned);
    let place = |part: &Expression| session.place_of(source.as_deref(), part.position());
    let mut rest = parts.iter();
    let mut next = || rest.next().ok_or("`defop` is incomplete");
    let head = next()?;
    let mut params: Vec<(ParamDeclared, Place)> = vec![];
    for _ in 0..shape.inputs + shape.outputs {
        let (name, state) = (next()?, next()?);
        let value = state.eval_with_context(context)?;
        let wanted = wanted(session, value, &place(state)).map_err(|e| raise(e, &place(state)))?;
        let text = name.get_string_value().unwrap_or_default().to_owned();
        params.push((ParamDeclared { name: text, state: wanted.state, count: wanted.count }, place(name)));
    }
    check(&params, shape.inputs).map_err(|e| Thrown::raise(e, Position::NONE))?;
    let options = if shape.options { Some(next()?) } else { None };
    let (map, map_place) = match options {
        Some(part) => (part.eval_with_context(context)?.try_cast::<Map>().unwrap_or_default(), place(part)),
        None => (Map::new(), place(head)),
    };
    let names = params.iter().map(|(param, _)| param.name.clone()).collect();
    let body = Body::High(Block::keep(next()?, names, context));
    let name = head.get_string_value().unwrap_or_default();
    let params = params.into_iter().map(|(param, _)| param).collect();
    add(session, source.as_deref(), name, place(head), (params, shape.inputs), map, body)
        .map_err(|error| raise(error, &map_place))?;
    Ok(Dynamic::UNIT)
}

fn raise(mut error: Box<Error>, place: &Place) -> Box<rhai::EvalAltResult> {
    error.place.get_or_insert_with(|| place.clone());
    Thrown::raise(error, Position::NONE)
}

/// Each name occurs once; lists and optional files can be inputs, not outputs.
fn check(params: &[(ParamDeclared, Place)], inputs: usize) -> Result<()> {
    for (number, (param, place)) in params.iter().enumerate() {
        if params.iter().take(number).any(|(other, _)| other.name == param.name) {
            return Err(
                Error::request(format!("two parameters are called `{}`", param.name)).at(place.clone())
            );
        }
        if number >= inputs && param.count != Count::One {
            return Err(Error::request(format!("the output `{}` must be exactly one file", param.name))
                .at(place.clone())
                .hint("make a state with `directory: true` for a result of many files"));
        }
    }
    Ok(())
}

/// Adds the op to what is declared.
fn add(
    session: &Session,
    source: Option<&str>,
    name: &str,
    place: Place,
    (mut inputs, count): (Vec<ParamDeclared>, usize),
    options: Map,
    body: Body,
) -> Result<()> {
    let mut options = Options::new("defop", options, &KNOWN)?;
    let script = source.and_then(|source| session.library.script(source));
    let script = script.ok_or_else(|| Error::request("an op was declared outside of any script"))?;
    let outputs = inputs.split_off(count);
    let cost = options.count("cost")?.unwrap_or(1);
    let description = options.text("description")?.or_else(|| script.doc_above(place.line));
    let needs = options.texts("needs")?.unwrap_or_default();
    let properties = properties(&mut options)?;
    let (name, origin, body) = (name.to_owned(), script.origin(place), Some(body));
    let op = OpDeclared { name, inputs, outputs, cost, description, needs, properties, origin, body };
    session.add_op(op)
}

/// What the op declares beside its files.
fn properties(options: &mut Options) -> Result<OpProperties> {
    let top_ports = match options.text("top_ports")?.as_deref() {
        None => None,
        Some("compiled") => Some(TopPorts::Compiled),
        Some("passed") => Some(TopPorts::Passed),
        Some(_) => return Err(options.wrong("top_ports", "`\"compiled\"` or `\"passed\"`")),
    };
    let named_by = options.text("named_by")?;
    let sets = options.text_map("sets")?.unwrap_or_default();
    let may_need = options.texts("may_need")?.unwrap_or_default();
    let report = options.flag("report")?.unwrap_or(false);
    Ok(OpProperties { named_by, top_ports, sets, report, may_need })
}
