//! Documentation comments: Markdown to HTML, code in it linked where it names something that is told of.

use crate::code::{coloured, escaped};
use crate::links::Links;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// A comment as HTML. Raw HTML in it is shown as text: a page holds nothing but what this crate writes.
pub fn rendered(markdown: &str, module: &str, links: &Links) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut block: Option<String> = None;
    let mut events: Vec<Event> = Vec::new();
    for event in Parser::new_ext(markdown, options) {
        match (event, &mut block) {
            (Event::Start(Tag::CodeBlock(_)), _) => block = Some(String::new()),
            (Event::Text(text), Some(code)) => code.push_str(&text),
            (Event::End(TagEnd::CodeBlock), _) => {
                let code = block.take().unwrap_or_default();
                events.push(Event::Html(CowStr::from(boxed(&code, links))));
            }
            (Event::Code(code), _) => {
                events.push(Event::InlineHtml(CowStr::from(inline(&code, module, links))))
            }
            (Event::Html(raw) | Event::InlineHtml(raw), _) => events.push(Event::Text(raw)),
            (other, _) => events.push(lowered(other)),
        }
    }
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    out
}

/// The first sentence, for lists.
pub fn first_sentence(markdown: &str, module: &str, links: &Links) -> String {
    let paragraph: Vec<&str> = markdown.lines().take_while(|line| !line.trim().is_empty()).collect();
    let paragraph = paragraph.join(" ");
    let end = paragraph.match_indices(". ").map(|(at, _)| at + 1).next().unwrap_or(paragraph.len());
    let html = rendered(&paragraph[..end], module, links);
    html.trim().trim_start_matches("<p>").trim_end_matches("</p>").to_string()
}

fn boxed(code: &str, links: &Links) -> String {
    format!("<pre><code>{}</code></pre>\n", coloured(code.trim_end(), links))
}

fn inline(code: &str, module: &str, links: &Links) -> String {
    match links.of_code(code, module) {
        Some(place) => format!("<a href=\"{}\"><code>{}</code></a>", escaped(place), escaped(code)),
        None => format!("<code>{}</code>", escaped(code)),
    }
}

/// Headings of a comment stand below those of the page.
fn lowered(event: Event<'_>) -> Event<'_> {
    use pulldown_cmark::HeadingLevel::{H4, H5};
    let level = |level| if level == pulldown_cmark::HeadingLevel::H1 { H4 } else { H5 };
    match event {
        Event::Start(Tag::Heading { level: of, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: level(of), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(of)) => Event::End(TagEnd::Heading(level(of))),
        other => other,
    }
}
