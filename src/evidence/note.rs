//! The reader's note: what a bag proves and what not, and the steps by which anybody checks it without Strongroom. It says
//! what this bag holds, no more; its commands are run by a test as they stand.

use super::bag::NAMESPACE;
use super::blocks::Block;

/// How git's own objects are in a bag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GitForm {
    /// The whole history, which `git clone` takes.
    Bundle,
    /// The commits and the way to the dossiers, which `git unpack-objects` takes.
    Path,
    /// Ids alone.
    Ids,
}

/// What of the log of publishings is in a bag, beside its checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogForm {
    /// The checkpoint's signature.
    pub signed: bool,
    /// An authority's time stamp.
    pub stamped: bool,
    /// The entry of the commit's publishing.
    pub entry: bool,
}

/// What a note is about.
pub struct Subject {
    /// For whom the bag is, in a word.
    pub whom: String,
    /// The dossiers.
    pub dossiers: Vec<String>,
    /// The archive's title in Chinese and in English.
    pub archive: (String, String),
    /// The day on which it was made.
    pub day: String,
    /// The commit that was read.
    pub commit: String,
    /// The day and the commit of the former state, where one was asked for.
    pub then: Option<(String, String)>,
    /// How git's objects are in it.
    pub git: GitForm,
    /// Whether a file in it is kept in Git LFS.
    pub stored_apart: bool,
    /// Whether some commit in it has a signature that holds.
    pub signed_commits: bool,
    /// Who signed the bag: the name beside the key, and its fingerprint.
    pub signer: Option<(String, String)>,
    /// Whether it is for somebody who may not read everything.
    pub for_reader: bool,
    /// Whether the check of contracts is in it.
    pub checked: bool,
    /// What of the log of publishings is in it.
    pub log: Option<LogForm>,
}

/// Words for the one language or the other.
pub(super) struct Tongue(pub bool);

impl Tongue {
    /// The words in this language.
    pub(super) fn say(&self, zh: impl Into<String>, en: impl Into<String>) -> String {
        if self.0 { zh.into() } else { en.into() }
    }
}

/// The title of the note.
#[must_use]
pub fn title(subject: &Subject, chinese: bool) -> String {
    let dossiers = subject.dossiers.join(if chinese { "、" } else { ", " });
    Tongue(chinese).say(format!("证据包说明：{dossiers}"), format!("Reader's note to the evidence bag: {dossiers}"))
}

/// The note in a language.
#[must_use]
pub fn note(subject: &Subject, chinese: bool) -> Vec<Block> {
    let t = Tongue(chinese);
    let mut blocks = vec![
        Block::Words(t.say(
            format!(
                "本证据包取自“{}”，供 {} 使用，制作于 {}，依据提交 `{}`。离线阅读请打开 `data/index.html`。",
                subject.archive.0, subject.whom, subject.day, subject.commit
            ),
            format!(
                "This bag was taken from \"{}\" for {} on {}, from the commit `{}`. To read it offline, open `data/index.html`.",
                subject.archive.1, subject.whom, subject.day, subject.commit
            ),
        )),
    ];
    blocks.push(Block::Heading(t.say("里面有什么", "What is in it")));
    blocks.push(Block::Points(contents(subject, &t)));
    blocks.push(Block::Heading(t.say("证明什么，不证明什么", "What it proves, and what not")));
    blocks.push(Block::Points(proof(subject, &t)));
    blocks.push(Block::Heading(t.say("自行核验的步骤", "Steps to check it yourself")));
    blocks.push(Block::Words(t.say(
        "不需要 Strongroom。在证据包的文件夹里打开终端（bash），依次执行；任何一步报错，即说明不符。",
        "Strongroom is not needed. Open a terminal (bash) in the bag's folder and run these in order; a step that fails says what does not hold.",
    )));
    super::note_steps::steps(subject, &t, &mut blocks);
    blocks
}

fn contents(subject: &Subject, t: &Tongue) -> Vec<String> {
    let mut points = vec![
        t.say(
            "`data/dossiers/…/now/records.json` 与 `records.txt`：现状，各件的字段、正文、附件名。",
            "`data/dossiers/…/now/records.json` and `records.txt`: the records as they stand, with fields, text and the names of attachments.",
        ),
        t.say(
            "`data/dossiers/…/now/files/`：档案库的原始文件（一字不改）与附件；清单在 `now/files.json`。",
            "`data/dossiers/…/now/files/`: the archive's own files, unchanged, and attachments; `now/files.json` lists them.",
        ),
        t.say(
            "`data/dossiers/…/history.csv` 与 `history.json`：逐字段的修改历史：何时、何人、哪一提交、改前改后。",
            "`data/dossiers/…/history.csv` and `history.json`: the history field by field: when, who, in which commit, before and after.",
        ),
    ];
    if let Some((day, commit)) = &subject.then {
        points.push(t.say(
            format!("`data/dossiers/…/then/`：{day} 当日的状态（提交 `{commit}`）。"),
            format!("`data/dossiers/…/then/`: the state of {day} (commit `{commit}`)."),
        ));
    }
    points.push(match subject.git {
        GitForm::Bundle => t.say(
            "`data/git/history.bundle`：全部提交及其内容，git 可直接克隆。",
            "`data/git/history.bundle`: all commits with their content, which git clones.",
        ),
        GitForm::Path => t.say(
            "`data/git/objects.pack`：全部提交，以及通向这些案卷的目录和其中的文件；旁边的内容只有名称与编号。",
            "`data/git/objects.pack`: all commits, and the way to these dossiers with what is in them; of what lies beside it names and ids alone.",
        ),
        GitForm::Ids => t.say(
            "`data/git/commits.json`：提交的编号、作者、时间。git 对象不在其中：一个提交点名了整个档案库，其中有查阅人无权查看的内容。",
            "`data/git/commits.json`: ids, authors and times of commits. Git's objects are not in it: a commit names the whole archive, of which its reader may not read everything.",
        ),
    });
    points.push(t.say(
        "`data/left-out.json`：按什么范围列入，什么没有列入。",
        "`data/left-out.json`: by what the bag was chosen, and what was left out.",
    ));
    if let Some(log) = subject.log {
        let (zh, en) = if log.entry {
            (
                "，以及本提交的发布记录和通向其散列根的路径",
                ", the entry of this commit's publishing, and the way from it to the root",
            )
        } else {
            ("", "")
        };
        points.push(t.say(
            format!("`data/log/`：发布日志的最后一个检查点{zh}。"),
            format!("`data/log/`: the last checkpoint of the log of publishings{en}."),
        ));
    }
    if subject.checked {
        points.push(t.say(
            "`data/findings.txt`：所涉合同的齐全性检查。",
            "`data/findings.txt`: whether the papers of the contracts are complete.",
        ));
    }
    points.push(t.say(
        "`data/ro-crate-metadata.json`：各文件的元数据（RO-Crate 1.2）。",
        "`data/ro-crate-metadata.json`: metadata of the files (RO-Crate 1.2).",
    ));
    points
}

fn proof(subject: &Subject, t: &Tongue) -> Vec<String> {
    let mut points = Vec::new();
    points.push(match &subject.signer {
        Some((name, fingerprint)) => t.say(
            format!("签名表明：持有密钥 {fingerprint}（{name}）者签过这些摘要，此后包内无一字节改动。密钥是否确属其人，须另经可信途径核对指纹；只用包内的 `bag_signers` 核对，仅能证明前后一致。"),
            format!("The signature shows that whoever holds the key {fingerprint} ({name}) signed these digests, and that no byte in the bag was changed since. Whose key it is has to be known from elsewhere: compare the fingerprint; checked against `bag_signers` in the bag alone it proves consistency and no more."),
        ),
        None => t.say(
            "本包没有签名：摘要只能发现损坏，不能发现有人改了内容又重算摘要。",
            "The bag is not signed: its digests show damage, and not that somebody changed the content and made new digests.",
        ),
    });
    match subject.git {
        GitForm::Ids => points.push(t.say(
            "提交编号由整个档案库的内容算出。持有档案库的人可据此核对；仅凭本包不能验证编号与内容相符。",
            "The ids of commits are made of the whole archive. Whoever has it can compare them; from this bag alone nobody can tell that they belong to its content.",
        )),
        _ => points.push(t.say(
            "每个提交的编号由其内容和前一提交算出：任何一处改动都会使其后所有编号不同（SHA-1）。编号相符，即与当时的档案库一致。",
            "The id of each commit is made of its content and of the commit before (SHA-1): any change gives all that follow other ids. Where they are the same, so is the archive.",
        )),
    }
    points.push(t.say(
        "提交里的姓名、时间和说明是作者自己写的。签名说明用了哪把密钥，不说明所写属实。",
        "Names, times and messages of commits are what their authors wrote. A signature shows which key was used, not that what is written is true.",
    ));
    points.push(t.say(
        "本包不能证明它之外没有别的版本。要看历史是否被整体改写，须与另外保存的提交编号或检查点比较。",
        "It cannot show that there is no other version. Whether a history was rewritten as a whole is seen by comparing it with an id or a checkpoint that was kept elsewhere.",
    ));
    if subject.for_reader {
        points.push(t.say(
            "只列入该查阅人有权查看的内容。一件若未附原始文件而只有摘录，表示文件里可能有其无权查看的部分、规则或内部备注，并不说明有没有、有多少。",
            "It holds only what this reader may read. Where a record comes as an extract and not as its own file, there may be something in the file that its reader may not read, a rule or a remark; it does not say whether, or how much.",
        ));
    }
    points
}

/// The name under which a bag's signature is made and checked, for the commands of the note.
pub(super) fn namespace() -> &'static str {
    NAMESPACE
}
