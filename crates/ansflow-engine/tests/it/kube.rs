//! Steps on clusters, driven by a real engine in real attempt processes, against simulated clusters.

mod far;
mod jobs;
mod refused;
mod two_clusters;
