//! The theme's own files, built into the program: paths below `themes/`, and contents.

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        [$(($path, include_str!(concat!("../../themes/", $path)))),*]
    };
}

pub(super) const TEMPLATES: &[(&str, &str)] = &files![
    "templates/404.html",
    "templates/about.html",
    "templates/dashboard.html",
    "templates/dashboards.html",
    "templates/dossier.html",
    "templates/due.html",
    "templates/evidence.html",
    "templates/gone.html",
    "templates/history.html",
    "templates/home.html",
    "templates/moved.html",
    "templates/page.html",
    "templates/register.html",
    "templates/rows.html",
    "templates/search.html",
    "templates/sheet.html",
    "templates/unlock.html",
    "templates/viewer.html",
    "templates/visits.html",
    "templates/parts/abstract.html",
    "templates/parts/attachment.html",
    "templates/parts/attachments.html",
    "templates/parts/away.html",
    "templates/parts/case_search.html",
    "templates/parts/consult.html",
    "templates/parts/credit.html",
    "templates/parts/due_group.html",
    "templates/parts/due_words.html",
    "templates/parts/field.html",
    "templates/parts/digest.html",
    "templates/parts/digest_due.html",
    "templates/parts/digest_line.html",
    "templates/parts/drawer.html",
    "templates/parts/fields.html",
    "templates/parts/gone.html",
    "templates/parts/group.html",
    "templates/parts/history/changed.html",
    "templates/parts/history/commit.html",
    "templates/parts/history/course.html",
    "templates/parts/history/entry.html",
    "templates/parts/history/entry_head.html",
    "templates/parts/history/entry_of.html",
    "templates/parts/history/entry_record.html",
    "templates/parts/history/opening.html",
    "templates/parts/history/record.html",
    "templates/parts/named_by.html",
    "templates/parts/naming.html",
    "templates/parts/note.html",
    "templates/parts/search.html",
    "templates/parts/original.html",
    "templates/parts/further.html",
    "templates/parts/record.html",
    "templates/parts/rows_beside.html",
    "templates/parts/section.html",
    "templates/parts/series.html",
    "templates/parts/standing.html",
    "templates/parts/standing_line.html",
    "templates/parts/table.html",
    "templates/parts/table_words.html",
    "templates/parts/topology.html",
    "templates/parts/trend.html",
    "templates/parts/week_grid.html",
    "templates/parts/text.html",
    "templates/parts/timeline.html",
    "templates/parts/toc.html",
    "templates/parts/visit_month.html",
];

pub(super) const STYLES: &[(&str, &str)] = &files![
    "styles/tokens.css",
    "styles/base.css",
    "styles/layout.css",
    "styles/parts.css",
    "styles/sealed.css",
    "styles/tables.css",
    "styles/dashboards.css",
    "styles/grids.css",
    "styles/charts.css",
    "styles/credit.css",
    "styles/cases.css",
    "styles/history.css",
    "styles/changes.css",
    "styles/past.css",
    "styles/due.css",
    "styles/evidence.css",
    "styles/unlock.css",
    "styles/search.css",
    "styles/links.css",
    "styles/tools.css",
    "styles/consult.css",
    "styles/viewer.css",
    "styles/print.css",
];

pub(super) const SCRIPTS: &[(&str, &str)] = &files![
    "scripts/strongroom.js",
    "scripts/tar.js",
    "scripts/idle.js",
    "scripts/unlock.js",
    "scripts/make_key.js",
    "scripts/rows.js",
    "scripts/sealed.js",
    "scripts/files.js",
    "scripts/viewer.js",
    "scripts/due.js",
    "scripts/tables.js",
    "scripts/sums.js",
    "scripts/folds.js",
    "scripts/due_home.js",
    "scripts/effort.js",
    "scripts/dashboards.js",
    "scripts/cases.js",
    "scripts/history.js",
    "scripts/history_day.js",
    "scripts/search_terms.js",
    "scripts/search_lists.js",
    "scripts/search_index.js",
    "scripts/search.js",
    "scripts/found.js",
    "scripts/links.js",
    "scripts/consult.js",
    "scripts/print.js",
    "scripts/levels.js",
    "scripts/place.js",
    "scripts/standing.js",
    "scripts/language.js",
];

pub(super) const VENDORED: &[(&str, &str)] = &[
    ("assets/age.js", include_str!("../../themes/scripts/vendor/age.js")),
    ("assets/age.js.LICENSE.txt", include_str!("../../themes/scripts/vendor/age.js.LICENSE.txt")),
];

pub(super) const WORDS: &[(&str, &str)] = &files!["words/zh.yaml", "words/en.yaml"];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_file_of_the_theme_is_built_in() {
        let theme = concat!(env!("CARGO_MANIFEST_DIR"), "/themes");
        let there: BTreeSet<String> = walkdir::WalkDir::new(theme)
            .into_iter()
            .map(Result::unwrap)
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| entry.path().strip_prefix(theme).unwrap().display().to_string())
            .filter(|path| !path.starts_with("scripts/vendor/"))
            .collect();
        let lists = [STYLES, SCRIPTS, TEMPLATES, WORDS];
        let known: BTreeSet<String> = lists.into_iter().flatten().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(there, known);
    }

    /// The sheets are joined: one rule that is left open takes along all that follow.
    #[test]
    fn every_style_sheet_closes_what_it_opens() {
        for (path, text) in STYLES {
            let bare: String = text
                .split("/*")
                .enumerate()
                .map(|(n, part)| if n == 0 { part } else { part.split_once("*/").map_or("{", |(_, rest)| rest) })
                .collect();
            let mut depth = 0;
            for c in bare.chars() {
                depth += i32::from(c == '{') - i32::from(c == '}');
                assert!(depth >= 0, "{path}");
            }
            assert_eq!(depth, 0, "{path}");
        }
    }
}
