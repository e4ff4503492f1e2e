//! `upfront man`: one manual page with every command, made from the same definitions as the help.

use clap::CommandFactory as _;
use clap_mangen::Man;

use super::{Edge, Failure, Status};
use crate::cli::Cli;

/// Prints the manual page.
pub(super) fn run(edge: &Edge) -> Result<Status, Failure> {
    let page = page().map_err(|error| Failure::new(format!("could not make the manual page: {error}")))?;
    edge.print(&page)?;
    Ok(Status::Fine)
}

fn page() -> std::io::Result<String> {
    let mut page = Vec::new();
    let top = Man::new(Cli::command().disable_help_subcommand(true));
    top.render_title(&mut page)?;
    top.render_name_section(&mut page)?;
    top.render_synopsis_section(&mut page)?;
    top.render_description_section(&mut page)?;
    top.render_options_section(&mut page)?;
    for command in Cli::command().get_subcommands() {
        subcommand(command, &mut page)?;
    }
    afterwards(&Cli::command(), ".SH", &mut page);
    top.render_version_section(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// A section for a command; what are sections in a page of its own are parts of it here.
fn subcommand(command: &clap::Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    let name = format!("upfront {}", command.get_name());
    // Not built as a part of the whole: the flags of every command then stand once, at the top.
    let man = Man::new(command.clone().bin_name(&name).disable_help_flag(true));
    let mut parts = Vec::new();
    man.render_description_section(&mut parts)?;
    man.render_synopsis_section(&mut parts)?;
    man.render_options_section(&mut parts)?;
    page.extend_from_slice(format!(".SH \"{}\"\n", name.to_uppercase()).as_bytes());
    for line in String::from_utf8_lossy(&parts).lines() {
        let line = match line {
            ".SH DESCRIPTION" => continue,
            line => line.replacen(".SH ", ".SS ", 1),
        };
        page.extend_from_slice(line.as_bytes());
        page.push(b'\n');
    }
    afterwards(command, ".SS", page);
    Ok(())
}

/// What stands below the help: examples, which keep their lines, and sentences, which do not.
fn afterwards(command: &clap::Command, heading: &str, page: &mut Vec<u8>) {
    let Some(text) = command.get_after_help() else { return };
    let mut roff = format!("{heading} EXAMPLES\n");
    for line in text.to_string().lines() {
        let escaped = line.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq");
        match line {
            "Example:" | "Examples:" | "" => {}
            line if line.starts_with(' ') => roff.push_str(&format!(".nf\n\\&{escaped}\n.fi\n")),
            _ => roff.push_str(&format!(".PP\n\\&{escaped}\n")),
        }
    }
    page.extend_from_slice(roff.as_bytes());
}
