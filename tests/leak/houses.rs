//! The archive with a canary in every restricted place.

use super::canary::{han, word};
use super::fixture::{House, noise};
use std::io::Write as _;

const SETTINGS: &str = "title: Archive\noversight: compliance\naudiences:
  finance: {title: {zh: 财务, en: Finance}, readers: [fin, mix, lap]}
  legal: {title: {zh: 法务, en: Legal}, readers: [leg, mix]}
  sales: {title: {zh: 销售, en: Sales}, readers: [sal]}
  compliance: {title: {zh: 合规, en: Compliance}, readers: [ovs]}
  technical: {title: 技术, readers: []}
  management: {title: 管理, readers: []}
";

const THING: &str = "title: Thing\nfolder: things\naudience: staff\nkey: code\nfields:
  code: {kind: text}
  open_words: {kind: text}
  by_type: {kind: text, audience: finance}
  extra: {kind: text, many: true}
  prose: {kind: markdown}
  snippet: {kind: code}
  person: {kind: person}
  members:
    kind: group
    many: true
    fields:
      a: {kind: text}
      b: {kind: text, audience: legal}
      c: {kind: text}
register: [title, open_words, by_type, extra, person]
";

const FLOW: &str = "title: Flow\nkind: series\nfolder: flows\naudience: staff\nfields:
  week: {kind: week}
  volume: {kind: text}
  income: {kind: text, audience: finance}
  note: {kind: text}
";

/// An archive for every rule, with six readers and one whose training lapsed.
pub fn full() -> House {
    let mut house = House::new();
    house.put("strongroom.yaml", SETTINGS);
    for name in ["fin", "leg", "mix", "sal"] {
        let person = format!("{{zh: {}, en: {}}}", han(&format!("name {name}")), word(&format!("name {name}")));
        house.named_reader(name, &person, &word(&format!("post {name}")), "2030-01-01");
    }
    house.reader("ovs", "2030-01-01");
    house.reader("lap", "2026-11-22");
    house.put("types/thing.yaml", THING);
    house.put("types/flow.yaml", FLOW);
    house.put("README.md", format!("# {}\n", word("readme")));
    open_dossier(&house);
    things(&house);
    files(&house);
    sealed_dossier(&house);
    registers(&house);
    house
}

fn open_dossier(house: &House) {
    house.put(
        "customers/group/open-one/dossier.yaml",
        format!(
            "name: {{zh: {}, en: {}}}\nshort_names: [{}]\ntier: {}\nindustry: {}\naccount_manager: {}\naudience: staff\n\
             restrict: {{name: legal, short_names: legal, tier: finance, industry: sales, account_manager: [finance, sales]}}\n",
            han("open name"), word("open name"), han("short"), word("tier"), han("industry"), word("manager"),
        ),
    );
    // A sealed record: its file's name, title, fields, and the abstract that is open on purpose.
    house.put(
        &format!("customers/group/open-one/contracts/{}.md", word("sealed file")),
        format!(
            "---\nnumber: {}\ntitle: {}\naudience: [legal, finance]\nrestrict: {{handled_by: sales}}\nhandled_by: {}\n\
             signer: {}\nabstract: {}\norigin: sent\n---\n{}\n\n## {} {{audience=finance}}\n\n{}\n\n### {} {{audience=legal}}\n\n{}\n",
            word("sealed number"), han("sealed title"), han("all of three"), word("signer"), word("abstract"),
            han("sealed body"), word("narrow heading"), word("narrow body"), han("nested heading"), word("nested body"),
        ),
    );
    house.put(
        "customers/group/open-one/contracts/by-type.md",
        format!("---\nnumber: {}\namount: 1280000 CNY\nkind: cloud\n---\n{}\n", word("type number"), word("type body")),
    );
    for (name, day) in [("future", "2026-11-24"), ("past", "2026-11-23")] {
        house.put(
            &format!("customers/group/open-one/things/{name}.md"),
            format!(
                "---\ntitle: {}\naudience: legal\nopen_from: {day}\nrestrict: {{extra: finance}}\nextra: {}\n---\n{}\n",
                word(&format!("{name} title")),
                word(&format!("{name} extra")),
                word(&format!("{name} body")),
            ),
        );
    }
    // Nobody belongs to `technical`, so that only oversight reads it.
    house.put(
        "customers/group/open-one/things/nobody.md",
        format!(
            "---\ntitle: {}\naudience: technical\n---\n{}\n",
            word("empty audience title"),
            han("empty audience body")
        ),
    );
}

fn things(house: &House) {
    house.put(
        "customers/group/open-one/things/one.md",
        format!(
            "---\ntitle: {}\nopen_words: {}\nby_type: {}\nextra: [{}, {}]\nprose: |\n  A *{}* line.\nsnippet: {}\nperson: {}\n\
             date: 2025-01-02\nmembers:\n  - {{a: {}, b: {}, c: {}}}\n\
             restrict: {{title: legal, extra: sales, prose: finance, snippet: [legal, sales], person: finance, members.c: sales, original: finance, marking: legal, verified: sales, imported: finance}}\n\
             original: {{room: {}, shelf: x}}\nmarking: {{level: 普通, basis: {}}}\nverified: {{on: 2026-01-01, by: {}}}\nimported: {{system: {}, run: {}, on: 2026-01-01}}\n\
             attachments: [plain.txt, {{file: {}.txt, audience: legal}}, {{file: binary.bin, audience: finance}}, {{file: scan.pdf, audience: [legal, sales]}}]\n---\n\
             Open {}.\n\n## {} {{audience=finance}}\n\n{} **{}** here.\n\n### Under\n\n{}\n\n| a | b |\n|---|---|\n| {} | x |\n\n\
             ```\n{}\n```\n\n![{}](picture.png)\n\n[{}](https://{}.example/x) and [^{}].\n\n[^{}]: {}\n\n- [ ] {}\n\n\
             [ref link][label]\n\n[label]: https://{}.example/ \"{}\"\n\n## {} {{audience=legal,sales}}\n\n{}\n\n## Open again\n\n{}\n",
            han("title"), word("open words"), word("by type"), word("many one"), han("many two"), word("prose"),
            word("snippet"), han("person"), word("member a"), word("member b"), han("member c"), word("original"),
            word("marking"), han("verified"), han("imported"), word("import run"), word("attachment name"), word("open body"), word("heading"), word("body"),
            han("strong body"), word("below heading"), word("cell"), word("code block"), han("alt"), word("link text"),
            word("linkhost"), word("footlabel"), word("footlabel"), han("footnote"), word("task"), word("refhost"),
            word("reftitle"), han("second heading"), word("second body"), word("last body"),
        ),
    );
    house.put(
        "customers/group/open-one/things/list.yaml",
        format!(
            "type: thing\nrecords:\n  - {{code: first, open_words: {}, by_type: {}}}\n  - {{code: {}, audience: legal, extra: {}, title: {}}}\n  - {{code: third, extra: {}, restrict: {{extra: [finance, legal]}}, members: [{{a: {}, b: {}}}]}}\n",
            word("row open"), word("row by type"), word("row key"), han("row extra"), word("row title"), word("row any of"),
            word("row member a"), word("row member b"),
        ),
    );
    house.put(
        "customers/group/open-one/flows/2025.csv",
        format!(
            "week,volume,income,note\n2025-W01,{},{},{}\n",
            word("series open"),
            word("series column"),
            han("series note")
        ),
    );
}

fn files(house: &House) {
    let things = "customers/group/open-one/things";
    house.put(&format!("{things}/plain.txt"), word("open file"));
    house.put(&format!("{things}/{}.txt", word("attachment name")), format!("one {} two", han("text file")));
    let mut binary = noise("binary", 5000);
    binary.splice(2000..2000, word("binary file").into_bytes());
    house.put(&format!("{things}/binary.bin"), binary);
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(word("pdf stream").as_bytes()).unwrap();
    let mut pdf = format!("%PDF-1.4\n1 0 obj <</Title ({})>> stream\n", word("pdf file")).into_bytes();
    pdf.extend(packed.finish().unwrap());
    pdf.extend(b"\nendstream\n%%EOF\n");
    house.put(&format!("{things}/scan.pdf"), pdf);
    let mut picture = b"\x89PNG\r\n\x1a\n".to_vec();
    picture.extend(word("picture").into_bytes());
    house.put(&format!("{things}/picture.png"), picture);
    house.put(&format!("{things}/{}.dat", word("unnamed name")), word("unnamed bytes"));
}

fn sealed_dossier(house: &House) {
    let home = format!("customers/group/{}", word("slug"));
    house.put(
        &format!("{home}/dossier.yaml"),
        format!(
            "name: {}\nshort_names: [{}]\ntier: {}\nindustry: {}\naccount_manager: {}\naudience: legal\nrestrict: {{tier: sales}}\n",
            han("whole name"), han("whole short"), word("whole tier"), han("whole industry"), word("whole manager"),
        ),
    );
    house.put(
        &format!("{home}/things/{}.md", word("inner file")),
        format!(
            "---\ntitle: {}\nattachments: [inner.txt]\n---\n{}\n\n## {} {{audience=finance}}\n\n{}\n\n### Deep {{audience=sales}}\n\n{}\n",
            word("inner title"), word("inner body"), word("inner heading"), han("inner narrow"), word("inner nobody"),
        ),
    );
    house.put(&format!("{home}/things/inner.txt"), word("inner file bytes"));
    house.put(
        &format!("{home}/things/any.md"),
        format!("---\naudience: [finance, sales]\n---\n{}\n", word("inner any of")),
    );
    house.put(
        &format!("{home}/things/rows.yaml"),
        format!("type: thing\nrecords:\n  - {{code: {}}}\n", word("inner row")),
    );
    house.put(
        &format!("{home}/flows/2025.csv"),
        format!("week,volume,income\n2025-W02,{},{}\n", word("inner series"), word("inner income")),
    );
    // An open record leads to sealed ones: only its own words may stand there.
    house.put(
        "customers/group/open-one/things/links.md",
        format!(
            "---\ntitle: Links\n---\nSee [{}](../contracts/{}.md) and [these](one.md).\n",
            word("open link words"),
            word("sealed file"),
        ),
    );
}

fn registers(house: &House) {
    house.put(
        &format!("registers/things/{}.md", word("register file")),
        format!(
            "---\ntitle: {}\naudience: sales\nby_type: {}\n---\n{}\n",
            han("register title"),
            word("register both"),
            word("register body")
        ),
    );
}
