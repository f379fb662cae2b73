//! Addresses that nobody can guess.

use ansflow_store::Error;

use super::{at, keyring, pipeline, server};
use crate::world::each_database;

#[test]
fn a_hook_is_found_by_its_token_and_opened_by_the_key() {
    each_database(|world| async move {
        let (store, key) = (server(&world).await, keyring(&world));
        pipeline(&store, "pl_1", "webhook", &[]).await;
        assert!(store.hooks().of("pl_1").await.unwrap().is_none());
        store.hooks().renew(&key, "pl_1", "token-1", "secret-1", at(5)).await.unwrap();
        let hook = store.hooks().by_token("token-1").await.unwrap().unwrap();
        assert_eq!((hook.pipeline.as_str(), hook.updated_at), ("pl_1", 5_000));
        assert_eq!(*hook.secret(&key).unwrap(), *"secret-1");
        assert!(!format!("{hook:?}").contains("secret-1"));

        store.hooks().renew(&key, "pl_1", "token-2", "secret-2", at(6)).await.unwrap();
        assert!(store.hooks().by_token("token-1").await.unwrap().is_none(), "what it had is worth nothing");
        let hook = store.hooks().of("pl_1").await.unwrap().unwrap();
        assert_eq!((hook.token.as_str(), &**hook.secret(&key).unwrap()), ("token-2", "secret-2"));
        assert!(store.hooks().remove("pl_1").await.unwrap() && !store.hooks().remove("pl_1").await.unwrap());
        assert!(store.hooks().by_token("token-2").await.unwrap().is_none());
    });
}

#[test]
fn the_secret_of_another_hook_does_not_open() {
    each_database(|world| async move {
        let (store, key) = (server(&world).await, keyring(&world));
        for id in ["pl_1", "pl_2"] {
            pipeline(&store, id, "webhook", &[]).await;
            store.hooks().renew(&key, id, &format!("token-of-{id}"), id, at(5)).await.unwrap();
        }
        world.tamper("UPDATE hook SET sealed = (SELECT sealed FROM hook WHERE pipeline = 'pl_2')").await;
        let hook = store.hooks().of("pl_1").await.unwrap().unwrap();
        assert!(matches!(hook.secret(&key), Err(Error::Corrupt(_))));
    });
}

#[test]
fn a_pipeline_that_is_not_there_gets_no_hook_and_one_that_was_deleted_has_none() {
    each_database(|world| async move {
        let (store, key) = (server(&world).await, keyring(&world));
        let missing = store.hooks().renew(&key, "pl_9", "t", "s", at(5)).await;
        assert!(matches!(missing, Err(Error::NotFound(_))));
        pipeline(&store, "pl_1", "webhook", &[]).await;
        store.hooks().renew(&key, "pl_1", "token", "secret", at(5)).await.unwrap();
        world.tamper("UPDATE pipeline SET deleted_at = 9").await;
        assert!(store.hooks().by_token("token").await.unwrap().is_none());
        let gone = store.hooks().renew(&key, "pl_1", "token", "secret", at(6)).await;
        assert!(matches!(gone, Err(Error::NotFound(_))));
    });
}

#[test]
fn candidates_are_pipelines_that_speak_of_webhooks() {
    each_database(|world| async move {
        let store = server(&world).await;
        for (id, body) in [("pl_3", "type: webhook"), ("pl_1", "- {type: webhook}"), ("pl_2", "type: manual")] {
            pipeline(&store, id, body, &[]).await;
        }
        super::rewrite(&store, "pl_1", 1, "type: webhook # again", &[]).await;
        let page = store.hooks().candidates("", 1).await.unwrap();
        let found = |page: &[ansflow_store::hooks::Candidate]| {
            page.iter().map(|found| format!("{} {}", found.pipeline, found.body)).collect::<Vec<_>>()
        };
        assert_eq!(found(&page), ["pl_1 type: webhook # again"]);
        assert_eq!(found(&store.hooks().candidates("pl_1", 9).await.unwrap()), ["pl_3 type: webhook"]);
    });
}
