//! `docs/diagnostics.md` is made from the codes; `SNAPSHOTS=overwrite cargo test --test it docs_diagnostics` writes it anew.

use std::path::Path;

use snapbox::{Data, assert_data_eq};
use upfront::diag::Code;

const HEAD: &str = "\
# Diagnostics

What `upfront` says about what you wrote. Each has a code that stays the same once released, the file, line and column, the
cure, and what became of the post:

```
error[unknown-component]: no component is called `impa`
 --> incidents/2022-03-29-imap.md:3:16
  |
3 | components = [\"impa\", \"pop\"]
  |                ^^^^ did you mean `imap`?
  |
  = published, without this component
```

An *error* is something that could not be used as it stands, a *warning* something that was read but is probably not what
was meant, a *note* needs no action. Nothing in a post stops a build: the news gets out. `upfront check` and
`upfront build --strict` end with status 1 on errors and warnings. What cannot be made right, in `upfront.toml` or in the
theme, stops a build with status 2 before anything is written.

`upfront check --format json` prints them for programs, `--format github` as annotations of a pull request, and
`--format concise` on one line each.

| code | what it means |
|---|---|
";

#[test]
fn the_reference_of_diagnostics_is_up_to_date() {
    let mut page = HEAD.to_owned();
    for (code, meaning) in Code::ALL {
        page += &format!("| `{code}` | {} |\n", meaning.trim().replace('|', "\\|"));
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/diagnostics.md");
    assert_data_eq!(page, Data::read_from(&file, None).raw());
}
