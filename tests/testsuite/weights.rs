//! What a page of many customers weighs.

use crate::bed::Bed;
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// How many customers there are, and of how many a tenth is sealed.
const CUSTOMERS: usize = 900;

/// As web servers send it.
fn compressed(file: &Path) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(&fs::read(file).unwrap()).unwrap();
    encoder.finish().unwrap().len()
}

fn customers(bed: &Bed, some: std::ops::Range<usize>) {
    let han = |number: usize| char::from_u32(0x4E00 + u32::try_from(number * 7919 % 20_000).unwrap()).unwrap();
    for number in some {
        let audience = if number % 10 == 9 { "legal" } else { "staff" };
        let name: String = (0..6).map(|place| han(number * 6 + place)).collect();
        let manager: String = (0..3).map(|place| han(number % 90 * 3 + place)).collect();
        bed.write(
            &format!("customers/c{number}/dossier.yaml"),
            &format!(
                "name: {name}公司\ncode: 9133{number:014}\ntier: gold\nindustry: {}\naccount_manager: {manager}\naudience: {audience}\n",
                han(number % 40)
            ),
        );
    }
}

#[test]
fn home_weighs_the_same_however_many_customers_there_are_and_what_stands_beside_it_little() {
    let bed = Bed::new();
    customers(&bed, 0..CUSTOMERS);
    let home = tempfile::tempdir().unwrap();
    let (site, state) = (home.path().join("site"), home.path().join("state"));
    let paths = [&site, &state].map(|path| path.to_str().unwrap());
    let run = bed.run(&["build", "--worktree", ".", "-o", paths[0], "--state", paths[1]]);
    assert_eq!(run.code, 0, "{}", run.words);
    let home = compressed(&site.join("index.html"));
    assert!(home < 60_000, "home weighs {home} bytes");
    let html = fs::read_to_string(site.join("index.html")).unwrap();
    let pieces = fs::read_dir(site.join("rows")).unwrap().map(|entry| entry.unwrap().path());
    let named = |piece: &Path| html.contains(piece.file_stem().unwrap().to_str().unwrap());
    let rows: usize = pieces.filter(|piece| named(piece)).map(|piece| compressed(&piece)).sum();
    assert!(rows > 0 && rows / CUSTOMERS < 90, "a row beside home weighs {} bytes", rows / CUSTOMERS);
    // What only some may read is loaded by them alone.
    let inside: usize =
        html.split("<script type=\"application/age\"").skip(1).map(|piece| piece.find("</script>").unwrap()).sum();
    assert!(inside < 120_000, "{inside} bytes of home are sealed");
}
