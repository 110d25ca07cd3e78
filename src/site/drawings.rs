//! Small pictures that are drawn when somebody asks for one, and remembered while the program runs. A build draws them
//! all and keeps them in the site; what is only looked at draws those that stand on the pages that are open.

use super::door::DoorError;
use super::thumbnails::drawn;
use crate::archive::AttachedFile;
use crate::repository::Snapshot;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// So many are remembered, each of at most twenty kilobytes.
const REMEMBERED: usize = 2_000;

/// The pictures, by the id that git gives the content that they show: whatever is saved beside it, a scan is drawn once.
#[derive(Default)]
pub struct Drawings {
    known: Mutex<HashMap<String, Arc<[u8]>>>,
    /// One is drawn at a time: a page full of scans must not take every core from the next save.
    pen: Mutex<()>,
}

impl Drawings {
    /// The small picture of a file; empty where there can be none.
    ///
    /// # Errors
    /// When the file can no longer be read.
    pub(super) fn of(&self, snapshot: &Snapshot, file: &AttachedFile) -> Result<Arc<[u8]>, DoorError> {
        let id = file.entry.id.to_string();
        if let Some(known) = self.known(&id) {
            return Ok(known);
        }
        let _pen = self.pen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(meanwhile) = self.known(&id) {
            return Ok(meanwhile);
        }
        let picture: Arc<[u8]> = drawn(snapshot, file)?.into();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(id, Arc::clone(&picture));
        Ok(picture)
    }

    fn known(&self, id: &str) -> Option<Arc<[u8]>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }
}
