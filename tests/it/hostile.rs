//! Everything that comes from outside is hostile: a whole site of it, and what must not be true of anything that is made
//! of it, in any file and on the terminal.

mod wanting;

use std::fs;

use crate::site_test::TestSite;

const NOW: &str = "--now 2022-03-29T12:18:00Z";

/// Markup, template syntax, and characters that act instead of being seen; for a TOML string.
const EVIL: &str = r#"<script>alert(1)</script><img src=x onerror=alert(1)>\" onload='alert(1)' ]]> --> </title></style> {{ 1234 * 1000 }}{% include \"/etc/passwd\" %}{# \u202Egpj.\u2066exe\u0007\u001B]0;owned\u0007\u009B31m\u2028\r\nX-Owned: yes\r\nBEGIN:VALARM &#x202e;&#27; javascript:alert(1)"#;

/// The same, for a body.
const EVIL_TEXT: &str = "<script>alert(1)</script> <img src=x onerror=alert(1)> <iframe srcdoc='<script>alert(1)</script>'></iframe> \
    {{ 1234 * 1000 }}{% include \"/etc/passwd\" %}{# \u{202e}gpj.\u{2066}exe \u{7}\u{1b}]0;owned\u{7}\u{9b}31m\u{2028} &#x202e;&#27;&#0; \
    [a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](data:text/html,<script>alert(1)</script>) [d](vbscript:x) \
    [e](java&#x0a;script:alert(1)) [f](&#x6a;avascript:alert(1)) <javascript:alert(1)> [g](https://ok.example/\"onmouseover=\"alert(1)) \
    [h](//evil.example/x) [i](/\\evil.example) [j](../../../../etc/passwd) [k]: [k]\n\n[k]: javascript:alert(1) \"x\"\n\n\
    ![l](javascript:alert(1)) ![m](https://evil.example/x.png) ![n](../../../secret.png) ![o](/etc/passwd) ![p](linked.png) \
    ![q](data:image/svg+xml,x) ![r\" onerror=\"alert(1)](picture<script>.png)\n\n\
    ```\"><script>alert(1)</script>\nX\n```\n\n| a | b |\n|--|--|\n| <script>alert(1)</script> | x |\n\n\
    BEGIN:VEVENT\r\nX-Owned: yes\r\n\r\n::error::owned\n";

const SECRET: &str = "the secret that lies outside of the site";

/// A site in which everything that can be written is hostile.
fn site() -> TestSite {
    let site = TestSite::new(&[]);
    let config = format!(
        "title = \"{EVIL}\"\nurl = \"https://status.example\"\ndescription = \"{EVIL}\"\nfooter = \"{EVIL}\"\n\
         checklist = [\"{EVIL}\"]\nlogo = \"theme/static/logo.png\"\n\
         [[link]]\nname = \"{EVIL}\"\nurl = \"https://ok.example/x\"\n\
         [[group]]\nname = \"Evil {EVIL}\"\nid = \"evil\"\ndescription = \"{EVIL}\"\n\
         [[component]]\nid = \"imap\"\nname = \"{EVIL}\"\ndescription = \"{EVIL}\"\ngroup = \"evil\"\n"
    );
    site.write("upfront.toml", config);
    let keys = format!(
        "title = \"{EVIL}\"\ncomponents = [\"imap\", \"{EVIL}\"]\nimpact = \"{EVIL}\"\naffected = \"{EVIL}\"\n\
         accounts = \"{EVIL}\"\nworks = \"{EVIL}\"\nmeanwhile = \"{EVIL}\"\n\
         aliases = [\"../../../etc\", \"a /* https://evil.example/ 301\", \"..\", \"/abs\", \"{EVIL}\"]\n\"{EVIL}\" = 1\n"
    );
    let updates = format!(
        "\n{EVIL_TEXT}\n\n## Investigating · 2022-03-29 11:20 {{ imap=\u{1b}[31m <script>=operational }}\n{EVIL_TEXT}\n\n\
         ## Identified <script>alert(1)</script> \u{202e}\n{EVIL_TEXT}\n"
    );
    let post = format!("+++\n{keys}+++\n{updates}");
    site.write("incidents/2022-03-29-imap/index.md", &post);
    let rfo = format!(
        "+++\ntitle = \"{EVIL}\"\ncause = \"{EVIL}\"\nauthors = [\"{EVIL}\"]\n\
         [[follow_up]]\nwhat = \"{EVIL} [x](javascript:alert(1))\"\nlink = \"javascript:alert(1)\"\n\
         [[follow_up]]\nwhat = \"x\"\nlink = \"https://ok.example/\\\" onclick=\\\"alert(1)\"\n\
         [[follow_up]]\nwhat = \"y\"\nlink = \"data:text/html,<script>alert(1)</script>\"\n+++\n# {EVIL_TEXT}\n## <b onclick=x>\n"
    );
    site.write("incidents/2022-03-29-imap/rfo.md", rfo);
    let work = format!(
        "+++\nkind = \"maintenance\"\nstarts = 2022-03-30T02:00:00Z\nends = 2022-03-30T04:00:00Z\n{keys}+++\n{updates}"
    );
    site.write("incidents/2022-03-30-work.md", work);
    site.write("incidents/2022-03-28-info.md", format!("+++\nkind = \"info\"\ntitle = \"{EVIL}\"\n+++\n{EVIL_TEXT}"));
    site.write("incidents/2022-03-27-long.md", format!("+++\ntitle = \"{}\"\n+++\nLong.\n", "<&\\\"x".repeat(2000)));
    site.write(
        "incidents/2022-03-26-yaml.md",
        format!("---\ntitle: \"{}\"\nevil: &a [*a, *a]\n---\n{EVIL_TEXT}", EVIL.replace("\\r\\n", "\\n")),
    );
    for name in NAMES {
        site.write(&format!("incidents/{name}"), format!("Named so. {EVIL_TEXT}"));
    }
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    site.write("incidents/2022-03-29-imap/picture<script>.png", png);
    site.write("theme/static/logo.png", png);
    let secret = site.outside("secret.md", SECRET);
    let secret_picture = site.outside("secret.png", &format!("\u{89}PNG {SECRET}"));
    #[cfg(unix)]
    {
        let link = |to: &std::path::Path, at: &str| {
            fs::create_dir_all(site.path(at).parent().unwrap()).unwrap();
            std::os::unix::fs::symlink(to, site.path(at)).unwrap();
        };
        link(&secret, "incidents/2022-03-25-linked.md");
        link(&secret_picture, "incidents/2022-03-29-imap/linked.png");
        link(secret.parent().unwrap(), "incidents/above");
        link(&secret, "theme/static/linked.txt");
        link(&secret, "theme/static/css/linked.css");
    }
    site
}

/// What a file may be called.
const NAMES: [&str; 9] = [
    "2022-03-20-<script>alert(1)<.md",
    "2022-03-20-\" onload=\"x.md",
    "2022-03-20-\u{202e}gpj.md",
    "2022-03-20-\u{1b}[31mred.md",
    "2022-03-20-line\nX-Owned: yes.md",
    "2022-03-20-..%2f..%2fetc.md",
    "..\\..\\etc.md",
    "-rf.md",
    "{{ 1234 * 1000 }}.md",
];

#[cfg(unix)]
#[test]
fn nothing_hostile_is_published() {
    let site = site();
    let built = site.run(&format!("build {NOW}"));
    assert_eq!(built.status, Some(0), "{}", built.stderr);
    let files = site.files("public");
    assert!(
        files.contains_key("incidents/2022-03-29-imap/index.html")
            && files.contains_key("rfo/2022-03-29-imap/index.html")
    );
    let mut wrong = String::new();
    for (path, bytes) in &files {
        for told in wanting::what_is_wrong(path, bytes) {
            wrong += &format!("{path}: {told}\n");
        }
        if String::from_utf8_lossy(bytes).contains(SECRET) {
            wrong += &format!("{path}: holds what lies outside of the site\n");
        }
    }
    assert_eq!(wrong, "");
    // It is shown, as text.
    let page = String::from_utf8_lossy(&files["incidents/2022-03-29-imap/index.html"]);
    assert!(page.contains("&lt;script&gt;alert(1)") && page.contains("{{ 1234 * 1000 }}"), "{page}");
    assert!(page.contains("https://ok.example/"), "{page}");
}

#[test]
fn nothing_is_written_anywhere_else() {
    let site = site();
    let beside = |site: &TestSite| {
        let mut names: Vec<_> =
            fs::read_dir(site.path("..")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let (before, above) = (site.files("incidents"), beside(&site));
    site.run(&format!("build {NOW}"));
    assert!(site.files("incidents") == before);
    assert_eq!(beside(&site), above);
    assert_eq!(fs::read_to_string(site.path("../secret.md")).unwrap(), SECRET);
}

#[test]
fn nothing_hostile_reaches_the_terminal_or_a_log() {
    let site = site();
    for arguments in ["build", "check", "check --format concise", "check --format github"] {
        let ran = site.run(&format!("{arguments} {NOW}"));
        let all = ran.all();
        assert!(all.contains("incidents/"), "{arguments}: {all}");
        let acting = all.chars().find(|&c| c != '\n' && wanting::acts(c));
        assert_eq!(acting, None, "{arguments}: {all:?}");
        let owned = all.lines().find(|line| line.starts_with("::error::") || line.starts_with("X-Owned"));
        assert_eq!(owned, None, "{arguments}");
    }
    let json = site.run(&format!("check --json {NOW}")).stdout;
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "{json}");
    assert!(!json.chars().any(|c| c != '\n' && c.is_control()), "{json:?}");
}

#[test]
fn an_address_in_the_config_that_could_run_or_lead_astray_stops_the_build() {
    let config = |line: &str| {
        format!(
            "title = \"A\"\nurl = \"https://status.example\"\n{line}\n[[component]]\nid = \"imap\"\nname = \"IMAP\"\n"
        )
    };
    for line in [
        "support = \"javascript:alert(1)\"",
        "support = \"data:text/html,x\"",
        "support = \"https://x.example/\\\" onclick=\\\"alert(1)\"",
        "[[link]]\nname = \"x\"\nurl = \"javascript:alert(1)\"",
        "[[link]]\nname = \"x\"\nurl = \"//evil.example\"",
        "[[link]]\nname = \"x\"\nurl = \"/../x\"",
        "[brand]\nvoice = \"x; } body { background: url(https://evil.example) } a { b\"",
        "[brand]\npaper = \"red; } * { display: none\"",
        "[[component]]\nid = \"../etc\"\nname = \"x\"",
    ] {
        let site = TestSite::new(&[]);
        site.write("upfront.toml", config(line));
        let built = site.run(&format!("build {NOW}"));
        assert!(built.status == Some(2) && built.stderr.contains("upfront.toml:"), "{line}: {}", built.all());
        assert!(!site.path("public").exists(), "{line}");
    }
}
