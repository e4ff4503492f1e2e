//! upfront turns a folder of Markdown incident files into a static status page.
//!
//! Data flows one way, in four steps, and each knows nothing of the later ones:
//!
//! 1. [`load`] reads a folder into a [`model::Site`]. A mistake in a file never stops the others: what could be saved
//!    of it is in the value, what its writer should hear stands beside it ([`diag`]).
//! 2. [`derive`](mod@derive) works out what is true at one moment: what is open, how each component is, what is due next.
//! 3. [`render`] makes every page, feed and asset, as values.
//! 4. [`write`](mod@write) makes a folder equal to them, whole at every moment.
//!
//! Beside the four: [`record`] keeps what monitors reported; [`publish`] sends the folder to where it is served; [`announce`] tells channels of the
//! news; [`verify`] looks at what readers get; [`net`] is how they ask the web; [`drill`] plays a rehearsed outage; [`edit`] changes the writer's own files and keeps every other byte; [`check`] looks for what a build
//! has no time for; `cli` and `cmd` are the edge.
//! The clock is read once, in `main`; everything here takes `now` as an argument.

#![forbid(unsafe_code)]

pub mod announce;
pub mod check;
pub mod cli;
pub mod cmd;
pub mod derive;
pub mod diag;
pub mod drill;
pub mod edit;
pub mod load;
pub mod model;
pub mod net;
pub mod publish;
pub mod record;
pub mod render;
pub mod seal;
pub mod verify;
pub mod write;
