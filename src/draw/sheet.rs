//! What the layout draws on: blocks one below the other, arrows behind boxes, so that no line strikes a text out.
//! It does not know where things should be.

use super::html::escaped;
use layout::core::format::{ClipHandle, RenderBackend};
use layout::core::geometry::Point;
use layout::core::style::StyleAttr;

/// The size of letters, in pixels.
pub(super) const FONT: usize = 12;

/// Room around the drawing.
const MARGIN: f64 = 10.;

/// What an arrow ends with.
const HEAD: &str = "<defs><marker id=\"head\" markerWidth=\"10\" markerHeight=\"7\" refX=\"10\" refY=\"3.5\" \
orient=\"auto-start-reverse\"><polygon points=\"0 0, 10 3.5, 0 7\" fill=\"#5f6368\"/></marker></defs>\n";

/// A growing drawing.
#[derive(Default)]
pub(super) struct Sheet {
    arrows: String,
    boxes: String,
    /// The right and the lower end of what is drawn.
    end: (f64, f64),
    /// Where the block starts.
    top: f64,
}

impl Sheet {
    /// Puts the following boxes below all others.
    pub fn start(&mut self) {
        self.top = self.end.1;
    }

    /// The SVG file.
    pub fn finish(&self) -> String {
        let (width, height) = (self.end.0 + MARGIN, self.end.1 + MARGIN);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
             viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"Helvetica, Arial, sans-serif\" \
             font-size=\"{FONT}\">\n{HEAD}<g fill=\"none\">\n{}</g>\n<g text-anchor=\"middle\">\n{}</g>\n</svg>\n",
            self.arrows, self.boxes
        )
    }

    /// Where a point of the block stands.
    fn at(&mut self, point: Point) -> (f64, f64) {
        let (x, y) = (point.x + MARGIN, point.y + self.top + MARGIN);
        self.end = (self.end.0.max(x), self.end.1.max(y));
        (x, y)
    }
}

impl RenderBackend for Sheet {
    fn draw_rect(
        &mut self,
        xy: Point,
        size: Point,
        look: &StyleAttr,
        _properties: Option<String>,
        _clip: Option<ClipHandle>,
    ) {
        let (x, y) = self.at(xy);
        self.at(xy.add(size));
        let fill = look.fill_color.map_or("none".to_owned(), |color| color.to_web_color());
        self.boxes += &format!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{}\" fill=\"{fill}\" stroke=\"{}\"/>",
            size.x,
            size.y,
            look.rounded,
            look.line_color.to_web_color()
        );
    }

    fn draw_line(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>) {}

    fn draw_circle(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>) {}

    fn draw_text(&mut self, xy: Point, text: &str, _: &StyleAttr) {
        let (x, y) = self.at(xy);
        // Text is placed by its baseline; few programs know other ways.
        let y = y + FONT as f64 * 0.35;
        self.boxes += &format!("<text x=\"{x:.1}\" y=\"{y:.1}\">{}</text>\n", escaped(text));
    }

    fn draw_arrow(
        &mut self,
        path: &[(Point, Point)],
        dashed: bool,
        (start, end): (bool, bool),
        look: &StyleAttr,
        _properties: Option<String>,
        _text: &str,
    ) {
        // A start, a curve with two control points, and further curves that go on smoothly with one each.
        let mut line = String::new();
        for (number, point) in path.iter().flat_map(|(first, second)| [first, second]).enumerate() {
            let (x, y) = self.at(*point);
            line += match number {
                0 => "M",
                1 => "C",
                4.. if number % 2 == 0 => "S",
                _ => " ",
            };
            line += &format!("{x:.1} {y:.1}");
        }
        let dash = if dashed { " stroke-dasharray=\"5,5\"" } else { "" };
        let head = |there: bool, name: &str| {
            if there { format!(" marker-{name}=\"url(#head)\"") } else { String::new() }
        };
        self.arrows += &format!(
            "<path d=\"{}\" stroke=\"{}\"{dash}{}{}/>\n",
            line,
            look.line_color.to_web_color(),
            head(start, "start"),
            head(end, "end")
        );
    }

    fn create_clip(&mut self, _: Point, _: Point, _: usize) -> ClipHandle {
        0
    }
}
