//! Retention: the last day of keeping is computed from a day, and asks for what that day asks.

use super::opening::Site;
use super::tricks::house_with;

const DEAL: &str = "title: Deal\nfolder: deals\naudience: staff\nretention: {keep: 7y, from: until}\nfields:\n  until: {kind: date}\n  end: {kind: week, audience: finance}\n";

#[test]
fn the_last_day_of_keeping_opens_only_with_the_day_that_it_is_counted_from() {
    let house = house_with(&[
        ("types/deal.yaml", DEAL),
        ("customers/one/deals/a.md", "---\nuntil: 2031-05-17\nrestrict: {until: finance}\n---\nText.\n"),
        ("customers/one/deals/b.md", "---\nuntil: 2031-08-19\n---\nText.\n"),
        ("types/week.yaml", &DEAL.replace("deals", "weeks").replace("from: until", "from: end")),
        ("customers/one/weeks/c.md", "---\nend: 2029-W05\n---\nText.\n"),
    ]);
    house.must_build();
    let site = Site::of(&house);
    let day = |text: &str| [text.to_owned()];
    assert!(site.haystack().holds(&day("2038-08-19")));
    for restricted in ["2038-05-17", "2036-02-04"] {
        assert!(!site.haystack().holds(&day(restricted)), "{restricted}");
        assert!(!site.opened(&house.keys["leg"]).holds(&day(restricted)), "{restricted}");
        assert!(site.opened(&house.keys["fin"]).holds(&day(restricted)), "{restricted}");
    }
}
