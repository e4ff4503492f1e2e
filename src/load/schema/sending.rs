//! Where the site goes and where its news is announced, as editors see it.

use schemars::JsonSchema;

use super::{ImpactWord, OneOrMore};

/// A place where the site is sent.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct PublishTable {
    /// Its name in reports.
    #[schemars(extend("examples" = ["cdn"]))]
    id: String,
    /// What kind of place it is.
    kind: PublishKindWord,
    /// Where what is sent there is read, so that it can be fetched back.
    #[schemars(extend("examples" = ["https://status.fjordpost.example"]))]
    url: Option<String>,
    /// How long sending may take, all together.
    #[schemars(extend("examples" = ["5m"]))]
    timeout: Option<String>,
    /// How long to wait until the new build is really served.
    #[schemars(extend("examples" = ["3m"]))]
    settle: Option<String>,
    /// `folder`: where it is copied to.
    #[schemars(extend("examples" = ["/srv/www/status"]))]
    path: Option<String>,
    /// `rsync`: where it goes.
    #[schemars(extend("examples" = ["deploy@web1.example:/srv/status"]))]
    to: Option<String>,
    /// `rsync`: the command that connects.
    #[schemars(extend("examples" = ["ssh -p 2222 -i deploy_key"]))]
    ssh: Option<String>,
    /// `s3`: the address of the API.
    #[schemars(extend("examples" = ["https://s3.eu-north-1.amazonaws.com"]))]
    endpoint: Option<String>,
    /// `s3`: the region; `auto` if nothing is said.
    #[schemars(extend("examples" = ["eu-north-1"]))]
    region: Option<String>,
    /// `s3`: the bucket's name.
    #[schemars(extend("examples" = ["status"]))]
    bucket: Option<String>,
    /// `s3`: what stands before every key.
    #[schemars(extend("examples" = ["status"]))]
    prefix: Option<String>,
    /// `s3`: the bucket is part of the path (the default) and not of the host.
    path_style: Option<bool>,
    /// `s3`: the environment variable that holds the access key.
    #[schemars(extend("examples" = ["AWS_ACCESS_KEY_ID"]))]
    access_key_env: Option<String>,
    /// `s3`: the file that holds the access key.
    #[schemars(extend("examples" = ["/run/secrets/s3-id"]))]
    access_key_file: Option<String>,
    /// `s3`: the environment variable that holds the secret key.
    #[schemars(extend("examples" = ["AWS_SECRET_ACCESS_KEY"]))]
    secret_key_env: Option<String>,
    /// `s3`: the file that holds the secret key.
    #[schemars(extend("examples" = ["/run/secrets/s3-key"]))]
    secret_key_file: Option<String>,
    /// `s3`: a file of certificates (PEM) in place of those that browsers know.
    #[schemars(extend("examples" = ["/etc/ssl/our-ca.pem"]))]
    ca_file: Option<String>,
    /// `git`: the repository's address, or the name of a remote; `origin` if nothing is said.
    #[schemars(extend("examples" = ["origin"]))]
    remote: Option<String>,
    /// `git`: the branch; `pages` if nothing is said.
    #[schemars(extend("examples" = ["gh-pages"]))]
    branch: Option<String>,
    /// `git`: a folder of the branch.
    #[schemars(extend("examples" = ["docs"]))]
    folder: Option<String>,
    /// `command`: what `sh` runs; the folder is in `$UPFRONT_FOLDER`.
    #[schemars(extend("examples" = ["scp -r \"$UPFRONT_FOLDER\" web1:"]))]
    command: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum PublishKindWord {
    Folder,
    Rsync,
    S3,
    Git,
    Command,
}

/// Another copy of the page.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct MirrorTable {
    /// The address of a copy of the page.
    #[schemars(extend("examples" = ["https://status2.fjordpost.example"]))]
    url: String,
    /// How readers know it.
    #[schemars(extend("examples" = ["Copy in Frankfurt"]))]
    name: Option<String>,
}

/// What `upfront verify` asks of the site.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct VerifyTable {
    /// Hosts of the provider, whose fate the page must not share.
    #[schemars(extend("examples" = [["fjordpost.example", "mx.fjordpost.example"]]))]
    hosts: Option<Vec<String>>,
    /// A certificate must be good for so many days more.
    #[schemars(extend("examples" = [14]))]
    certificate_days: Option<u32>,
    /// A name server to ask, in place of the machine's own.
    #[schemars(extend("examples" = ["192.0.2.53:53"]))]
    name_server: Option<String>,
    /// A file of certificates (PEM) in place of those that browsers know.
    #[schemars(extend("examples" = ["/etc/ssl/our-ca.pem"]))]
    ca_file: Option<String>,
}

/// A signature in minisign's format.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct SignTable {
    /// The public key, as `minisign -G` prints it.
    #[schemars(extend("examples" = ["RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"]))]
    public_key: String,
    /// The environment variable that holds the secret key.
    #[schemars(extend("examples" = ["UPFRONT_SIGN_KEY"]))]
    key_env: Option<String>,
    /// The file of the secret key.
    #[schemars(extend("examples" = ["/run/secrets/minisign.key"]))]
    key_file: Option<String>,
    /// The environment variable that holds its password.
    #[schemars(extend("examples" = ["UPFRONT_SIGN_PASSWORD"]))]
    password_env: Option<String>,
    /// The file that holds its password.
    #[schemars(extend("examples" = ["/run/secrets/minisign-password"]))]
    password_file: Option<String>,
}

/// Where news is announced. Which keys it has depends on its kind.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ChannelTable {
    /// Its name; what was sent is remembered by it.
    #[schemars(extend("examples" = ["mail"]))]
    id: String,
    /// What speaks to it.
    kind: ChannelKindWord,
    /// For whom it is; for everybody if nothing is said.
    audience: Option<AudienceWord>,
    /// Only what concerns one of these components or groups.
    #[schemars(extend("examples" = [["imap", "mail"]]))]
    components: Option<Vec<String>>,
    /// Disturbances only from this impact on.
    impact: Option<ImpactWord>,
    /// Which kinds of news: `incident`, `maintenance`, `announcement`, `notice`, `report`, `follow_up`; all if nothing is said.
    #[schemars(extend("examples" = [["incident", "report"]]))]
    news: Option<OneOrMore>,
    /// A language of the theme, where it is not the site's.
    #[schemars(extend("examples" = ["nb"]))]
    language: Option<String>,
    /// A template of the theme in place of the kind's own.
    #[schemars(extend("examples" = ["announce/short.txt"]))]
    template: Option<String>,
    /// How long one request may take.
    #[schemars(extend("examples" = ["20s"]))]
    timeout: Option<String>,
    /// It is for `upfront drill`, and hears nothing else.
    drill: Option<bool>,
    /// Staff: what they are called for: `unconfirmed`, `update_overdue`, `rfo_due`, `promise_due`, `feed_silent`, `build_failed`, `publish_failed`.
    #[schemars(extend("examples" = ["unconfirmed"]))]
    when: Option<OneOrMore>,
    /// Staff: how long it must have been so.
    #[schemars(extend("examples" = ["5m"]))]
    after: Option<String>,
    /// Staff: how often it is said again while it is still so.
    #[schemars(extend("examples" = ["30m"]))]
    again: Option<String>,
    /// Staff: hours in which nobody is called; what comes then waits.
    #[schemars(extend("examples" = ["22:00-07:00"]))]
    quiet: Option<String>,
    /// Staff: the zone of those hours; the site's if nothing is said.
    #[schemars(extend("examples" = ["Asia/Tokyo"]))]
    quiet_zone: Option<String>,
    /// Its address, where that is no secret.
    #[schemars(extend("examples" = ["https://mastodon.example"]))]
    url: Option<String>,
    /// `email`, `irc`: the server.
    #[schemars(extend("examples" = ["smtp.elsewhere.example"]))]
    host: Option<String>,
    /// `email`, `irc`: the port.
    #[schemars(extend("examples" = [587]))]
    port: Option<u16>,
    /// `email`: `starttls` (the default), `implicit` or `none`; `irc`: `implicit` (the default) or `none`.
    #[schemars(extend("examples" = ["starttls"]))]
    tls: Option<String>,
    /// `email`, `bluesky`, `discourse`, `irc`: who logs in.
    #[schemars(extend("examples" = ["status"]))]
    user: Option<String>,
    /// `email`: the sender.
    #[schemars(extend("examples" = ["Fjordpost status <status@fjordpost-status.example>"]))]
    from: Option<String>,
    /// `email`: who gets it; a list's address, usually.
    #[schemars(extend("examples" = ["news@lists.fjordpost.example"]))]
    to: Option<OneOrMore>,
    /// `email`: where answers go.
    #[schemars(extend("examples" = ["support@fjordpost.example"]))]
    reply_to: Option<String>,
    /// `email`: its List-Id (RFC 2919); made of the page's host if nothing is said.
    #[schemars(extend("examples" = ["status.fjordpost.example"]))]
    list_id: Option<String>,
    /// `email`: where one unsubscribes (RFC 2369): an address of the web or `mailto:`.
    #[schemars(extend("examples" = ["https://lists.fjordpost.example/leave"]))]
    unsubscribe: Option<String>,
    /// `webhook`: `upfront` (the default) or `statuspage` (Atlassian Statuspage's body).
    #[schemars(extend("examples" = ["statuspage"]))]
    format: Option<String>,
    /// `mastodon`: `public` (the default), `unlisted`, `private` or `direct`.
    #[schemars(extend("examples" = ["unlisted"]))]
    visibility: Option<String>,
    /// `matrix`: the id or alias of the room.
    #[schemars(extend("examples" = ["!abc:matrix.example"]))]
    room: Option<String>,
    /// `slack`, `mattermost`, `irc`: the channel.
    #[schemars(extend("examples" = ["#status"]))]
    channel: Option<String>,
    /// `telegram`: the chat's id or `@name`.
    #[schemars(extend("examples" = ["@fjordpost_status"]))]
    chat: Option<String>,
    /// `discourse`: the number of the category.
    #[schemars(extend("examples" = ["7"]))]
    category: Option<String>,
    /// `discourse`: tags of the topic.
    #[schemars(extend("examples" = ["status"]))]
    tags: Option<String>,
    /// `ntfy`: the topic.
    #[schemars(extend("examples" = ["fjordpost-status"]))]
    topic: Option<String>,
    /// `ntfy`, `pushover`: the priority; it follows from the impact if nothing is said.
    #[schemars(extend("examples" = ["4"]))]
    priority: Option<String>,
    /// `irc`: the name it has.
    #[schemars(extend("examples" = ["fjordstatus"]))]
    nick: Option<String>,
    /// `command`: what `sh` runs; the message is on its standard input, as JSON.
    #[schemars(extend("examples" = ["./sms.sh"]))]
    command: Option<String>,
    /// A file of certificates (PEM) in place of those that browsers know.
    #[schemars(extend("examples" = ["/etc/ssl/our-ca.pem"]))]
    ca_file: Option<String>,
    /// The environment variable that holds its token.
    token_env: Option<String>,
    /// The file that holds its token.
    token_file: Option<String>,
    /// The environment variable that holds its password.
    password_env: Option<String>,
    /// The file that holds its password.
    password_file: Option<String>,
    /// The environment variable that holds its address.
    url_env: Option<String>,
    /// The file that holds its address.
    url_file: Option<String>,
    /// The environment variable that holds what messages are signed with.
    secret_env: Option<String>,
    /// The file that holds what messages are signed with.
    secret_file: Option<String>,
    /// The environment variable that holds the API key of the app.
    consumer_key_env: Option<String>,
    /// The file that holds the API key of the app.
    consumer_key_file: Option<String>,
    /// The environment variable that holds the API secret of the app.
    consumer_secret_env: Option<String>,
    /// The file that holds the API secret of the app.
    consumer_secret_file: Option<String>,
    /// The environment variable that holds the secret of the token.
    token_secret_env: Option<String>,
    /// The file that holds the secret of the token.
    token_secret_file: Option<String>,
    /// The environment variable that holds the key of the user or group.
    user_key_env: Option<String>,
    /// The file that holds the key of the user or group.
    user_key_file: Option<String>,
    /// The environment variable that holds the topic.
    topic_env: Option<String>,
    /// The file that holds the topic.
    topic_file: Option<String>,
    /// The environment variable that holds the key of the channel.
    channel_key_env: Option<String>,
    /// The file that holds the key of the channel.
    channel_key_file: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum ChannelKindWord {
    Email,
    Webhook,
    Mastodon,
    Bluesky,
    X,
    Matrix,
    Slack,
    Mattermost,
    Discord,
    Teams,
    Telegram,
    Discourse,
    Ntfy,
    Pushover,
    Irc,
    Command,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum AudienceWord {
    Public,
    Staff,
}
