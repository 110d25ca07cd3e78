//! What is kept, in one short file: up to which commit, for which folder, in which segments.

use std::collections::BTreeSet;

use super::form::{Reader, VERSION, Writer};
use crate::repository::{ContentId, PastReader};

/// A list of what is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    /// The commit whose past is kept.
    pub(super) tip: ContentId,
    /// The archive's folder inside the repository.
    pub(super) folder: String,
    /// Where the clone ended, if it was a shallow one.
    pub(super) boundary: BTreeSet<ContentId>,
    /// Where the commits are, the largest segments first as a rule.
    pub(super) segments: Vec<Segment>,
}

/// A file with some of the commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// The file's name.
    pub(super) name: String,
    /// A keyed digest of the sealed file.
    pub(super) digest: [u8; 32],
    /// How many commits it has.
    pub(super) commits: u64,
    /// How many bytes they take before they are sealed.
    pub(super) bytes: u64,
}

/// Why bytes are no manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoManifest {
    OtherVersion,
    Damaged,
}

impl Manifest {
    /// The manifest of an archive of which nothing is kept yet.
    pub(super) fn of(reader: &PastReader, segments: Vec<Segment>) -> Self {
        Self { tip: reader.tip(), folder: reader.folder().to_owned(), boundary: reader.boundary(), segments }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.number(VERSION);
        writer.id(self.tip);
        writer.bytes(self.folder.as_bytes());
        writer.number(self.boundary.len() as u64);
        self.boundary.iter().for_each(|commit| writer.id(*commit));
        writer.number(self.segments.len() as u64);
        for Segment { name, digest, commits, bytes } in &self.segments {
            writer.bytes(name.as_bytes());
            writer.bytes(digest);
            writer.number(*commits);
            writer.number(*bytes);
        }
        writer.0
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, NoManifest> {
        let mut reader = Reader::of(bytes);
        if reader.number().ok_or(NoManifest::Damaged)? != VERSION {
            return Err(NoManifest::OtherVersion);
        }
        Self::parse_rest(&mut reader).filter(|_| reader.is_at_end()).ok_or(NoManifest::Damaged)
    }

    fn parse_rest(reader: &mut Reader<'_>) -> Option<Self> {
        let tip = reader.id()?;
        let folder = reader.text()?.to_owned();
        let boundary = reader.list(Reader::id)?.into_iter().collect();
        let segments = reader.list(|reader| {
            Some(Segment {
                name: reader.text()?.to_owned(),
                digest: reader.bytes()?.try_into().ok()?,
                commits: reader.number()?,
                bytes: reader.number()?,
            })
        })?;
        Some(Self { tip, folder, boundary, segments })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_is_read_as_it_was_written_and_cut_anywhere_it_is_none() {
        let id = ContentId::from_bytes([7; 20]);
        let segment = |name: &str| Segment { name: name.into(), digest: [3; 32], commits: 300, bytes: 70_000 };
        let segments = vec![segment("a"), segment("b")];
        let manifest = Manifest { tip: id, folder: "档案".into(), boundary: [id].into(), segments };
        let bytes = manifest.to_bytes();
        assert_eq!(Manifest::parse(&bytes), Ok(manifest));
        for length in 0..bytes.len() {
            assert_eq!(Manifest::parse(&bytes[..length]), Err(NoManifest::Damaged), "cut at {length}");
        }
        assert_eq!(Manifest::parse(&[&bytes[..], b"x"].concat()), Err(NoManifest::Damaged));
        assert_eq!(Manifest::parse(&[&[9], &bytes[1..]].concat()), Err(NoManifest::OtherVersion));
    }
}
