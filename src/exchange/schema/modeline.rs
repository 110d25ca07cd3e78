//! The comment by which an editor finds the schema of a YAML file.

use super::schemas::FOLDER;
use crate::archive::resolve;

/// How it begins; what follows is the way from the file to its schema.
const START: &str = "# yaml-language-server: $schema=";

/// The comment for a file of the archive, with its line end; none where no editor reads one: in Markdown and CSV.
#[must_use]
pub fn modeline(path: &str, schema: &str) -> Option<String> {
    let yaml = path.ends_with(".yaml") || path.ends_with(".yml");
    yaml.then(|| format!("{START}{}{FOLDER}{schema}.json\n", "../".repeat(path.matches('/').count())))
}

/// The schema that a file's first line leads to, as a path in the archive.
#[must_use]
pub fn modeline_of(path: &str, text: &str) -> Option<String> {
    let written = text.lines().next()?.strip_prefix(START)?.trim();
    resolve(path, written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_modeline_leads_from_its_file_to_the_schema() {
        let path = "customers/energy/yunxi/dossier.yaml";
        let line = modeline(path, "records/dossier").unwrap();
        assert_eq!(line, "# yaml-language-server: $schema=../../../.strongroom/schemas/records/dossier.json\n");
        assert_eq!(modeline_of(path, &line).unwrap(), ".strongroom/schemas/records/dossier.json");
        assert!(modeline("strongroom.yaml", "strongroom").unwrap().ends_with("=.strongroom/schemas/strongroom.json\n"));
        assert_eq!(modeline("customers/a/contracts/1.md", "records/contract"), None);
        assert_eq!(modeline_of("strongroom.yaml", "# Settings\n"), None);
    }
}
