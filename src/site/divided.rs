//! Long tables, whose rows do not all stand in their page.
//!
//! Of a table with more than [`WHOLE`] rows that all staff may read, the first ones stand in the page. The others stand
//! beside it twice: in scripts that hand them over to the page, which filters and sorts them with the first, and in
//! further pages for whoever reads without scripts. Sealed rows are in envelopes, as everywhere.

use super::door::{Door, DoorError, Finished};
use super::frame::Frame;
use super::gate::Kind;
use crate::page::{Context, Page, Shell};
use crate::sealing::letters;
use sha2::{Digest, Sha256};

/// A table up to this many rows stands in its page whole.
pub const WHOLE: usize = 500;
/// So many rows of a longer one stand in the page.
const FIRST: usize = 100;
/// And so many in each piece beside it.
const PIECE: usize = 2000;

/// The way to the other pages over which the rows of a table are divided: made of the numbers of the further pages, and
/// on which of them it stands, the page itself being the first.
pub type Further<'k> = dyn Fn(&[usize], usize) -> String + 'k;

/// A long table: its rows that all staff may read, as far as they do not stand in the page.
pub struct Divided {
    /// The id of the element that holds the rows.
    id: String,
    /// The numbers of the further pages, one for each piece.
    pub(super) pages: Vec<usize>,
    /// The rows, in order and in pieces.
    pieces: Vec<Vec<String>>,
    before: String,
    /// What follows the rows, up to the way to others and from there on.
    after: (String, String),
}

impl Divided {
    /// Takes all rows but the first ones out of a page, of which `ends` says where they begin and end. Their order is not
    /// touched: what is sealed finds its place among them as if they all stood there.
    pub(super) fn of(shell: &Shell, id: &str, beyond: usize, ends: &[usize], next: usize, page: &mut String) -> Self {
        let mut rows = ends.windows(2).map(|ends| match ends {
            [start, end] => page.get(*start..*end).unwrap_or_default().to_owned(),
            _ => String::new(),
        });
        let first: String = rows.by_ref().take(FIRST).collect();
        let rows: Vec<String> = rows.collect();
        page.truncate(ends.first().copied().unwrap_or(page.len()));
        page.push_str(&first);
        let pieces: Vec<Vec<String>> = rows.chunks(PIECE).map(<[String]>::to_vec).collect();
        let (after, last) = shell.after.as_str().split_at_checked(beyond).unwrap_or((shell.after.as_str(), ""));
        Self {
            id: id.to_owned(),
            pages: (next..next + pieces.len()).collect(),
            pieces,
            before: shell.before.as_str().to_owned(),
            after: (after.to_owned(), last.to_owned()),
        }
    }

    /// What follows the first rows in the page itself.
    pub(super) fn end_of_first(&self, further: &Further<'_>) -> String {
        [self.after.0.as_str(), &further(&self.pages, 0), &self.after.1].concat()
    }

    /// The table with the rows of a piece alone.
    fn table(&self, piece: usize, rows: &[String], further: &Further<'_>) -> String {
        let (rows, way) = (rows.concat(), further(&self.pages, piece + 1));
        [self.before.as_str(), &rows, &self.after.0, &way, &self.after.1].concat()
    }
}

/// What stands beside a page of its long tables.
#[derive(Default)]
pub struct Rows {
    /// What the page says of it to its script.
    pub marks: String,
    /// The files.
    pub files: Vec<(Finished, Kind)>,
}

impl Door<'_> {
    /// The way from one of the pages of a table to those before and after it.
    pub(super) fn further(&self, pages: &[usize], at: usize) -> String {
        let name = |at: usize| match at.checked_sub(1) {
            None => Some("index.html".to_owned()),
            Some(piece) => pages.get(piece).map(|number| further_name(&number.to_string())),
        };
        let before = at.checked_sub(1).and_then(name).unwrap_or_default();
        let context = Context::new()
            .text("language", &self.archive.settings.language)
            .text("before", &before)
            .text("after", &name(at + 1).unwrap_or_default())
            .text("here", &(at + 1).to_string())
            .text("all", &(pages.len() + 1).to_string());
        self.theme.part("parts/further.html", &context).into_string()
    }

    /// Lets out the rows that do not stand in a page itself.
    pub(super) fn rows_beside(&self, page: &Page, title: &str, divided: &[Divided]) -> Result<Rows, DoorError> {
        let mut made = Rows::default();
        for table in divided {
            for (piece, (rows, number)) in table.pieces.iter().zip(&table.pages).enumerate() {
                let number = number.to_string();
                let parts = [&page.address, &table.id, &number].map(|part| part.as_bytes());
                let place = format!("rows/{}", self.key.rows_address(&parts));
                let rows_json = serde_json::to_string(rows).map_err(DoorError::new)?;
                let script = self.script(&place, &rows_json);
                let version = letters(&Sha256::digest(&script.bytes)[..8]);
                let mark = Context::new().text("id", &table.id).text("place", &place).text("version", &version);
                made.marks.push_str(self.theme.part("parts/rows_beside.html", &mark).as_str());
                made.files.push((script, Kind::Script));

                let html = table.table(piece, rows, &|pages, at| self.further(pages, at));
                let frame = Frame { title, further: true, ..Frame::default() };
                let html = self.frame(page, &[("rows", html)], frame)?;
                let address = format!("{}{}", page.address, further_name(&number));
                made.files.push((self.page_file(address, html), Kind::Html));
            }
        }
        Ok(made)
    }
}

fn further_name(number: &str) -> String {
    format!("list-{number}.html")
}
