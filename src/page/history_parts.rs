//! What stands around changes: a commit with its author and day, a record, what a commit says of itself.

use super::forge_parts::commit_address;
use super::html::Html;
use super::page::Desk;
use super::part::Shell;
use super::theme::Context;
use crate::history::Commit;
use crate::provenance::{Message, Signed, Verdict};
use jiff::civil::Date;

/// A record among the changes of a commit: where its type stands among the types, its path, its type's name, and where
/// it stands now, where it does.
pub type Folder = (usize, String, String, String);

/// The day of a commit by its author's clock, as `2026-03-18`; nothing where the commit gives none that exists.
#[must_use]
pub fn day_of(commit: &Commit) -> String {
    commit.day()
}

/// What stands around the changes of a commit: who made them and when, and whether it is signed.
#[must_use]
pub fn commit_shell(desk: &Desk<'_>, commit: &Commit) -> Shell {
    let time = commit.authored.zoned();
    let shown = time.as_ref().map(|time| time.strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default();
    let exact = time.as_ref().map(|time| time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()).unwrap_or_default();
    let (class, key) = signed_words(&commit.signed);
    let context = Context::new()
        .text("anchor", &format!("c-{}", commit.short))
        .text("day", &day_of(commit))
        .text("time", &shown)
        .text("exact", &exact)
        .text("author", &commit.author)
        .text("short", &commit.short)
        .text("commit", &commit.id.to_string())
        .text("href", &commit_address(desk, commit))
        .text("signed_class", class)
        .html("signed", &desk.word(key));
    desk.theme.shell("parts/history/commit.html", &format!("c-{}//changes", commit.short), context)
}

fn signed_words(signed: &Signed) -> (&'static str, &'static str) {
    match signed {
        Signed::Unsigned => ("unsigned", "history.unsigned"),
        Signed::OpenPgp => ("unverified", "history.signed_openpgp"),
        Signed::X509 => ("unverified", "history.signed_x509"),
        Signed::Unreadable => ("doubtful", "history.signed_unreadable"),
        Signed::Ssh(verdict) => match verdict {
            Verdict::Good { .. } => ("good", "history.signed"),
            Verdict::OtherPerson { .. } => ("doubtful", "history.signed_other"),
            Verdict::UnknownKey { .. } => ("unverified", "history.signed_unknown"),
            Verdict::OutsideItsTime { .. } => ("doubtful", "history.signed_outside"),
            _ => ("doubtful", "history.signed_broken"),
        },
    }
}

/// What stands around what came on a day by itself, as somebody had set it.
#[must_use]
pub fn opening_shell(desk: &Desk<'_>, day: Date) -> Shell {
    let context = Context::new().text("anchor", &format!("o-{day}")).text("day", &day.to_string());
    desk.theme.shell("parts/history/opening.html", &format!("o-{day}//changes"), context)
}

/// What stands around the changes of a record by one commit: its type and its name. `anchor` is the commit's element.
#[must_use]
pub fn record_shell(desk: &Desk<'_>, anchor: &str, folder: &Folder) -> Shell {
    let (_, path, type_name, href) = folder;
    let record_type = desk.archive.types.get(type_name);
    let context = Context::new()
        .text("path", path)
        .text("href", href)
        .html("type_title", &record_type.map(|t| Html::phrase(&t.title)).unwrap_or_default());
    desk.theme.shell("parts/history/record.html", &format!("{anchor}/{path}"), context)
}

/// What stands around the courses of a record.
#[must_use]
pub fn course_shell(desk: &Desk<'_>, id: &str, path: &str) -> Shell {
    desk.theme.shell("parts/history/course.html", id, Context::new().text("path", path))
}

/// What a commit says of itself: the summary, what follows it, and the reason, who agreed, the ticket and what became
/// of what it took away.
#[must_use]
pub fn message_html(desk: &Desk<'_>, id: &str, text: &str) -> Html {
    let message = Message::read(text);
    let approved: Vec<String> = message.approved_by().into_iter().map(|person| person.name).collect();
    let with: Vec<String> = message.co_authors().into_iter().map(|person| person.name).collect();
    let lines = [
        ("history.reason", message.reason().unwrap_or_default()),
        ("history.approved", approved.join("、")),
        ("history.ticket", message.ticket().unwrap_or_default()),
        ("history.disposal", message.disposal().unwrap_or_default()),
        ("history.co_authors", with.join("、")),
    ];
    let lines = lines.iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| {
        let pair = [Html::element("dt", &[], &desk.word(key)), Html::element("dd", &[], &Html::text(text))];
        Html::element("div", &[], &Html::joined(pair))
    });
    let lines: Vec<Html> = lines.collect();
    let mut pieces = vec![Html::element("p", &[("class", "message-summary")], &Html::text(&message.summary))];
    let paragraphs = message.body.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    pieces.extend(paragraphs.map(|paragraph| Html::element("p", &[], &Html::text(&unwrapped(paragraph)))));
    if !lines.is_empty() {
        pieces.push(Html::element("dl", &[("class", "message-lines")], &Html::joined(lines)));
    }
    Html::element("div", &[("class", "message"), ("id", id)], &Html::joined(pieces))
}

/// A paragraph without the breaks that its author's editor made: between Chinese signs nothing stands in their place.
fn unwrapped(paragraph: &str) -> String {
    let mut whole = String::with_capacity(paragraph.len());
    for line in paragraph.lines().map(str::trim) {
        let wide = |c: Option<char>| c.is_some_and(|c| c >= '\u{2e80}');
        let joins = wide(whole.chars().next_back()) && wide(line.chars().next());
        if !whole.is_empty() && !joins {
            whole.push(' ');
        }
        whole.push_str(line);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::unwrapped;

    #[test]
    fn lines_of_a_paragraph_are_joined_as_their_script_is_written() {
        assert_eq!(unwrapped("按十年保管；\n电子卷"), "按十年保管；电子卷");
        assert_eq!(unwrapped("the line\n was full\n线路"), "the line was full 线路");
    }
}
