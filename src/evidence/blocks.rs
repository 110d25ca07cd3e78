//! A short text for people in pieces, from which Markdown and HTML are made alike.

use crate::page::Html;

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading of the second level.
    Heading(String),
    /// A paragraph.
    Words(String),
    /// Points.
    Points(Vec<String>),
    /// Commands for a shell, to be run in the bag's folder.
    Commands(String),
}

/// A text with its title as Markdown.
#[must_use]
pub fn markdown(title: &str, blocks: &[Block]) -> String {
    let mut out = format!("# {title}\n");
    for block in blocks {
        out.push('\n');
        match block {
            Block::Heading(words) => out.push_str(&format!("## {words}\n")),
            Block::Words(words) => out.push_str(&format!("{words}\n")),
            Block::Points(points) => points.iter().for_each(|point| out.push_str(&format!("- {point}\n"))),
            Block::Commands(lines) => out.push_str(&format!("```sh\n{}\n```\n", lines.trim_end())),
        }
    }
    out
}

/// The same as HTML, without the title.
#[must_use]
pub fn html(blocks: &[Block]) -> Html {
    Html::joined(blocks.iter().map(|block| match block {
        Block::Heading(words) => Html::element("h2", &[], &Html::text(words)),
        Block::Words(words) => Html::element("p", &[], &spans(words)),
        Block::Points(points) => {
            let items = points.iter().map(|point| Html::element("li", &[], &spans(point)));
            Html::element("ul", &[], &Html::joined(items))
        }
        Block::Commands(lines) => {
            let code = Html::element("code", &[], &Html::text(lines.trim_end()));
            Html::element("pre", &[("class", "commands")], &code)
        }
    }))
}

/// Words with code between backticks.
fn spans(words: &str) -> Html {
    Html::joined(words.split('`').enumerate().map(|(n, piece)| match n % 2 {
        0 => Html::text(piece),
        _ => Html::element("code", &[], &Html::text(piece)),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_is_written_in_two_forms() {
        let blocks = [Block::Words("Run `a < b`.".into()), Block::Commands("cmp x y\n".into())];
        assert_eq!(markdown("T", &blocks), "# T\n\nRun `a < b`.\n\n```sh\ncmp x y\n```\n");
        let html = html(&blocks);
        assert!(html.as_str().starts_with("<p>Run <code>a &lt; b</code>.</p><pre"), "{}", html.as_str());
    }
}
