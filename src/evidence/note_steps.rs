//! The steps of the note, for what a bag holds. All of them together are one script, which stops at the first that fails.

use super::blocks::Block;
use super::note::{GitForm, Subject, Tongue, namespace};

/// Appends the steps.
pub(super) fn steps(subject: &Subject, t: &Tongue, blocks: &mut Vec<Block>) {
    let mut number = 0;
    let mut step = |zh: &str, en: &str, commands: String| {
        number += 1;
        blocks.push(Block::Words(format!("{number}. {}", t.say(zh, en))));
        blocks.push(Block::Commands(commands));
    };
    step(
        "每个文件都与清单相符（无输出即相符）：",
        "Every file is what the lists say (no output means that it is):",
        "set -euo pipefail\nsha256sum --quiet --strict -c tagmanifest-sha256.txt\nsha256sum --quiet --strict -c manifest-sha256.txt"
            .to_owned(),
    );
    step(
        "没有清单之外的文件：",
        "There is no file that the lists do not name:",
        "work=$(mktemp -d)\n\
         cut -c67- manifest-sha256.txt tagmanifest-sha256.txt | LC_ALL=C sort > \"$work/listed\"\n\
         find . -type f | cut -c3- | grep -vx -e tagmanifest-sha256.txt -e tagmanifest-sha256.txt.sig | LC_ALL=C sort > \"$work/there\"\n\
         diff \"$work/listed\" \"$work/there\""
            .to_owned(),
    );
    if let Some((name, _)) = &subject.signer {
        step(
            "签名与清单相符；打印出的指纹须与另经可信途径得到的一致：",
            "The signature is one over the lists; compare the fingerprint that is printed with one that you know from elsewhere:",
            format!(
                "ssh-keygen -Y verify -f bag_signers -I {name} -n {} -s tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt",
                namespace()
            ),
        );
    }
    if let Some(log) = subject.log {
        if log.signed {
            step(
                "发布日志的检查点有签名；打印出的密钥指纹须与另经可信途径得到的一致，检查点本身可与早先另存的比对：",
                "The checkpoint of the log of publishings is signed; compare the key's fingerprint that is printed with one that you know from elsewhere, and the checkpoint with one that was kept before:",
                format!(
                    "ssh-keygen -Y check-novalidate -n {} -s data/log/checkpoint.txt.sig < data/log/checkpoint.txt",
                    namespace()
                ),
            );
        }
        if log.entry {
            step(
                "本提交的发布记录在检查点的总数之内（RFC 6962 的散列树，逐层算到根）：",
                "The entry of this commit's publishing is among those that the checkpoint counts (the hash tree of RFC 6962, step by step to its root):",
                format!(
                    "grep -qx \"commit {}\" data/log/entry.txt\n\
                     hash=$({{ printf '\\0'; cat data/log/entry.txt; }} | sha256sum | cut -c1-64)\n\
                     while read -r side node; do\n  \
                     if [ \"$side\" = left ]; then pair=$node$hash; else pair=$hash$node; fi\n  \
                     hash=$(printf \"$(printf '01%s' \"$pair\" | sed 's/../\\\\x&/g')\" | sha256sum | cut -c1-64)\n\
                     done < data/log/way.txt\n\
                     test \"$(sed -n 3p data/log/checkpoint.txt | base64 -d | od -An -v -tx1 | tr -d ' \\n')\" = \"$hash\"",
                    subject.commit
                ),
            );
        }
    }
    match subject.git {
        GitForm::Ids => step(
            "原始文件的 git 编号（可与档案库持有者核对）；与 `data/git/blobs.txt` 相同：",
            "The git ids of the archive's own files, to be compared with whoever has the archive, are those of `data/git/blobs.txt`:",
            "while IFS=$'\\t' read -r id file; do\n  test \"$(git hash-object --no-filters \"$file\")\" = \"$id\"\ndone < data/git/blobs.txt"
                .to_owned(),
        ),
        GitForm::Bundle => step(
            "克隆全部历史并检查每个对象：",
            "Clone the whole history and check every object:",
            format!(
                "git -c init.defaultBranch=main clone --quiet --bare data/git/history.bundle \"$work/repository\"\n\
                 git -C \"$work/repository\" fsck --full --no-progress\n\
                 git -C \"$work/repository\" cat-file -e {}^{{commit}}",
                subject.commit
            ),
        ),
        GitForm::Path => step(
            "取出提交和通向案卷的目录（git 按内容重新计算每个编号）：",
            "Take out the commits and the way to the dossiers; git makes each id anew from the content:",
            format!(
                "git init --quiet --bare --initial-branch=main \"$work/repository\"\n\
                 git -C \"$work/repository\" unpack-objects -q < data/git/objects.pack\n\
                 git -C \"$work/repository\" cat-file -e {}^{{commit}}",
                subject.commit
            ),
        ),
    }
    if subject.git != GitForm::Ids {
        step(
            "包内的原始文件与提交里的逐字节相同：",
            "The archive's own files in the bag are, byte for byte, those of the commits:",
            "while IFS=$'\\t' read -r object file; do\n  git -C \"$work/repository\" cat-file blob \"$object\" | cmp - \"$file\"\ndone < data/git/files.txt"
                .to_owned(),
        );
        if subject.stored_apart {
            step(
                "存于 Git LFS 的附件：提交里记的是其 SHA-256，与包内文件相同：",
                "Attachments that are kept in Git LFS: the commits hold their SHA-256, which is that of the files in the bag:",
                "while IFS=$'\\t' read -r object file; do\n  git -C \"$work/repository\" cat-file blob \"$object\" | grep -qx \"oid sha256:$(sha256sum < \"$file\" | cut -c1-64)\"\ndone < data/git/stored-apart.txt"
                    .to_owned(),
            );
        }
        if subject.signed_commits {
            step(
                "提交的签名：`data/git/signed.txt` 里的每个提交都有由 `data/git/allowed_signers` 中的密钥作出的签名：",
                "Signatures: each commit in `data/git/signed.txt` bears one by a key in `data/git/allowed_signers`:",
                "while read -r id; do\n  git -C \"$work/repository\" -c gpg.ssh.allowedSignersFile=\"$PWD/data/git/allowed_signers\" verify-commit \"$id\"\ndone < data/git/signed.txt"
                    .to_owned(),
            );
        }
        blocks.push(Block::Words(t.say(
            format!("要看每次修改，执行 `git -C \"$work/repository\" log --show-signature {}`。", subject.commit),
            format!("To see every change, run `git -C \"$work/repository\" log --show-signature {}`.", subject.commit),
        )));
    }
    if subject.log.is_some_and(|log| log.stamped) {
        blocks.push(Block::Words(t.say(
            "检查点有时间戳：`openssl ts -verify -data data/log/checkpoint.txt -in data/log/checkpoint.txt.tsr -CAfile 时间戳机构的根证书`。",
            "The checkpoint bears a time stamp: `openssl ts -verify -data data/log/checkpoint.txt -in data/log/checkpoint.txt.tsr -CAfile ROOT-OF-THE-AUTHORITY`.",
        )));
    }
}
