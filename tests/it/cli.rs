//! What every command has in common: help, usage, colours, and the commands that print what others read.

use snapbox::{assert_data_eq, str};

use crate::site_test::TestSite;

const COMMANDS: [&str; 13] = [
    "init",
    "new",
    "update",
    "resolve",
    "rfo",
    "build",
    "serve",
    "check",
    "verify",
    "key",
    "schema",
    "completions",
    "man",
];

fn run(arguments: &str) -> crate::site_test::Ran {
    TestSite::new(&[]).run(arguments)
}

#[test]
fn every_command_has_help_with_examples_that_fits_a_screen() {
    for command in COMMANDS {
        let help = run(&format!("{command} --help"));
        assert_eq!((help.status, help.stderr.as_str()), (Some(0), ""), "{command}");
        assert!(help.stdout.contains(&format!("  upfront {command}")), "{command}: {}", help.stdout);
        for line in help.stdout.lines() {
            assert!(line.chars().count() <= 100, "{command}: {line}");
        }
    }
}

#[test]
fn a_wrong_argument_is_status_2_and_says_what_is_right() {
    assert_data_eq!(
        run("biuld").all(),
        str![[r#"
status 2
stderr:
error: unrecognized subcommand 'biuld'

  tip: a similar subcommand exists: 'build'

Usage: upfront [OPTIONS] <COMMAND>

For more information, try '--help'.

"#]]
    );
    let no_moment = run("build --now yesterday");
    assert_eq!(no_moment.status, Some(2));
    assert!(no_moment.stderr.contains("2026-11-25T04:00Z"), "{}", no_moment.stderr);
    assert_eq!(run("").status, Some(2));
}

#[test]
fn a_folder_that_is_no_site_is_status_2() {
    let site = TestSite::new(&[]);
    std::fs::remove_file(site.path("upfront.toml")).unwrap();
    let ran = site.run("build");
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("error[config-missing]"), "{}", ran.stderr);
}

#[test]
fn colours_are_for_those_who_want_them() {
    let site = TestSite::new(&[]);
    site.write("upfront.toml", "");
    let is_coloured = |arguments: &str, environment: &[(&str, &str)]| {
        let mut command = site.command(arguments);
        command.envs(environment.iter().copied());
        site.ended(&mut command).stderr.contains('\u{1b}')
    };
    assert!(!is_coloured("build", &[]), "not on a terminal");
    assert!(is_coloured("build --color always", &[("NO_COLOR", "1")]));
    assert!(is_coloured("build", &[("CLICOLOR_FORCE", "1")]));
    assert!(!is_coloured("build --color never", &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn the_manual_page_has_a_section_for_every_command() {
    let page = run("man").stdout;
    for command in COMMANDS {
        assert!(page.contains(&format!("\n.SH \"UPFRONT {}\"\n", command.to_uppercase())), "{command}");
    }
    assert!(page.starts_with(".ie ") || page.starts_with(".TH "), "{page}");
}

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = run(&format!("completions {shell}"));
        assert!(script.status == Some(0) && script.stdout.contains("next-update"), "{shell}");
    }
}

#[test]
fn schemas_are_schemas() {
    for of in ["incident", "rfo", "config", "feed", "day", "receipt"] {
        let schema: serde_json::Value = serde_json::from_str(&run(&format!("schema {of}")).stdout).unwrap();
        assert!(schema["$schema"].is_string() && schema["properties"].is_object(), "{of}: {schema:#}");
    }
    // A line of a log is one of four things.
    let schema: serde_json::Value = serde_json::from_str(&run("schema log").stdout).unwrap();
    assert_eq!(schema["anyOf"].as_array().map(Vec::len), Some(4));
}
