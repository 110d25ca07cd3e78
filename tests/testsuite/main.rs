//! What the program does, seen from outside: one binary, one module a command.

mod access;
mod bed;
mod check;
mod hostile;
mod init;
mod key;
mod new;
mod staged;
