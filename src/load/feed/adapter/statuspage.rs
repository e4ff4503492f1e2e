//! Atlassian Statuspage, API v2: an upstream provider.

use super::{nothing, once};
use crate::load::feed::{Adapter, Auth};

pub(super) const ADAPTER: Adapter = Adapter { requests: once, auth: Auth::Bearer, read: nothing };
