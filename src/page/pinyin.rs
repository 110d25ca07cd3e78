//! The order in which customers are listed.

use crate::access::Held;
use icu_collator::CollatorBorrowed;
use icu_collator::options::CollatorOptions;

/// Rows in the order of the customers' names: Chinese ones by pinyin, as everybody looks for them. Sealed rows find
/// their places among the open ones by the same order, inside their envelope.
pub fn sort_rows<T>(rows: &mut [(Held<String>, T)]) {
    if let Some(collator) = pinyin() {
        rows.sort_by(|one, other| one.0.order(&other.0, |one, other| collator.compare(one, other)));
    } else {
        rows.sort_by(|one, other| one.0.order(&other.0, |one, other| one.cmp(other)));
    }
}

fn pinyin() -> Option<CollatorBorrowed<'static>> {
    let locale: icu_locale_core::Locale = "zh-u-co-pinyin".parse().ok()?;
    icu_collator::Collator::try_new(locale.into(), CollatorOptions::default()).ok()
}
