//! How much of the processor's time the planner takes on large graphs: `cargo bench --bench planner`.
//! It does not check plans (the tests do) and fails at no time limit.

use fudsv::diag::Place;
use fudsv::graph::{BodyId, Count, Op, OpGraph, Origin, Param, State, StateId};
use fudsv::paths::WorkPath;
use fudsv::plan::{Given, Request, find};
use rustix::time::{ClockId, clock_gettime};

/// Ops by the numbers of the states they take and make.
type Ops = Vec<(Vec<usize>, Vec<usize>)>;

/// Pseudo-random numbers, the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

fn origin(line: usize) -> Origin {
    let place = Place { file: "bench.rhai".into(), line, column: 1, source: None, width: 1 };
    Origin { rank: 0, script: "bench".into(), builtin: false, place }
}

fn graph(states: usize, ops: &Ops) -> OpGraph {
    let mut graph = OpGraph::new();
    for index in 0..states {
        let (name, extensions) = (format!("s{index}"), vec![format!("e{index}")]);
        let origin = origin(index + 1);
        let (pattern, description, properties) = (None, None, Default::default());
        let state = State { name, extensions, directory: false, pattern, description, properties, origin };
        graph.add_state(state);
    }
    let params = |states: &[usize]| {
        let param = |(at, state): (usize, &usize)| Param {
            name: format!("p{at}"),
            state: StateId::new(*state),
            count: Count::One,
        };
        states.iter().enumerate().map(param).collect()
    };
    for (index, (inputs, outputs)) in ops.iter().enumerate() {
        let (inputs, outputs) = (params(inputs), params(outputs));
        let (name, origin) = (format!("op{index}"), origin(states + index + 1));
        let (description, needs, body) = (None, vec![], BodyId::new(0));
        let properties = Default::default();
        graph.add_op(Op { name, inputs, outputs, cost: 1, description, needs, properties, origin, body });
    }
    graph
}

fn request(wanted: &[usize]) -> Request {
    let shown = "../in.e0".to_owned();
    let path = WorkPath::new(&shown).into_iter();
    let given = path.map(|path| Given {
        path,
        shown: shown.clone(),
        states: vec![StateId::new(0)],
        stated: true,
        required: true,
    });
    let wanted = wanted.iter().map(|&state| StateId::new(state)).collect();
    Request {
        name: "top".into(),
        given: given.collect(),
        wanted,
        through: vec![],
        bind: vec![],
        without: vec![],
        strict: false,
    }
}

/// State `n` from state `n - 1`.
fn chain(ops: usize) -> (usize, Ops) {
    (ops + 1, (0..ops).map(|index| (vec![index], vec![index + 1])).collect())
}

/// Layers of ten states; each op leads from `ends` random states of a layer to `ends` of the next.
fn layered(ops: usize, ends: usize) -> (usize, Ops) {
    const WIDE: usize = 10;
    const PER_LAYER: usize = 20;
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut all: Ops = (0..WIDE).map(|state| (vec![0], vec![1 + state])).collect();
    for layer in 0..ops / PER_LAYER {
        for at in 0..PER_LAYER {
            let mut pick = |layer: usize| 1 + layer * WIDE + dice.below(WIDE);
            let inputs = (0..ends).map(|_| pick(layer)).collect();
            let mut outputs: Vec<usize> = (1..ends).map(|_| pick(layer + 1)).collect();
            outputs.push(1 + (layer + 1) * WIDE + at % WIDE);
            all.push((inputs, outputs));
        }
    }
    (1 + (ops / PER_LAYER + 1) * WIDE, all)
}

/// Fork and join, again and again; each side of a fork is made by `choices` ops.
fn diamonds(ops: usize, choices: usize) -> (usize, Ops) {
    let per_diamond = 2 * choices + 1;
    let mut all: Ops = vec![];
    for diamond in 0..ops / per_diamond {
        let from = 3 * diamond;
        for _ in 0..choices {
            all.push((vec![from], vec![from + 1]));
            all.push((vec![from], vec![from + 2]));
        }
        all.push((vec![from + 1, from + 2], vec![from + 3]));
    }
    (3 * (ops / per_diamond) + 1, all)
}

/// What this process has taken so far, in milliseconds: other programs that run at the same time count little.
fn now() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

fn measure(name: &str, (states, ops): (usize, Ops), wanted: &[usize]) {
    let started = now();
    let graph = graph(states, &ops);
    let built = now() - started;
    let wanted = if wanted.is_empty() { vec![states - 1] } else { wanted.to_vec() };
    let request = request(&wanted);
    let started = now();
    let plan = find(&graph, &request);
    let took = now() - started;
    let found = match &plan {
        Ok(plan) => {
            let (proved, tie) = (if plan.proved { "proved" } else { "not proved" }, plan.tie.is_some());
            format!("{} uses, cost {}, {proved}, tie {tie}", plan.uses.len(), plan.cost(&graph))
        }
        Err(error) => error.message.clone(),
    };
    println!("{name:20} {:>7} ops  build {built:8.2} ms  plan {took:9.3} ms  {found}", ops.len());
}

fn main() {
    for ops in [50, 1_000, 10_000, 100_000] {
        measure("chain", chain(ops), &[]);
        measure("chain, goal 5", chain(ops), &[5]);
        measure("chain, three goals", chain(ops), &[ops / 3, ops / 2, ops]);
        measure("layered", layered(ops, 1), &[]);
        measure("2 in, 2 out", layered(ops, 2), &[]);
        measure("2 in, 2 out, goal 55", layered(ops.max(200), 2), &[55]);
        measure("diamonds", diamonds(ops, 1), &[]);
        measure("diamonds, 2 choices", diamonds(ops, 2), &[]);
    }
    let (states, ops) = chain(100_000);
    measure("unreachable", (states + 1, ops), &[]);
}
