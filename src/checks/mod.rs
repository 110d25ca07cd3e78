//! What an archivist should be told of an archive that reads without a mistake: doubles, gaps, contradictions between
//! records, personal data in open text. Each check is one file with its codes; they speak to archivists alone.
