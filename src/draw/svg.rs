//! A picture as SVG: laid out in layers from left to right, what hangs together in one block.
//! It does not know what the boxes mean.

use super::picture::Picture;
use super::picture::{Kind, Node};
use super::sheet::{FONT, Sheet};
use crate::diag::{Error, Result};
use layout::adt::dag::NodeHandle;
use layout::core::base::Orientation;
use layout::core::color::Color;
use layout::core::geometry::Point;
use layout::core::style::{LineStyleKind, StyleAttr};
use layout::std_shapes::shapes::{Arrow, Element, LineEndKind, ShapeKind};
use layout::topo::layout::VisualGraph;

/// More boxes than this are no longer readable, and take minutes to lay out.
const MOST: usize = 1000;

const LINE: u32 = 0x5f_63_68_ff;

impl Picture {
    /// The SVG file.
    ///
    /// # Errors
    /// More boxes than anybody could read.
    pub fn svg(&self) -> Result<String> {
        if self.nodes.len() > MOST {
            return Err(Error::request(format!("{} boxes are too many for a picture", self.nodes.len()))
                .hint("`--format dot` writes them for a program that can draw them"));
        }
        let mut sheet = Sheet::default();
        for block in self.blocks() {
            self.draw(&block, &mut sheet);
        }
        Ok(sheet.finish())
    }

    /// Adds these boxes and the arrows between them below what is drawn.
    fn draw(&self, block: &[usize], sheet: &mut Sheet) {
        let mut graph = VisualGraph::new(Orientation::LeftToRight);
        let mut handles: Vec<Option<NodeHandle>> = vec![None; self.nodes.len()];
        for &at in block {
            handles[at] = Some(graph.add_node(element(&self.nodes[at])));
        }
        for line in &self.arrows {
            let (Some(from), Some(to)) = (handles[line.from], handles[line.to]) else { continue };
            let style = if line.optional { LineStyleKind::Dashed } else { LineStyleKind::Normal };
            let look = StyleAttr::new(Color::new(LINE), 1, None, 0, FONT);
            let arrow = Arrow::new(LineEndKind::None, LineEndKind::Arrow, style, "", &look, &None, &None);
            graph.add_edge(arrow, from, to);
        }
        sheet.start();
        graph.do_it(false, false, false, sheet);
    }

    /// The boxes that hang together, and in each block those that follow each other beside each other: the layout keeps
    /// to this order where it can.
    fn blocks(&self) -> Vec<Vec<usize>> {
        let count = self.nodes.len();
        let (mut next, mut beside) = (vec![vec![]; count], vec![vec![]; count]);
        for arrow in &self.arrows {
            next[arrow.from].push(arrow.to);
            beside[arrow.from].push(arrow.to);
            beside[arrow.to].push(arrow.from);
        }
        let mut is_end = vec![false; count];
        next.iter().flatten().for_each(|at: &usize| is_end[*at] = true);
        let (mut seen, mut drawn) = (vec![false; count], vec![false; count]);
        let whole = |start| follow(start, &beside, &mut seen);
        let blocks: Vec<Vec<usize>> = (0..count).map(whole).filter(|block| !block.is_empty()).collect();
        let ordered = |mut block: Vec<usize>| -> Vec<usize> {
            block.sort_by_key(|at| (is_end[*at], *at));
            block.into_iter().flat_map(|start| follow(start, &next, &mut drawn)).collect()
        };
        blocks.into_iter().map(ordered).collect()
    }
}

/// All that can be reached from a box and was not seen yet, what follows a box right behind it.
fn follow(start: usize, next: &[Vec<usize>], seen: &mut [bool]) -> Vec<usize> {
    let (mut found, mut open) = (vec![], vec![start]);
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut seen[at], true) {
            found.push(at);
            open.extend(next[at].iter().rev());
        }
    }
    found
}

fn element(node: &Node) -> Element {
    let (line, fill) = match node.kind {
        Kind::Thing => (LINE, 0xe8_f0_fe_ff),
        Kind::End => (LINE, 0xce_ea_d6_ff),
        Kind::Op => (0xff_ff_ff_ff, 0xff_ff_ff_ff),
    };
    let rounded = usize::from(node.kind != Kind::Op) * 6;
    let look = StyleAttr::new(Color::new(line), 1, Some(Color::new(fill)), rounded, FONT);
    // The width of a letter of this font, and some room around the text.
    let width = node.label.chars().count() as f64 * FONT as f64 * 0.54 + 14.;
    let size = Point::new(width, FONT as f64 * 1.9);
    Element::create(ShapeKind::new_box(&node.label), look, Orientation::LeftToRight, size)
}
