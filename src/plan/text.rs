//! A plan as text for people.
//! It does not know colours, or how the text is printed.

use super::plan_data::{FileId, Plan};
use crate::graph::OpGraph;

impl Plan {
    /// One line per use, `op: in1 in2 -> out1 out2`; then the results, the other route of equal cost and the notes. Lines
    /// end in `\n`; files are called what `shown` makes of their ids.
    pub fn text(&self, graph: &OpGraph, shown: impl Fn(FileId) -> String) -> String {
        let list = |files: &mut dyn Iterator<Item = FileId>| {
            files.map(|file| format!(" {}", shown(file))).collect::<String>()
        };
        let mut text = String::new();
        for op_use in &self.uses {
            let inputs = list(&mut op_use.inputs.iter().flatten().copied());
            let outputs = list(&mut op_use.outputs.iter().copied());
            text += &format!("{}:{inputs} ->{outputs}\n", graph.op_name(op_use.op));
        }
        for &file in &self.results {
            text += &format!("result: {} (`{}`)\n", shown(file), graph.state_name(self.file(file).state));
        }
        if let Some(tie) = &self.tie {
            let instead = tie.instead.join(", ");
            text +=
                &format!("also: {instead} costs the same; `--through {}` takes that route\n", tie.through);
        }
        if !self.proved {
            text += "note: the search stopped early; there may be a cheaper plan\n";
        }
        for note in &self.notes {
            text += &format!("note: {note}\n");
        }
        text
    }

    /// As [`Plan::text`], with file names as Ninja sees them.
    pub fn plain_text(&self, graph: &OpGraph) -> String {
        self.text(graph, |file| self.file(file).path.to_string())
    }
}
