//! A picture in the language of Graphviz.
//! It does not know Graphviz itself.

use super::picture::Kind;
use super::picture::Picture;

impl Picture {
    /// The text of a `digraph`; lines end in `\n`.
    pub fn dot(&self) -> String {
        let mut text =
            String::from("digraph fudsv {\n  rankdir=LR;\n  node [fontname=\"Helvetica\", fontsize=11];\n");
        for (number, node) in self.nodes.iter().enumerate() {
            let look = match node.kind {
                Kind::Thing => "shape=box, style=\"rounded,filled\", fillcolor=\"#e8f0fe\"",
                Kind::End => "shape=box, style=\"rounded,filled\", fillcolor=\"#ceead6\"",
                Kind::Op => "shape=plain",
            };
            let tooltip = node.about.as_ref().map(|about| format!(", tooltip={}", quoted(about)));
            text += &format!(
                "  n{number} [label={}, {look}{}];\n",
                quoted(&node.label),
                tooltip.unwrap_or_default()
            );
        }
        for arrow in &self.arrows {
            let style = if arrow.optional { " [style=dashed]" } else { "" };
            text += &format!("  n{} -> n{}{style};\n", arrow.from, arrow.to);
        }
        text + "}\n"
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
