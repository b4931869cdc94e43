//! Cohort tables: one row per cohort, one column per age, the number in every cell.

use super::data::{CellKind, CohortTable};
use super::format::{Format, UNKNOWN, month_name};
use super::html::{escape, heat_class, heat_legend, run, scroll, strong};
use super::{Context, Part};

/// The section with all tables.
pub(super) fn part(context: &Context<'_>, tables: &[CohortTable]) -> Option<Part> {
    let tables: Vec<&CohortTable> = tables.iter().filter(|table| !table.rows.is_empty()).collect();
    let first = *tables.first()?;
    let mut body = String::new();
    for table in tables {
        body += &format!("<h3>{}</h3>\n<p>{}</p>\n", escape(&table.title), escape(&table.explanation));
        body += &heat_table(&context.format, table);
    }
    Some(Part::new("cohorts", "Cohorts", "Customers by the month they came", &summary(&context.format, first), &body))
}

fn summary(format: &Format, table: &CohortTable) -> String {
    let customers: u64 = table.rows.iter().map(|row| row.customers).sum();
    let cohorts = table.rows.len() as u64;
    let mut sentence =
        format!("{} customers in {} cohorts.", run(&format.count(customers)), run(&format.count(cohorts)));
    let last = table.average.iter().zip(&table.ages).rev().find_map(|(average, age)| Some((average.as_ref()?, age)));
    if let Some((average, age)) = last.filter(|_| table.kind == CellKind::Money) {
        sentence += &format!(
            " On average a customer reaches {} by {}.",
            strong(&cell_text(format, table.kind, *average, range(table).1, true)),
            escape(age)
        );
    }
    sentence
}

/// The smallest and the largest complete value; (0, 0) if there is none.
fn range(table: &CohortTable) -> (f64, f64) {
    let cells = table.rows.iter().flat_map(|row| row.cells.iter().flatten());
    let values = cells.filter(|cell| cell.complete && cell.value.is_finite()).map(|cell| cell.value);
    values
        .fold(None, |range: Option<(f64, f64)>, value| {
            Some(range.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
        })
        .unwrap_or_default()
}

fn cell_text(format: &Format, kind: CellKind, value: f64, largest: f64, with_unit: bool) -> String {
    // One decimal is enough to compare, and keeps the triangle on the page.
    let decimals = usize::from(largest < 99.95);
    match (kind, with_unit) {
        (CellKind::Money, true) => format.money_with(value, decimals),
        (CellKind::Money, false) => format.amount(value, decimals),
        (CellKind::Share, _) => format.percent(value, usize::from(largest < 0.0995)),
    }
}

fn heat_table(format: &Format, table: &CohortTable) -> String {
    let (smallest, largest) = range(table);
    let mut html = format!(
        "{}<table class=\"heat\">\n<caption class=\"hidden\">{}</caption>\n<thead><tr><th scope=\"col\">Cohort</th>\
         <th scope=\"col\" class=\"size\">Customers</th>",
        scroll(&table.title),
        escape(&table.title)
    );
    for age in &table.ages {
        html += &format!("<th scope=\"col\">{}</th>", escape(age));
    }
    html += "</tr></thead>\n<tbody>\n";
    let mut some_hatched = false;
    for row in &table.rows {
        html += &format!(
            "<tr><th scope=\"row\">{}</th><td class=\"size\">{}</td>",
            escape(&month_name(&row.cohort)),
            run(&format.count(row.customers))
        );
        for cell in &row.cells {
            html += &match cell {
                None => "<td></td>".to_owned(),
                Some(cell) => {
                    let text = run(&cell_text(format, table.kind, cell.value, largest, false));
                    some_hatched |= !cell.complete;
                    if cell.complete {
                        format!("<td class=\"{}\">{text}</td>", heat_class(cell.value, (smallest, largest)))
                    } else {
                        format!("<td class=\"hatched\">{text}<span class=\"hidden\"> (not complete)</span></td>")
                    }
                }
            };
        }
        html += "</tr>\n";
    }
    html += "</tbody>\n";
    if table.average.iter().any(Option::is_some) {
        html += "<tfoot><tr><th scope=\"row\">Average</th><td class=\"size\"></td>";
        for average in &table.average {
            let text = average
                .map_or_else(|| UNKNOWN.to_owned(), |average| cell_text(format, table.kind, average, largest, false));
            html += &format!("<td>{}</td>", run(&text));
        }
        html += "</tr></tfoot>\n";
    }
    html += "</table></div>\n";
    let end = |value| cell_text(format, table.kind, value, largest, true);
    html + &heat_legend(&end(smallest), &end(largest), some_hatched)
}
