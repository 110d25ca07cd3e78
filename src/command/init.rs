//! `init`: an empty archive that builds, or the example with its history, with its schemas and its hook.

use super::desk::{Desk, Failure, Outcome};
use super::hook::{Hook, install};
use super::schema::{first, write_first};
use super::writing::{Mode, write_new};
use crate::archive::SETTINGS;
use crate::example::Example;
use crate::repository::{self, Added, OpenError, head_exists, open_work_tree};
use serde_json::json;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

/// Starts an archive: settings, folders, editor schemas, a repository and the pre-commit hook
#[derive(Debug, clap::Args)]
pub struct Init {
    /// The folder; made if it is not there
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Only write the pre-commit hook of an archive that is there, in a fresh clone for example
    #[arg(long)]
    hooks_only: bool,
    /// Write the example archive with two years of history, into a folder that is empty or not there
    #[arg(long, conflicts_with = "hooks_only")]
    example: bool,
}

/// The message under which the example's schemas are committed.
const SCHEMAS_COMMITTED: &str =
    "写入编辑器用的模式文件\n\nReason: 编辑 YAML 文件时可以补全和查错；由 strongroom schema 生成";

impl Init {
    /// Runs the command.
    ///
    /// # Errors
    /// When the folder holds an archive already, or cannot be written.
    pub fn run(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        if self.example {
            self.write_example(desk)?;
            return self.hook(desk);
        }
        let there = self.dir.join(SETTINGS).exists();
        if self.hooks_only && !there {
            let message = format!("{} holds no {SETTINGS}, so that there is nothing to check", self.dir.display());
            return Err(Failure::new(message, "name the archive's folder"));
        }
        if !self.hooks_only {
            if there {
                let message = format!("{} is an archive already and was left as it is", self.dir.display());
                return Err(Failure::new(
                    message,
                    "`strongroom init --hooks-only` writes its hook; `strongroom new` adds records",
                ));
            }
            self.write()?;
            write_first(desk, &self.dir)?;
        }
        self.hook(desk)
    }

    fn hook(&self, desk: &Desk<'_>) -> Result<Outcome, Failure> {
        let hook = match install(&self.dir) {
            Ok(hook) => hook,
            Err(failure) if self.hooks_only => return Err(failure),
            Err(failure) => {
                desk.terminal.warn(&format!("the archive is there, but not its hook: {failure}"));
                return Ok(Outcome::Failed);
            }
        };
        self.tell(desk, &hook)?;
        Ok(Outcome::Fine)
    }

    fn write_example(&self, desk: &Desk<'_>) -> Result<(), Failure> {
        let empty = match fs::read_dir(&self.dir) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) => error.kind() == ErrorKind::NotFound,
        };
        if !empty {
            let message = format!("{} is not an empty folder and was left as it is", self.dir.display());
            return Err(Failure::new(message, "name a folder that is not there yet"));
        }
        let failed = |message: String| Failure { message, remedy: None };
        let example = Example::read().map_err(|error| failed(error.to_string()))?;
        fs::create_dir_all(&self.dir)?;
        // The schemas are for everybody who edits, and so they are committed, as the docs say.
        let files = example.files().into_iter().map(|(path, bytes)| (path, Added::Bytes(bytes.to_vec()))).collect();
        let schemas = first(desk, &open_work_tree(&self.dir)?.with_added(files));
        let example = example.with_made(schemas, SCHEMAS_COMMITTED);
        example.write(&self.dir).map_err(|error| failed(error.to_string()))?;
        Ok(())
    }

    fn write(&self) -> Result<(), Failure> {
        let files = [
            (SETTINGS, include_str!("init/strongroom.yaml")),
            ("README.md", include_str!("init/README.md")),
            (".gitignore", include_str!("init/gitignore")),
        ];
        // What somebody else has put there stays; only what is missing is added.
        for (name, content) in files {
            let path = self.dir.join(name);
            if !path.exists() {
                write_new(&path, content.as_bytes(), Mode::Ordinary)?;
            }
        }
        for folder in ["readers", "customers", "registers", "types"] {
            fs::create_dir_all(self.dir.join(folder))?;
        }
        match head_exists(&self.dir) {
            Err(OpenError::NoRepository { .. }) => Ok(repository::init(&self.dir)?),
            Ok(_) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn tell(&self, desk: &Desk<'_>, hook: &Hook) -> Result<(), Failure> {
        let shown = self.dir.display().to_string();
        let path = match hook {
            Hook::Written(path) | Hook::Foreign { path, .. } => Some(path.clone()),
            Hook::Present => None,
        };
        let written = matches!(hook, Hook::Written(_));
        desk.answer(|| format!("{shown}\n"), || json!({"archive": shown, "hook": path, "hook_written": written}))?;
        desk.terminal.say(&hook.words());
        if self.example {
            desk.terminal.say(&format!(
                "next:\n  \
                 git -C {shown} log, for what was committed\n  \
                 strongroom build {shown} -o SITE, then open SITE/index.html\n  \
                 the keys that open its sealed parts stand in {shown}/README.md, for everybody to see"
            ));
        } else if !self.hooks_only {
            let at = if shown == "." { String::new() } else { format!(" --archive {shown}") };
            let of = if shown == "." { String::new() } else { format!(" {shown}") };
            desk.terminal.say(&format!(
                "next:\n  \
                 edit {SETTINGS}: the title, and who reads what\n  \
                 let each reader make a key in the site's page, then: strongroom new reader NAME --key KEY{at}\n  \
                 strongroom new dossier CUSTOMER{at}\n  \
                 strongroom new contract CUSTOMER{at}\n  \
                 strongroom check{of}\n  \
                 git add, git commit, strongroom build{of} -o SITE"
            ));
        }
        Ok(())
    }
}
