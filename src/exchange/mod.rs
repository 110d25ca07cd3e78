//! Getting in and out: tables and scans from elsewhere become records, and what a reader may read becomes tables; and
//! the schemas by which editors know an archive's files.

pub mod export;
pub mod import;
pub mod schema;
