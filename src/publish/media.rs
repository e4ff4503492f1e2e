//! What a file is called in HTTP, and how long a copy of it holds.

/// By the ending of a file's name. The endings are those that a site has.
pub fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        "atom" => "application/atom+xml; charset=utf-8",
        "rss" => "application/rss+xml; charset=utf-8",
        "xml" => "application/xml; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "pdf" => "application/pdf",
        _ => "text/plain; charset=utf-8",
    }
}

/// What `Cache-Control` should say: a year for what has its hash in its name; for all else, so short that news is not held
/// back.
pub fn cache_control(path: &str) -> &'static str {
    match path {
        _ if path.starts_with("assets/") => "public, max-age=31536000, immutable",
        // Asked again each time, which costs a line where it is unchanged.
        _ if path.ends_with(".html") => "public, max-age=0, must-revalidate",
        _ => "public, max-age=60",
    }
}
