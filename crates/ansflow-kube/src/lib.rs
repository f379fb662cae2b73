//! Kubernetes, as AnsFlow needs it: clusters, deploys, and why one goes wrong.
