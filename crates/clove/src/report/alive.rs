//! Probability of being alive, by number of purchases and days since the last one.

use super::data::AliveTable;
use super::html::{escape, heat_class, heat_legend, run, scroll, strong};
use super::{Context, Part};

/// The section, if the table has cells.
pub(super) fn part(context: &Context<'_>, alive: &AliveTable) -> Option<Part> {
    let format = &context.format;
    let cells: Vec<_> = alive.rows.iter().flat_map(|row| row.cells.iter().flatten()).collect();
    let customers: u64 = cells.iter().map(|cell| cell.customers).sum();
    if customers == 0 {
        return None;
    }
    let expected: f64 = cells.iter().map(|cell| cell.probability * cell.customers as f64).sum();
    let summary = format!(
        "Of {} customers who came back at least once, about {} ({}) still count the shop as theirs. The later they are \
         for their own rhythm, the less likely.",
        run(&format.count(customers)),
        strong(&format.count(expected.round() as u64)),
        run(&format.percent(expected / customers as f64, 0))
    );
    let mut body = format!(
        "{}<table class=\"heat\">\n<caption class=\"hidden\">Probability of being alive, and number of customers, by \
         purchases and days since the last purchase</caption>\n<thead><tr><th scope=\"col\">Purchases</th>",
        scroll("Probability of being alive")
    );
    for recency in &alive.recency {
        body += &format!("<th scope=\"col\">{}</th>", run(recency));
    }
    body += "</tr></thead>\n<tbody>\n";
    for row in &alive.rows {
        body += &format!("<tr><th scope=\"row\">{}</th>", run(&row.purchases));
        for cell in &row.cells {
            body += &match cell {
                None => "<td></td>".to_owned(),
                Some(cell) => format!(
                    "<td class=\"{}\">{}<span class=\"of\">{} {}</span></td>",
                    heat_class(cell.probability, (0.0, 1.0)),
                    run(&format.percent(cell.probability, 0)),
                    escape("of"),
                    run(&format.count(cell.customers))
                ),
            };
        }
        body += "</tr>\n";
    }
    body += "</tbody>\n</table></div>\n";
    body += &heat_legend(&format.percent(0.0, 0), &format.percent(1.0, 0), false);
    body += "<p class=\"small\">Columns: days since the last purchase. Small number: customers in the cell.</p>\n";
    Some(Part::new("alive", "Still there?", "Who is probably still a customer", &summary, &body))
}
