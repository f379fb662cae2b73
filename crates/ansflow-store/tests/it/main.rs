//! Every function of the store, on every database there is.

#[cfg(test)]
mod artifacts;
#[cfg(test)]
mod changes;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod runs;
#[cfg(test)]
mod world;
