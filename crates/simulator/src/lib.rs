//! A simulated telephone switch in virtual time: callers, agents' phones, the network between them and the supervisor's hand,
//! driven through the real [`Driver`](mod_callcenter::driver::Driver) on one thread.
//!
//! One seed decides everything: the same [`Plan`] run twice gives the same inputs and outputs. A [`World`] owns the
//! run; an [`Observer`] sees what passes between engine and switch and never takes part in it.

mod by_hand;
mod calendar;
mod caller;
mod callers;
mod calling_back;
mod database;
mod dice;
mod disk;
pub mod erlang;
pub mod event_socket;
mod expected;
pub mod import;
mod leg;
mod mishaps;
mod observer;
pub mod page;
mod phones;
mod plan;
pub mod replay;
pub mod report;
mod rows;
mod scenario;
pub mod staffing;
mod stream;
pub mod study;
mod surviving;
mod tally;
mod wire;
mod world;
pub mod xml;

pub use calendar::Calendar;
pub use caller::{Caller, CallerId};
pub use dice::{Dice, Draw};
pub use disk::Disk;
pub use expected::{Expected, Lot};
pub use leg::{Leg, Stage};
pub use observer::{Observer, Scene, Unwatched};
pub use plan::{Act, Ambushes, Edit, Fate, Network, Phone, Plan, Storage, Traffic};
pub use rows::Rows;
pub use scenario::{hours_of, markdown_of_keys, Scenario, ScenarioError, KEYS, MIDNIGHT};
pub use stream::draw as draw_callers;
pub use tally::{AgentFigures, Outcome, QueueFigures, Series, Slots, Stay, Tally, Times};
pub use wire::{SimClock, Wire};
pub use world::{Call, Progress, World};
