//! Every function of the store, on every database there is.

#[cfg(test)]
mod artifacts;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod changes;
#[cfg(test)]
mod clusters;
#[cfg(test)]
mod launching;
#[cfg(test)]
mod lead;
#[cfg(test)]
mod notifications;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod people;
#[cfg(test)]
mod pipelines;
#[cfg(test)]
mod registries;
#[cfg(test)]
mod runs;
#[cfg(test)]
mod sealed;
#[cfg(test)]
mod statistics;
#[cfg(test)]
mod triggers;
#[cfg(test)]
mod turns;
#[cfg(test)]
mod world;
