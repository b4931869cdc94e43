//! Sales by month so far, and what is expected with its band.

use super::data::Forecast;
use super::format::{Format, month_name};
use super::html::{Column, data_behind, escape, run, strong, table, user};
use super::scale::ticks;
use super::svg::{Base, Frame, band, base_axis, dot, line, responsive, value_axis};
use super::{Context, Part};

/// The section, if there is any history.
pub(super) fn part(context: &Context<'_>, forecast: &Forecast) -> Option<Part> {
    if forecast.history.is_empty() {
        return None;
    }
    let format = &context.format;
    let total: f64 = forecast.expected.iter().map(|month| month.estimate.value).sum();
    let months = forecast.expected.len() as u64;
    let description =
        format!("Columns of past monthly sales. {} expected over the next {months} months.", format.round_money(total));
    let plot =
        responsive(context.right_to_left, 14.0, Base::Labels, &description, |frame| draw(format, forecast, &frame));
    let year: Vec<f64> =
        forecast.history.iter().rev().filter(|month| month.complete).take(12).map(|month| month.value).collect();
    let mut summary = format!(
        "The last {} full months brought {}.",
        run(&format.count(year.len() as u64)),
        strong(&format.round_money(year.iter().sum()))
    );
    if months > 0 {
        summary += &format!(
            " Over the next {} months {} more are expected, from {}.",
            run(&format.count(months)),
            strong(&format.round_money(total)),
            user(&forecast.covers)
        );
    }
    let legend = "<p class=\"legend\"><span class=\"key\"><i class=\"swatch\"></i> <bdi>sales</bdi></span>\
                  <span class=\"key\"><i class=\"swatch open\"></i> <bdi>month not over</bdi></span>\
                  <span class=\"key\"><svg viewBox=\"0 0 26 10\" aria-hidden=\"true\"><path class=\"expected\" d=\"M1 5H25\"/></svg><bdi>expected</bdi></span>\
                  <span class=\"key\"><i class=\"swatch band\"></i> <bdi>8 times in 10 inside this band</bdi></span></p>\n";
    let body = format!("{plot}{legend}{}", data_behind(&numbers(format, forecast)));
    Some(Part::new("forecast", "Forecast", "Sales so far, and what to expect", &summary, &body))
}

fn draw(format: &Format, forecast: &Forecast, frame: &Frame) -> String {
    let history = forecast.history.len();
    let count = history + forecast.expected.len();
    let values = forecast.history.iter().map(|month| month.value);
    let values = values.chain(forecast.expected.iter().flat_map(|month| [month.estimate.high, month.estimate.low]));
    let (low, high) = values.fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let value_ticks = ticks(low, high, 5);
    let y = frame.y(value_ticks[0], value_ticks[value_ticks.len() - 1]);
    let x = frame.x(-0.5, count as f64 - 0.5);
    let (labels, scale) = format.axis(&value_ticks);
    let mut svg = value_axis(frame, &y, &labels, &format!("{scale}{} a month", format.currency()));
    let months: Vec<&str> = forecast
        .history
        .iter()
        .map(|month| month.month.as_str())
        .chain(forecast.expected.iter().map(|month| month.month.as_str()))
        .collect();
    svg += &base_axis(frame, &month_labels(&months, if frame.narrow { 4 } else { 9 }, |index| x.at(index as f64)), "");

    let width = ((x.at(1.0) - x.at(0.0)) * 0.72).max(1.0);
    for (index, month) in forecast.history.iter().enumerate() {
        let (top, base) = (y.at(month.value.max(0.0)), y.at(month.value.min(0.0)));
        let (class, remark) = if month.complete { ("column", "") } else { ("column open", " (not over)") };
        svg += &format!(
            "<rect class=\"{class}\" x=\"{:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" rx=\"1\" data-tip=\"{}\"/>\n",
            x.at(index as f64) - width / 2.0,
            base - top,
            escape(&format!("{}{remark}\n{}", month_name(&month.month), format.round_money(month.value)))
        );
    }
    let at = |index: usize, value: f64| (x.at((history + index) as f64), y.at(value));
    let edge = |pick: fn(&super::data::Estimate) -> f64| -> Vec<(f64, f64)> {
        forecast.expected.iter().enumerate().map(|(index, month)| at(index, pick(&month.estimate))).collect()
    };
    if !forecast.expected.is_empty() {
        svg += &band("band", &edge(|estimate| estimate.high), &edge(|estimate| estimate.low));
        svg += &line("expected", edge(|estimate| estimate.value).into_iter().map(Some));
    }
    for (index, month) in forecast.expected.iter().enumerate() {
        let tip = format!(
            "{}\n{} expected\n{} to {}",
            month_name(&month.month),
            format.round_money(month.estimate.value),
            format.number(month.estimate.low, 0),
            format.round_money(month.estimate.high)
        );
        svg += &dot("", at(index, month.estimate.value), 3.2, &tip);
    }
    svg
}

/// Labels for some of the months: Januaries, quarters or half years, as many as fit.
fn month_labels(months: &[&str], most: usize, position: impl Fn(usize) -> f64) -> Vec<(f64, String)> {
    let number = |month: &str| month.split_once('-').and_then(|(_, month)| month.parse::<usize>().ok());
    let chosen = [1, 3, 6, 12].into_iter().find_map(|step| {
        let chosen: Vec<usize> = (0..months.len())
            .filter(|&index| number(months[index]).is_some_and(|month| (month + 11) % 12 % step == 0))
            .collect();
        (chosen.len() <= most).then_some(chosen)
    });
    let chosen = chosen.unwrap_or_else(|| (0..months.len()).step_by(months.len().div_ceil(most).max(1)).collect());
    chosen.into_iter().map(|index| (position(index), month_name(months[index]))).collect()
}

fn numbers(format: &Format, forecast: &Forecast) -> String {
    let headings = [
        ("Month", Column::Words),
        ("Sales", Column::Numbers),
        ("Expected", Column::Numbers),
        ("Low", Column::Numbers),
        ("High", Column::Numbers),
    ];
    let amount = |value: f64| run(&format.number(value, 0));
    let mut rows = Vec::new();
    for month in &forecast.history {
        let remark = if month.complete { "" } else { " (not over)" };
        let name = escape(&format!("{}{remark}", month_name(&month.month)));
        rows.push(vec![name, amount(month.value), String::new(), String::new(), String::new()]);
    }
    for month in &forecast.expected {
        let estimate = month.estimate;
        rows.push(vec![
            escape(&month_name(&month.month)),
            String::new(),
            amount(estimate.value),
            amount(estimate.low),
            amount(estimate.high),
        ]);
    }
    table(&format!("Sales by month, {}", format.currency()), &headings, &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn month_labels_are_few_and_regular() {
        let months: Vec<String> = (0..48).map(|i| format!("{}-{:02}", 2023 + i / 12, i % 12 + 1)).collect();
        let months: Vec<&str> = months.iter().map(String::as_str).collect();
        let labels = |most| month_labels(&months, most, |index| index as f64);
        assert_eq!(
            labels(9).iter().map(|label| label.1.as_str()).take(2).collect::<Vec<_>>(),
            ["Jan 2023", "Jul 2023"]
        );
        assert_eq!(labels(4).len(), 4);
        assert!(labels(2).len() <= 2);
        assert!(month_labels(&[], 4, |index| index as f64).is_empty());
    }
}
