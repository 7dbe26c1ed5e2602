//! The op graph or a plan as a picture: for Graphviz, as SVG, as a page.
//! It does not know how the picture is printed, and needs no Graphviz.

mod dot;
mod html;
mod picture;
mod sheet;
mod svg;

pub use picture::Picture;
