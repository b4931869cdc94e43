//! Whether the forecast can be trusted: models against naive baselines on a period that none of them had seen.

use super::data::{Backtest, BacktestRow, Tracking};
use super::format::{Format, UNKNOWN};
use super::html::{Column, bar, data_behind, hidden_caption, run, scroll, strong, table, user, visible_caption};
use super::scale::ticks;
use super::svg::{Base, Frame, base_axis, dot, line, responsive, value_axis};
use super::{Context, Part};

/// The section, if any model was tested.
pub(super) fn part(context: &Context<'_>, backtest: &Backtest) -> Option<Part> {
    if backtest.models.is_empty() {
        return None;
    }
    let mut body = comparison(&context.format, backtest);
    if backtest.tracking.len() > 1 {
        body += "<h3>Purchases as they came in</h3>\n";
        let description = "Lines of cumulative purchases, actual and expected, over the period predicted.";
        body += &responsive(context.right_to_left, 40.0, Base::Labels, description, |frame| {
            draw(&context.format, backtest, &frame)
        });
        body += "<p class=\"legend\"><span class=\"key\"><svg viewBox=\"0 0 26 10\" aria-hidden=\"true\"><path class=\"actual\" d=\"M1 5H25\"/></svg><bdi>actual</bdi></span>\
                 <span class=\"key\"><svg viewBox=\"0 0 26 10\" aria-hidden=\"true\"><path class=\"expected dashed\" d=\"M1 5H25\"/></svg><bdi>expected</bdi></span></p>\n";
        body += &data_behind(&tracking_numbers(&context.format, backtest));
    }
    let summary = summary(&context.format, backtest);
    Some(Part::new("backtest", "Can I trust it?", "How good the forecast would have been", &summary, &body))
}

fn summary(format: &Format, backtest: &Backtest) -> String {
    let mut text = format!(
        "Every model saw the orders until {} and had to predict the purchases of {} customers until {}.",
        run(&backtest.calibrated_until),
        run(&format.count(backtest.customers)),
        run(&backtest.until)
    );
    let chosen = backtest.models.iter().find(|row| row.model == backtest.chosen);
    if let Some(bias) = chosen.and_then(|row| row.bias) {
        let direction = if bias >= 0.0 { "too many" } else { "too few" };
        text += &format!(
            " {} was chosen; it expected {} {direction}",
            user(&backtest.chosen),
            strong(&format.percent(bias.abs(), 1))
        );
        let baselines = backtest.models.iter().filter(|row| row.baseline);
        let best = baselines.filter_map(|row| row.rmse).min_by(f64::total_cmp);
        if let (Some(best), Some(error)) = (best, chosen.and_then(|row| row.rmse)) {
            let gain = 1.0 - error / best;
            let comparison = if gain >= 0.0 { "smaller" } else { "larger" };
            text += &format!(
                ", and its error per customer is {} {comparison} than that of the best simple rule",
                strong(&format.percent(gain.abs(), 0))
            );
        }
        text += ".";
    }
    text
}

fn comparison(format: &Format, backtest: &Backtest) -> String {
    let largest = backtest.models.iter().filter_map(|row| row.rmse).fold(0.0, f64::max);
    let caption = format!(
        "{} purchases in the period predicted. Smaller errors are better; rank correlation and best tenth are better \
         when larger.",
        format.count(backtest.purchases)
    );
    let mut html = format!(
        "{}{}<table>\n{}\n<thead><tr><th scope=\"col\">Model</th><th scope=\"col\">Error (RMSE)</th>\
         <th scope=\"col\" class=\"num\">MAE</th><th scope=\"col\" class=\"num\">Bias</th>\
         <th scope=\"col\" class=\"num\">Rank correlation</th><th scope=\"col\" class=\"num\">Best tenth found</th></tr></thead>\n<tbody>\n",
        visible_caption(&caption),
        scroll("Models in the back-test"),
        hidden_caption(&caption)
    );
    for row in &backtest.models {
        html += &model_row(format, row, row.model == backtest.chosen, largest);
    }
    html + "</tbody>\n</table></div>\n<p class=\"legend\"><span class=\"key\"><i class=\"swatch second\"></i> <bdi>chosen</bdi></span>\
            <span class=\"key\"><i class=\"swatch\"></i> <bdi>model</bdi></span><span class=\"key\"><i class=\"swatch plain\"></i> <bdi>simple rule</bdi></span></p>\n"
}

fn model_row(format: &Format, row: &BacktestRow, chosen: bool, largest: f64) -> String {
    let number = |value: Option<f64>| run(&format.or_unknown(value, |format, value| format.number(value, 3)));
    let tag = match (chosen, row.baseline) {
        (true, _) => " <span class=\"tag\">chosen</span>",
        (false, true) => " <span class=\"tag plain\">simple rule</span>",
        (false, false) => "",
    };
    let class = match (chosen, row.baseline) {
        (true, _) => "second",
        (false, true) => "plain",
        (false, false) => "",
    };
    let error = row.rmse.map_or_else(|| UNKNOWN.to_owned(), |rmse| bar(rmse, largest, class, &format.number(rmse, 3)));
    format!(
        "<tr{}><th scope=\"row\">{}{tag}</th><td>{error}</td><td class=\"num\">{}</td><td class=\"num\">{}</td>\
         <td class=\"num\">{}</td><td class=\"num\">{}</td></tr>\n",
        if chosen { " class=\"chosen\"" } else { "" },
        user(&row.model),
        number(row.mae),
        run(&format.or_unknown(row.bias, |format, bias| format.signed_percent(bias, 1))),
        number(row.spearman),
        run(&format.or_unknown(row.top10_capture, |format, share| format.percent(share, 0)))
    )
}

fn draw(format: &Format, backtest: &Backtest, frame: &Frame) -> String {
    let steps = &backtest.tracking;
    let high = steps.iter().flat_map(|step| [step.actual, step.expected]).fold(0.0, f64::max);
    let value_ticks = ticks(0.0, high, 5);
    let y = frame.y(0.0, value_ticks[value_ticks.len() - 1]);
    let x = frame.x(0.0, (steps.len() - 1) as f64);
    let (labels, scale) = format.axis(&value_ticks);
    let mut svg = value_axis(frame, &y, &labels, &format!("{scale}purchases"));
    let shown = if frame.narrow { 2 } else { 5 };
    let dates: Vec<(f64, String)> = (0..=shown)
        .map(|position| position * (steps.len() - 1) / shown)
        .map(|index| (x.at(index as f64), steps[index].day.clone()))
        .collect();
    svg += &base_axis(frame, &dates, "");
    let at = |index: usize, value: f64| (x.at(index as f64), y.at(value));
    svg += &line("actual", steps.iter().enumerate().map(|(index, step)| Some(at(index, step.actual))));
    svg += &line("expected dashed", steps.iter().enumerate().map(|(index, step)| Some(at(index, step.expected))));
    for (index, step) in steps.iter().enumerate() {
        let tip = format!(
            "{}\n{} actual\n{} expected",
            step.day,
            format.number(step.actual, 0),
            format.number(step.expected, 0)
        );
        svg += &dot("quiet", at(index, step.expected), 4.0, &tip);
    }
    svg
}

fn tracking_numbers(format: &Format, backtest: &Backtest) -> String {
    let headings = [("Day", Column::Words), ("Actual", Column::Numbers), ("Expected", Column::Numbers)];
    let number = |value: f64| run(&format.number(value, 0));
    let row = |step: &Tracking| vec![run(&step.day), number(step.actual), number(step.expected)];
    table("Cumulative purchases", &headings, &backtest.tracking.iter().map(row).collect::<Vec<_>>())
}
