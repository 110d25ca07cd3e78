//! What a file is called in a response, and which kinds are never opened as documents.

/// The media type by a name's extension; bytes of which nothing is known otherwise.
pub(super) fn of_name(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref().unwrap_or_default() {
        "html" | "htm" => "text/html; charset=utf-8",
        "xhtml" | "xht" => "application/xhtml+xml",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "txt" | "md" | "log" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "xml" | "xsl" | "xslt" => "application/xml",
        "atom" => "application/atom+xml",
        "svg" | "svgz" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "tif" | "tiff" => "image/tiff",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "wav" => "audio/wav",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        _ => "application/octet-stream",
    }
}

/// Whether a file of this type could run something, or reach another page's storage, if a browser opened it as a
/// document: HTML, SVG and every kind of XML. Such attachments are only ever offered for download.
pub(super) fn is_active(media_type: &str) -> bool {
    let media_type = media_type.to_ascii_lowercase();
    ["html", "xml", "svg", "xsl"].iter().any(|kind| media_type.contains(kind))
}

/// Whether this is the type of the site's own pages.
pub(super) fn is_page(media_type: &str) -> bool {
    media_type.starts_with("text/html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_that_could_run_something_are_active_and_pictures_are_not() {
        for name in ["a.html", "a.HTM", "a.xhtml", "a.svg", "a.xml", "a.atom", "a.xsl"] {
            assert!(is_active(of_name(name)), "{name}");
        }
        for name in ["a.png", "a.pdf", "a.txt", "a.age", "a", "a.csv"] {
            assert!(!is_active(of_name(name)), "{name}");
        }
        assert!(is_active("Text/HTML"));
    }
}
