//! Sentences as they stand on status pages, put together by chance.

/// Id and name.
pub const COMPONENTS: [(&str, &str); 30] = [
    ("imap", "IMAP"),
    ("pop", "POP"),
    ("smtp", "Sending"),
    ("delivery", "Receiving"),
    ("spam", "Spam filter"),
    ("forwarding", "Forwarding"),
    ("webmail", "Webmail"),
    ("calendar", "Calendar"),
    ("contacts", "Contacts"),
    ("files", "Files"),
    ("notes", "Notes"),
    ("search", "Search"),
    ("login", "Login"),
    ("signup", "Sign-up"),
    ("passwords", "Password reset"),
    ("two-factor", "Second factor"),
    ("billing", "Billing"),
    ("profile", "Account settings"),
    ("dns", "Name servers"),
    ("domains", "Domains"),
    ("certificates", "Certificates"),
    ("hosting", "Web hosting"),
    ("databases", "Databases"),
    ("backups", "Backups"),
    ("oslo", "Data centre Oslo"),
    ("bergen", "Data centre Bergen"),
    ("network", "Network"),
    ("api", "API"),
    ("support", "Help desk"),
    ("phone", "Telephone"),
];

/// Name and ids of its components.
pub const GROUPS: [(&str, [&str; 5]); 6] = [
    ("Mail", ["imap", "pop", "smtp", "delivery", "spam"]),
    ("Web", ["webmail", "calendar", "contacts", "files", "notes"]),
    ("Accounts", ["login", "signup", "passwords", "two-factor", "profile"]),
    ("Own domains", ["dns", "domains", "certificates", "hosting", "forwarding"]),
    ("Houses and wires", ["databases", "backups", "oslo", "bergen", "network"]),
    ("Everything else", ["search", "billing", "api", "support", "phone"]),
];

const WHAT: [&str; 16] = [
    "logins",
    "new mail",
    "attachments",
    "searches",
    "invitations",
    "large folders",
    "replies",
    "uploads",
    "shared calendars",
    "mail to other providers",
    "password changes",
    "invoices",
    "sessions on phones",
    "old messages",
    "filters",
    "sync",
];

const DOES: [&str; 12] = [
    "take longer than usual",
    "fail for some of you",
    "stop half-way",
    "arrive late",
    "ask for the password again and again",
    "show an error page",
    "are slow in the morning",
    "come twice",
    "time out",
    "work again for most",
    "wait in a queue",
    "return an empty list",
];

const WHERE: [&str; 10] = [
    "in Oslo",
    "in Bergen",
    "on one of our four servers",
    "with older programs",
    "on phones",
    "in webmail only",
    "behind the second load balancer",
    "for accounts made before 2016",
    "outside Europe",
    "over IPv6",
];

const CAUSES: [&str; 12] = [
    "a full disk",
    "a certificate that ran out",
    "a cable",
    "a wrong setting",
    "an attack on passwords",
    "too many open files",
    "a router's new software",
    "a lock that nobody let go",
    "a slow query",
    "two jobs at the same time",
    "a broken memory module",
    "an expired lease",
];

const DEEDS: [&str; 14] = [
    "moved the traffic away",
    "asked the network provider",
    "restarted the front servers one by one",
    "went back to last week's version",
    "put in a spare",
    "raised the limit",
    "blocked the addresses it came from",
    "emptied the queue by hand",
    "compared both copies and found no difference",
    "called the house",
    "switched the new path off again",
    "tested it with our own accounts",
    "wrote to everybody concerned",
    "took one database out of service",
];

const LEADS: [&str; 8] = [
    "Since the early morning",
    "For about an hour now",
    "As it looks at present",
    "After the last update",
    "On closer inspection",
    "To be on the safe side",
    "While we watch it",
    "So far",
];

const SOURCES: [&str; 5] = ["checks", "system log", "chat", "the house", "post"];

/// A source of sentences: the same seed says the same.
pub struct Words(u64);

impl Words {
    pub fn new(seed: u64) -> Words {
        Words(seed.wrapping_mul(0x2545_f491_4f6c_dd1d).wrapping_add(0x1234_5678))
    }

    /// A number below `end`. SplitMix64, <https://prng.di.unimi.it/splitmix64.c>.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ z >> 31) % end as u64) as usize
    }

    /// Both ends included.
    pub fn between(&mut self, first: usize, last: usize) -> usize {
        first + self.below(last + 1 - first)
    }

    fn one_of(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len())]
    }

    /// A title.
    pub fn trouble(&mut self) -> String {
        capital(&format!("{} {} {}", self.one_of(&WHAT), self.one_of(&DOES), self.one_of(&WHERE)))
    }

    /// A title.
    pub fn work(&mut self) -> String {
        let part = COMPONENTS[self.below(COMPONENTS.len())].1;
        format!(
            "{part} {} {}",
            self.one_of(&["moves to new disks", "gets a new version", "changes its house"]),
            self.one_of(&WHERE)
        )
    }

    pub fn cause(&mut self) -> String {
        capital(self.one_of(&CAUSES))
    }

    pub fn source(&mut self) -> &'static str {
        self.one_of(&SOURCES)
    }

    pub fn promise(&mut self) -> String {
        format!("An alarm that rings before {} can do this to {} again", self.one_of(&CAUSES), self.one_of(&WHAT))
    }

    /// A sentence, now and then with a link or a word in bold.
    pub fn sentence(&mut self) -> String {
        let plain = self.plain_sentence();
        match self.below(12) {
            0 => format!(
                "{plain} More is on [our network provider's page](https://noc.example/tickets/{}).",
                self.between(1000, 9999)
            ),
            1 => format!("**No mail is lost.** {plain}"),
            2 => format!("{plain} The queue `{}` is empty again.", self.one_of(&["incoming", "deferred", "outgoing"])),
            _ => plain,
        }
    }

    pub fn plain_sentence(&mut self) -> String {
        match self.below(5) {
            0 => format!(
                "{} {} {} {}.",
                self.one_of(&LEADS),
                self.one_of(&WHAT),
                self.one_of(&DOES),
                self.one_of(&WHERE)
            ),
            1 => format!("We {} and {}.", self.one_of(&DEEDS), self.one_of(&DEEDS)),
            2 => format!("The reason is {} {}.", self.one_of(&CAUSES), self.one_of(&WHERE)),
            3 => format!("{} {}, we {}.", self.one_of(&LEADS), self.one_of(&WHERE), self.one_of(&DEEDS)),
            _ => format!(
                "If {} {}, try again in {} minutes.",
                self.one_of(&WHAT),
                self.one_of(&DOES),
                self.between(5, 30)
            ),
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
