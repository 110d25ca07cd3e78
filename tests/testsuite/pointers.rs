//! Git LFS pointers: what one keeps from readers, no copy of it may show them.

use super::bed::{Bed, CONTRACT};
use sha2::{Digest, Sha256};

const SCAN: &[u8] = b"%PDF-1.7 a scan of the price list";
const SEALED: &str = "customers/yunxi/contracts/2024-017.md";
const MEMO: &str = "customers/yunxi/memos/one.md";

/// A sealed contract with a scan in Git LFS, and a memo that attaches a pointer to the same.
fn bed(memo: &str) -> Bed {
    let bed = Bed::new();
    bed.git(&["init", "-q"]);
    let name: String = Sha256::digest(SCAN).iter().map(|byte| format!("{byte:02x}")).collect();
    bed.write_bytes(&format!(".git/lfs/objects/{}/{}/{name}", &name[..2], &name[2..4]), SCAN);
    let pointer = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{name}\nsize {}\n", SCAN.len());
    bed.write("types/memo.yaml", "title: 便笺\nfolder: memos\naudience: staff\n");
    bed.write(SEALED, &CONTRACT.replace("---\nThe", "attachments: [2024-017.pdf]\n---\nThe"));
    bed.write("customers/yunxi/contracts/2024-017.pdf", &pointer);
    bed.write(MEMO, memo);
    bed.write("customers/yunxi/memos/copy.pdf", &pointer);
    bed
}

#[test]
fn a_pointer_does_not_show_to_some_what_another_keeps_from_them() {
    let open = bed("---\nattachments: [copy.pdf]\n---\nText.\n");
    open.expect_error("file-in-two-clearances", MEMO, 2);
    let errors: Vec<String> = open.found().into_iter().filter(|found| found.starts_with("error")).collect();
    assert_eq!(errors.len(), 1, "the sealed one is not told: {errors:?}");
    // Neither of two that ask for different things may stand.
    let other = bed("---\naudience: sales\nattachments: [copy.pdf]\n---\nText.\n");
    other.expect_error("file-in-two-clearances", MEMO, 3);
    other.expect_error("file-in-two-clearances", SEALED, 0);
}

#[test]
fn a_pointer_for_the_same_or_fewer_readers_stands_and_so_does_the_file_itself() {
    for memo in [
        "---\naudience: [legal, finance]\nattachments: [copy.pdf]\n---\nText.\n",
        "---\nattachments: [{file: copy.pdf, audience: finance}]\naudience: [legal, finance]\n---\nText.\n",
    ] {
        let bed = bed(memo);
        // The one with fewer readers keeps it from the other's.
        let narrower = memo.contains("file:");
        assert_eq!(bed.run(&["check"]).code, i32::from(narrower), "{memo}: {:?}", bed.found());
    }
    let copied = bed("---\nattachments: [copy.pdf]\n---\nText.\n");
    copied.write_bytes("customers/yunxi/memos/copy.pdf", SCAN);
    assert_eq!(copied.run(&["check"]).code, 0, "{:?}", copied.found());
}
