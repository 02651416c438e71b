//! To whom this node has granted which name, and who waits for it.

use snow_process::NodeIndex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A claim of some node; the least is the oldest.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ClaimId {
    /// When it was made, by the claimant's time; no two of one claimant are the same.
    pub stamp: u64,
    /// The claimant's name.
    pub node: Arc<str>,
    /// The claimant.
    pub claimant: NodeIndex,
}

/// The claims to one name.
#[derive(Debug, Default)]
struct Vote {
    granted: Option<ClaimId>,
    /// Whether the claimant has been asked to yield.
    is_inquired: bool,
    waiting: BTreeSet<ClaimId>,
}

/// What a new claim brings about.
#[derive(Clone, PartialEq, Eq, Debug)]
#[must_use]
pub enum Next {
    /// Nothing for now.
    Wait,
    /// This claim is granted the name from now on.
    Grant(ClaimId),
    /// An older claim waits for what this one was granted.
    Inquire(ClaimId),
}

/// All votes. A name that nobody claims has none.
#[derive(Debug, Default)]
pub struct Votes(BTreeMap<Arc<str>, Vote>);

impl Votes {
    /// A claim comes in.
    pub fn claim(&mut self, name: &Arc<str>, id: ClaimId) -> Next {
        let vote = self.0.entry(name.clone()).or_default();
        let inquiry = vote.granted.clone().filter(|granted| id < *granted && !vote.is_inquired);
        vote.waiting.insert(id);
        match inquiry {
            Some(granted) => {
                vote.is_inquired = true;
                Next::Inquire(granted)
            }
            None => self.next(name),
        }
    }

    /// Grants the name to the oldest claim that waits, if it is free.
    pub fn next(&mut self, name: &str) -> Next {
        let Some(vote) = self.0.get_mut(name) else { return Next::Wait };
        if vote.granted.is_some() {
            return Next::Wait;
        }
        vote.is_inquired = false;
        vote.granted = vote.waiting.pop_first();
        match vote.granted.clone() {
            Some(id) => Next::Grant(id),
            None => {
                self.0.remove(name);
                Next::Wait
            }
        }
    }

    /// A claim is over; [`Votes::next`] tells whose turn it is.
    pub fn retract(&mut self, name: &str, id: &ClaimId) {
        let Some(vote) = self.0.get_mut(name) else { return };
        if vote.granted.as_ref() == Some(id) {
            vote.granted = None;
        }
        vote.waiting.remove(id);
    }

    /// A claim gives its grant back and waits again; [`Votes::next`] tells whose turn it is.
    pub fn give_back(&mut self, name: &str, id: &ClaimId) {
        if let Some(vote) = self.0.get_mut(name)
            && vote.granted.as_ref() == Some(id)
        {
            vote.waiting.extend(vote.granted.take());
        }
    }

    /// The name is had: everyone who claims it, granted or waiting.
    pub fn close(&mut self, name: &str) -> Vec<ClaimId> {
        let Some(vote) = self.0.remove(name) else { return vec![] };
        vote.granted.into_iter().chain(vote.waiting).collect()
    }

    /// Whether nobody claims anything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
