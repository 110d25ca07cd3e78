//! A record: its type, its fields, its sections, and what each of them asks of its reader.
//!
//! Record types are data. Nothing here knows any of them by name but `dossier`, which is a type like the others.

mod amount;
mod built_in;
mod cells;
mod days;
mod draws;
mod due_rule;
mod field_reading;
mod field_type;
mod interval;
mod personal;
mod reading;
#[allow(clippy::module_inception)]
mod record;
mod record_type;
mod retention;
mod series;
mod sign;
mod value;
mod watch;

pub use amount::{amount, amount_text};
pub use cells::Cells;
pub use draws::Draws;
pub use due_rule::{Every, FieldDue, Last, Period, TypeDue, Unless};
pub use field_reading::MISSING_FIELD;
pub use field_type::{BROKEN_TYPE, Choice, FieldType, KEYS as FIELD_KEYS, Kind};
pub use interval::{BROKEN_DUE, Interval, hours};
pub use personal::PERSONAL_IN_OPEN;
pub use reading::{Ground, Read, WIDER_THAN_TYPE, read_file};
pub use record::{Attachment, Field, PLATES, Plate, Record, RecordName, Rule, Title, anchor_of};
pub use record_type::{COMMON_KEYS, KEYS as TYPE_KEYS, Place, RecordType, built_in};
pub use retention::{Retention, Term};
pub use series::{Rows, Series, SeriesColumn, cell_number, csv_lines, read_csv};
pub use sign::{SignRule, When};
pub use value::{Value, WRONG_VALUE, choices_for, read_scalar};
pub use watch::Watch;
