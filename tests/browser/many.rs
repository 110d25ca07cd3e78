//! A site of more customers than a page holds: their rows stand beside home, and a sealed record beside its page.

use crate::example::build;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use strongroom::sealing::{Identity, generate_identity};

/// How many dossiers there are, one of which in ten is sealed.
pub const DOSSIERS: usize = 760;

/// How many lines its budget has.
pub const LINES: usize = 700;

pub struct Many {
    /// The folder of the built site.
    pub site: PathBuf,
    /// The key of a reader in Legal.
    pub key: String,
}

/// The site, built when first asked for.
pub fn many() -> &'static Many {
    static MANY: OnceLock<Many> = OnceLock::new();
    MANY.get_or_init(|| {
        let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("browser-many");
        let _ = std::fs::remove_dir_all(&home);
        let (archive, site) = (home.join("archive"), home.join("site"));
        let identity = generate_identity().unwrap();
        write(&archive, &identity);
        build(&archive, &site, &["--worktree"]);
        Many { site, key: identity.to_text().expose().to_owned() }
    })
}

/// The name of a customer: no two are the same, and pinyin orders them otherwise than their numbers do.
pub fn name(number: usize) -> String {
    const HAN: [char; 10] = ['赵', '钱', '孙', '李', '周', '吴', '郑', '王', '冯', '陈'];
    let digits = [number / 100 % 10, number / 10 % 10, number % 10].map(|digit| HAN[digit]);
    format!("{}公司", digits.iter().collect::<String>())
}

pub fn is_sealed(number: usize) -> bool {
    number % 10 == 7
}

/// Which dossier was left alone for longest, among all and among the open ones.
pub const STALEST: usize = 647;
pub const STALEST_OPEN: usize = 655;

fn verified(number: usize) -> &'static str {
    match number {
        STALEST => "2025-01-01",
        STALEST_OPEN => "2025-06-01",
        _ => "2026-03-01",
    }
}

fn write(archive: &Path, reader: &Identity) {
    let put = |path: &str, text: &str| {
        let path = archive.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    put(
        "strongroom.yaml",
        "title: {zh: 档案, en: Archive}\naudiences:\n  legal: {title: {zh: 法务, en: Legal}, readers: [lin]}\n  finance: {readers: []}\n  sales: {readers: []}\ntiers:\n  gold: {title: 金牌, requires: [profile], review: 90d}\n  silver: {title: 银牌, requires: [profile], review: 90d}\n",
    );
    put(
        "readers/lin.yaml",
        &format!(
            "name: 林\nkeys: [{}]\ntraining: [{{course: x, passed: 2020-01-01, valid_until: 2030-01-01}}]\n",
            reader.recipient().as_str()
        ),
    );
    for number in 0..DOSSIERS {
        let tier = if number % 3 == 0 { "gold" } else { "silver" };
        let audience = if is_sealed(number) { "legal" } else { "staff" };
        // The industry of some open dossiers is for Legal.
        let restrict = if number % 10 == 3 { "restrict: {industry: legal}\n" } else { "" };
        put(
            &format!("customers/c{number:03}/dossier.yaml"),
            &format!(
                "name: {}\ntier: {tier}\nindustry: 行业{:02}\naccount_manager: 孙倩\nverified: {{on: {}, by: 孙倩}}\naudience: {audience}\n{restrict}",
                name(number),
                number % 50,
                verified(number)
            ),
        );
    }
    // A register whose rows do not all stand in its page; what was spent is for Legal.
    let lines: String = (0..LINES)
        .map(|n| {
            let currency = if n % 100 == 0 { "USD" } else { "CNY" };
            format!("  - {{line: L{n:03}, planned: {n}.25 {currency}, spent: {n} CNY}}\n")
        })
        .collect();
    put(
        "types/fee.yaml",
        "title: {zh: 费用, en: Fee}\nfolder: fees\naudience: staff\nkey: line\nfields:\n  line: {kind: text, required: true, title: {zh: 科目, en: Line}}\n  planned: {kind: money, title: {zh: 计划, en: Planned}}\n  spent: {kind: money, title: {zh: 支出, en: Spent}}\nregister: [line, planned, spent]\n",
    );
    put("registers/fees/2026.yaml", &format!("type: fee\nrestrict: {{spent: legal}}\nrecords:\n{lines}"));
    // So long that it does not stand in the page, also when it is compressed.
    let noise: String = (0..3000).fold(String::new(), |mut text, n| {
        let digest = Sha256::digest(format!("noise {n}"));
        text.extend(digest.iter().map(|byte| char::from(b'a' + byte % 26)));
        text.push(' ');
        text
    });
    for dossier in ["c000", "c001"] {
        let text = format!("## 要点 {{audience=legal}}\n\n{dossier} {noise}\n");
        put(&format!("customers/{dossier}/profile.md"), &text);
    }
}
