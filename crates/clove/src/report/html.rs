//! Pieces of HTML. Every text that comes from data passes through [`escape`] here.

/// Makes text harmless inside elements and quoted attributes.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// Text of the shop or its customers, isolated so that its own direction does not disturb its surroundings.
pub fn user(text: &str) -> String {
    format!("<bdi>{}</bdi>", escape(text))
}

/// A formatted number or amount as one run from left to right.
pub fn run(number: &str) -> String {
    format!("<bdi class=\"n\" dir=\"ltr\">{}</bdi>", escape(number))
}

/// The same, emphasised.
pub fn strong(number: &str) -> String {
    format!("<strong>{}</strong>", run(number))
}

/// A section with a heading and a sentence that says what is to be seen. All but `id` and `title` is HTML.
pub fn section(id: &str, title: &str, summary: &str, body: &str) -> String {
    format!(
        "<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{}</h2>\n\
         <p class=\"summary\">{summary}</p>\n{body}\n</section>\n",
        escape(title)
    )
}

/// A column of a plain table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Words, at the start of the cell.
    Words,
    /// Numbers, at its end.
    Numbers,
}

/// A table whose first column heads its rows. Headings are text; cells are HTML. It scrolls by itself where it is too
/// wide.
pub fn table(caption: &str, headings: &[(&str, Column)], rows: &[Vec<String>]) -> String {
    let class = |column: Column| if column == Column::Numbers { " class=\"num\"" } else { "" };
    let mut html =
        format!("{}{}<table>\n{}\n<thead><tr>", visible_caption(caption), scroll(caption), hidden_caption(caption));
    for &(heading, column) in headings {
        html += &format!("<th scope=\"col\"{}>{}</th>", class(column), escape(heading));
    }
    html += "</tr></thead>\n<tbody>\n";
    for row in rows {
        html += "<tr>";
        for (index, (cell, &(_, column))) in row.iter().zip(headings).enumerate() {
            html += &match index {
                0 => format!("<th scope=\"row\">{cell}</th>"),
                _ => format!("<td{}>{cell}</td>", class(column)),
            };
        }
        html += "</tr>\n";
    }
    html + "</tbody>\n</table></div>\n"
}

/// A caption above the box that scrolls, so that it wraps on narrow screens; [`hidden_caption`] says the same to screen
/// readers.
pub fn visible_caption(caption: &str) -> String {
    format!("<p class=\"caption\" aria-hidden=\"true\">{}</p>\n", escape(caption))
}

/// A caption that only screen readers say.
pub fn hidden_caption(caption: &str) -> String {
    format!("<caption class=\"hidden\">{}</caption>", escape(caption))
}

/// Opens a box that scrolls sideways and can be reached by keyboard. The caller closes the `div`.
pub fn scroll(label: &str) -> String {
    format!("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">", escape(label))
}

/// The numbers behind a plot, folded away.
pub fn data_behind(content: &str) -> String {
    format!("<details><summary>Show as table</summary>\n{content}</details>\n")
}

/// A horizontal bar for a share of `largest`, with its label. Grows from the start of the line.
pub fn bar(value: f64, largest: f64, class: &str, label: &str) -> String {
    let share = if largest > 0.0 && value.is_finite() { (value / largest).clamp(0.0, 1.0) } else { 0.0 };
    format!(
        "<span class=\"bar {class}\"><span class=\"track\"><span style=\"inline-size:{:.1}%\"></span></span>{}</span>",
        share * 100.0,
        run(label)
    )
}

/// The class of a heat step for a value between the smallest and the largest shown, from `h0` to `h7`.
pub fn heat_class(value: f64, (smallest, largest): (f64, f64)) -> String {
    let range = largest - smallest;
    let share = if range > 0.0 { ((value - smallest) / range).clamp(0.0, 1.0) } else { 0.0 };
    format!("h{}", ((share * HEAT_STEPS as f64) as usize).min(HEAT_STEPS - 1))
}

/// Number of steps of the heat scale; the colours are in `style.css`.
pub const HEAT_STEPS: usize = 8;

/// A legend for heat cells: the smallest and the largest value, and the hatched cells if there are any.
pub fn heat_legend(smallest: &str, largest: &str, with_hatched: bool) -> String {
    let steps: String = (0..HEAT_STEPS).map(|step| format!("<i class=\"h{step}\"></i>")).collect();
    let hatched = if with_hatched {
        "<span class=\"key\"><i class=\"hatched\"></i> <bdi>not complete: not every customer has reached this age</bdi></span>"
    } else {
        ""
    };
    format!(
        "<p class=\"legend\"><span class=\"key\">{} <span class=\"ramp\" aria-hidden=\"true\">{steps}</span> {}</span>{hatched}</p>\n",
        run(smallest),
        run(largest)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_text_is_made_harmless() {
        assert_eq!(escape("<b onx='1'>\"&"), "&lt;b onx=&#39;1&#39;&gt;&quot;&amp;");
        assert_eq!(escape("ليلى & Ștefan"), "ليلى &amp; Ștefan");
    }

    #[test]
    fn heat_steps_cover_the_whole_range() {
        assert_eq!(heat_class(0.0, (0.0, 10.0)), "h0");
        assert_eq!(heat_class(10.0, (0.0, 10.0)), "h7");
        assert_eq!(heat_class(-3.0, (0.0, 10.0)), "h0");
        assert_eq!(heat_class(45.0, (40.0, 50.0)), "h4");
        assert_eq!(heat_class(1.0, (1.0, 1.0)), "h0");
    }
}
