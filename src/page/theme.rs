//! The theme: templates, styles, scripts and words, built in, with an archive's own files over single ones.

use super::folding::with_words;
use super::html::Html;
use super::part::Shell;
use super::theme_files::{SCRIPTS, STYLES, TEMPLATES, VENDORED, WORDS};
use super::words::Words;
use crate::finding::{Code, Finding, Place};
use crate::text::Source;
use std::sync::{Arc, Mutex, PoisonError};
use tera::{Kwargs, State, Tera, TeraResult, Value};

/// A file of an archive's theme that cannot be used.
pub const BROKEN_THEME: Code = Code("broken-theme");

/// Stands where a shell's parts go, until the shell is cut in two there. A noncharacter: no source text holds it.
const PARTS: &str = "\u{FDD2}";

/// Stands where the way to further rows goes, in the shell of what may be divided. A noncharacter too.
const BEYOND: &str = "\u{FDD4}";

/// Stands on both sides of a region's number, where the region goes. A noncharacter like the other.
const PLACE: char = '\u{FDD3}';

/// A file that every site has.
pub struct Asset {
    /// Its address in the site.
    pub address: &'static str,
    /// Its content.
    pub text: String,
}

/// Templates, styles, scripts and words.
pub struct Theme {
    tera: Tera,
    words: Arc<Words>,
    styles: String,
    overridden: Vec<String>,
    own_templates: bool,
    /// The first part that could not be rendered.
    failed: Mutex<Option<String>>,
}

/// What a template is given. Only HTML, words and addresses go in: a bare number or title of an archive has no way
/// here but as a held part.
#[derive(Default)]
pub struct Context(tera::Context);

impl Context {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// HTML.
    #[must_use]
    pub fn html(mut self, key: &'static str, html: &Html) -> Self {
        self.0.insert_value(key, Value::safe_string(html.as_str()));
        self
    }

    /// Text, which the template escapes.
    #[must_use]
    pub fn text(mut self, key: &'static str, text: &str) -> Self {
        self.0.insert_value(key, Value::from(text));
        self
    }

    /// Yes or no.
    #[must_use]
    pub fn flag(mut self, key: &'static str, flag: bool) -> Self {
        self.0.insert_value(key, Value::from(flag));
        self
    }

    /// Anything that can be written down.
    #[must_use]
    pub fn value(mut self, key: &'static str, value: &impl serde::Serialize) -> Self {
        self.0.insert(key, value);
        self
    }
}

/// HTML inside a list that a template walks through; it says `| safe` there.
impl serde::Serialize for Html {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

struct Word(Arc<Words>);

impl tera::Function<TeraResult<Value>> for Word {
    fn call(&self, kwargs: Kwargs, _: &State) -> TeraResult<Value> {
        let key: &str = kwargs.must_get("key")?;
        Ok(Value::safe_string(self.0.html(key).as_str()))
    }

    fn is_safe(&self) -> bool {
        true
    }
}

impl Theme {
    /// The built-in theme with an archive's files over it: `templates/…html`, `styles/…css`, `words/…yaml`. What
    /// cannot be used is a finding.
    pub fn load(own: &[(String, Vec<u8>)], findings: &mut Vec<Finding>) -> Option<Self> {
        let before = findings.len();
        let mut words = Words::default();
        for (path, text) in WORDS {
            let language = if path.contains("zh") { "zh" } else { "en" };
            if let Ok(source) = Source::decode(path, text.as_bytes()) {
                words.add(language, &source, findings);
            }
        }
        let mut templates: Vec<(String, String)> = TEMPLATES
            .iter()
            .map(|(path, text)| (path.trim_start_matches("templates/").to_owned(), (*text).to_owned()))
            .collect();
        let mut styles: Vec<(String, String)> =
            STYLES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        let mut overridden = Vec::new();
        for (path, bytes) in own {
            let file = format!("theme/{path}");
            let source = match Source::decode(&file, bytes) {
                Ok(source) => source,
                Err(finding) => {
                    findings.push(*finding);
                    continue;
                }
            };
            let text = source.text().to_owned();
            overridden.push(text.clone());
            if let Some(name) = path.strip_prefix("templates/").filter(|name| name.ends_with(".html")) {
                if foreign_script(&text) || name != "page.html" && text.to_ascii_lowercase().contains("<script") {
                    findings.push(refused(&file, "a theme holds no script", "remove the `<script>` element"));
                }
                if name == "page.html" && !text.contains("content=\"{{ csp }}\"") {
                    let remedy =
                        "keep `<meta http-equiv=\"Content-Security-Policy\" content=\"{{ csp }}\">` in the head";
                    findings.push(refused(&file, "the frame says no longer what a page may load", remedy));
                }
                templates.retain(|(known, _)| known != name);
                templates.push((name.to_owned(), text));
            } else if path.starts_with("styles/") && path.ends_with(".css") {
                match styles.iter_mut().find(|(known, _)| known == path) {
                    Some((_, style)) => *style = text,
                    None => styles.push((path.clone(), text)),
                }
            } else if let Some(language) = path.strip_prefix("words/").and_then(|file| file.strip_suffix(".yaml")) {
                if matches!(language, "zh" | "en") {
                    words.add(language, &source, findings);
                } else {
                    findings.push(refused(&file, "there are words in `zh` and `en` only", "rename the file"));
                }
            } else {
                findings.push(refused(
                    &file,
                    "a theme has templates/*.html, styles/*.css and words/*.yaml, nothing else",
                    "remove the file; pictures stand in the style sheet as data: addresses, scripts nowhere",
                ));
            }
        }
        let words = Arc::new(words);
        let mut tera = Tera::default();
        // Escaping is said for every suffix that the theme has, not left to the library's list.
        tera.autoescape_on([".html"]);
        tera.register_function("word", Word(Arc::clone(&words)));
        let plain = Arc::clone(&words);
        tera.register_function("plain_word", move |kwargs: Kwargs, _: &State| -> TeraResult<String> {
            let key: &str = kwargs.must_get("key")?;
            let language: &str = kwargs.must_get("language")?;
            Ok(plain.plain(key, language).to_owned())
        });
        let own_templates = own.iter().any(|(path, _)| path.starts_with("templates/"));
        // An archive's own templates stay as they were written, since errors quote them.
        let is_own = |name: &str| own.iter().any(|(path, _)| path.strip_prefix("templates/") == Some(name));
        let ready = templates.into_iter().map(|(name, text)| {
            let text = if is_own(&name) { text } else { with_words(&text, &words) };
            (name, text)
        });
        if let Err(error) = tera.add_raw_templates(ready) {
            findings.push(
                Finding::error(BROKEN_THEME, format!("a template cannot be read: {error}")).at(Place::whole("theme")),
            );
        }
        let styles = styles.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n");
        let theme = Self { tera, words, styles, overridden, own_templates, failed: Mutex::default() };
        (findings.len() == before).then_some(theme)
    }

    /// The words of the interface.
    #[must_use]
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// Renders a template.
    ///
    /// # Errors
    /// When an archive's template asks for what it is not given.
    pub fn render(&self, template: &str, context: &Context) -> Result<Html, ThemeError> {
        self.tera
            .render(template, &context.0)
            .map(Html::made)
            .map_err(|error| ThemeError { template: template.to_owned(), reason: error_chain(&error) })
    }

    /// Renders a template around regions, which are long: the built-in templates only put them down as they are, so
    /// that their places are rendered, and they themselves copied once.
    ///
    /// # Errors
    /// When an archive's template asks for what it is not given.
    pub fn render_around(
        &self,
        template: &str,
        mut context: Context,
        regions: &[(&'static str, &str)],
    ) -> Result<Html, ThemeError> {
        let place = |n: usize| format!("{PLACE}{n}{PLACE}");
        for (n, (name, html)) in regions.iter().enumerate() {
            // A template may ask whether there is anything.
            let stands = if self.own_templates || html.is_empty() { (*html).to_owned() } else { place(n) };
            context = context.html(name, &Html::made(stands));
        }
        let frame = self.render(template, &context)?;
        if self.own_templates {
            return Ok(frame);
        }
        let mut out = String::with_capacity(frame.as_str().len() + regions.iter().map(|r| r.1.len()).sum::<usize>());
        for (n, piece) in frame.as_str().split(PLACE).enumerate() {
            let region = if n % 2 == 1 { piece.parse().ok().and_then(|n: usize| regions.get(n)) } else { None };
            out.push_str(region.map_or(piece, |(_, html)| html));
        }
        Ok(Html::made(out))
    }

    /// Renders a part. Where an archive's own template fails, nothing stands in its place, and [`Theme::check`] stops the
    /// build before anything is published.
    #[must_use]
    pub fn part(&self, template: &str, context: &Context) -> Html {
        match self.render(template, context) {
            Ok(html) => Html::made(html.into_string().trim_end().to_owned()),
            Err(error) => {
                self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| error.to_string());
                Html::default()
            }
        }
    }

    /// A finding if a part could not be rendered since the theme was loaded.
    #[must_use]
    pub fn check(&self) -> Option<Finding> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        Some(
            Finding::error(BROKEN_THEME, failed)
                .at(Place::whole("theme"))
                .remedy("mend the template, or remove it from theme/"),
        )
    }

    /// Renders a shell and cuts it where its parts go.
    #[must_use]
    pub fn shell(&self, template: &str, id: &str, context: Context) -> Shell {
        let context = context.text("id", id);
        let id = Some(id.to_owned());
        let html = self.part(template, &context.html("parts", &Html::made(PARTS.to_owned()))).into_string();
        match html.split_once(PARTS) {
            Some((before, after)) => {
                let beyond = after.find(BEYOND);
                let after = after.replace(BEYOND, "");
                Shell { id, before: Html::made(before.to_owned()), after: Html::made(after), beyond }
            }
            None => Shell { id, before: Html::made(html), ..Shell::default() },
        }
    }

    /// A shell whose parts may be divided where they are many: its template says where the way to the others goes.
    #[must_use]
    pub fn divisible_shell(&self, template: &str, id: &str, context: Context) -> Shell {
        self.shell(template, id, context.html("beyond", &Html::made(BEYOND.to_owned())))
    }

    /// The files that every site has: one style sheet, one script, the vendored library and its licences.
    #[must_use]
    pub fn assets(&self) -> Vec<Asset> {
        let scripts: Vec<&str> = SCRIPTS.iter().map(|(_, text)| *text).collect();
        let mut assets = vec![
            Asset { address: "assets/strongroom.css", text: self.styles.clone() },
            Asset { address: "assets/strongroom.js", text: scripts.join("\n") },
        ];
        assets.extend(VENDORED.iter().map(|(address, text)| Asset { address, text: (*text).to_owned() }));
        assets
    }

    /// Every text of the theme, which is open by its nature: what the gate takes for words of the interface.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        TEMPLATES
            .iter()
            .map(|(_, text)| *text)
            .chain(self.words.texts())
            .chain(self.overridden.iter().map(String::as_str))
    }
}

/// Whether a frame loads a script that is not the site's own.
fn foreign_script(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower
        .match_indices("<script")
        .any(|(at, _)| !lower.get(at..).is_some_and(|rest| rest.starts_with("<script src=\"{{ root }}assets/")))
}

fn refused(file: &str, message: &str, remedy: &str) -> Finding {
    Finding::error(BROKEN_THEME, message).at(Place::whole(file)).remedy(remedy)
}

/// A template that could not be rendered.
#[derive(Debug)]
pub struct ThemeError {
    template: String,
    reason: String,
}

impl std::fmt::Display for ThemeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the template {} cannot be rendered: {}", self.template, self.reason)
    }
}

impl std::error::Error for ThemeError {}

fn error_chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}
