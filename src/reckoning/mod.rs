//! What is reckoned from what an archive holds: what is due, what is missing, what a dossier costs and brings. Every
//! result is held under all that was read for it, absences included; its open version reads open input only.

mod again;
mod agenda;
mod completeness;
mod credit;
mod credit_course;
#[cfg(test)]
mod credit_tests;
#[cfg(test)]
mod dossier_tests;
#[cfg(test)]
mod drawn_tests;
mod due;
mod effort;
mod fields;
#[cfg(test)]
mod fixture;
mod freshness;
mod home;
mod importance;
mod marks;
mod people;
mod periods;
mod piece;
mod promised;
mod repairs;
mod satisfaction;
mod seen;
mod sight;
#[cfg(test)]
mod sign_tests;
mod signs;
mod sinking;
mod storage;
mod tier;
mod topology;
mod trainings;
mod trend;
mod uses;
mod visits;
mod watched;
mod watching;
#[cfg(test)]
mod watching_tests;
mod weeks;

pub use agenda::Agenda;
pub use completeness::{Asked, Mark, asked, asked_by_tiers, marks};
pub use credit::{Credit, Limit, Money, credit};
pub use credit_course::{CreditCourse, Moment};
pub use due::{Customer, Due, Duty, State, When};
pub use effort::{Effort, Worth, effort, worth};
pub use freshness::{Care, Freshness, freshness};
pub use importance::{IMPORTANCE, Importance, SCORE, importance, score};
pub use piece::Term;
pub use promised::{Measured, Promise, measured, promises};
pub use repairs::{AGAIN_WITHIN, Month, Repairs, STRETCH, repairs};
pub use satisfaction::{SATISFACTION, Satisfaction, satisfaction};
pub use seen::Seen;
pub use sight::{Sight, by_clearance};
pub use signs::{Account, Reading, Sign, Signs, signs};
pub use storage::{Stored, storage};
pub use tier::{Graded, tier_of};
pub use topology::{Link, Place, Topology, topology};
pub use trainings::{Hold, Taught, Trained, Trainings, trainings};
pub use trend::{Point, trends};
pub use uses::{Consultations, Use};
pub use visits::{Visit, visits};
pub use watched::{Change, alarms_in};
pub use watching::{Alarm, Standing, Weeks, What, watching, weeks_shown};
pub use weeks::Week;
