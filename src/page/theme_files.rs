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
    "templates/gone.html",
    "templates/history.html",
    "templates/home.html",
    "templates/moved.html",
    "templates/page.html",
    "templates/register.html",
    "templates/sheet.html",
    "templates/unlock.html",
    "templates/visits.html",
    "templates/parts/abstract.html",
    "templates/parts/attachment.html",
    "templates/parts/attachments.html",
    "templates/parts/away.html",
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
    "templates/parts/history/opened.html",
    "templates/parts/history/opening.html",
    "templates/parts/history/record.html",
    "templates/parts/named_by.html",
    "templates/parts/naming.html",
    "templates/parts/note.html",
    "templates/parts/original.html",
    "templates/parts/record.html",
    "templates/parts/section.html",
    "templates/parts/series.html",
    "templates/parts/standing.html",
    "templates/parts/standing_line.html",
    "templates/parts/table.html",
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
    "styles/history.css",
    "styles/changes.css",
    "styles/past.css",
    "styles/due.css",
    "styles/unlock.css",
    "styles/print.css",
];

pub(super) const SCRIPTS: &[(&str, &str)] = &files![
    "scripts/strongroom.js",
    "scripts/tar.js",
    "scripts/idle.js",
    "scripts/unlock.js",
    "scripts/make_key.js",
    "scripts/sealed.js",
    "scripts/files.js",
    "scripts/due.js",
    "scripts/tables.js",
    "scripts/effort.js",
    "scripts/dashboards.js",
    "scripts/history.js",
    "scripts/history_day.js",
    "scripts/language.js",
];

pub(super) const VENDORED: &[(&str, &str)] = &[
    ("assets/age.js", include_str!("../../themes/scripts/vendor/age.js")),
    ("assets/age.js.LICENSE.txt", include_str!("../../themes/scripts/vendor/age.js.LICENSE.txt")),
];

pub(super) const WORDS: &[(&str, &str)] = &files!["words/zh.yaml", "words/en.yaml"];
