//! The files of a bundle: attachments in the clear, and their thumbnails.

use super::bundle::{Bundle, PIECE};
use super::bundled_page::bundled_address;
use super::door::{Door, DoorError};
use super::swap::Publication;
use super::thumbnails::{NAME as THUMBNAIL, opened};
use crate::access::Clearance;
use crate::page::{Addresses, FileAddress, Thumbnails};
use crate::repository::Snapshot;
use std::io::{self, BufReader};

impl Bundle {
    /// Puts in the attachments that the audience alone suffices to read, and the open ones that its pages show: the
    /// bundle is for use without the site.
    pub(super) fn attachments(
        &mut self,
        door: &Door<'_>,
        addresses: &Addresses<'_>,
        snapshot: &Snapshot,
    ) -> Result<(), DoorError> {
        let holds = Clearance::any_of([self.audience.as_str()]);
        for held in door.archive.attached.iter() {
            let (clearance, file) = held.release();
            let place = match addresses.file(file, &clearance) {
                FileAddress::Sealed { address, .. } if holds.implies(&clearance) => {
                    bundled_address(&address, &file.name)
                }
                FileAddress::Open(address) if self.linked.contains(&address) => address,
                _ => continue,
            };
            let content = snapshot.open_content(&file.entry).map_err(DoorError::new)?;
            let mut entry = self.entry(&place)?;
            io::copy(&mut BufReader::with_capacity(PIECE, content), &mut entry).map_err(DoorError::new)?;
            entry.end();
        }
        Ok(())
    }

    /// Puts in the thumbnails of what went in before, out of the site that is being made.
    pub(super) fn thumbnails(
        &mut self,
        door: &Door<'_>,
        addresses: &Addresses<'_>,
        publication: &Publication,
        thumbnails: &Thumbnails,
    ) -> Result<(), DoorError> {
        let holds = Clearance::any_of([self.audience.as_str()]);
        for held in door.archive.attached.iter() {
            let (clearance, file) = held.release();
            match thumbnails.of(addresses, file, &clearance) {
                Some(FileAddress::Sealed { address, .. }) if holds.implies(&clearance) => {
                    let Some(key) = door.clearance_key(&clearance)? else { continue };
                    let picture = opened(publication, &address, &key)?;
                    self.put(&bundled_address(&address, THUMBNAIL), &picture)?;
                }
                Some(FileAddress::Open(address)) if self.linked.contains(&address) => {
                    let picture = std::fs::read(publication.folder().join(&address)).map_err(DoorError::new)?;
                    self.put(&address, &picture)?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}
