//! Steps on clusters, driven by a real engine in real attempt processes, against simulated clusters.

mod ends;
mod far;
mod jobs;
mod left;
mod refused;
mod two_clusters;
