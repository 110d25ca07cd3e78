//! The one place that reads the machine's clock.
//!
//! Everything else is handed a day or an instant, so that a build is a function of its inputs (promise 5 of the
//! design) and a test can stand on any day it likes.

use jiff::civil::Date;

/// Today's date in the machine's time zone.
#[allow(clippy::disallowed_methods)]
pub fn today() -> Date {
    jiff::Zoned::now().date()
}
