//! Joins what the tree declares with what the header stores into an [`Interface`].
//! It does not know which format the tree had.
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

use super::constant::Constant;
use super::declared::{Declared, DeclaredParameter, DeclaredPort, DeclaredProbe, Dtype, TOO_NEW};
use super::header::HeaderPort;
use super::roles::role_of;
use super::timescale::Timescale;
use crate::diag::{Error, Place, Result};
use crate::model::dpi::Dpi;
use crate::model::interface::{
    Direction, Interface, Item, Kind, Member, Parameter, Port, Range, Role, SCHEMA, Shape, Type,
};
use std::collections::HashMap;

/// Members of every Verilated class: Verilator lets a port have such a name, and its C++ does not compile.
const CLASS_MEMBERS: [&str; 16] = [
    "eval",
    "eval_step",
    "eval_end_step",
    "final",
    "eventsPending",
    "nextTimeSlot",
    "name",
    "hierName",
    "modelName",
    "threads",
    "contextp",
    "trace",
    "rootp",
    "vlSymsp",
    "prepareClone",
    "atClone",
];

/// What to do when a tree and a header do not belong together.
const APART: &str = "read the tree and the header from runs of the same Verilator with the same options; if they are, \
     this Verilator may be newer than this fudsv";

/// Where the Verilated class keeps things.
pub struct Stored<'s> {
    /// The ports in its header.
    pub header: &'s [HeaderPort],
    /// Expressions over its symbols, by the paths of signals.
    pub probes: &'s HashMap<String, String>,
}

/// Joins tree and header.
///
/// # Errors
/// A port of a type that cannot be passed, a header that contradicts the tree.
pub fn resolve(declared: &Declared, stored: &Stored, timescale: Timescale) -> Result<Interface> {
    let mut types = Types::default();
    let ports = declared.ports.iter().map(|port| {
        let port = resolve_port(port, stored.header, &mut types)?;
        Ok(with_enables(port, stored.header))
    });
    let ports = ports.collect::<Result<Vec<_>>>()?.concat();
    let unclaimed = stored.header.iter().find(|stored| ports.iter().all(|port| port.cname != stored.cname));
    if let Some(HeaderPort { cname, .. }) = unclaimed {
        return Err(Error::step(format!(
            "the Verilated class has a port `{cname}` that Verilator's tree does not declare"
        ))
        .hint(TOO_NEW));
    }
    let probes = declared.probes.iter().map(|probe| resolve_probe(probe, stored.probes, &mut types));
    let probes = probes.collect::<Result<Vec<_>>>()?;
    Ok(Interface {
        schema: SCHEMA,
        top: declared.top.clone(),
        time_unit: timescale.unit,
        time_precision: timescale.precision,
        ports,
        probes,
        parameters: declared.parameters.iter().filter_map(resolve_parameter).collect(),
        types: types.0,
        dpi: Dpi::default(),
    })
}

fn resolve_port(port: &DeclaredPort, header: &[HeaderPort], types: &mut Types) -> Result<Port> {
    let (unpacked, element) = peel_unpacked(&port.dtype);
    let shape = ElementShape::of(element).ok_or_else(|| cannot_pass(port, element))?;
    let stored = find_stored(port, header)?;
    // XML does not distinguish unpacked structs from packed ones; C++ has no vector for them.
    if matches!(shape.innermost, Dtype::Struct { .. } | Dtype::Union { .. })
        && stored.width != shape.width
        && stored.width == 1
    {
        return Err(cannot_pass(port, &Dtype::Other("unpacked struct".to_owned())));
    }
    let vector = shape.vector();
    let resolved = Port {
        name: port.name.clone(),
        cname: stored.cname.clone(),
        direction: port.direction,
        kind: shape.kind,
        width: shape.width,
        msb: vector.left,
        lsb: vector.right,
        ascending: vector.left < vector.right,
        signed: shape.signed,
        elements: unpacked.iter().map(|range| range.len()).product(),
        words: shape.width.div_ceil(32),
        storage: stored.storage,
        type_index: types.intern(shape.innermost, &port.name),
        role: role(port, &shape, &unpacked),
        packed: shape.packed,
        unpacked,
    };
    check(&resolved, stored)?;
    Ok(resolved)
}

/// What Verilator makes of an inout with `--pins-inout-enables`: an input, which is what the outside drives, and beside
/// it what the design drives (`p__out`), and which bits of that (`p__en`).
fn with_enables(port: Port, header: &[HeaderPort]) -> Vec<Port> {
    let stored = |cname: &str| header.iter().find(|stored| stored.cname == cname);
    let is_split = port.direction == Direction::Inout
        && stored(&port.cname).is_some_and(|stored| stored.direction == Some(Direction::In));
    if !is_split {
        return vec![port];
    }
    let part = |suffix: &str| {
        let stored = stored(&format!("{}{suffix}", port.cname))?;
        Some(Port {
            name: format!("{}{suffix}", port.name),
            cname: stored.cname.clone(),
            direction: Direction::Out,
            ..port.clone()
        })
    };
    let outputs = ["__out", "__en"].into_iter().filter_map(part);
    std::iter::once(Port { direction: Direction::In, ..port.clone() }).chain(outputs).collect()
}

/// A signal inside of the design, like a port that can only be read.
fn resolve_probe(probe: &DeclaredProbe, probes: &HashMap<String, String>, types: &mut Types) -> Result<Port> {
    let cname = probes.get(&probe.path).ok_or_else(|| {
        Error::request(format!("the signal `{}` cannot be probed", probe.path))
            .detail("why", "Verilator keeps no storage for it")
    })?;
    let port = DeclaredPort {
        name: probe.path.clone(),
        mangled: String::new(),
        direction: Direction::Probe,
        dtype: probe.dtype.clone(),
        place: None,
    };
    let (unpacked, element) = peel_unpacked(&port.dtype);
    let shape = ElementShape::of(element).ok_or_else(|| cannot_pass(&port, element))?;
    let stored = HeaderPort {
        cname: cname.clone(),
        direction: None,
        kind: shape.kind,
        width: shape.width,
        storage: shape.kind.plain().map_or_else(|| storage_of(shape.width), |plain| plain.storage),
        dimensions: unpacked.iter().map(|range| range.len()).collect(),
    };
    resolve_port(&port, &[stored], types)
}

/// Only an input of one bit is a clock or a reset.
fn role(port: &DeclaredPort, shape: &ElementShape, unpacked: &[Range]) -> Option<Role> {
    let single = port.direction == Direction::In && shape.width == 1 && unpacked.is_empty();
    role_of(&port.name).filter(|_| single)
}

/// One element of a port.
struct ElementShape<'d> {
    kind: Kind,
    width: u32,
    signed: bool,
    packed: Vec<Range>,
    innermost: &'d Dtype,
}

impl ElementShape<'_> {
    /// The shape of a type that can be passed.
    fn of(dtype: &Dtype) -> Option<ElementShape<'_>> {
        let (mut packed, innermost) = peel(dtype, |dtype| match dtype {
            Dtype::Packed { range, of } => Some((*range, of.as_ref())),
            _ => None,
        });
        let (kind, signed) = match innermost {
            Dtype::Bits { range, signed } => {
                packed.extend(*range);
                (Kind::Bits, *signed)
            }
            Dtype::Enum { base, .. } => (Kind::Bits, packed.is_empty() && is_signed(base)),
            Dtype::Struct { .. } | Dtype::Union { .. } => (Kind::Bits, false),
            Dtype::Plain(kind) if packed.is_empty() => (*kind, false),
            _ => return None,
        };
        let width = if kind == Kind::Bits { width_of(dtype)? } else { 0 };
        Some(ElementShape { kind, width, signed, packed, innermost })
    }

    /// The bounds of the value as a vector: as declared when it is one, else counted down to 0.
    fn vector(&self) -> Range {
        match (self.innermost, self.packed.as_slice()) {
            (Dtype::Bits { .. }, [range]) => *range,
            _ => Range { left: i32::try_from(self.width).map_or(0, |width| (width - 1).max(0)), right: 0 },
        }
    }
}

/// Takes layers of arrays off a type.
fn peel<'d>(dtype: &'d Dtype, layer: fn(&'d Dtype) -> Option<(Range, &'d Dtype)>) -> (Vec<Range>, &'d Dtype) {
    let mut ranges = vec![];
    let mut inner = dtype;
    while let Some((range, of)) = layer(inner) {
        ranges.push(range);
        inner = of;
    }
    (ranges, inner)
}

/// The unpacked dimensions of a type, and what one element is.
pub fn peel_unpacked(dtype: &Dtype) -> (Vec<Range>, &Dtype) {
    peel(dtype, |dtype| match dtype {
        Dtype::Unpacked { range, of } => Some((*range, of.as_ref())),
        _ => None,
    })
}

/// Whether one element is a signed number.
pub fn is_signed_element(dtype: &Dtype) -> bool {
    ElementShape::of(dtype).is_some_and(|shape| shape.signed)
}

fn is_signed(dtype: &Dtype) -> bool {
    matches!(dtype, Dtype::Bits { signed: true, .. })
}

/// Bits of a packed type.
pub fn width_of(dtype: &Dtype) -> Option<u32> {
    match dtype {
        Dtype::Bits { range, .. } => Some(range.map_or(1, Range::len)),
        Dtype::Enum { base, .. } => width_of(base),
        Dtype::Packed { range, of } => width_of(of)?.checked_mul(range.len()),
        Dtype::Struct { members, .. } => members.iter().map(|(_, member)| width_of(member)).sum(),
        Dtype::Union { members, .. } => members.iter().filter_map(|(_, member)| width_of(member)).max(),
        Dtype::Plain(_) | Dtype::Unpacked { .. } | Dtype::Other(_) => None,
    }
}

/// The port in the header; words of C++ carry a prefix there.
fn find_stored<'h>(port: &DeclaredPort, header: &'h [HeaderPort]) -> Result<&'h HeaderPort> {
    if CLASS_MEMBERS.contains(&port.mangled.as_str()) {
        return Err(Error::request(format!(
            "Verilator cannot build a top module with a port `{}`",
            port.name
        ))
        .hint("every Verilated class has a member of this name: rename the port, or wrap the top module"));
    }
    let prefixed = format!("__SYM__{}", port.mangled);
    let found = match port.direction {
        Direction::Probe => header.first(),
        _ => header.iter().find(|stored| stored.cname == port.mangled || stored.cname == prefixed),
    };
    found.ok_or_else(|| {
        if let Some(tops) = several_tops(port, header) {
            return Error::request(format!(
                "{tops} are tops of the design, and both have a port `{}`",
                port.name
            ))
            .hint("`--top NAME` or `verilator.top` names the one to build");
        }
        Error::step(format!("the Verilated class has no port `{}`", port.name)).hint(APART)
    })
}

/// The tops, when there are several: Verilator puts the name of the module before a port that two of them have.
fn several_tops(port: &DeclaredPort, header: &[HeaderPort]) -> Option<String> {
    let ending = format!("__02E{}", port.mangled);
    let tops = header.iter().filter_map(|stored| stored.cname.strip_suffix(&ending));
    let tops: Vec<String> = tops.map(|top| format!("`{top}`")).collect();
    (tops.len() > 1).then(|| tops.join(" and "))
}

/// Holds a port against the header.
fn check(port: &Port, stored: &HeaderPort) -> Result<()> {
    let sizes: Vec<u32> = port.unpacked.iter().map(|range| range.len()).collect();
    let same_direction = stored.direction.is_none_or(|direction| {
        direction == port.direction || (port.direction, direction) == (Direction::Inout, Direction::In)
    });
    if same_direction
        && (stored.kind, stored.width, &stored.dimensions) == (port.kind, port.width, &sizes)
        && (port.kind != Kind::Bits || stored.storage == storage_of(port.width))
    {
        return Ok(());
    }
    let described = |width: u32, sizes: &[u32]| format!("{width} bits, {sizes:?} elements");
    Err(Error::step(format!("Verilator's tree and header disagree about port `{}`", port.name))
        .detail("tree", described(port.width, &sizes))
        .detail("header", described(stored.width, &stored.dimensions))
        .hint(APART))
}

/// Bytes of Verilator's storage for a width.
fn storage_of(width: u32) -> u32 {
    match width {
        0..=8 => 1,
        9..=16 => 2,
        17..=32 => 4,
        33..=64 => 8,
        _ => 4 * width.div_ceil(32),
    }
}

fn cannot_pass(port: &DeclaredPort, element: &Dtype) -> Box<Error> {
    let what = match element {
        Dtype::Other(name) => name.as_str(),
        _ => "array",
    };
    if port.direction == Direction::Probe {
        return Error::request(format!(
            "the signal `{}` has a type that cannot be probed: {what}",
            port.name
        ));
    }
    let mut error =
        Error::request(format!("port `{}` has a type that a model cannot pass: {what}", port.name));
    if let Some((file, line)) = &port.place {
        error = error.at(Place { file: file.clone(), line: *line, column: 0, source: None, width: 1 });
    }
    error.hint("wrap the top module in one whose ports are bits, packed types, reals or strings")
}

fn resolve_parameter(parameter: &DeclaredParameter) -> Option<Parameter> {
    let shape = ElementShape::of(&parameter.dtype)?;
    let value = match shape.kind {
        Kind::Real => {
            let text = parameter.value.show(0, false);
            text.parse::<f64>().map_or(text, |number| format!("{number:?}"))
        }
        _ => parameter.value.show(shape.width, shape.signed),
    };
    Some(Parameter {
        name: parameter.name.clone(),
        kind: shape.kind,
        width: shape.width,
        signed: shape.signed,
        value,
    })
}

/// The types met so far.
#[derive(Default)]
struct Types(Vec<Type>);

impl Types {
    /// The index of an enum, struct or union, added when it is new; `owner` names one without a name.
    fn intern(&mut self, dtype: &Dtype, owner: &str) -> Option<usize> {
        let named = |name: &str| if name.is_empty() { owner.to_owned() } else { name.to_owned() };
        let (name, shape) = match dtype {
            Dtype::Enum { name, base, items } => (named(name), enum_shape(base, items)),
            Dtype::Struct { name, members } => {
                let members = self.members(members, &named(name), true);
                (named(name), Shape::Struct { members })
            }
            Dtype::Union { name, members } => {
                let members = self.members(members, &named(name), false);
                (named(name), Shape::Union { members })
            }
            _ => return None,
        };
        Some(self.add(Type { name, width: width_of(dtype)?, shape }))
    }

    /// Adds a type, under another name when it differs from one of the same name.
    fn add(&mut self, mut new: Type) -> usize {
        let name = new.name.clone();
        let mut n = 1;
        while let Some(index) = self.0.iter().position(|known| known.name == new.name) {
            if self.0.get(index) == Some(&new) {
                return index;
            }
            n += 1;
            new.name = format!("{name}_{n}");
        }
        self.0.push(new);
        self.0.len() - 1
    }

    /// The members, the first one in the highest bits when they are `stacked` one after the other.
    fn members(&mut self, members: &[(String, Dtype)], owner: &str, stacked: bool) -> Vec<Member> {
        let mut lsb = 0;
        let mut resolved = vec![];
        for (name, dtype) in members.iter().rev() {
            let width = width_of(dtype).unwrap_or(0);
            let shape = ElementShape::of(dtype);
            let signed = shape.as_ref().is_some_and(|shape| shape.signed);
            let inner = shape.map_or(dtype, |shape| shape.innermost);
            let type_index = self.intern(inner, &format!("{owner}.{name}"));
            resolved.push(Member { name: name.clone(), lsb, width, signed, type_index });
            lsb += if stacked { width } else { 0 };
        }
        resolved.reverse();
        resolved
    }
}

fn enum_shape(base: &Dtype, items: &[(String, Constant)]) -> Shape {
    let signed = is_signed(base);
    let width = width_of(base).unwrap_or(32);
    let item =
        |(name, value): &(String, Constant)| Item { name: name.clone(), value: value.show(width, signed) };
    Shape::Enum { signed, items: items.iter().map(item).collect() }
}
