//! Signatures: made by a build, checked by `verify` and by minisign itself.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use snapbox::{assert_data_eq, str};

use super::{Has, NOW, built, config, found, host, lies};
use crate::server::Answer;
use crate::site_test::TestSite;

/// A site that is signed, and its public key.
pub(super) fn signed() -> (TestSite, String) {
    let site = built("");
    let ran = site.run("key secret.key");
    assert_eq!(ran.status, Some(0), "{}", ran.all());
    config(&site, &ran.stdout);
    let key = ran.stdout.split('"').nth(1).unwrap().to_owned();
    for build in ["build --now 2026-11-25T11:55Z --out ../old", "build --now 2026-11-25T12:00Z"] {
        assert_eq!(site.run(build).stderr, "");
    }
    (site, key)
}

#[test]
fn a_key_is_for_its_owners_eyes_and_never_written_over() {
    let site = TestSite::new(&[]);
    let ran = site.run("key secret.key");
    assert_data_eq!(
        ran.all(),
        str![[r#"
status 0
stdout:
[sign]
public_key = "RW[..]"
key_file = "secret.key"
stderr:
Put these lines into upfront.toml, and keep `secret.key` to yourself: out of git, with a copy in a safe place. Where CI builds, make a secret of what is in it, and write `key_env = "<its variable>"` instead of `key_file`.

"#]]
    );
    assert_eq!(fs::metadata(site.path("secret.key")).unwrap().permissions().mode() & 0o777, 0o600);
    let before = site.read("secret.key");
    assert_data_eq!(
        site.run("key secret.key").all(),
        str![[r#"
status 2
stderr:
error: `secret.key` is there already, and is left as it is
 |
 = name a new file; what is signed with an old key is believed only by who has its public key

"#]]
    );
    assert_eq!(site.read("secret.key"), before);
    // Outside of the site it is named as it lies.
    assert!(site.run("key ../outside.key").stdout.contains("key_file = \"/"));
}

#[test]
fn a_right_signature_holds_and_every_other_is_told() {
    let (site, key) = signed();
    let good = host(&site, Has::newest);
    assert_eq!(found(&site, &good, ""), "status 0\n");
    let ran = site.run(&format!("verify {} {NOW}", good.url("127.0.0.1")));
    assert!(ran.stdout.contains(" files, signed: nothing wrong"), "{}", ran.all());

    // A stranger hears with which key, and can name it.
    let stranger = TestSite::new(&[]);
    let by_own = found(&stranger, &good, "");
    assert!(
        by_own.starts_with("status 0\nserved-signature /minisign.pub: a key that is known from elsewhere | `RW"),
        "{by_own}"
    );
    assert_eq!(found(&stranger, &good, &format!("--key {key}")), "status 0\n");
    assert_eq!(found(&stranger, &good, &format!("--key {}", site.path("public/minisign.pub").display())), "status 0\n");
    let other = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
    let told = found(&stranger, &good, &format!("--key {other}"));
    assert!(told.contains("one that does not hold: it is not by this key"), "{told}");
    assert_eq!(stranger.run(&format!("verify {} --key RWno", good.url("127.0.0.1"))).status, Some(2));

    let said = |told: String| told.replace(&key, "[KEY]");
    let missing = host(&site, |has, asked| match asked.path.as_str() {
        "/SHA256SUMS.minisig" => Answer::status(404),
        _ => has.newest(asked),
    });
    assert_data_eq!(
        said(found(&site, &missing, "")),
        str![[r#"
status 1
served-signature /SHA256SUMS.minisig: a signature of `SHA256SUMS` by `[KEY]` | none: status 404

"#]]
    );
    // Somebody changes what is served, and the list with it; but cannot sign.
    let forged = host(&site, |has, asked| match asked.path.as_str() {
        "/status.json" => {
            has.newest(asked).changed(|bytes| String::from_utf8(bytes).unwrap().replace("\"Test\"", "\"Toast\"").into())
        }
        _ => has.newest(asked),
    });
    assert_data_eq!(
        said(found(&site, &forged, "")),
        str![[r#"
status 1
served-changed /status.json: the file that `SHA256SUMS` lists | other bytes
served-signature /status.json.minisig: a signature of `status.json` by `[KEY]` | one that does not hold: it is not by this key, or what it signs was changed

"#]]
    );
    // The right signature of the build before.
    let swapped =
        host(&site, |has, asked| if asked.path.ends_with(".minisig") { has.old(asked) } else { has.newest(asked) });
    assert_data_eq!(
        said(found(&site, &swapped, "")),
        str![[r#"
status 1
served-signature /SHA256SUMS.minisig: a signature of `SHA256SUMS` by `[KEY]` | one that does not hold: it is not by this key, or what it signs was changed
served-signature /status.json.minisig: a signature of `status.json` by `[KEY]` | one that does not hold: it is not by this key, or what it signs was changed

"#]]
    );
}

/// The program itself, where it is installed.
#[test]
fn minisign_checks_what_we_sign_and_we_sign_with_its_keys() {
    if Command::new("minisign").arg("-v").output().is_err() {
        eprintln!("skipped: there is no minisign");
        return;
    }
    let (site, key) = signed();
    let minisign = |arguments: &str| {
        let output =
            Command::new("minisign").args(arguments.split_whitespace()).current_dir(site.root()).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    for file in ["status.json", "SHA256SUMS"] {
        let (good, said) = minisign(&format!("-V -P {key} -m public/{file}"));
        assert!(
            good && said
                .contains(&format!("Trusted comment: timestamp:1795608000\tfile:{file}\turl:https://status.example")),
            "{said}"
        );
        assert!(minisign(&format!("-V -p public/minisign.pub -m public/{file}")).0);
    }
    let text = site.read("public/status.json");
    site.write("public/status.json", text.replace("\"Test\"", "\"Toast\""));
    assert!(!minisign(&format!("-V -P {key} -m public/status.json")).0);

    // A key of minisign's own, without a password.
    if !minisign("-G -W -p own.pub -s own.key").0 {
        eprintln!("skipped: this minisign makes no keys without a password");
        return;
    }
    let public = site.read("own.pub").lines().nth(1).unwrap().to_owned();
    config(&site, &format!("[sign]\npublic_key = \"{public}\"\nkey_file = \"own.key\""));
    assert_eq!(site.run("build --now 2026-11-25T12:00Z").stderr, "");
    assert!(minisign(&format!("-V -P {public} -m public/SHA256SUMS")).0);
}

#[test]
fn without_a_key_that_can_be_used_the_news_gets_out_unsigned() {
    let (site, key) = signed();
    config(&site, &format!("[sign]\npublic_key = \"{key}\"\nkey_env = \"NOT_SET\""));
    let ran = site.run("build --now 2026-11-25T12:01Z");
    assert!(ran.status == Some(0) && ran.stderr.contains("warning[signing-key]"), "{}", ran.all());
    assert!(!site.path("public/SHA256SUMS.minisig").exists());
    assert!(lies(Has::newest).starts_with("status 0\n"));
}
