//! A picture as SVG: laid out in layers from left to right.
//! It does not know what the boxes mean.

use super::Picture;
use super::picture::Kind;
use crate::diag::{Error, Result};
use layout::backends::svg::SVGWriter;
use layout::core::base::Orientation;
use layout::core::color::Color;
use layout::core::geometry::Point;
use layout::core::style::{LineStyleKind, StyleAttr};
use layout::std_shapes::shapes::{Arrow, Element, LineEndKind, ShapeKind};
use layout::topo::layout::VisualGraph;

/// More boxes than this are no picture any more, and take minutes to lay out.
const MOST: usize = 1000;

/// Room at the right and at the bottom.
const MARGIN: f64 = 20.;

const FONT: usize = 12;
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
        let mut sheet = VisualGraph::new(Orientation::LeftToRight);
        let nodes: Vec<_> =
            self.nodes.iter().map(|node| sheet.add_node(element(&node.label, node.kind))).collect();
        for line in &self.arrows {
            let style = if line.optional { LineStyleKind::Dashed } else { LineStyleKind::Normal };
            let look = StyleAttr::new(Color::new(LINE), 1, None, 0, FONT);
            let arrow = Arrow::new(LineEndKind::None, LineEndKind::Arrow, style, "", &look, &None, &None);
            sheet.add_edge(arrow, nodes[line.from], nodes[line.to]);
        }
        let mut writer = SVGWriter::new();
        sheet.do_it(false, false, false, &mut writer);
        let ends = sheet.iter_nodes().map(|node| sheet.pos(node).bbox(true).1);
        let (width, height) = ends.fold((0., 0.), |(x, y): (f64, f64), end| (x.max(end.x), y.max(end.y)));
        Ok(sized(&writer.finalize(), width + MARGIN, height + MARGIN))
    }
}

/// The drawing with its real size, which the library overestimates, and in a plain font.
fn sized(svg: &str, width: f64, height: f64) -> String {
    let body =
        svg.split_once("<svg").and_then(|(_, rest)| rest.split_once('>')).map_or(svg, |(_, body)| body);
    let body = body.replace("Times, serif", "Helvetica, Arial, sans-serif");
    let view = format!("width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\"");
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {view}>{body}\n")
}

fn element(label: &str, kind: Kind) -> Element {
    let (line, fill) = match kind {
        Kind::Thing => (LINE, 0xe8_f0_fe_ff),
        Kind::End => (LINE, 0xce_ea_d6_ff),
        Kind::Op => (0xff_ff_ff_ff, 0xff_ff_ff_ff),
    };
    let rounded = usize::from(kind != Kind::Op) * 6;
    let look = StyleAttr::new(Color::new(line), 1, Some(Color::new(fill)), rounded, FONT);
    // The width of a letter of this font, and some room around the text.
    let width = label.chars().count() as f64 * FONT as f64 * 0.58 + 14.;
    Element::create(
        ShapeKind::new_box(label),
        look,
        Orientation::LeftToRight,
        Point::new(width, FONT as f64 * 1.9),
    )
}
