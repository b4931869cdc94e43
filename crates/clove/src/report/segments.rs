//! Segments with size and value, and breakdowns by channel, product and the like.

use super::data::{Breakdown, Figure, Segment};
use super::format::Format;
use super::html::{Column, bar, escape, hidden_caption, run, scroll, strong, table, user, visible_caption};
use super::{Context, Part};

/// Below this number of customers a row is greyed and not compared.
const FEW: u64 = 30;

/// The section on segments.
pub(super) fn segments(context: &Context<'_>, segments: &[Segment]) -> Option<Part> {
    if segments.is_empty() {
        return None;
    }
    let format = &context.format;
    let amounts = segments.iter().flat_map(|segment| [segment.value, segment.predicted]).flatten();
    let decimals = format.money_decimals(amounts.fold(0.0, f64::max));
    let money = |value: Option<f64>| run(&format.or_unknown(value, |format, value| format.amount(value, decimals)));
    let headings = ["Segment", "Customers", "Share of customers and of value"];
    let caption = if context.ground.without_amounts {
        "Segments overlap.".to_owned()
    } else {
        format!("Amounts per customer, {}. Segments overlap.", format.currency())
    };
    let mut body = format!(
        "{}{}<table>\n{}\n<thead><tr>",
        visible_caption(&caption),
        scroll("Segments"),
        hidden_caption(&caption)
    );
    for heading in headings {
        let class = if heading == "Customers" { " class=\"num\"" } else { "" };
        body += &format!("<th scope=\"col\"{class}>{heading}</th>");
    }
    body += "<th scope=\"col\" class=\"num\">Value so far</th><th scope=\"col\" class=\"num\">Expected</th></tr></thead>\n<tbody>\n";
    for segment in segments {
        let share = |share: Option<f64>, class: &str| {
            share.map_or_else(String::new, |share| bar(share, 1.0, class, &format.percent(share, 0)))
        };
        let few = if segment.customers.is_some_and(|customers| customers < FEW) { " class=\"few\"" } else { "" };
        let customers = match segment.customers {
            Some(customers) => run(&format.count(customers)),
            None => "not available".to_owned(),
        };
        body += &format!(
            "<tr{few}><th scope=\"row\">{}<span class=\"rule\">{}</span></th><td class=\"num\">{customers}</td><td>{}{}</td>\
             <td class=\"num\">{}</td><td class=\"num\">{}</td></tr>\n",
            user(&segment.name),
            escape(&segment.rule),
            share(segment.customer_share, ""),
            share(segment.value_share, "second"),
            money(segment.value),
            money(segment.predicted)
        );
    }
    body += "</tbody>\n</table></div>\n<p class=\"legend\"><span class=\"key\"><i class=\"swatch\"></i> <bdi>of customers</bdi></span>\
             <span class=\"key\"><i class=\"swatch second\"></i> <bdi>of value so far</bdi></span></p>\n";
    let summary = summary(context, segments);
    Some(Part::new("segments", "Segments", "Groups of customers", &summary, &body))
}

fn summary(context: &Context<'_>, segments: &[Segment]) -> String {
    let format = &context.format;
    let weight = |segment: &&Segment| Some((segment.value_share?, segment.customer_share?));
    let best = segments
        .iter()
        .filter(|segment| segment.customers.is_some_and(|customers| customers >= FEW))
        .filter_map(|segment| weight(&segment).map(|shares| (segment, shares)))
        .filter(|(_, (_, customers))| *customers > 0.0)
        .max_by(|(_, a), (_, b)| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    match best {
        Some((segment, (value, customers))) => format!(
            "The thresholds come from this shop’s own customers. {}: {} of customers, {} of value.",
            user(&segment.name),
            strong(&format.percent(customers, 0)),
            strong(&format.percent(value, 0))
        ),
        None => "The thresholds come from this shop’s own customers.".to_owned(),
    }
}

/// The section with all breakdowns.
pub(super) fn breakdowns(context: &Context<'_>, breakdowns: &[Breakdown]) -> Option<Part> {
    if breakdowns.iter().all(|breakdown| breakdown.rows.is_empty()) {
        return None;
    }
    let format = &context.format;
    let mut body = String::new();
    for breakdown in breakdowns.iter().filter(|breakdown| !breakdown.rows.is_empty()) {
        let mut headings = vec![(breakdown.by.as_str(), Column::Words), ("Customers", Column::Numbers)];
        headings.extend(breakdown.columns.iter().map(|column| (column.as_str(), Column::Numbers)));
        let decimals = money_decimals(format, breakdown);
        let rows: Vec<Vec<String>> = breakdown
            .rows
            .iter()
            .map(|row| {
                let few = if row.customers < FEW { " <span class=\"tag plain\">few</span>" } else { "" };
                let mut cells = vec![format!("{}{few}", user(&row.name)), run(&format.count(row.customers))];
                let figures = row.figures.iter().zip(&decimals).map(|(figure, decimals)| match figure {
                    Figure::Money(amount) => format.money_with(*amount, *decimals),
                    other => format.figure(*other),
                });
                cells.extend(figures.map(|figure| run(&figure)));
                cells
            })
            .collect();
        body += &format!("<h3>{}</h3>\n", escape(&breakdown.title));
        body += &table(&breakdown.explanation, &headings, &rows);
    }
    let summary = format!(
        "What goes with higher or lower value; not necessarily its cause. Rows with fewer than {} customers say little.",
        run(&format.count(FEW))
    );
    Some(Part::new("breakdowns", "By channel and product", "Where good customers come from", &summary, &body))
}

/// Decimals of the amounts in each column, by the largest of them, so that a column is aligned.
fn money_decimals(format: &Format, breakdown: &Breakdown) -> Vec<usize> {
    let largest = |column: usize| {
        let figures = breakdown.rows.iter().filter_map(|row| row.figures.get(column));
        figures.fold(0.0_f64, |largest, figure| match figure {
            Figure::Money(amount) => largest.max(amount.abs()),
            _ => largest,
        })
    };
    (0..breakdown.columns.len()).map(|column| format.money_decimals(largest(column))).collect()
}
