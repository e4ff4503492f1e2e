//! UptimeRobot.

use super::{nothing, once};
use crate::load::feed::{Adapter, Auth};

pub(super) const ADAPTER: Adapter = Adapter { requests: once, auth: Auth::Bearer, read: nothing };
