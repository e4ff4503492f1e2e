//! `upfront run`: the loop as an operator starts it, against a host and receivers on the loopback interface.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::server::{Answer, Server};
use crate::site_test::{TestSite, run_git};

const HEAD: &str = "title = \"Test\"\ntime_zone = \"Europe/Oslo\"\n[[component]]\nid = \"imap\"\nname = \"IMAP\"\n\
                    [detection]\nlocations = 1\n[[feed]]\nid = \"own\"\nfile = \"own.ndjson\"\n";

#[expect(clippy::disallowed_methods, reason = "the loop's own clock cannot be set")]
fn now() -> Timestamp {
    Timestamp::now()
}

fn incident() -> String {
    let at = now().strftime("%Y-%m-%d %H:%M UTC");
    format!("+++\ncomponents = [\"imap\"]\n+++\n## Investigating · {at}\nLogins fail.\n")
}

/// A result each half minute: good ones until a quarter of an hour ago, and bad ones of the last `bad` minutes.
fn results(bad: i64) -> String {
    let mut text = String::new();
    let good = (30..120).rev().map(|half| (half, "up"));
    for (half, status) in good.chain((1..=bad * 2).rev().map(|half| (half, "down"))) {
        let at = now() - SignedDuration::from_secs(half * 30);
        let _ = writeln!(text, "{{\"monitor\":\"imap\",\"at\":\"{at}\",\"status\":\"{status}\"}}");
    }
    text
}

/// Everything that a site needs to reach its readers: a folder, its host, a receiver.
struct World {
    site: TestSite,
    web: PathBuf,
    host: Server,
    receiver: Server,
}

impl World {
    fn new() -> World {
        let site = TestSite::new(&[]);
        let web = site.outside("web", "").with_extension("d");
        fs::create_dir(&web).unwrap();
        let world = World { host: Server::of_folder(&web), receiver: Server::new(|_| Answer::of("{}")), site, web };
        world.config("");
        world.site.write("own.ndjson", results(0));
        world
    }

    fn config(&self, more: &str) {
        let url = self.host.url("127.0.0.1");
        let place = format!("[[publish]]\nid = \"web\"\nkind = \"folder\"\npath = \"{}\"\n", self.web.display());
        let hook = self.receiver.url("127.0.0.1");
        let channel = format!("[[channel]]\nid = \"hook\"\nkind = \"webhook\"\nurl = \"{hook}/hook\"\n");
        self.site.write("upfront.toml", format!("url = \"{url}\"\n{HEAD}{place}{channel}{more}"));
    }

    fn start(&self, arguments: &str) -> Running {
        let log = self.site.outside("log.txt", "");
        let file = fs::OpenOptions::new().append(true).open(&log).unwrap();
        let child =
            self.site.command(&format!("run {arguments}")).stderr(file.try_clone().unwrap()).stdout(file).spawn();
        Running { child: child.unwrap(), log }
    }

    /// What the receiver got, by our key.
    fn got(&self) -> BTreeMap<String, usize> {
        let mut got = BTreeMap::new();
        for asked in self.receiver.asked() {
            *got.entry(asked.header("idempotency-key").unwrap_or_default().to_owned()).or_default() += 1;
        }
        got
    }

    fn ledger(&self) -> String {
        fs::read_to_string(self.site.path("history/deliveries.ndjson")).unwrap_or_default()
    }

    fn served(&self, path: &str) -> String {
        fs::read_to_string(self.web.join(path)).unwrap_or_default()
    }
}

struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Asks it to stop, and waits for its status.
    fn stop(&mut self) -> Option<i32> {
        self.signal("-TERM");
        self.ended(Duration::from_secs(20))
    }

    fn ended(&mut self, at_most: Duration) -> Option<i32> {
        let until = Instant::now() + at_most;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("it does not end: {}", self.log());
    }

    fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[track_caller]
fn until(what: &str, mut is: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(30);
    while !is() {
        assert!(Instant::now() < until, "{what} never came");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn what_monitors_and_people_say_reaches_page_and_channel_once() {
    let world = World::new();
    let mut running = world.start("--every 30s --health health.json --metrics upfront.prom");
    until("the page", || world.served("index.html").contains("</html>"));

    // An outage that lasts for ten minutes: everybody hears of it.
    world.site.write("own.ndjson", results(10));
    until("the notice", || !world.got().is_empty());
    let page = world.served("index.html");
    assert!(page.contains("our checks fail"), "the page is live before anybody is told");
    let receipts = || fs::read_to_string(world.site.path("history/receipts.ndjson")).unwrap_or_default();
    until("the receipt", || receipts().contains("-imap/#u-"));

    // A person writes about it: no period has to pass.
    world.site.write("incidents/logins-fail.md", incident());
    until("the first word", || world.got().len() == 2);

    // An edit is no news.
    world.site.write("incidents/logins-fail.md", incident().replace("fail.", "fail for everybody."));
    until("the edit", || world.served("incidents/logins-fail/index.html").contains("for everybody"));
    thread::sleep(Duration::from_secs(2));
    assert_eq!(world.got().values().copied().collect::<Vec<_>>(), [1, 1]);

    let health: serde_json::Value = serde_json::from_str(&world.site.read("health.json")).unwrap();
    assert_eq!((&health["healthy"], &health["messages"]["sent"]), (&true.into(), &2.into()), "{health:#}");
    assert!(health["rounds"].as_u64().unwrap() < 12, "what it writes itself wakes nobody: {health:#}");
    assert!(world.site.read("upfront.prom").contains("\nupfront_messages_total{outcome=\"sent\"} 2\n"));

    let second = world.site.run("run --for 1s");
    assert_eq!((second.status, second.stdout.as_str()), (Some(2), ""), "{}", second.all());
    assert!(second.stderr.contains("another `upfront run` is at work"), "{}", second.stderr);
    assert_eq!(running.stop(), Some(0), "{}", running.log());
}

/// The protocol of sd_notify(3): datagrams to the socket that the environment names.
#[test]
fn systemd_hears_that_it_is_ready_how_it_does_that_it_lives_and_that_it_stops() {
    let world = World::new();
    let socket = world.site.outside("notify", "").with_extension("sock");
    let heard = UnixDatagram::bind(&socket).unwrap();
    heard.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let child = world.site.command("run --every 30s").env("NOTIFY_SOCKET", &socket).spawn().unwrap();
    let mut running = Running { child, log: world.site.outside("log.txt", "") };
    let hear = || {
        let mut bytes = [0; 4096];
        let len = heard.recv(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..len]).into_owned()
    };
    assert_eq!(hear(), "READY=1\n");
    assert_eq!(hear(), "STATUS=round 1: fine, 0 open\nWATCHDOG=1\n");
    assert_eq!(hear(), "WATCHDOG=1\n");
    running.signal("-TERM");
    let mut last = hear();
    while last == "WATCHDOG=1\n" {
        last = hear();
    }
    assert_eq!(last, "STOPPING=1\n");
    assert_eq!(running.ended(Duration::from_secs(20)), Some(0));
}

#[test]
fn whatever_fails_is_told_once_and_the_rest_goes_on() {
    let world = World::new();
    world.config(
        "[[publish]]\nid = \"mirror\"\nkind = \"command\"\ncommand = \"echo no route >&2; exit 1\"\n\
         [[feed]]\nid = \"gone\"\nfile = \"gone.json\"\n",
    );
    let mut running = world.start("--every 1s --health health.json");
    world.site.write("incidents/logins-fail.md", incident());
    until("the news", || world.got().len() == 1);
    // The config breaks: the page stays as it is, and what was there is not taken away.
    let config = world.site.read("upfront.toml");
    world.site.write("upfront.toml", "title = ");
    until("the failure", || running.log().contains(" build: "));
    assert!(world.served("index.html").contains("</html>"));
    world.site.write("upfront.toml", &config);
    until("the cure", || running.log().contains("build: works again"));
    // A mistake in a post stops nothing.
    world
        .site
        .write("incidents/second.md", format!("+++\ntitle = \n+++\n{}", incident().split_once("+++\n## ").unwrap().1));
    world.site.write("incidents/third.md", incident().replace("Logins fail.", "Mail is late."));
    until("more news", || world.got().len() >= 2);
    assert_eq!(running.stop(), Some(0), "{}", running.log());
    let log = running.log();
    assert_eq!(log.matches("mirror: the command ended with exit status 1: no route").count(), 1, "{log}");
    let health: serde_json::Value = serde_json::from_str(&world.site.read("health.json")).unwrap();
    assert_eq!(health["healthy"], false);
    assert_eq!(log.matches("record: gone: no data").count(), 1, "{log}");
    assert!(health["feeds"]["gone"]["failed"].is_object() && health["feeds"]["own"]["failed"].is_null(), "{health:#}");
    assert!(health["places"]["mirror"]["failed"]["why"].is_string(), "{health:#}");
}

#[test]
fn it_ends_when_nothing_is_left_to_decide() {
    let world = World::new();
    let mut running = world.start("--every 1s --until-settled --for 60s");
    assert_eq!(running.ended(Duration::from_secs(20)), Some(0), "{}", running.log());

    // A monitor has just begun to fail: that is not decided, and the time is over before it is.
    world.site.write("own.ndjson", results(1));
    let begun = Instant::now();
    let mut running = world.start("--every 1s --until-settled --for 4s");
    assert_eq!(running.ended(Duration::from_secs(20)), Some(1), "{}", running.log());
    assert!(begun.elapsed() >= Duration::from_secs(4) && running.log().contains("not everything is settled"));

    // It is an outage, which everybody hears of; then there is nothing to wait for.
    world.site.write("own.ndjson", results(10));
    let mut running = world.start("--every 1s --until-settled --for 60s");
    assert_eq!(running.ended(Duration::from_secs(30)), Some(0), "{}", running.log());
    assert_eq!(world.got().len(), 1);
}

/// Thirty times, at any moment: nothing is lost, and what knows our keys hears nothing under two of them.
#[test]
fn killed_at_any_moment_nothing_is_lost_and_nothing_is_sent_twice() {
    let world = World::new();
    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let once = {
        let told = Arc::clone(&told);
        // It has no keys, and takes its time.
        Server::new(move |asked| {
            told.lock().unwrap().push(String::from_utf8_lossy(&asked.body).into_owned());
            thread::sleep(Duration::from_millis(40));
            Answer::of("{\"id\":\"x\"}")
        })
    };
    let once_url = once.url("127.0.0.1");
    world.config(&format!("[[channel]]\nid = \"once\"\nkind = \"ntfy\"\nurl = \"{once_url}\"\ntopic = \"status\"\n"));
    for round in 0..30_u64 {
        if round % 3 == 0 {
            let text = incident().replace("Logins fail.", &format!("Logins number {round} fail."));
            world.site.write(&format!("incidents/number-{round}.md"), text);
        }
        let mut running = world.start("--every 1s");
        // Spread over the whole round, without a clock or dice: 37 is prime to 997.
        thread::sleep(Duration::from_millis(20 + (round * 997) % 37 * 9));
        running.child.kill().unwrap();
        running.child.wait().unwrap();
    }
    let mut running = world.start("--every 1s --health health.json");
    until("everything", || world.got().len() == 10 && world.site.path("health.json").exists());
    assert_eq!(running.stop(), Some(0), "{}", running.log());
    // Each was sent at least once; what may have arrived twice came under the same key.
    let ledger = world.ledger();
    for round in (0..30).step_by(3) {
        let of = |line: &&str| line.contains(&format!("number-{round}/"));
        let last: Vec<&str> = ledger.lines().filter(of).filter(|line| line.contains("\"hook\"")).collect();
        assert!(last.iter().any(|line| line.contains("\"sent\"")), "{round}: {ledger}");
        // Without keys: once, or it is told that nobody knows.
        let said = told.lock().unwrap().iter().filter(|body| body.contains(&format!("number {round} fail"))).count();
        let is_unsure = ledger.lines().filter(of).any(|line| line.contains("\"once\"") && line.contains("\"unsure\""));
        assert!(said == 1 || (said == 0 && is_unsure), "{round}: said {said} times, unsure {is_unsure}\n{ledger}");
    }
    let receipts = world.site.read("history/receipts.ndjson");
    for line in receipts.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
    }
    assert_eq!(receipts.matches("#u-").count(), 10, "each was seen live once: {receipts}");
}

/// Two machines with clones of one repository, at the same time: each claim is pushed before anything is sent.
#[test]
fn two_machines_tell_it_once() {
    let world = World::new();
    let site = &world.site;
    let remote = site.outside("remote", "").with_extension("git");
    let path = |path: &PathBuf| path.to_str().unwrap().to_owned();
    run_git(&site.root(), "", &["init", "-q", "-b", "main", "--bare", &path(&remote)]);
    site.write("incidents/logins-fail.md", incident());
    site.write(".gitignore", "public/\n");
    site.write(".gitattributes", "history/*.ndjson merge=union\n");
    let at = "2026-11-25T11:00Z";
    run_git(&site.root(), at, &["init", "-q", "-b", "main"]);
    for arguments in
        [vec!["add", "."], vec!["commit", "-q", "-m", "Site"], vec!["remote", "add", "origin", &path(&remote)]]
    {
        run_git(&site.root(), at, &arguments);
    }
    run_git(&site.root(), at, &["push", "-q", "-u", "origin", "main"]);
    let clones: Vec<PathBuf> = (0..2).map(|n| site.outside(&format!("clone-{n}"), "").with_extension("d")).collect();
    for clone in &clones {
        run_git(&site.root(), "", &["clone", "-q", &path(&remote), &path(clone)]);
    }
    let announce = |clone: &PathBuf| {
        let mut command = site.command("announce --push --wait 0s");
        command.current_dir(clone).spawn().unwrap()
    };
    let mut children: Vec<Child> = clones.iter().map(announce).collect();
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(world.got().values().copied().collect::<Vec<_>>(), [1]);
    // Both know it, and so does whoever comes later.
    run_git(&site.root(), at, &["pull", "-q", "--rebase"]);
    assert!(world.ledger().contains("\"sent\""), "{}", world.ledger());
    assert!(site.run("announce --push --wait 0s").status == Some(0));
    assert_eq!(world.got().values().copied().collect::<Vec<_>>(), [1]);
}

#[test]
fn staff_are_called_when_nothing_can_be_built_and_hear_that_it_can_again() {
    let world = World::new();
    let pager = "[[channel]]\nid = \"pager\"\nkind = \"command\"\naudience = \"staff\"\nwhen = \"build_failed\"\n\
                 command = 'echo \"$UPFRONT_SUBJECT\" >> pager.txt'\n";
    world.config(pager);
    let mut running = world.start("--every 1s");
    until("the page", || world.served("index.html").contains("</html>"));
    // Nobody can read that as a config.
    world.site.write("upfront.toml", "title = \n");
    let pager_says = || fs::read_to_string(world.site.path("pager.txt")).unwrap_or_default();
    until("the call", || pager_says().contains("the page cannot be built"));
    thread::sleep(Duration::from_secs(3));
    world.config(pager);
    until("the all-clear", || pager_says().contains("works again"));
    assert_eq!(running.stop(), Some(0), "{}", running.log());
    assert_eq!(pager_says(), "Test: the page cannot be built\nTest: works again\n");
}

/// What a place or a channel of the config cannot be, it is told to be: as good as down.
#[test]
fn what_has_a_mistake_in_the_config_is_no_success() {
    let world = World::new();
    world.config(
        "[[publish]]\nid = \"copy\"\nkind = \"rsnc\"\nto = \"x:\"\n\
         [[channel]]\nid = \"few\"\nkind = \"command\"\ncommand = \"true\"\ncomponents = [\"imp\"]\n",
    );
    let ran = world.site.run("publish --build --no-wait");
    assert_eq!(ran.status, Some(1), "{}", ran.all());
    assert!(ran.stdout.contains("copy      failed: the config has a mistake in it"), "{}", ran.all());
    let ran = world.site.run("publish copy");
    assert!(ran.stderr.contains("`copy` has a mistake in the config") && ran.status == Some(2), "{}", ran.all());
    assert!(
        ran.stderr.contains("did you mean `rsync`?") && ran.stderr.contains("did you mean `imap`?"),
        "{}",
        ran.all()
    );
    let ran = world.site.run("announce --wait 0s");
    assert!(ran.status == Some(1) && ran.stdout.contains("few        nothing is sent there"), "{}", ran.all());
    let ran = world.site.run("announce --test few");
    assert!(ran.stderr.contains("`few` has a mistake in the config") && ran.status == Some(2), "{}", ran.all());
    assert!(ran.stderr.contains("did you mean `imap`?"), "{}", ran.all());
    let mut running = world.start("--every 1s --health health.json");
    until("the health", || world.site.path("health.json").exists());
    assert_eq!(running.stop(), Some(0), "{}", running.log());
    let health: serde_json::Value = serde_json::from_str(&world.site.read("health.json")).unwrap();
    assert_eq!(health["healthy"], false);
    assert!(health["places"]["copy"]["failed"].is_object(), "{health:#}");
    assert_eq!(health["steps"]["channels"]["failed"]["why"], "few: the config has a mistake in it");
    // A place that is gone from the config fails no more.
    world.config("");
    let mut running = world.start("--every 1s --for 3s --health health.json");
    assert_eq!(running.ended(Duration::from_secs(20)), Some(0), "{}", running.log());
}

/// A clone whose `history/` is shared, with what a test does to its remote.
struct Clone {
    world: World,
    remote: PathBuf,
}

impl Clone {
    fn new() -> Clone {
        let world = World::new();
        let remote = world.site.outside("remote", "").with_extension("git");
        let clone = Clone { world, remote };
        let path = clone.remote.to_str().unwrap();
        run_git(&clone.world.site.root(), "", &["init", "-q", "-b", "main", "--bare", path]);
        clone.world.site.write("incidents/logins-fail.md", incident());
        clone.world.site.write(".gitignore", "public/\n");
        clone.world.site.write(".gitattributes", "history/*.ndjson merge=union\n");
        clone.git(&["init", "-q", "-b", "main"]);
        clone.git(&["add", "."]);
        clone.git(&["commit", "-q", "-m", "Site"]);
        clone.git(&["remote", "add", "origin", path]);
        clone.git(&["push", "-q", "-u", "origin", "main"]);
        clone
    }

    fn git(&self, arguments: &[&str]) -> String {
        run_git(&self.world.site.root(), "2026-11-25T11:00Z", arguments)
    }

    /// A `rebase` or `merge` that met a conflict.
    fn stop_in_the_middle_of(&self, what: &str) {
        self.git(&["checkout", "-q", "-b", "other"]);
        self.world.site.write("incidents/logins-fail.md", "Theirs.\n");
        self.git(&["commit", "-q", "-a", "-m", "Theirs"]);
        self.git(&["checkout", "-q", "main"]);
        self.world.site.write("incidents/logins-fail.md", "Ours.\n");
        self.git(&["commit", "-q", "-a", "-m", "Ours"]);
        let mut git = Command::new("git");
        let ended = git.arg("-C").arg(self.world.site.root()).args([what, "-q", "other"]).output().unwrap();
        assert!(!ended.status.success(), "it must stop in the middle");
    }

    /// Somebody else pushes a post.
    fn others_push(&self) {
        let other = self.world.site.outside("other", "").with_extension("d");
        run_git(&self.world.site.root(), "", &["clone", "-q", self.remote.to_str().unwrap(), other.to_str().unwrap()]);
        fs::write(other.join("incidents/theirs.md"), "Mail is late.\n").unwrap();
        run_git(&other, "2026-11-25T11:30Z", &["add", "."]);
        run_git(&other, "2026-11-25T11:30Z", &["commit", "-q", "-m", "Theirs"]);
        run_git(&other, "", &["push", "-q"]);
    }

    fn there(&self, arguments: &[&str]) -> String {
        run_git(&self.remote, "2026-11-25T11:00Z", arguments)
    }
}

#[test]
fn what_a_hook_says_of_another_repository_is_not_believed() {
    let clone = Clone::new();
    let site = &clone.world.site;
    let mut command = site.command("announce --push --wait 0s");
    // As git sets them for the hooks of a linked working tree.
    command.env("GIT_DIR", site.path(".git")).env("GIT_INDEX_FILE", site.path(".git/index")).env("GIT_PREFIX", "");
    let ran = site.ended(&mut command);
    assert_eq!(ran.status, Some(0), "{}", ran.all());
    let files = clone.there(&["ls-tree", "-r", "--name-only", "main"]);
    assert!(files.contains("upfront.toml") && files.contains("incidents/logins-fail.md"), "{files}");
    assert!(files.contains("history/deliveries.ndjson"), "{files}");
}

#[test]
fn a_rebase_that_a_person_is_in_the_middle_of_is_left_to_them() {
    let clone = Clone::new();
    let site = &clone.world.site;
    clone.stop_in_the_middle_of("rebase");
    site.write("incidents/logins-fail.md", "Resolved by hand.\n");
    site.write("incidents/notes.md", "Unposted words.\n");
    let ran = site.run("run --pull --for 1s --every 1s");
    assert!(ran.stderr.contains("pull: ") && ran.status == Some(1), "{}", ran.all());
    assert_eq!(site.read("incidents/logins-fail.md"), "Resolved by hand.\n");
    assert!(site.path(".git/rebase-merge").exists() && site.path("incidents/notes.md").exists());
}

/// A merge is on a branch, and its resolution is only in the index.
#[test]
fn a_merge_that_a_person_is_in_the_middle_of_is_left_to_them() {
    let clone = Clone::new();
    let site = &clone.world.site;
    clone.stop_in_the_middle_of("merge");
    site.write("incidents/logins-fail.md", "Resolved by hand.\n");
    clone.git(&["add", "incidents"]);
    clone.others_push();
    let ran = site.run("run --pull --for 1s --every 1s");
    assert!(ran.stderr.contains("in the middle of"), "{}", ran.all());
    assert!(site.path(".git/MERGE_HEAD").exists(), "{}", ran.all());
    assert_eq!(site.read("incidents/logins-fail.md"), "Resolved by hand.\n");
}

/// Whoever restores the git host from a backup must not make everybody hear everything again.
#[test]
fn a_remote_that_was_reset_takes_nothing_from_our_history_and_no_other_branch_is_pushed() {
    let clone = Clone::new();
    let site = &clone.world.site;
    let before = clone.there(&["rev-parse", "main"]);
    clone.git(&["branch", "secret"]);
    clone.git(&["config", "push.default", "matching"]);
    assert_eq!(site.run("announce --push --wait 0s").status, Some(0));
    assert_eq!(clone.there(&["branch", "--list", "secret"]), "");
    assert_ne!(clone.there(&["rev-parse", "main"]), before);
    let ledger = clone.world.ledger();
    clone.there(&["update-ref", "refs/heads/main", &before]);
    // And others go on from there.
    clone.others_push();
    let ran = site.run("run --pull --push --for 1s --every 1s");
    assert!(clone.world.ledger().starts_with(&ledger), "{}\n{}", ran.all(), clone.world.ledger());
    // Theirs is told, and ours not again.
    assert_eq!(clone.world.got().values().copied().collect::<Vec<_>>(), [1, 1]);
    assert!(clone.there(&["show", "main:history/deliveries.ndjson"]).contains("\"sent\""));
}

/// A key that may not push, beside another machine that told it: what came with the pull is known.
#[test]
fn what_another_machine_told_is_known_though_nothing_can_be_pushed() {
    let clone = Clone::new();
    let site = &clone.world.site;
    let second = site.outside("second", "").with_extension("d");
    run_git(&site.root(), "", &["clone", "-q", clone.remote.to_str().unwrap(), second.to_str().unwrap()]);
    assert_eq!(site.run("announce --push --wait 0s").status, Some(0));
    let hook = clone.remote.join("hooks/pre-receive");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, "#!/bin/sh\nexit 1\n").unwrap();
    fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let mut command = site.command("announce --push --wait 0s");
    let ran = site.ended(command.current_dir(&second));
    assert!(ran.stdout.contains("already"), "{}", ran.all());
    assert_eq!(clone.world.got().values().copied().collect::<Vec<_>>(), [1]);
}

#[test]
fn nothing_is_sent_while_nobody_can_know_what_was_sent() {
    let world = World::new();
    world.site.write("incidents/logins-fail.md", incident());
    fs::create_dir_all(world.site.path("history/deliveries.ndjson")).unwrap();
    let ran = world.site.run("announce --wait 0s");
    assert!(ran.status == Some(2) && ran.stderr.contains("nobody knows what was sent before"), "{}", ran.all());
    assert!(world.got().is_empty());
}
