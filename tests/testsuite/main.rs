//! What the program does, seen from outside: one binary, one module a command.

// A test says by a panic that it failed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod access;
mod access_past;
mod bed;
mod check;
mod checks;
mod diff;
mod dispose;
mod due;
mod due_days;
mod erase;
mod evidence;
mod export;
mod first_pages;
mod forge;
mod history;
mod history_files;
mod history_of_dossiers;
mod history_rows;
mod hostile;
mod import;
mod import_scans;
mod import_source;
mod init;
mod key;
mod new;
mod new_reader;
mod office;
mod personal;
mod pointers;
mod schema;
mod serve;
mod staged;
mod stored_files;
mod types;
mod vanished;
mod verify;
mod verify_log;
mod weights;
