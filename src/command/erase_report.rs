//! The report of an erasure: what was reached, and which copies have to be removed by hand.

use super::desk::Desk;
use crate::access::UNKNOWN_AUDIENCE;
use crate::archive::Archive;
use crate::finding::{Finding, harmless};
use crate::history::Traces;
use crate::readership::openers;
use crate::repository::Rewritten;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

/// What was erased.
pub(super) struct Erased<'a> {
    /// The archive as it stands.
    pub archive: &'a Archive,
    /// Its folder or repository.
    pub root: &'a Path,
    /// The names of the disposal.
    pub names: &'a [String],
    /// Where they stood.
    pub traces: &'a Traces,
    /// What became of the repository.
    pub written: &'a Rewritten,
}

/// The report, in Markdown.
pub(super) fn report(desk: &Desk<'_>, erased: &Erased<'_>) -> String {
    let Erased { archive, root, names, traces, written } = erased;
    let mut out = format!("# Erasure of {}\n\n", desk.day);
    let mut list = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(out, "## {title}\n");
            for line in lines {
                let _ = writeln!(out, "- {}", harmless(&line));
            }
            out.push('\n');
        }
    };
    list("What was erased · 已删除", names.iter().map(|name| format!("`{name}`")).collect());
    let items = traces.lists.iter().map(|(path, keys)| {
        format!("`{path}`: {}", keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", "))
    });
    let files = traces.files.iter().map(|path| format!("`{path}`"));
    list("Where it stood in the history · 历史中的位置", files.chain(items).collect());
    let unsigned = written.commits.iter().filter(|(_, _, unsigned)| *unsigned).count();
    let changed = written.commits.iter().filter(|(old, new, _)| old != new).count();
    list(
        "What that changed · 由此改变的",
        vec![
            format!("{} commits, of which {changed} have another id: `map.txt` has them all", written.commits.len()),
            format!("{unsigned} commits and tags lost a signature, which cannot hold over other content"),
            "checkpoints of the old repository do not lead to the new one: begin a new log, and keep map and tombstone with it"
                .to_owned(),
        ],
    );
    let mut left = vec![
        "the names of the files, and of items of lists by their keys, stand in the new repository as they did"
            .to_owned(),
        "messages, authors and dates of commits stand as they did: read those of the commits that touched it"
            .to_owned(),
        "what other records say of it, and text that was copied out of it into them".to_owned(),
    ];
    left.extend(traces.alike.iter().map(|path| format!("`{path}`, which may have come from it by its likeness")));
    list("What the new repository still holds · 新库中仍有的", left);
    let mut copies = vec![
        format!("the repository `{}` itself, which was only read: replace it by the new one", root.display()),
        "every clone, fork and work tree of it, with their reflogs and stashes: delete and clone anew".to_owned(),
        "the forge: replace the repository there, and ask whoever runs it to drop cached commits, merge requests and backups"
            .to_owned(),
        "contents in Git LFS: the new repository holds no pointer to them, the stores hold them still".to_owned(),
        "backups of all of these".to_owned(),
        "sites that were published, with the state of builds (`--state`), which keeps what it read of the history: build anew \
         with a new state, and delete the old one"
            .to_owned(),
        "bundles (`bundles/*.zip.age`) that somebody took along, and pages that somebody printed".to_owned(),
        "exports and evidence bags".to_owned(),
    ];
    if let Some(url) = &archive.settings.url {
        copies.push(format!("the site at {url}"));
    }
    list("Copies that this cannot reach · 无法触及的副本", copies);
    let who = readers(archive, names);
    list("Readers who could open it by today's rules of its type · 按今日规则可查阅者", who);
    out
}

/// Those who could open records of the types that such a place has, by today's rules; what they saw, they saw.
fn readers(archive: &Archive, names: &[String]) -> Vec<String> {
    let mut found = BTreeSet::new();
    for name in names {
        let inside = name.split_once('/').map_or("", |(_, inside)| inside);
        let of_place = [format!("{inside}.md"), format!("{inside}.yaml")];
        let by_place = of_place.iter().find_map(|path| archive.types.by_place(path));
        // An item of a list stands one level below its file.
        let list = || inside.rsplit_once('/').and_then(|(list, _)| archive.types.by_place(&format!("{list}.yaml")));
        let Some(record_type) = by_place.or_else(list) else { continue };
        let Some(said) = &record_type.audience else { continue };
        let unknown = |name: String| Finding::note(UNKNOWN_AUDIENCE, name);
        let asks = record_type.clearance(said, &archive.settings.audiences, unknown, &mut Vec::new());
        found.extend(openers(archive, &asks).into_iter().map(|opener| opener.reader.name.clone()));
    }
    found.into_iter().collect()
}
