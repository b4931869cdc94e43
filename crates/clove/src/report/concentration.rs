//! How value is spread over customers.

use super::data::Concentration;
use super::format::Format;
use super::html::{Column, data_behind, run, strong, table};
use super::svg::{Base, Frame, base_axis, dot, label, line, responsive, value_axis};
use super::{Context, Part};

/// The section, if there is a curve.
pub(super) fn part(context: &Context<'_>, concentration: &Concentration) -> Option<Part> {
    if concentration.points.len() < 2 {
        return None;
    }
    let format = &context.format;
    let summary = sentence(format, concentration, strong, run);
    let description = format!(
        "Curve of value share by customer share. {}",
        sentence(format, concentration, str::to_owned, str::to_owned)
    );
    let plot = responsive(context.right_to_left, 30.0, Base::LabelsAndName, &description, |frame| {
        draw(format, concentration, &frame)
    });
    let headings = [("Best customers", Column::Words), ("Share of value", Column::Numbers)];
    let rows: Vec<Vec<String>> = [0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0]
        .into_iter()
        .map(|share| {
            let value = value_at(&concentration.points, share);
            vec![run(&format.percent(share, 0)), run(&format.percent(value, 1))]
        })
        .collect();
    let body = format!("{plot}{}", data_behind(&table("Share of value by share of customers", &headings, &rows)));
    Some(Part::new("concentration", "Concentration", "How much depends on your best customers", &summary, &body))
}

/// The sentence on the named points, with the given ways of writing shares.
fn sentence(
    format: &Format,
    concentration: &Concentration,
    important: impl Fn(&str) -> String,
    plain: impl Fn(&str) -> String,
) -> String {
    let Some(&(share, value)) = concentration.named.get(concentration.named.len().saturating_sub(2)) else {
        return format!("{} customers.", plain(&format.count(concentration.customers)));
    };
    let mut text = format!(
        "The best {} of {} customers brought {} of all value",
        plain(&format.percent(share, 0)),
        plain(&format.count(concentration.customers)),
        important(&format.percent(value, 0))
    );
    if let Some(&(share, value)) = concentration.named.first().filter(|first| first.0 < share) {
        text += &format!("; the best {} alone {}", plain(&format.percent(share, 0)), plain(&format.percent(value, 0)));
    }
    text + "."
}

/// The value share at a customer share, linear between points.
fn value_at(points: &[(f64, f64)], share: f64) -> f64 {
    let after = points.partition_point(|point| point.0 < share).min(points.len() - 1);
    let before = after.saturating_sub(1);
    let ((x0, y0), (x1, y1)) = (points[before], points[after]);
    if x1 <= x0 { y1 } else { y0 + (y1 - y0) * ((share - x0) / (x1 - x0)).clamp(0.0, 1.0) }
}

fn draw(format: &Format, concentration: &Concentration, frame: &Frame) -> String {
    let (x, y) = (frame.x(0.0, 1.0), frame.y(0.0, 1.0));
    let shares = [0.0, 0.25, 0.5, 0.75, 1.0];
    let labels = |at: &dyn Fn(f64) -> f64| -> Vec<(f64, String)> {
        shares.iter().map(|&share| (at(share), format.percent(share, 0))).collect()
    };
    let mut svg = value_axis(frame, &y, &labels(&|share| share), "share of value");
    svg += &base_axis(frame, &labels(&|share| x.at(share)), "share of customers, best first");
    svg += &line("even", [Some((x.at(0.0), y.at(0.0))), Some((x.at(1.0), y.at(1.0)))]);
    svg += &line("expected", concentration.points.iter().map(|&(share, value)| Some((x.at(share), y.at(value)))));
    for &(share, value) in &concentration.named {
        let point = (x.at(share), y.at(value));
        let text = format!("best {}: {}", format.percent(share, 0), format.percent(value, 0));
        svg += &dot("", point, 4.0, &format!("{text} of value"));
        svg += &label("end", (point.0 + 10.0, (point.1 + 12.0).min(y.at(0.0) - 6.0)), "start", &text);
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_between_points_are_interpolated() {
        let points = [(0.0, 0.0), (0.2, 0.6), (1.0, 1.0)];
        assert!((value_at(&points, 0.1) - 0.3).abs() < 1e-12);
        assert!((value_at(&points, 0.2) - 0.6).abs() < 1e-12);
        assert_eq!(value_at(&points, 1.0), 1.0);
        assert_eq!(value_at(&points, 2.0), 1.0);
    }
}
