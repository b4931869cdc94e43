//! Cumulative value per customer by age, one curve per cohort, and the cost to win a customer as a line to cross.

use super::data::{Curve, LifetimeCurves};
use super::format::{Format, month_name};
use super::html::{Column, data_behind, escape, run, strong, table};
use super::scale::{spread, ticks};
use super::svg::{Base, Frame, base_axis, dot, label, line, responsive, value_axis};
use super::{Context, Part};

/// At most so many cohorts are named; the others stay in the background.
const NAMED: usize = 5;

/// The section, if there are at least two ages.
pub(super) fn part(context: &Context<'_>, curves: &LifetimeCurves) -> Option<Part> {
    if curves.ages.len() < 2 {
        return None;
    }
    let format = &context.format;
    let description = plain_summary(format, curves);
    let plot = responsive(context.right_to_left, 118.0, Base::LabelsAndName, &description, |frame| {
        draw(format, curves, &frame)
    });
    let body = format!("{plot}{}{}", legend(curves), data_behind(&numbers(format, curves)));
    Some(Part::new("curves", "Value by age", "How value grows with age", &summary(format, curves), &body))
}

fn last_known(curves: &LifetimeCurves, values: &[Option<f64>]) -> Option<(u32, f64)> {
    curves.ages.iter().zip(values).rev().find_map(|(&age, value)| value.map(|value| (age, value)))
}

fn summary(format: &Format, curves: &LifetimeCurves) -> String {
    let mut sentence = String::new();
    if let Some((age, value)) = last_known(curves, &curves.pooled) {
        sentence += &format!(
            "A customer has brought {} on average {} after the first order.",
            strong(&format.money(value)),
            run(&format.days(f64::from(age)))
        );
    }
    if let Some(cost) = curves.acquisition_cost {
        sentence += &format!(" Winning one costs {}", strong(&format.money(cost)));
        sentence += &match curves.payback_days {
            Some(days) if days < 0.5 => "; the first order pays for it.".to_owned(),
            Some(days) => format!("; that is paid back after {}.", strong(&format.days(days))),
            None => "; that is not paid back in the time known so far.".to_owned(),
        };
    }
    sentence
}

fn plain_summary(format: &Format, curves: &LifetimeCurves) -> String {
    let mut text = "Lines of cumulative value per customer by days since the first order.".to_owned();
    if let Some((age, value)) = last_known(curves, &curves.pooled) {
        text += &format!(" All customers: {} after {} days.", format.money(value), age);
    }
    text
}

/// The cohorts to name, evenly spread from the oldest to the newest, each with its style.
fn named(cohorts: &[Curve]) -> Vec<(usize, usize)> {
    let candidates: Vec<usize> =
        (0..cohorts.len()).filter(|&index| cohorts[index].values.iter().flatten().count() >= 2).collect();
    let count = candidates.len().min(NAMED);
    (0..count)
        .map(|position| {
            let index = if count > 1 { position * (candidates.len() - 1) / (count - 1) } else { 0 };
            (candidates[index], NAMED - count + position)
        })
        .collect()
}

fn draw(format: &Format, curves: &LifetimeCurves, frame: &Frame) -> String {
    let all = curves.cohorts.iter().map(|curve| &curve.values).chain([&curves.pooled]);
    let values = all.flat_map(|values| values.iter().flatten().copied()).chain(curves.acquisition_cost);
    let (low, high) = values.fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let value_ticks = ticks(low, high, 5);
    let y = frame.y(value_ticks[0], value_ticks[value_ticks.len() - 1]);
    let last_age = curves.ages[curves.ages.len() - 1];
    let x = frame.x(0.0, f64::from(last_age));
    let points = |values: &[Option<f64>]| -> Vec<Option<(f64, f64)>> {
        let ages = curves.ages.iter().map(|&age| f64::from(age));
        ages.zip(values).map(|(age, value)| value.map(|value| (x.at(age), y.at(value)))).collect()
    };

    let (labels, scale) = format.axis(&value_ticks);
    let mut svg = value_axis(frame, &y, &labels, &format!("{scale}{} per customer", format.currency()));
    let ages: Vec<(f64, String)> = age_ticks(last_age, if frame.narrow { 4 } else { 8 })
        .into_iter()
        .map(|age| (x.at(f64::from(age)), format.count(u64::from(age))))
        .collect();
    svg += &base_axis(frame, &ages, "days since the first order");

    let named = named(&curves.cohorts);
    for (index, curve) in curves.cohorts.iter().enumerate() {
        if named.iter().all(|&(named, _)| named != index) {
            svg += &line("ghost", points(&curve.values));
        }
    }
    let mut ends: Vec<(String, &str, (f64, f64))> = Vec::new();
    for &(index, style) in &named {
        let curve = &curves.cohorts[index];
        let points = points(&curve.values);
        svg += &line(&format!("curve s{style}"), points.iter().copied());
    }
    if let Some(cost) = curves.acquisition_cost {
        let height = y.at(cost);
        svg += &line("cost", [Some((x.at(0.0), height)), Some((x.at(f64::from(last_age)), height))]);
        ends.push((format!("cost {}", format.number(cost, 0)), "cost", (x.at(f64::from(last_age)), height)));
    }
    let pooled = points(&curves.pooled);
    svg += &line("pooled", pooled.iter().copied());
    if let Some(end) = pooled.iter().rev().find_map(|point| *point) {
        ends.push(("all customers".to_owned(), "pooled", end));
    }
    svg += &marks(format, curves, points);
    if !frame.narrow {
        svg += &end_labels(frame, &ends);
    }
    svg
}

/// Invisible dots that carry the numbers.
fn marks(
    format: &Format,
    curves: &LifetimeCurves,
    points: impl Fn(&[Option<f64>]) -> Vec<Option<(f64, f64)>>,
) -> String {
    let mut svg = String::new();
    let named: Vec<(String, &Vec<Option<f64>>)> = named(&curves.cohorts)
        .into_iter()
        .map(|(index, _)| (month_name(&curves.cohorts[index].name), &curves.cohorts[index].values))
        .chain([("All customers".to_owned(), &curves.pooled)])
        .collect();
    for (name, values) in named {
        for ((point, value), age) in points(values).into_iter().zip(values).zip(&curves.ages) {
            if let (Some(point), Some(value)) = (point, value) {
                let tip = format!("{name}\n{} after {}", format.money(*value), format.days(f64::from(*age)));
                svg += &dot("quiet", point, 4.0, &tip);
            }
        }
    }
    svg
}

/// Names at the ends of the lines that run through the whole plot, moved apart where they would touch.
fn end_labels(frame: &Frame, ends: &[(String, &str, (f64, f64))]) -> String {
    let wished: Vec<f64> = ends.iter().map(|(_, _, (_, y))| *y).collect();
    let placed = spread(&wished, 16.0, frame.margin[0], frame.height - frame.margin[2]);
    let edge = frame.width - frame.margin[1];
    let (label_x, anchor) = if frame.axis_right { (frame.margin[3] - 10.0, "end") } else { (edge + 10.0, "start") };
    let mut svg = String::new();
    for ((name, class, _), placed) in ends.iter().zip(placed) {
        svg += &label(&format!("end {class}"), (label_x, placed + 4.0), anchor, name);
    }
    svg
}

fn legend(curves: &LifetimeCurves) -> String {
    let key = |class: &str, name: &str| {
        format!(
            "<span class=\"key\"><svg viewBox=\"0 0 26 10\" aria-hidden=\"true\"><path class=\"{class}\" d=\"M1 5H25\"/></svg><bdi>{}</bdi></span>",
            escape(name)
        )
    };
    let mut html = "<p class=\"legend\">".to_owned();
    html += &key("pooled", "all customers");
    for (index, style) in named(&curves.cohorts) {
        html += &key(&format!("curve s{style}"), &month_name(&curves.cohorts[index].name));
    }
    if curves.acquisition_cost.is_some() {
        html += &key("cost", "cost to win a customer");
    }
    html + "</p>\n"
}

/// Round ages for the axis: steps of 15 days to a year.
fn age_ticks(last: u32, most: u32) -> Vec<u32> {
    let steps = [1, 2, 5, 10, 15, 30, 60, 90, 180, 365, 730, 1_825];
    let step = steps.into_iter().find(|step| last / step <= most).unwrap_or(3_650);
    (0..=last / step).map(|index| index * step).collect()
}

fn numbers(format: &Format, curves: &LifetimeCurves) -> String {
    let ages: Vec<String> = curves.ages.iter().map(|age| format!("day {age}")).collect();
    let mut headings = vec![("Cohort", Column::Words), ("Customers", Column::Numbers)];
    headings.extend(ages.iter().map(|age| (age.as_str(), Column::Numbers)));
    let amounts = |values: &[Option<f64>]| -> Vec<String> {
        values.iter().map(|value| run(&format.or_unknown(*value, |format, value| format.amount(value, 2)))).collect()
    };
    let mut rows: Vec<Vec<String>> = curves
        .cohorts
        .iter()
        .map(|curve| {
            let mut row = vec![escape(&month_name(&curve.name)), run(&format.count(curve.customers))];
            row.extend(amounts(&curve.values));
            row
        })
        .collect();
    let mut pooled = vec!["All customers".to_owned(), String::new()];
    pooled.extend(amounts(&curves.pooled));
    rows.push(pooled);
    table(&format!("Cumulative value per customer, {}", format.currency()), &headings, &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_on_the_axis_are_round_and_few() {
        assert_eq!(age_ticks(360, 4), [0, 90, 180, 270, 360]);
        assert_eq!(age_ticks(90, 8), [0, 15, 30, 45, 60, 75, 90]);
        assert!((1..4_000).all(|last| age_ticks(last, 8).len() <= 9));
    }

    #[test]
    fn the_oldest_and_the_newest_cohort_are_named() {
        let cohort = Curve { values: vec![Some(1.0), Some(2.0)], ..Curve::default() };
        let cohorts = vec![cohort; 12];
        let named = named(&cohorts);
        assert_eq!((named[0], named[NAMED - 1], named.len()), ((0, 0), (11, 4), NAMED));
        assert!(super::named(&[]).is_empty());
        assert_eq!(super::named(&cohorts[..1]), [(0, 4)]);
    }
}
