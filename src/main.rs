//! Strongroom on the command line: parse, run, report, exit.

use clap::{CommandFactory, Parser, Subcommand};
use jiff::civil::Date;
use std::process::ExitCode;
use strongroom::command::{
    Access, Build, Check, Desk, Diff, Dispose, DueList, Erase, Evidence, Export, Format, HistoryOf, ImportOf, Init,
    Key, New, Open, Outcome, SchemaOf, Serve, Verify,
};
use strongroom::terminal::Terminal;
use strongroom::{clock, text::map::parse_day};

/// Pages are made of many small strings on all cores, where the system's allocator costs a third of a build.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Customer dossiers in git become a website in which each person reads exactly what they are cleared for
#[derive(Parser)]
#[command(name = "strongroom", version, arg_required_else_help = true)]
struct Arguments {
    /// The form of the answer
    #[arg(long, global = true, value_enum, default_value_t)]
    format: Format,
    /// The day on which trainings, leavings and openings are judged, as 2027-03-31; today if not said
    #[arg(long, global = true, value_name = "YYYY-MM-DD", value_parser = day)]
    date: Option<Date>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Init(Init),
    New(New),
    Check(Check),
    Build(Build),
    Serve(Serve),
    Open(Open),
    Key(Key),
    Schema(SchemaOf),
    Access(Access),
    History(HistoryOf),
    Diff(Diff),
    Due(DueList),
    Import(ImportOf),
    Export(Export),
    Verify(Verify),
    Dispose(Dispose),
    Erase(Erase),
    Evidence(Evidence),
}

fn main() -> ExitCode {
    if let Some(code) = strongroom::picture::begin(std::env::args_os()) {
        return code;
    }
    // Wrong usage, help and version are clap's own: it says them and exits with 2 or 0.
    let arguments = Arguments::try_parse().unwrap_or_else(|error| withheld(error).exit());
    let tables = matches!(arguments.command, Command::History(_) | Command::Diff(_) | Command::Export(_));
    if arguments.format == Format::Csv && !tables {
        let message = "`--format csv` is for `strongroom history`, `diff` and `export`; the other commands answer as human or json";
        Arguments::command().error(clap::error::ErrorKind::InvalidValue, message).exit();
    }
    if arguments.format == Format::Ics && !matches!(arguments.command, Command::Due(_)) {
        let message = "`--format ics` is for `strongroom due`; the other commands answer as human or json";
        Arguments::command().error(clap::error::ErrorKind::InvalidValue, message).exit();
    }
    let terminal = Terminal::new();
    let desk = Desk { terminal: &terminal, day: arguments.date.unwrap_or_else(clock::today), format: arguments.format };
    let outcome = match &arguments.command {
        Command::Init(init) => init.run(&desk),
        Command::New(new) => new.run(&desk),
        Command::Check(check) => check.run(&desk),
        Command::Key(key) => key.run(&desk),
        Command::Schema(schema) => schema.run(&desk),
        Command::Access(access) => access.run(&desk),
        Command::History(history) => history.run(&desk),
        Command::Diff(diff) => diff.run(&desk),
        Command::Due(due) => due.run(&desk),
        Command::Import(import) => import.run(&desk),
        Command::Export(export) => export.run(&desk),
        Command::Verify(verify) => verify.run(&desk),
        Command::Dispose(dispose) => dispose.run(&desk),
        Command::Erase(erase) => erase.run(&desk),
        Command::Evidence(evidence) => evidence.run(&desk),
        Command::Build(build) => build.run(&desk),
        Command::Serve(serve) => serve.run(&desk),
        Command::Open(open) => open.run(&desk),
    };
    match outcome {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::FAILURE,
        Err(failure) => {
            terminal.error(&failure.to_string());
            ExitCode::FAILURE
        }
    }
}

/// What clap says of wrong usage repeats what was given. A private key must not stand on a screen, or in a job's log.
fn withheld(error: clap::Error) -> clap::Error {
    if !error.to_string().to_ascii_lowercase().contains("age-secret-key-") {
        return error;
    }
    let message = "a private key was given. Commands take public keys alone, which begin with `age1`; let its owner make \
                   a new key, since this one stands in the shell's history now";
    Arguments::command().error(clap::error::ErrorKind::InvalidValue, message)
}

fn day(text: &str) -> Result<Date, String> {
    parse_day(text).ok_or_else(|| "write year, month and day of a day that exists, as 2027-03-31".to_owned())
}
