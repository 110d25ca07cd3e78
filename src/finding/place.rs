//! Where a finding is: file, line, column, length, and enough of the line to draw it.

use std::ops::Range;

/// How many characters of a line an excerpt keeps at most; a longer line is cut around its mark.
const WIDEST: usize = 160;
/// How many characters before the mark stay when a line is cut.
const BEFORE: usize = 60;

/// A stretch of one line in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, as a path below the archive's root with forward slashes.
    pub file: String,
    /// The line, counted from 1; 0 where the file as a whole is meant.
    pub line: u32,
    /// The column, counted in characters from 1; 0 where the file or line as a whole is meant.
    pub column: u32,
    /// How many characters of this line are meant. A stretch over several lines counts to the end of its first.
    pub length: u32,
    /// The line, or the part of it around the mark; absent where the file as a whole is meant or cannot be shown.
    pub text: Option<Excerpt>,
}

/// One line, or the part of a long one around the mark, without its line break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// What stands there; `…` at an end that was cut.
    pub line: String,
    /// The bytes of `line` that are meant, on character boundaries.
    pub mark: Range<usize>,
}

impl Place {
    /// The place of the bytes `range` of `source`, which is the whole text of `file`.
    ///
    /// Any range will do: what lies outside the text is clamped to it, what cuts a character takes all of it, and what
    /// goes over several lines is marked to the end of the first.
    pub fn of(file: &str, source: &str, range: Range<usize>) -> Self {
        let count = |line_start: usize| source.bytes().take(line_start).filter(|byte| *byte == b'\n').count() + 1;
        Self::marked(file, source, range, count)
    }

    /// The same, where the byte at which each line begins is known: counting lines anew for each finding would take
    /// long in a large file that is wrong on every line.
    pub fn of_indexed(file: &str, source: &str, range: Range<usize>, line_starts: &[usize]) -> Self {
        Self::marked(file, source, range, |line_start| line_starts.partition_point(|start| *start <= line_start))
    }

    fn marked(file: &str, source: &str, range: Range<usize>, number_of: impl FnOnce(usize) -> usize) -> Self {
        let mut start = range.start.min(source.len());
        while !source.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = range.end.clamp(start, source.len());
        while !source.is_char_boundary(end) {
            end += 1;
        }
        let (before, after) = source.split_at(start);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = after.find('\n').map_or(source.len(), |newline| start + newline);
        let line = source.get(line_start..line_end).unwrap_or_default();
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mark = (start - line_start).min(line.len())..(end - line_start).min(line.len());
        Self::in_line(file, number_of(line_start), line, mark)
    }

    /// The place of `length` characters from a line and column, both counted from 1, where a parser tells these instead
    /// of bytes. A line beyond the text becomes the last one, a column beyond the line its end.
    pub fn at(file: &str, source: &str, line: u32, column: u32, length: u32) -> Self {
        let wanted = (line as usize).saturating_sub(1);
        let mut start = 0;
        for (newline, _) in source.match_indices('\n').take(wanted) {
            start = newline + 1;
        }
        let rest = source.get(start..).unwrap_or_default();
        let rest = rest.split('\n').next().unwrap_or_default();
        let offset = |count: usize| rest.char_indices().nth(count).map_or(rest.len(), |(byte, _)| byte);
        let first = (column as usize).saturating_sub(1);
        Self::of(file, source, start + offset(first)..start + offset(first.saturating_add(length as usize)))
    }

    /// A file as a whole: one that is missing, too large or not text.
    pub fn whole(file: &str) -> Self {
        Self { file: file.to_owned(), line: 0, column: 0, length: 0, text: None }
    }

    /// The same place without the words that stand there.
    #[must_use]
    pub fn without_text(mut self) -> Self {
        self.text = None;
        self
    }

    fn in_line(file: &str, number: usize, line: &str, mark: Range<usize>) -> Self {
        // A byte-order mark is no character that an editor would count.
        let unseen = if number == 1 && line.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let line = line.get(unseen..).unwrap_or_default();
        let mark = mark.start.saturating_sub(unseen)..mark.end.saturating_sub(unseen);
        let column = line.get(..mark.start).unwrap_or_default().chars().count() + 1;
        let length = line.get(mark.clone()).map_or(0, |marked| marked.chars().count());
        Self {
            file: file.to_owned(),
            line: number.try_into().unwrap_or(u32::MAX),
            column: column.try_into().unwrap_or(u32::MAX),
            length: length.try_into().unwrap_or(u32::MAX),
            text: Some(Excerpt::around(line, mark)),
        }
    }
}

impl std::fmt::Display for Place {
    /// `file:line:column`, or the file alone where it is meant as a whole.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if self.column > 0 {
            write!(f, ":{}", self.column)?;
        }
        Ok(())
    }
}

impl Excerpt {
    /// The part of `line` around `mark`, whose ends must lie on character boundaries.
    fn around(line: &str, mark: Range<usize>) -> Self {
        if line.len() <= WIDEST || line.chars().nth(WIDEST).is_none() {
            return Self { line: line.to_owned(), mark };
        }
        let before = line.get(..mark.start).unwrap_or_default();
        let first = before.char_indices().rev().nth(BEFORE - 1).map_or(0, |(byte, _)| byte);
        let window = line.get(first..).unwrap_or_default();
        let last = window.char_indices().nth(WIDEST).map_or(line.len(), |(byte, _)| first + byte);
        let mut cut = String::new();
        if first > 0 {
            cut.push('…');
        }
        let shift = |byte: usize| byte.clamp(first, last) - first + cut.len();
        let mark = shift(mark.start)..shift(mark.end);
        cut.push_str(line.get(first..last).unwrap_or_default());
        if last < line.len() {
            cut.push('…');
        }
        Self { line: cut, mark }
    }

    /// The words that are meant.
    pub fn marked(&self) -> &str {
        self.line.get(self.mark.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_lengths_count_characters_and_not_bytes() {
        let source = "# 合同\r\n审批意见：finanse\r\n";
        let start = source.find("finanse").unwrap();
        let place = Place::of("a.md", source, start..start + 7);
        assert_eq!((place.line, place.column, place.length), (2, 6, 7));
        let excerpt = place.text.unwrap();
        assert_eq!(excerpt.line, "审批意见：finanse");
        assert_eq!(excerpt.marked(), "finanse");
    }

    #[test]
    #[allow(clippy::reversed_empty_ranges)]
    fn no_range_whatever_makes_a_place_fail() {
        let source = "合同\n\nb\r\n\u{feff}末";
        for start in 0..=source.len() + 3 {
            for end in 0..=source.len() + 3 {
                let place = Place::of("a.md", source, start..end);
                let excerpt = place.text.unwrap();
                assert!(excerpt.line.get(excerpt.mark).is_some());
                assert!(place.line >= 1 && place.column >= 1);
            }
        }
        assert_eq!(Place::of("a.md", "", usize::MAX..0).line, 1);
    }

    #[test]
    fn a_stretch_over_several_lines_is_marked_to_the_end_of_the_first() {
        let place = Place::of("a.md", "one\ntwo\nthree", 5..10);
        assert_eq!((place.line, place.column, place.length), (2, 2, 2));
    }

    #[test]
    fn a_long_line_is_cut_around_its_mark_and_keeps_its_true_column() {
        let source = format!("{}错{}", "长".repeat(500), "短".repeat(500));
        let place = Place::of("a.md", &source, 1500..1503);
        assert_eq!((place.column, place.length), (501, 1));
        let excerpt = place.text.unwrap();
        assert_eq!(excerpt.marked(), "错");
        assert_eq!(excerpt.line.chars().count(), WIDEST + 2);
    }

    #[test]
    fn a_byte_order_mark_is_not_counted() {
        let place = Place::of("a.yaml", "\u{feff}titel: x", 3..8);
        assert_eq!((place.line, place.column, place.length), (1, 1, 5));
    }

    #[test]
    fn a_line_and_column_lead_to_the_same_place_as_bytes() {
        let source = "一\n二三四\n五";
        assert_eq!(Place::at("a.md", source, 2, 2, 2), Place::of("a.md", source, 7..13));
        assert_eq!(Place::at("a.md", source, 9, 9, 9).line, 3);
    }
}
