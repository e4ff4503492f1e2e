//! Markdown to HTML: what writers may use, and what is taken out.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use proptest::prelude::*;
use quick_xml::events::Event as Xml;
use snapbox::{IntoData as _, assert_data_eq, data::Inline, str};

use super::*;

fn resolve(_: &str, href: &str) -> Option<String> {
    match href {
        "other.md" => Some("incidents/other/".to_owned()),
        "graph.png" => Some("incidents/imap/graph.png".to_owned()),
        _ => None,
    }
}

fn context(root: &str) -> LinkContext<'_> {
    LinkContext { root, own: "incidents/imap/", source: "incidents/imap.md", heading: 3, resolve: &resolve }
}

#[track_caller]
fn check(text: &str, expected: Inline) {
    assert_data_eq!(html(&Markdown::new(text), &context("../../")).as_str(), expected.raw());
}

#[track_caller]
fn check_inline(text: &str, expected: Inline) {
    assert_data_eq!(inline(&Markdown::new(text), &context("../../")).as_str(), expected.raw());
}

#[track_caller]
fn check_plain(text: &str, expected: Inline) {
    assert_data_eq!(plain(&Markdown::new(text)), expected.raw());
}

#[track_caller]
fn check_sentence(text: &str, expected: &str) {
    assert_eq!(first_sentence(&Markdown::new(text)), expected);
}

#[test]
fn plain_words_become_paragraphs() {
    check(
        "Some of you can't log in.\nWe look into it.\n\nMore > soon.\n",
        str![[r#"
<p>Some of you can't log in.
We look into it.</p>
<p>More &gt; soon.</p>

"#]],
    );
}

#[test]
fn raw_html_is_shown_as_text_and_its_comments_are_not_shown() {
    check(
        "a <b onclick=x>b</b><!-- who is on call? --> c\n\n<script>\nalert(1)\n</script>\n\n<!-- not for readers -->\n",
        str![[r#"
<p>a &lt;b onclick=x&gt;b&lt;/b&gt; c</p>
<p>&lt;script&gt;
alert(1)
&lt;/script&gt;</p>

"#]],
    );
}

#[test]
fn a_link_that_leads_nowhere_safe_keeps_its_words() {
    check(
        "[a](javascript:alert(1)) [*b*](//evil.example) [c](unknown.md) <javascript:alert(1)>",
        str![[r#"
<p>a <em>b</em> c javascript:alert(1)</p>

"#]],
    );
}

#[test]
fn links_to_the_web_the_site_and_other_posts_work() {
    check(
        "[web](https://example.com/?a=1&b=\"2\" \"A 'title'\"), <help@example.com>, [list](/maintenance/), [post](other.md), [us](#u-1)",
        str![[r#"
<p><a href="https://example.com/?a=1&amp;b=%222%22" rel="noreferrer" title="A &#39;title&#39;">web</a>, <a href="mailto:help@example.com">help@example.com</a>, <a href="../../maintenance/">list</a>, <a href="../../incidents/other/">post</a>, <a href="../../incidents/imap/#u-1">us</a></p>

"#]],
    );
}

#[test]
fn in_a_feed_every_link_is_absolute_and_nothing_is_for_a_page() {
    let text = "[list](/maintenance/) [us](#u-1) ![Load](graph.png) [web](https://example.com)\n\n    code\n\n|a|b|\n|-|-|\n|1|2|\n";
    let context = context("https://status.example/");
    assert_data_eq!(html(&Markdown::new(text), &context).as_str(), str![[r#"
<p><a href="https://status.example/maintenance/">list</a> <a href="https://status.example/incidents/imap/#u-1">us</a> <img src="https://status.example/incidents/imap/graph.png" alt="Load"> <a href="https://example.com">web</a></p>
<pre><code>code
</code></pre>
<table>
<thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>
<tbody><tr><th scope="row">1</th><td>2</td></tr>
</tbody></table>

"#]].raw());
}

#[test]
fn a_link_or_heading_without_words_is_left_out() {
    check(
        "a [](/history/) b\n\n##\n\nc",
        str![[r#"
<p>a  b</p>
<p>c</p>

"#]],
    );
}

#[test]
fn only_pictures_of_the_site_are_shown() {
    check(
        "![Load *today*](graph.png) ![Their load](https://evil.example/x.png) ![](https://evil.example/y.png) ![none](data:x) [![in a link](https://evil.example/z.png)](other.md)",
        str![[r#"
<p><img src="../../incidents/imap/graph.png" alt="Load today" loading="lazy" decoding="async"> <a href="https://evil.example/x.png" rel="noreferrer">Their load</a> <a href="https://evil.example/y.png" rel="noreferrer">https://evil.example/y.png</a> none <a href="../../incidents/other/">in a link</a></p>

"#]],
    );
}

#[test]
fn a_table_says_its_columns_again_in_each_cell() {
    check(
        "| Time | What *happened* | \"Source\" |\n|---|---|--:|\n| 10:52 | Logins `fail` | logs |\n| 11:00 |\n",
        str![[r#"
<table class="stack">
<thead><tr><th scope="col">Time</th><th scope="col">What <em>happened</em></th><th scope="col">"Source"</th></tr></thead>
<tbody><tr><th scope="row">10:52</th><td data-l="What happened">Logins <code>fail</code></td><td data-l="&quot;Source&quot;">logs</td></tr>
<tr><th scope="row">11:00</th><td data-l="What happened"></td><td data-l="&quot;Source&quot;"></td></tr>
</tbody></table>

"#]],
    );
}

#[test]
fn headings_keep_their_order_below_the_pages_own() {
    check(
        "# One\n#### Four\n## Two\n###### Six\n",
        str![[r#"
<h3>One</h3>
<h4>Four</h4>
<h3>Two</h3>
<h4>Six</h4>

"#]],
    );
}

#[test]
fn lists_code_quotations_and_breaks() {
    check(
        "3. three\n4. four\n\n> said\n\n```rust\na < b\n```\n\na\\\nb ~~c~~ **d**\n\n---\n\n- x\n\n  y\n",
        str![[r#"
<ol start="3">
<li>three</li>
<li>four</li>
</ol>
<blockquote>
<p>said</p>
</blockquote>
<pre tabindex="0"><code>a &lt; b
</code></pre>
<p>a<br>
b <del>c</del> <strong>d</strong></p>
<hr>
<ul>
<li><p>x</p>
<p>y</p>
</li>
</ul>

"#]],
    );
}

#[test]
fn a_character_reference_brings_no_forbidden_character_back() {
    check(
        "a&#x202e;b&#1;c&#x85;d",
        str![[r#"
<p>abcd</p>

"#]],
    );
}

#[test]
fn a_reference_is_found_among_the_definitions_of_the_file() {
    let markdown =
        Markdown { text: "See [the List].".to_owned(), definitions: "[the list]: /maintenance/ 'All'".to_owned() };
    assert_data_eq!(
        html(&markdown, &context("")).as_str(),
        str![[r#"
<p>See <a href="./maintenance/" title="All">the List</a>.</p>

"#]]
        .raw()
    );
}

#[test]
fn definitions_are_not_swallowed_by_an_unclosed_fence() {
    let markdown = Markdown { text: "[l]\n\n```\ncode".to_owned(), definitions: "[l]: /maintenance/".to_owned() };
    assert_data_eq!(
        html(&markdown, &context("")).as_str(),
        str![[r#"
<p><a href="./maintenance/">l</a></p>
<pre tabindex="0"><code>code</code></pre>

"#]]
        .raw()
    );
}

#[test]
fn inline_text_has_no_blocks() {
    check_inline(
        "Webmail *works*.\n\n- Use [it](/)\n- ![Load](graph.png)\n\n## Or\n<b>not</b>\n",
        str![[
            r#"Webmail <em>works</em>. Use <a href="../../">it</a> <a href="../../incidents/imap/graph.png">Load</a> Or &lt;b&gt;not&lt;/b&gt;"#
        ]],
    );
}

#[test]
fn plain_text_keeps_blocks_apart() {
    check_plain(
        "## Now\nUse *webmail*\nat [work](/x) &amp; home.\n\n1. one\n2. two\n   - deep\n\n> said `so`\n\n|a|b|\n|-|-|\n|1|2|\n\n<!-- no -->\n\n```\ncode\n```\n",
        str![[r#"
Now

Use webmail at work & home.

1. one
2. two
- deep

said so

a b
1 2

code
"#]],
    );
}

#[test]
fn the_first_sentence_ends_where_a_reader_would_stop() {
    check_sentence("Mail is slow. We look into it.", "Mail is slow.");
    check_sentence("Use another client, e.g. webmail. It works.", "Use another client, e.g. webmail.");
    check_sentence("Version 2.5 is out\n\nMore.", "Version 2.5 is out");
    check_sentence("**Is it over?** Yes.", "Is it over?");
    check_sentence("メールが遅れています。調査中です。", "メールが遅れています。");
    check_sentence("", "");
}

#[test]
fn a_long_sentence_is_cut_between_words() {
    let sentence = first_sentence(&Markdown::new("word ".repeat(100)));
    assert_eq!(sentence, format!("{}word…", "word ".repeat(39)));
    assert_eq!(first_sentence(&Markdown::new("å".repeat(300))), format!("{}…", "å".repeat(200)));
}

#[test]
fn a_report_is_cut_at_its_headings() {
    let text = "Before.\n\n## What *happened*\n\n### At night\nSee [cause](#cause).\n\n> ## quoted\n\n## Cause\n## Cause\n## 原因\n";
    let shown: String = sections(&Markdown::new(text), &LinkContext { heading: 2, ..context("../../") })
        .iter()
        .map(|section| {
            let heading = section.heading.as_ref().map_or("none".to_owned(), |h| format!("{} | {}", h.id, h.title));
            format!("[{heading}]\n{}", section.body)
        })
        .collect();
    assert_data_eq!(
        shown,
        str![[r#"
[none]
<p>Before.</p>
[s-what-happened | What <em>happened</em>]
<h3>At night</h3>
<p>See <a href="../../incidents/imap/#s-cause">cause</a>.</p>
<blockquote>
<h3>quoted</h3>
</blockquote>
[s-cause | Cause]
[s-cause-2 | Cause]
[s-part | 原因]

"#]]
        .raw()
    );
}

/// Text that is often Markdown, and often hostile.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n"),
        Just("\n\n"),
        Just("## "),
        Just("- "),
        Just("1. "),
        Just("> "),
        Just("```\n"),
        Just("    "),
        Just("|"),
        Just("|a|b|\n|-|-|\n"),
        Just("["),
        Just("]("),
        Just(")"),
        Just("!["),
        Just("javascript:alert(1)"),
        Just("<script>"),
        Just("<!--"),
        Just("-->"),
        Just("<a onclick='x'>"),
        Just("\" onload=\"x"),
        Just("'"),
        Just("&#106;avascript:"),
        Just("\\"),
        Just("//evil.example"),
        Just("https://a.example/"),
        Just("other.md"),
        Just("graph.png"),
        Just("/x/"),
        Just("#u-1"),
        Just("`"),
        Just("*"),
        Just("~~"),
        Just("_"),
        Just("]: "),
        Just("&#x202e;"),
        Just("\t"),
        Just("word "),
        Just("data:text/html,x"),
        Just("<"),
    ];
    let piece = prop_oneof![4 => piece.prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

/// Panics unless the HTML is balanced and every tag, attribute and link in it is one that we write.
fn assert_harmless(html: &str) {
    const VOID: [&str; 3] = ["br", "hr", "img"];
    let mut reader = quick_xml::Reader::from_str(html);
    reader.config_mut().check_end_names = false;
    let mut open: Vec<String> = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Xml::Eof => break,
            Xml::Start(tag) => {
                for attribute in tag.attributes() {
                    assert_attribute(&attribute.unwrap());
                }
                if !VOID.contains(&tag.name().as_ref()) {
                    open.push(tag.name().as_ref().to_owned());
                }
            }
            Xml::End(tag) => assert_eq!(open.pop().as_deref(), Some(tag.name().as_ref()), "{html}"),
            Xml::Text(_) | Xml::GeneralRef(_) => {}
            other => panic!("{other:?} in {html}"),
        }
    }
    assert!(open.is_empty(), "{html}");
    assert!(!html.chars().any(escape::is_forbidden), "{html:?}");
}

fn assert_attribute(attribute: &quick_xml::events::attributes::Attribute<'_>) {
    let value = &attribute.value;
    match attribute.key.as_ref() {
        "href" => assert!(
            ["https://", "http://", "mailto:", "../../"].iter().any(|ok| value.to_lowercase().starts_with(ok)),
            "{value}"
        ),
        "src" => assert!(value.starts_with("../../"), "{value}"),
        "alt" | "title" | "class" | "data-l" | "scope" | "start" | "tabindex" | "rel" | "loading" | "decoding" => {}
        other => panic!("attribute {}", other),
    }
}

proptest! {
    #[test]
    fn always_well_formed_and_harmless(text in hostile(), definitions in hostile()) {
        let markdown = Markdown { text, definitions };
        let context = context("../../");
        assert_harmless(html(&markdown, &context).as_str());
        assert_harmless(inline(&markdown, &context).as_str());
        for section in sections(&markdown, &context) {
            assert_harmless(section.body.as_str());
            section.heading.iter().for_each(|heading| assert_harmless(heading.title.as_str()));
        }
        assert!(!plain(&markdown).chars().any(escape::is_forbidden));
        assert!(first_sentence(&markdown).chars().count() <= 201);
    }

    /// The way without the parser is only faster.
    #[test]
    fn plain_words_are_what_the_parser_makes_of_them(text in "([a-zA-Z.,'\"!?>)(å-]{1,4}|[ \n]|\n\n){0,20}") {
        prop_assume!(is_plain(&text));
        let context = context("");
        let mut writer = Writer::blocks(&context, &NO_SECTIONS, 0);
        let markdown = Markdown::new(text.as_str());
        with_events(&markdown, |event| writer.event(event));
        prop_assert_eq!(html(&markdown, &context), writer.finish());
    }
}
