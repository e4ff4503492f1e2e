//! What readers see of a page: its words, so that what hosts do to pages on their way can be told from other news.

/// Elements whose content nobody reads.
const UNSEEN: [&str; 2] = ["script", "style"];

/// The words that are seen, without addresses of mail: hosts like to hide those.
pub(super) fn of(page: &[u8]) -> Vec<String> {
    let page = String::from_utf8_lossy(page);
    let (mut text, mut rest) = (String::new(), &*page);
    while let Some((before, tag)) = rest.split_once('<') {
        text += before;
        // Words on two sides of a tag are two, so that it does not matter what spaces a host leaves out.
        text.push(' ');
        rest = behind(tag);
    }
    text += rest;
    let text = text.replace("&nbsp;", " ").replace("&#160;", " ");
    let text = text.replace("&quot;", "\"").replace("&#34;", "\"").replace("&#39;", "'").replace("&#x27;", "'");
    let is_mail = |word: &str| word.contains('@') || word == "[email" || word == "protected]";
    text.split_whitespace().filter(|word| !is_mail(word)).map(str::to_owned).collect()
}

/// What stands behind a tag or a comment, of which `<` was read.
fn behind(tag: &str) -> &str {
    let after = |text: &'_ str, end: &str| text.find(end).map(|at| at + end.len());
    if let Some(comment) = tag.strip_prefix("!--") {
        // `<!-->` is a whole comment.
        let end = if comment.starts_with('>') { Some(1) } else { after(comment, "-->") };
        return end.and_then(|end| comment.get(end..)).unwrap_or_default();
    }
    let Some((head, rest)) = tag.split_once('>') else { return "" };
    let name = head.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase();
    if !UNSEEN.contains(&name.as_str()) {
        return rest;
    }
    let end = after(&rest.to_ascii_lowercase(), &format!("</{name}"));
    let rest = end.and_then(|end| rest.get(end..)).unwrap_or_default();
    rest.split_once('>').map_or("", |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_is_seen() {
        for (page, words) in [
            ("<h1>All  good</h1><p>since&nbsp;<b>May</b>.</p>", "All good since May ."),
            ("a<script>if (a < b) say('</p>')</SCRIPT >b<style>p > a {}</style>c", "a b c"),
            ("a<!-- no > --> b<!-->seen<!-- -->c", "a b seen c"),
            ("write to <a href=\"mailto:us@site.example\">us@site.example</a> now", "write to now"),
            ("write to <a href=\"/cdn-cgi/l/email-protection\">[email&#160;protected]</a> now", "write to now"),
            ("cut <p off", "cut"),
        ] {
            assert_eq!(of(page.as_bytes()).join(" "), words, "{page}");
        }
    }
}
