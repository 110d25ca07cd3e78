//! The attached files of an edition and their small pictures, each made when somebody asks for it: as it is, or sealed to
//! those who may read it; where pages are shown in a reader's place, in the clear for what that reader holds.

use super::Edition;
use crate::access::{Clearance, Held};
use crate::archive::AttachedFile;
use crate::page::{Addresses, FileAddress};
use crate::site::bundled_page::bundled_address;
use crate::site::door::DoorError;
use crate::site::files::{head_of, script_of, seal_in_memory};
use crate::site::thumbnails::{NAME as THUMBNAIL, head_of_thumbnail, sealed_thumbnail};
use std::collections::{BTreeMap, HashMap};
use std::io::Read as _;
use std::sync::Arc;

/// What stands at an address below `files/`.
pub(super) struct Place {
    /// The file's path in the archive.
    path: String,
    /// Its small picture, and not the file itself.
    small: bool,
    /// Under which clearance it is sealed; none where it stands in the clear.
    sealed: Option<Sealed>,
}

struct Sealed {
    address: String,
    clearance: String,
}

impl Edition {
    /// The names of sealed files by their address, as they lie in the clear beside pages that a view shows.
    pub(super) fn names(&self) -> &BTreeMap<String, String> {
        self.names.get_or_init(|| {
            let mut names = BTreeMap::new();
            for (clearance, file) in self.material.archive.attached.iter().map(Held::release) {
                for small in [false, true] {
                    if let FileAddress::Sealed { address, .. } = self.address(file, &clearance, small) {
                        names.insert(address, if small { THUMBNAIL } else { &file.name }.to_owned());
                    }
                }
            }
            names
        })
    }

    /// The attached file or small picture at an address.
    pub(super) fn attachment(&self, address: &str) -> Result<Option<Arc<[u8]>>, DoorError> {
        let form = [".age", ".js"].into_iter().find(|form| address.ends_with(form));
        let bare = form.and_then(|form| address.strip_suffix(form));
        let places = self.places.get_or_init(|| self.find_places());
        let sealed = bare.and_then(|bare| places.get(bare)).filter(|place| place.sealed.is_some());
        let Some(place) = sealed.or_else(|| places.get(address).filter(|place| place.sealed.is_none())) else {
            return Ok(None);
        };
        let Some(held) = self.material.archive.attached.get(&place.path) else { return Ok(None) };
        let (clearance, file) = held.release();
        let Some(Sealed { address, clearance: id }) = &place.sealed else {
            let bytes = if place.small { self.picture(file)? } else { self.content(file)? };
            // A damaged picture has no small one: then nothing stands there.
            return Ok(Some(bytes).filter(|bytes| !(place.small && bytes.is_empty())));
        };
        let key = self.at_desk(None, |_, door| door.clearance_key(&clearance))?;
        let Some(key) = key else { return Ok(None) };
        let sealed = if place.small {
            let head = head_of_thumbnail(address.clone(), id.clone());
            sealed_thumbnail(&head, &self.picture(file)?, &key)?
        } else {
            seal_in_memory(&self.material.snapshot, file, &head_of(file, address, id.clone()), &key)?
        };
        Ok(Some(if form == Some(".js") { script_of(address, &sealed).into_bytes().into() } else { sealed.into() }))
    }

    /// What stands at each address. Addresses are digests, so that they are found once for all files.
    fn find_places(&self) -> HashMap<String, Place> {
        let mut places = HashMap::new();
        for (clearance, file) in self.material.archive.attached.iter().map(Held::release) {
            for small in [false, true] {
                let (at, sealed) = match (self.address(file, &clearance, small), &self.material.view) {
                    (FileAddress::Open(address), _) => (address, None),
                    (FileAddress::Sealed { address, clearance }, None) => {
                        (address.clone(), Some(Sealed { address, clearance }))
                    }
                    (FileAddress::Sealed { address, .. }, Some(view)) if view.holds.implies(&clearance) => {
                        (bundled_address(&address, if small { THUMBNAIL } else { &file.name }), None)
                    }
                    (FileAddress::Sealed { .. }, Some(_)) => continue,
                };
                places.insert(at, Place { path: file.entry.path.clone(), small, sealed });
            }
        }
        places
    }

    fn address(&self, file: &AttachedFile, clearance: &Clearance, small: bool) -> FileAddress {
        let addresses = Addresses::new(&self.material.key);
        if small { addresses.thumbnail(file, clearance) } else { addresses.file(file, clearance) }
    }

    fn picture(&self, file: &AttachedFile) -> Result<Arc<[u8]>, DoorError> {
        self.material.drawings.of(&self.material.snapshot, file)
    }

    fn content(&self, file: &AttachedFile) -> Result<Arc<[u8]>, DoorError> {
        let mut bytes = Vec::new();
        let content = self.material.snapshot.open_content(&file.entry).map_err(DoorError::new);
        content?.read_to_end(&mut bytes).map_err(DoorError::new)?;
        Ok(bytes.into())
    }
}
