//! The pages on which a bag is read offline: one for each language, with everything on it, without a script.

use super::blocks;
use super::content::Files;
use super::gathering::{Order, views};
use super::note::{self, Subject};
use super::view::View;
use crate::page::{Context, Html};
use std::io;

/// Nothing loads but the style sheet beside the page.
const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none'";

/// Puts in the pages, and the style sheet.
///
/// # Errors
/// When the archive's own theme cannot be rendered.
pub fn pages(order: &Order<'_>, subject: &Subject, files: &mut Files<'_>) -> io::Result<()> {
    let own_chinese = order.archive.settings.language == "zh";
    let other = if own_chinese { "index.en.html" } else { "index.zh.html" };
    for chinese in [true, false] {
        let own = chinese == own_chinese;
        let (name, beside) = if own { ("index.html", other) } else { (other, "index.html") };
        let page = page(order, subject, chinese, beside).map_err(io::Error::other)?;
        files.made(&format!("data/{name}"), page.into_string());
    }
    for asset in order.theme.assets().into_iter().filter(|asset| asset.address.ends_with("strongroom.css")) {
        files.made(&format!("data/{}", asset.address), asset.text);
    }
    Ok(())
}

#[derive(serde::Serialize)]
struct Item {
    id: String,
    label: Html,
}

fn page(order: &Order<'_>, subject: &Subject, chinese: bool, other: &str) -> Result<Html, String> {
    let words = order.theme.words();
    let language = if chinese { "zh" } else { "en" };
    let (mut contents, mut parts) = (Vec::new(), Vec::new());
    for dossier in &order.dossiers {
        let id = format!("dossier-{}", dossier.name);
        let called = dossier.called().within(order.holds).map(Html::phrase).unwrap_or_default();
        contents.push(Item { id: id.clone(), label: called.clone() });
        let records = views(dossier, order.holds);
        let mut inside = vec![Html::element("h2", &[], &called)];
        inside.extend(records.iter().map(record));
        inside.push(links(order, &dossier.name, chinese));
        if let Some(told) = order.told.get(dossier.name.as_ref()) {
            inside.push(Html::element("h2", &[], &words.html("evidence.history")));
            inside.push(history(order, &told.lines));
        }
        parts.push(Html::element("section", &[("id", &id)], &Html::joined(inside)));
    }
    if let Some((text, _)) = &order.checked {
        contents.push(Item { id: "findings".to_owned(), label: words.html("evidence.findings") });
        let heading = Html::element("h2", &[], &words.html("evidence.findings"));
        let text = Html::element("pre", &[("class", "commands")], &Html::text(text.trim_end()));
        parts.push(Html::element("section", &[("id", "findings")], &Html::joined([heading, text])));
    }
    contents.push(Item { id: "note".to_owned(), label: words.html("evidence.note") });
    let heading = Html::element("h2", &[], &words.html("evidence.note"));
    let note = blocks::html(&note::note(subject, chinese));
    parts.push(Html::element("section", &[("id", "note")], &Html::joined([heading, note])));
    let context = Context::new()
        .text("language", language)
        .text("csp", CSP)
        .text("title", &note::title(subject, chinese))
        .html("site_title", &Html::phrase(&order.archive.settings.title))
        .text("other", other)
        .html("heading", &words.html("evidence.title"))
        .text("notice", &order.notice)
        .value("contents", &contents)
        .html("parts", &Html::joined(parts))
        .text("day", &subject.day)
        .text("commit", &subject.commit)
        .text("version", env!("CARGO_PKG_VERSION"));
    order.theme.render("evidence.html", &context).map_err(|error| error.to_string())
}

fn record(view: &View) -> Html {
    let heading = Html::element("h3", &[], &Html::phrase(&view.title));
    let name = Html::element("code", &[], &Html::text(&view.name));
    let meta = Html::joined([Html::phrase(&view.kind), Html::text(" · "), name]);
    let head = Html::joined([heading, Html::element("p", &[("class", "record-meta")], &meta)]);
    let rows = view.rows.iter().map(|(label, lines)| {
        let lines = lines.iter().enumerate().map(|(n, line)| {
            let between = if n == 0 { Html::default() } else { Html::made("<br>".to_owned()) };
            Html::joined([between, Html::phrase(line)])
        });
        let inside = Html::joined([
            Html::element("dt", &[], &Html::phrase(label)),
            Html::element("dd", &[], &Html::joined(lines)),
        ]);
        Html::element("div", &[("class", "field")], &inside)
    });
    let mut body = vec![Html::element("dl", &[("class", "fields")], &Html::joined(rows))];
    for section in &view.text {
        body.extend(section.lines().map(|line| Html::element("p", &[], &Html::text(line))));
    }
    if let Some((header, rows)) = view.table.split_first() {
        body.push(table(header.iter().map(|cell| Html::text(cell)), rows.iter().map(|row| row.as_slice())));
    }
    let parts = [
        Html::element("div", &[("class", "record-head")], &head),
        Html::element("div", &[("class", "record-body")], &Html::joined(body)),
    ];
    Html::element("article", &[("class", "record")], &Html::joined(parts))
}

fn table<'r>(header: impl Iterator<Item = Html>, rows: impl Iterator<Item = &'r [String]>) -> Html {
    let head = Html::joined(header.map(|cell| Html::element("th", &[("scope", "col")], &cell)));
    let body = rows.map(|row| {
        let cells = row.iter().map(|cell| Html::element("td", &[], &Html::text(cell)));
        Html::element("tr", &[], &Html::joined(cells))
    });
    let head = Html::element("thead", &[], &Html::element("tr", &[], &head));
    let body = Html::element("tbody", &[], &Html::joined(body));
    Html::element("table", &[], &Html::joined([head, body]))
}

fn history(order: &Order<'_>, lines: &[[String; 5]]) -> Html {
    let words = order.theme.words();
    let header = ["when", "who", "what", "before", "after"].map(|key| words.html(&format!("evidence.{key}")));
    table(header.into_iter(), lines.iter().map(<[String; 5]>::as_slice))
}

/// The ways to what else is there of a dossier.
fn links(order: &Order<'_>, dossier: &str, chinese: bool) -> Html {
    let base = format!("dossiers/{dossier}");
    let link = |to: String, label: Html| Html::element("li", &[], &Html::element("a", &[("href", &to)], &label));
    let words = order.theme.words();
    let mut items = vec![
        link(format!("{base}/now/files/"), words.html("evidence.files")),
        link(format!("{base}/now/records.txt"), Html::text("records.txt")),
        link(format!("{base}/history.csv"), Html::text("history.csv")),
    ];
    if let Some(then) = &order.then {
        let label = format!("{} {}", words.plain("evidence.then", if chinese { "zh" } else { "en" }), then.day);
        items.push(link(format!("{base}/then/records.csv"), Html::text(&label)));
    }
    Html::element("ul", &[("class", "evidence-links")], &Html::joined(items))
}
