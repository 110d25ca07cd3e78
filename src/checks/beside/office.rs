//! Office documents: zip files with XML in them, of Microsoft (ECMA-376) and of ODF (ISO/IEC 26300).

use super::{Said, element, plain};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// So much of one part is read, in bytes: a few kilobytes of zip can hold gigabytes.
const LARGEST: u64 = 16 << 20;
/// More parts than these with text in them are not read.
const MOST: usize = 200;

type Zip<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Whether a file is a zip.
pub(super) fn is_one(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04")
}

fn opened(content: &[u8]) -> Option<Zip<'_>> {
    ZipArchive::new(Cursor::new(content)).ok()
}

fn part(zip: &mut Zip<'_>, name: &str) -> Option<String> {
    let mut bytes = Vec::new();
    zip.by_name(name).ok()?.take(LARGEST).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads who made an Office document and what it still holds of its past.
pub(super) fn read(content: &[u8], said: &mut Vec<Said>) {
    let Some(mut zip) = opened(content) else { return };
    let facts = [
        ("docProps/core.xml", "dc:creator", "who made it"),
        ("docProps/core.xml", "cp:lastModifiedBy", "who changed it last"),
        ("docProps/app.xml", "Company", "which company made it"),
        ("meta.xml", "meta:initial-creator", "who made it"),
        ("meta.xml", "dc:creator", "who changed it last"),
    ];
    for (name, tag, what) in facts {
        let words = part(&mut zip, name).and_then(|xml| element(&xml, tag));
        said.extend(words.map(|words| Said::Who(what, words)));
    }
    for (name, tag) in [("docProps/app.xml", "Application"), ("meta.xml", "meta:generator")] {
        said.extend(part(&mut zip, name).and_then(|xml| element(&xml, tag)).map(Said::Program));
    }
    let names: Vec<String> = zip.file_names().map(str::to_owned).collect();
    let holds = |zip: &mut Zip<'_>, name: &str, marks: &[&str]| {
        part(zip, name).is_some_and(|xml| marks.iter().any(|mark| xml.contains(mark)))
    };
    let written = ["<w:ins ", "<w:del ", "<w:moveFrom ", "<w:ins>", "<w:del>"];
    let tracked = holds(&mut zip, "word/document.xml", &written)
        || holds(&mut zip, "content.xml", &["<text:tracked-changes", "<table:tracked-changes"])
        || names.iter().any(|name| name.starts_with("xl/revisions/"));
    if tracked {
        said.push(Said::Past("its tracked changes, with what was deleted".to_owned()));
    }
    if names.iter().any(|name| name == "word/comments.xml" || name.starts_with("ppt/comments/")) {
        said.push(Said::Past("comments of those who worked on it".to_owned()));
    }
}

/// The texts of a document: its words, and the cells of its tables.
pub(super) fn texts(content: &[u8]) -> Vec<String> {
    let Some(mut zip) = opened(content) else { return Vec::new() };
    let holds_text = |name: &&str| {
        let folder =
            ["word/", "xl/worksheets/", "ppt/slides/", "ppt/notesSlides/"].iter().any(|at| name.starts_with(at));
        let file = matches!(*name, "xl/sharedStrings.xml" | "content.xml");
        name.ends_with(".xml") && (folder || file)
    };
    let names: Vec<String> = zip.file_names().filter(holds_text).take(MOST).map(str::to_owned).collect();
    names.iter().filter_map(|name| part(&mut zip, name)).map(|xml| plain(&xml, &parts_words)).collect()
}

/// Whether a tag parts words. Programs cut one word into several runs, each in tags of its own.
fn parts_words(tag: &str) -> bool {
    let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
    let run = ["w:r", "w:t", "w:rPr", "w:proofErr", "a:r", "a:t", "a:rPr", "r", "t", "rPr", "text:span"];
    !run.contains(&name) && !name.starts_with("w:b") && !name.starts_with("w:color")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    fn document(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn said(parts: &[(&str, &str)]) -> Vec<Said> {
        let mut said = Vec::new();
        read(&document(parts), &mut said);
        said
    }

    #[test]
    fn a_document_names_who_made_it_and_who_changed_it() {
        let core = "<x><dc:creator>李薇</dc:creator><cp:lastModifiedBy>何军</cp:lastModifiedBy></x>";
        assert_eq!(
            said(&[("docProps/core.xml", core)]),
            [Said::Who("who made it", "李薇".into()), Said::Who("who changed it last", "何军".into())]
        );
        assert_eq!(said(&[("docProps/core.xml", "<x><dc:creator></dc:creator><dc:creatorX>a</dc:creatorX></x>")]), []);
        let meta = "<x><meta:initial-creator>李薇</meta:initial-creator></x>";
        assert_eq!(said(&[("meta.xml", meta)]), [Said::Who("who made it", "李薇".into())]);
    }

    #[test]
    fn tracked_changes_are_found_and_a_word_about_inserting_is_none() {
        let changed = "<w:p><w:del w:author=\"a\"><w:r><w:delText>旧价</w:delText></w:r></w:del></w:p>";
        assert_eq!(said(&[("word/document.xml", changed)]).len(), 1);
        assert_eq!(said(&[("word/document.xml", "<w:p><w:instrText>w:ins</w:instrText><w:insideH/></w:p>")]), []);
    }

    #[test]
    fn a_number_cut_into_runs_is_whole_and_cells_stay_apart() {
        let word = "<w:p><w:r><w:t>138</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>12345678</w:t></w:r></w:p>";
        assert!(texts(&document(&[("word/document.xml", word)]))[0].contains("13812345678"));
        let sheet = "<row><c r=\"A1\"><v>138</v></c><c r=\"B1\"><v>12345678</v></c></row>";
        assert!(!texts(&document(&[("xl/worksheets/sheet1.xml", sheet)]))[0].contains("13812345678"));
    }

    #[test]
    fn what_only_begins_as_a_zip_says_nothing() {
        let mut found = Vec::new();
        read(b"PK\x03\x04 and nothing else", &mut found);
        assert_eq!((found, texts(b"PK\x03\x04").len()), (Vec::new(), 0));
    }
}
