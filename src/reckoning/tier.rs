//! Of which tier a dossier is.

use crate::access::Held;
use crate::archive::{Archive, Tier};
use crate::dossier::Dossier;
use crate::record::Value;

/// A tier with its place among the others.
#[derive(Clone, Copy, Debug)]
pub struct Graded<'a> {
    /// Its place in the settings; the first is the most valuable.
    pub place: usize,
    /// Its name there.
    pub name: &'a str,
    /// What it asks of a dossier.
    pub tier: &'a Tier,
}

/// The tier of a dossier, for whoever may know it; none where the dossier names none of the settings' tiers.
#[must_use]
pub fn tier_of<'a>(archive: &'a Archive, held: &Held<&Dossier>) -> Option<Held<Graded<'a>>> {
    let field = held.clone().map(|dossier| dossier.field("tier")).transpose()?.flatten();
    let found = field.map(|field| {
        let Value::Choice { word, .. } = &field.value else { return None };
        let tiers = &archive.settings.tiers;
        let place = tiers.iter().position(|(name, _)| name == word)?;
        tiers.get(place).map(|(name, tier)| Graded { place, name, tier })
    });
    found.transpose()
}
