//! Plots as inline SVG: a frame, axes, and marks that say their number when pointed at.
//!
//! Each plot is drawn twice, wide and narrow, and the style sheet shows the one that fits: text keeps its size on a
//! phone. Time always runs from left to right; the value axis stands on the side where reading begins.

use super::html::escape;
use super::scale::Linear;

/// Size and margins of a plot, in its own units.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// Whole width.
    pub width: f64,
    /// Whole height.
    pub height: f64,
    /// Margins: top, right, bottom, left.
    pub margin: [f64; 4],
    /// Whether this is the drawing for narrow screens.
    pub narrow: bool,
    /// Whether the value axis is on the right.
    pub axis_right: bool,
}

impl Frame {
    /// Horizontal scale over the plot area.
    pub fn x(&self, low: f64, high: f64) -> Linear {
        Linear::new((low, high), (self.margin[3], self.width - self.margin[1]))
    }

    /// Vertical scale over the plot area, upwards.
    pub fn y(&self, low: f64, high: f64) -> Linear {
        Linear::new((low, high), (self.height - self.margin[2], self.margin[0]))
    }
}

/// What stands below the plot area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// Tick labels that speak for themselves, such as dates.
    Labels,
    /// Tick labels and the name of the axis.
    LabelsAndName,
}

impl Base {
    fn margin(self) -> f64 {
        match self {
            Base::Labels => 26.0,
            Base::LabelsAndName => 46.0,
        }
    }
}

/// Draws a plot for wide and for narrow screens. `label_space` is the room for labels opposite to the value axis on
/// wide screens. `description` is what screen readers say.
pub fn responsive(
    right_to_left: bool,
    label_space: f64,
    base: Base,
    description: &str,
    draw: impl Fn(Frame) -> String,
) -> String {
    let frame = |width, height, axis: f64, space: f64, narrow| Frame {
        width,
        height,
        margin: if right_to_left { [30.0, axis, base.margin(), space] } else { [30.0, space, base.margin(), axis] },
        narrow,
        axis_right: right_to_left,
    };
    let svg = |class: &str, frame: Frame| {
        format!(
            "<svg class=\"plot {class}\" viewBox=\"0 0 {} {}\" role=\"img\" tabindex=\"0\" aria-label=\"{}\">\n{}</svg>\n",
            frame.width,
            frame.height,
            escape(description),
            draw(frame)
        )
    };
    let wide = svg("wide", frame(880.0, 330.0, 62.0, label_space.max(14.0), false));
    let narrow = svg("narrow", frame(360.0, 260.0, 50.0, 12.0, true));
    format!("<div class=\"figure\">{wide}{narrow}</div>\n")
}

/// Horizontal grid lines with their labels, and the unit above the axis.
pub fn value_axis(frame: &Frame, y: &Linear, ticks: &[(f64, String)], unit: &str) -> String {
    let (start, end) = (frame.margin[3], frame.width - frame.margin[1]);
    let (label_x, anchor) = if frame.axis_right { (end + 8.0, "start") } else { (start - 8.0, "end") };
    let mut svg = String::new();
    for (value, label) in ticks {
        let position = y.at(*value);
        let class = if *value == 0.0 { "axis" } else { "grid" };
        svg += &format!(
            "<line class=\"{class}\" x1=\"{start:.1}\" x2=\"{end:.1}\" y1=\"{position:.1}\" y2=\"{position:.1}\"/>\
             <text class=\"tick\" x=\"{label_x:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>\n",
            position + 4.0,
            escape(label)
        );
    }
    let (unit_x, unit_anchor) = if frame.axis_right { (frame.width - 2.0, "end") } else { (2.0, "start") };
    svg + &format!(
        "<text class=\"unit\" x=\"{unit_x}\" y=\"12\" text-anchor=\"{unit_anchor}\">{}</text>\n",
        escape(unit)
    )
}

/// Labels under the horizontal axis, and its name below them.
pub fn base_axis(frame: &Frame, labels: &[(f64, String)], name: &str) -> String {
    let base = frame.height - frame.margin[2];
    let mut svg = String::new();
    for (position, label) in labels {
        // Half of the label's width at seven units a character: labels near the edge stay inside the drawing.
        let half = label.chars().count() as f64 * 3.5;
        let (x, anchor) = match () {
            () if position + half > frame.width => (frame.width, "end"),
            () if position - half < 0.0 => (0.0, "start"),
            () => (*position, "middle"),
        };
        svg += &format!(
            "<line class=\"axis\" x1=\"{position:.1}\" x2=\"{position:.1}\" y1=\"{base:.1}\" y2=\"{:.1}\"/>\
             <text class=\"tick\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>\n",
            base + 4.0,
            base + 18.0,
            escape(label)
        );
    }
    if name.is_empty() {
        return svg;
    }
    let middle = f64::midpoint(frame.margin[3], frame.width - frame.margin[1]);
    svg + &format!(
        "<text class=\"unit\" x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\n",
        frame.height - 6.0,
        escape(name)
    )
}

/// A broken line through points; `None` interrupts it.
pub fn line(class: &str, points: impl IntoIterator<Item = Option<(f64, f64)>>) -> String {
    let mut path = String::new();
    let mut pen_down = false;
    for point in points {
        match point {
            Some((x, y)) => {
                path += &format!("{}{x:.1} {y:.1}", if pen_down { "L" } else { "M" });
                pen_down = true;
            }
            None => pen_down = false,
        }
    }
    format!("<path class=\"{class}\" d=\"{path}\"/>\n")
}

/// A filled band between an upper and a lower edge.
pub fn band(class: &str, upper: &[(f64, f64)], lower: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (index, (x, y)) in upper.iter().chain(lower.iter().rev()).enumerate() {
        path += &format!("{}{x:.1} {y:.1}", if index == 0 { "M" } else { "L" });
    }
    format!("<path class=\"{class}\" d=\"{path}Z\"/>\n")
}

/// A dot that says `tip` when pointed at or reached by arrow keys.
pub fn dot(class: &str, (x, y): (f64, f64), radius: f64, tip: &str) -> String {
    format!("<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\" data-tip=\"{}\"/>\n", escape(tip))
}

/// A label at a point.
pub fn label(class: &str, (x, y): (f64, f64), anchor: &str, text: &str) -> String {
    format!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>\n", escape(text))
}
