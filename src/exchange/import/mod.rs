//! Tables and folders of scans from elsewhere become records. A mapping says what becomes of which column; everything
//! that is made is read as part of the archive before a byte of it is written, and what is there already stays as it is.

mod abbreviated;
mod came_from;
mod cell;
mod column;
mod compare;
mod dates;
mod decimal;
mod draft;
mod mapping;
mod names;
mod plan;
mod rows;
mod scans;
mod series;
mod table;
mod whose;

pub use came_from::trailer;
pub use mapping::{IMPORT_MAPPING, KEYS as MAPPING_KEYS, Mapping};
pub use plan::{IMPORT_THERE, Import, Made, Plan};
pub use scans::{IMPORT_DOUBLE, Scans};
pub use table::{Separator, Table, guarded};
