//! What a commit did to the files, so that it can be undone.

use std::sync::Arc;

use crate::repository::Files;

/// One change that a commit made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    /// A file came to be; or, where the path ends in a slash, a folder with all that later commits leave in it.
    Add(String),
    /// A file was renamed; or a folder, where both paths end in a slash.
    Move { from: String, to: String },
    /// A file with this content was removed.
    Remove { path: String, text: String },
    /// Where a text stands now, another stood before: as many times as it says. An empty one was not there at all.
    Text { path: String, was: String, now: String, times: usize },
    /// A key of the file's YAML had this value before; without one, the key was not there.
    Key { path: String, key: String, was: Option<String> },
    /// The file held the bytes that another file of the last state holds.
    Replace { path: String, like: String },
    /// The weekly rows after one week arrived in traffic reports, up to another week.
    Rows { after: String, to: String, of: Of },
}

/// Of which dossiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// Of these.
    Only(Vec<String>),
    /// Of all but these.
    Without(Vec<String>),
}

impl Of {
    /// Whether a file is a weekly report of one of them.
    fn has(&self, path: &str) -> bool {
        let Some((folder, file)) = path.split_once("/traffic/") else { return false };
        let dossier = folder.rsplit('/').next().unwrap_or_default();
        let named = |names: &[String]| names.iter().any(|name| name == dossier);
        file.ends_with(".csv")
            && match self {
                Self::Only(names) => named(names),
                Self::Without(names) => !named(names),
            }
    }
}

impl Edit {
    /// The file that it changes, where it changes the content of one.
    pub(super) fn changes(&self) -> Option<&str> {
        match self {
            Self::Text { path, .. } | Self::Key { path, .. } | Self::Replace { path, .. } => Some(path),
            _ => None,
        }
    }

    /// Takes the change back. What it had added is returned.
    ///
    /// # Errors
    /// In words, where the files are not such that this change can have led to them.
    pub(super) fn undo(&self, files: &mut Files, archive: &Files) -> Result<Files, String> {
        let mut added = Files::new();
        match self {
            Self::Add(path) => {
                added = take(files, path);
                if added.is_empty() {
                    return Err(format!("it adds {path}, but there is nothing of this name"));
                }
            }
            Self::Move { from, to } => {
                let moved = take(files, to);
                if moved.is_empty() {
                    return Err(format!("it moves {from} to {to}, but there is nothing of this name"));
                }
                for (path, content) in moved {
                    let back = format!("{from}{}", path.strip_prefix(to.as_str()).unwrap_or_default());
                    insert(files, back, content)?;
                }
            }
            Self::Remove { path, text } => insert(files, path.clone(), text.as_bytes().into())?,
            Self::Text { path, was, now, times } => change(files, path, |text| exchange(text, now, was, *times))?,
            Self::Key { path, key, was } => change(files, path, |text| with_key(path, text, key, was.as_deref()))?,
            Self::Replace { path, like } => {
                let before = archive.get(like).ok_or_else(|| format!("there is no {like}"))?;
                let content = files.get_mut(path).ok_or_else(|| format!("there is no {path}"))?;
                if content == before {
                    return Err(format!("{path} and {like} are the same"));
                }
                *content = Arc::clone(before);
            }
            Self::Rows { after, to, of } => without_rows(files, after, to, of)?,
        }
        Ok(added)
    }

    /// Makes the change again, for a branch, with what undoing it returned.
    ///
    /// # Errors
    /// In words, where it cannot be made on these files.
    pub(super) fn redo(&self, files: &mut Files, added: &Files) -> Result<(), String> {
        match self {
            Self::Add(_) => added.iter().try_for_each(|(path, content)| insert(files, path.clone(), content.clone())),
            Self::Text { path, was, now, times } if !was.is_empty() => {
                change(files, path, |text| exchange(text, was, now, *times))
            }
            _ => Err("a commit on a branch adds files and exchanges one text for another, no more".to_owned()),
        }
    }
}

fn take(files: &mut Files, path: &str) -> Files {
    if !path.ends_with('/') {
        return files.remove_entry(path).into_iter().collect();
    }
    let (inside, outside) = std::mem::take(files).into_iter().partition(|(file, _)| file.starts_with(path));
    *files = outside;
    inside
}

fn insert(files: &mut Files, path: String, content: Arc<[u8]>) -> Result<(), String> {
    if files.contains_key(&path) {
        return Err(format!("{path} is there already"));
    }
    files.insert(path, content);
    Ok(())
}

fn change(files: &mut Files, path: &str, with: impl FnOnce(&str) -> Result<String, String>) -> Result<(), String> {
    let content = files.get_mut(path).ok_or_else(|| format!("it changes {path}, which is not there"))?;
    let text = std::str::from_utf8(content).map_err(|_| format!("{path} is not text"))?;
    let new = with(text).map_err(|wrong| format!("in {path} {wrong}"))?;
    *content = new.into_bytes().into();
    Ok(())
}

fn exchange(text: &str, from: &str, to: &str, times: usize) -> Result<String, String> {
    let found = text.matches(from).count();
    if from.is_empty() || found != times {
        return Err(format!("this stands {found} times, not {times}: {from}"));
    }
    Ok(text.replace(from, to))
}

/// The text with another value behind a key that stands at the beginning of a line: in the front matter of Markdown,
/// anywhere in YAML.
fn with_key(path: &str, text: &str, key: &str, value: Option<&str>) -> Result<String, String> {
    let head = match text.strip_prefix("---\n") {
        Some(rest) if path.ends_with(".md") => 4 + rest.find("\n---\n").ok_or("the front matter is not closed")? + 1,
        _ => text.len(),
    };
    let (front, rest) = text.split_at(head);
    let start = format!("{key}:");
    let mut found = 0;
    let mut changed = String::new();
    let mut lines = front.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        if !line.starts_with(&start) {
            changed.push_str(line);
            continue;
        }
        found += 1;
        if lines.peek().is_some_and(|next| next.starts_with([' ', '-']) && *next != "---\n") {
            return Err(format!("the value of `{key}` has several lines"));
        }
        if let Some(value) = value {
            let new = format!("{start} {value}\n");
            if new == line {
                return Err(format!("`{key}` had the same value before"));
            }
            changed.push_str(&new);
        }
    }
    match found {
        1 => Ok(changed + rest),
        _ => Err(format!("the key `{key}` stands {found} times")),
    }
}

fn without_rows(files: &mut Files, after: &str, to: &str, of: &Of) -> Result<(), String> {
    let reports: Vec<String> = files.keys().filter(|path| of.has(path)).cloned().collect();
    let mut removed = 0;
    for path in &reports {
        let mut rows_left = 0;
        change(files, path, |text| {
            let (header, rows) = text.split_once('\n').unwrap_or((text, ""));
            let mut left = format!("{header}\n");
            for row in rows.split_inclusive('\n') {
                let week = row.split(',').next().unwrap_or_default();
                if week > to {
                    return Err(format!("there is a row of {week}, later than {to}"));
                }
                if week > after {
                    removed += 1;
                } else {
                    rows_left += 1;
                    left.push_str(row);
                }
            }
            Ok(left)
        })?;
        // A report that only this commit began was not there before.
        if rows_left == 0 {
            files.remove(path);
        }
    }
    if removed == 0 { Err(format!("there are no rows after {after}")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(all: &[(&str, &str)]) -> Files {
        all.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().into())).collect()
    }

    fn undone(edit: &Edit, all: &[(&str, &str)]) -> Result<Files, String> {
        let mut now = files(all);
        edit.undo(&mut now, &files(all)).map(|_| now)
    }

    fn text(was: &str, now: &str, times: usize) -> Edit {
        Edit::Text { path: "a.md".into(), was: was.into(), now: now.into(), times }
    }

    #[test]
    fn files_and_folders_go_and_come_back() {
        let all = [("a/b.md", "x"), ("a/c/d.md", "y"), ("ab.md", "z")];
        assert_eq!(undone(&Edit::Add("a/".into()), &all).unwrap(), files(&[("ab.md", "z")]));
        assert_eq!(undone(&Edit::Add("a/b.md".into()), &all).unwrap(), files(&[("a/c/d.md", "y"), ("ab.md", "z")]));
        let moved = Edit::Move { from: "old/".into(), to: "a/".into() };
        assert_eq!(undone(&moved, &all).unwrap(), files(&[("old/b.md", "x"), ("old/c/d.md", "y"), ("ab.md", "z")]));
        let removed = Edit::Remove { path: "e.md".into(), text: "e\n".into() };
        assert_eq!(undone(&removed, &[]).unwrap(), files(&[("e.md", "e\n")]));
        assert!(undone(&Edit::Add("gone.md".into()), &all).is_err());
        assert!(undone(&Edit::Move { from: "ab.md".into(), to: "a/b.md".into() }, &all).is_err());
    }

    #[test]
    fn a_text_is_exchanged_only_where_it_stands_as_often_as_is_said() {
        let all = [("a.md", "one two two")];
        assert_eq!(undone(&text("2", "two", 2), &all).unwrap(), files(&[("a.md", "one 2 2")]));
        assert_eq!(undone(&text("", " two", 2), &all).unwrap(), files(&[("a.md", "one")]));
        let error = undone(&text("2", "two", 1), &all).unwrap_err();
        assert!(error.contains("2 times, not 1: two"), "{error}");
        assert!(undone(&text("2", "three", 1), &all).is_err());
        let edit = text("two", "zwei", 2);
        let mut now = files(&all);
        edit.redo(&mut now, &Files::new()).unwrap();
        assert_eq!(now, files(&[("a.md", "one zwei zwei")]));
    }

    #[test]
    fn a_key_gets_its_earlier_value_in_the_front_matter_alone() {
        let key =
            |was: Option<&str>| Edit::Key { path: "a.md".into(), key: "tier".into(), was: was.map(str::to_owned) };
        let all = [("a.md", "---\ntier: gold\nx:\n  - y\n---\ntier: no key\n")];
        assert_eq!(
            undone(&key(Some("silver")), &all).unwrap(),
            files(&[("a.md", "---\ntier: silver\nx:\n  - y\n---\ntier: no key\n")])
        );
        assert_eq!(undone(&key(None), &all).unwrap(), files(&[("a.md", "---\nx:\n  - y\n---\ntier: no key\n")]));
        assert!(undone(&key(Some("gold")), &all).is_err());
        let several = Edit::Key { path: "a.md".into(), key: "x".into(), was: None };
        assert!(undone(&several, &all).unwrap_err().contains("several lines"));
    }

    #[test]
    fn weekly_rows_go_and_with_the_last_of_them_the_report() {
        let rows = |after: &str, to: &str| {
            let of = Of::Without(vec!["y".to_owned()]);
            Edit::Rows { after: after.into(), to: to.into(), of }
        };
        let other = ("a/y/traffic/2025.csv", "week,v\n2025-W52,9\n");
        let all = [
            ("a/x/traffic/2025.csv", "week,v\n2025-W51,1\n2025-W52,2\n"),
            ("a/x/traffic/2026.csv", "week,v\n2026-W01,3\n"),
            other,
        ];
        assert_eq!(
            undone(&rows("2025-W51", "2026-W01"), &all).unwrap(),
            files(&[("a/x/traffic/2025.csv", "week,v\n2025-W51,1\n"), other])
        );
        assert!(undone(&rows("2025-W51", "2025-W52"), &all).unwrap_err().contains("later than"));
        assert!(undone(&rows("2026-W01", "2026-W04"), &all).unwrap_err().contains("no rows"));
    }

    #[test]
    fn a_file_had_the_bytes_of_another() {
        let all = [("a.png", "right"), ("b.png", "wrong")];
        let edit = Edit::Replace { path: "a.png".into(), like: "b.png".into() };
        assert_eq!(undone(&edit, &all).unwrap(), files(&[("a.png", "wrong"), ("b.png", "wrong")]));
        assert!(undone(&Edit::Replace { path: "a.png".into(), like: "a.png".into() }, &all).is_err());
    }
}
