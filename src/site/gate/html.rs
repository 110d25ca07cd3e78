//! Reading HTML as its reader's browser shows it: text that flows, and the texts that stand beside it.
//!
//! This is no validating parser. It errs towards reading more: what it cannot make out as markup it reads as text.

use super::decode;

/// Takes what is found in a page, in order.
pub(super) trait Page {
    /// A piece of the text that flows; it continues the piece before unless a cut came between.
    fn flow(&mut self, piece: &str);
    /// The flow ends here: a tag that begins a new block, cell or word.
    fn cut(&mut self);
    /// A text beside the flow: an attribute's value or name, a comment. Entities are undone.
    fn aside(&mut self, place: &'static str, text: &str);
    /// The content of a script or style element, as it stands.
    fn raw(&mut self, content: &str);
}

/// Tags that do not interrupt the text: inline marks that Markdown makes. Every other tag cuts it.
fn is_inline(name: &str) -> bool {
    const INLINE: [&str; 11] = ["em", "strong", "b", "i", "code", "del", "sup", "sub", "a", "mark", "wbr"];
    INLINE.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Reads a page or a piece of one.
pub(super) fn read(html: &str, page: &mut impl Page) {
    let mut rest = html;
    while !rest.is_empty() {
        let open = rest.bytes().position(|b| b == b'<').unwrap_or(rest.len());
        let (text, markup) = rest.split_at(open);
        flow(text, page);
        rest = if let Some(comment) = markup.strip_prefix("<!--") {
            let (content, after) = comment.split_once("-->").unwrap_or((comment, ""));
            page.aside("comment", content);
            after
        } else if let Some(declaration) = markup.strip_prefix("<!").or_else(|| markup.strip_prefix("<?")) {
            let (content, after) = declaration.split_once('>').unwrap_or((declaration, ""));
            page.aside("comment", content);
            page.cut();
            after
        } else if markup.as_bytes().get(1).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'/') {
            tag(markup, page)
        } else if let Some(after) = markup.strip_prefix('<') {
            page.flow("<");
            after
        } else {
            ""
        };
    }
    page.cut();
}

/// Hands on text with its entities undone.
fn flow(text: &str, page: &mut impl Page) {
    let mut rest = text;
    while let Some((before, from)) = rest.find('&').and_then(|at| rest.split_at_checked(at)) {
        page.flow(before);
        let (length, after) = match decode::entity(from) {
            Some((character, length)) => {
                page.flow(character.encode_utf8(&mut [0; 4]));
                (length, from)
            }
            None => {
                page.flow("&");
                (1, from)
            }
        };
        rest = after.get(length..).unwrap_or("");
    }
    if !rest.is_empty() {
        page.flow(rest);
    }
}

/// Reads one tag, from its `<`; gives what follows it.
fn tag<'a>(markup: &'a str, page: &mut impl Page) -> &'a str {
    let bytes = markup.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b'>');
    let part = |from: usize, to: usize| markup.get(from..to).unwrap_or("");
    let closing = byte(1) == b'/';
    let name_from = 1 + usize::from(closing);
    let mut at = name_from;
    while !matches!(byte(at), b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r' | b'\x0C') {
        at += 1;
    }
    let name = part(name_from, at);
    // Names without values stand in a page when a value lost its quotes: they are read as one text.
    let mut bare = String::new();
    while at < bytes.len() && byte(at) != b'>' {
        if matches!(byte(at), b'/' | b'=') || byte(at).is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let from = at;
        while !matches!(byte(at), b'>' | b'=' | b'/') && !byte(at).is_ascii_whitespace() {
            at += 1;
        }
        let attribute = part(from, at);
        let mut value_at = at;
        while byte(value_at).is_ascii_whitespace() {
            value_at += 1;
        }
        if byte(value_at) != b'=' {
            bare.push_str(attribute);
            bare.push(' ');
            continue;
        }
        if attribute.len() >= 8 {
            page.aside("name of an attribute", attribute);
        }
        at = value_at + 1;
        while at < bytes.len() && byte(at).is_ascii_whitespace() {
            at += 1;
        }
        let quote = byte(at);
        let value_from = at + usize::from(matches!(quote, b'"' | b'\''));
        at = value_from;
        if matches!(quote, b'"' | b'\'') {
            let length = bytes.get(at..).and_then(|rest| rest.iter().position(|b| *b == quote));
            at += length.unwrap_or(bytes.len().saturating_sub(at));
        } else {
            while byte(at) != b'>' && !byte(at).is_ascii_whitespace() {
                at += 1;
            }
        }
        let value = part(value_from, at);
        // Less than eight bytes have no weight that counts.
        if value.len() >= 8 {
            match value.contains('&').then(|| decode::entities(value)).flatten() {
                Some(undone) => page.aside("attribute", &undone),
                None => page.aside("attribute", value),
            }
        }
        at += usize::from(matches!(quote, b'"' | b'\'') && at < bytes.len());
    }
    if name.len() >= 8 {
        page.aside("name of an element", name);
    }
    if bare.len() > 8 {
        page.aside("name of an attribute", &bare);
    }
    if !is_inline(name) {
        page.cut();
    }
    let after = markup.get((at + 1).min(markup.len())..).unwrap_or("");
    if closing || !(name.eq_ignore_ascii_case("script") || name.eq_ignore_ascii_case("style")) {
        return after;
    }
    let end = end_of_raw(after, name);
    let (content, after) = after.split_at_checked(end).unwrap_or((after, ""));
    page.raw(content);
    after
}

/// Where the content of a script or style element ends: at its closing tag, in any case of letters.
fn end_of_raw(content: &str, name: &str) -> usize {
    let mut at = 0;
    // One character is looked for many times faster than two.
    while let Some(found) = content.get(at..).and_then(|rest| rest.find('<')) {
        let place = at + found;
        let tag = content.get(place + 1..).and_then(|rest| rest.strip_prefix('/'));
        if tag.and_then(|tag| tag.get(..name.len())).is_some_and(|tag| tag.eq_ignore_ascii_case(name)) {
            return place;
        }
        at = place + 1;
    }
    content.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Seen(Vec<String>, String);

    impl Page for Seen {
        fn flow(&mut self, piece: &str) {
            self.1.push_str(piece);
        }
        fn cut(&mut self) {
            if !self.1.is_empty() {
                self.0.push(std::mem::take(&mut self.1));
            }
        }
        fn aside(&mut self, place: &'static str, text: &str) {
            self.0.push(format!("{place}: {text}"));
        }
        fn raw(&mut self, content: &str) {
            self.0.push(format!("raw: {content}"));
        }
    }

    fn seen(html: &str) -> Vec<String> {
        let mut seen = Seen::default();
        read(html, &mut seen);
        seen.0
    }

    #[test]
    fn inline_marks_do_not_break_text_and_cells_do() {
        assert_eq!(seen("<p>一<em>二</em>&amp;三</p><td>四</td>"), ["一二&三", "四"]);
        assert_eq!(seen("a<!-- 注 -->b<br>c < d"), ["comment:  注 ", "ab", "c < d"]);
    }

    #[test]
    fn attributes_of_every_spelling_are_read() {
        assert_eq!(
            seen("<a title='一二三&quot;四' href=customers/yunxi data-x = \"12345678\" hidden>"),
            ["attribute: 一二三\"四", "attribute: customers/yunxi", "attribute: 12345678"]
        );
        assert_eq!(seen("<p title=甲乙 lost words here>x</p>"), ["name of an attribute: lost words here ", "x"]);
        assert_eq!(seen("<p title=\"never closed"), ["attribute: never closed"]);
    }

    #[test]
    fn scripts_are_handed_over_whole() {
        assert_eq!(seen("<script type='x'>a<b</SCRIPT>after"), ["raw: a<b", "after"]);
        assert_eq!(seen("<style>p{}"), ["raw: p{}"]);
    }

    #[test]
    fn odd_ends_are_no_trouble() {
        for html in ["<", "</", "<a", "<a b", "<a b=", "<a b='", "<!", "<!--", "&", "&#", "<script", "<script>", "<a/"]
        {
            seen(html);
        }
    }
}
