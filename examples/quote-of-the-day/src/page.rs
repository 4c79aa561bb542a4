//! The page: page.html with a quotation in it.

use crate::day::Day;
use crate::quotes::Quote;

const TEMPLATE: &str = include_str!("page.html");

/// What the browser may load for the page: nothing but its own style and its own empty icon. The hash is that of the
/// `style` element, so that a style which slipped in through a quotation would be refused; a test computes it anew.
pub(crate) const POLICY: &str = "default-src 'none'; style-src 'sha256-cjYxW8ugRCI6OjfWuRq13EBFTitQ6wbs43RB/JPsBtk='; img-src data:; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'";

pub(crate) fn render(day: Day, quote: &Quote) -> String {
    let mut page = String::with_capacity(TEMPLATE.len() + 2 * quote.text.len());
    let mut pieces = TEMPLATE.split("{{");
    page.push_str(pieces.next().unwrap_or_default());
    // One pass over the template, so that braces within a quotation stay what they are.
    for piece in pieces {
        let (name, rest) = piece.split_once("}}").unwrap_or(("", piece));
        match name {
            "date" => push_escaped(&mut page, &day.to_string()),
            "long_date" => push_escaped(&mut page, &day.long().to_string()),
            "id" => push_escaped(&mut page, &quote.id.to_string()),
            "text" => push_escaped(&mut page, &quote.text),
            "author" => push_escaped(&mut page, &quote.author),
            "year" => push_escaped(&mut page, &quote.year.map(year).unwrap_or_default()),
            _ => {}
        }
        page.push_str(rest);
    }
    page
}

fn year(year: i32) -> String {
    if year < 0 { format!(", {} BC", -year) } else { format!(", {year}") }
}

/// Appends `text` so that it means itself in an element and in a quoted attribute.
fn push_escaped(page: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            other => page.push(other),
        }
    }
}
