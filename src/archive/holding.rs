//! What a reader holds, as one clearance.

use super::archive::Archive;
use crate::access::{Clearance, Reader, Standing, nobody};

impl Archive {
    /// The clearance that comes to exactly those that the reader's key opens: it implies every clearance that the
    /// reader meets, and no other. A reader who is in no keyring holds what all staff may read.
    #[must_use]
    pub fn holding(&self, reader: &Reader) -> Clearance {
        if !matches!(reader.standing(self.day, self.settings.training_required), Standing::Good(_)) {
            return Clearance::open();
        }
        let audiences = &self.settings.audiences;
        if self.settings.oversight.as_ref().is_some_and(|oversight| audiences.has(oversight, &reader.name)) {
            // Whoever met what nobody meets would meet everything.
            return nobody();
        }
        let own =
            audiences.iter().map(|(audience, _)| audience).filter(|audience| audiences.has(audience, &reader.name));
        own.fold(Clearance::open(), |held, audience| held.and(&Clearance::any_of([audience])))
    }
}
