//! Statistics: counted in the database, by the day they ended on.

use std::time::{Duration, Instant};

use ansflow_store::statistics::{DAY_MS, RunCount};

use crate::world::{World, each_server_database};

const PIPELINES: &str = "INSERT INTO pipeline (id, name, description, version, builds, enabled, max_runs, revision,
                                               created_at, updated_at, updated_by, deleted_at)
     VALUES ('pl_1', 'shop', '', 1, 0, 1, 0, 1, 1, 1, 'mona', 0), ('pl_2', 'store', '', 1, 0, 1, 0, 1, 1, 1, 'mona', 0),
            ('pl_3', 'gone', '', 1, 0, 1, 0, 1, 1, 1, 'mona', 9)";

/// `(id, pipeline, status, ended)` in the order in which they ended; each took a quarter of its time.
async fn runs(world: &World, rows: &[(&str, &str, &str, i64)]) {
    for (number, (id, pipeline, status, ended)) in rows.iter().enumerate() {
        let created = ended - 400;
        world
            .tell(format!(
                "INSERT INTO run (id, pipeline, number, status, seq, created_at, updated_at)
                 VALUES ('{id}', '{pipeline}', {number}, '{status}', 1, {created}, {ended})"
            ))
            .await;
        world
            .tell(format!(
                "INSERT INTO run_detail (run, name, version, cause, started_by, branch, commit_id, retry_of,
                                         request_key, started_at, ended_at)
                 VALUES ('{id}', 'x', 1, 'manual', 'mona', '', '', '', '', {}, {ended})",
                ended - 100
            ))
            .await;
    }
}

#[test]
fn runs_are_counted_by_the_day_they_ended_on() {
    each_server_database(|world| async move {
        world.tamper(PIPELINES).await;
        let (first, second) = (10 * DAY_MS, 11 * DAY_MS);
        runs(
            &world,
            &[
                ("r0", "pl_1", "success", first - 1),
                ("r1", "pl_1", "success", first),
                ("r2", "pl_2", "success", second - 1),
                ("r3", "pl_1", "failed", second),
                ("r4", "pl_1", "cancelled", second + 1),
                ("r5", "pl_2", "running", second + 1),
                ("r6", "pl_2", "queued", second + 1),
            ],
        )
        .await;
        let statistics = world.store.statistics();
        let counts = async |pipeline| {
            let mut counts = statistics.runs(pipeline, first).await.unwrap();
            counts.sort_by(|a, b| (&a.status, a.day).cmp(&(&b.status, b.day)));
            counts
        };
        let count = |status: &str, day, runs| RunCount { status: status.to_owned(), day, runs };
        assert_eq!(counts(None).await, [count("cancelled", 1, 1), count("failed", 1, 1), count("success", 0, 2)]);
        assert_eq!(counts(Some("pl_2")).await, [count("success", 0, 1)]);
        let took = statistics.durations(Some("pl_1"), "success", first).await.unwrap();
        assert_eq!((took.len(), took[0].day, took[0].duration_ms, took[0].queue_ms), (1, 0, 100, 300));
        assert_eq!(statistics.durations(None, "success", first).await.unwrap().len(), 2);
        let mut unfinished = statistics.unfinished().await.unwrap();
        unfinished.sort();
        assert_eq!(unfinished, [("queued".to_owned(), 1), ("running".to_owned(), 1)]);
    });
}

#[test]
fn a_pipeline_fails_until_a_run_of_it_succeeds() {
    each_server_database(|world| async move {
        world.tamper(PIPELINES).await;
        runs(
            &world,
            &[
                ("r0", "pl_1", "failed", 1_000),
                ("r1", "pl_1", "success", 2_000),
                ("r2", "pl_1", "failed", 3_000),
                ("r3", "pl_1", "timed_out", 4_000),
                ("r4", "pl_1", "cancelled", 5_000),
                ("r5", "pl_2", "failed", 6_000),
                ("r6", "pl_3", "failed", 7_000),
            ],
        )
        .await;
        let failing = async || {
            let failing = world.store.statistics().failing(9).await.unwrap();
            failing.into_iter().map(|one| (one.name, one.in_a_row, one.last.id)).collect::<Vec<_>>()
        };
        let row = |name: &str, times, run: &str| (name.to_owned(), times, run.to_owned());
        assert_eq!(failing().await, [row("store", 1, "r5"), row("shop", 2, "r3")]);
        world.tamper("UPDATE run SET status = 'success', updated_at = 8000 WHERE id = 'r5'").await;
        assert_eq!(failing().await, [row("shop", 2, "r3")]);
    });
}

#[test]
fn steps_are_counted_by_name() {
    each_server_database(|world| async move {
        world.tamper(PIPELINES).await;
        runs(&world, &[("r0", "pl_1", "success", DAY_MS)]).await;
        world
            .tamper(
                "INSERT INTO step_result (run, step, pipeline, name, kind, status, attempts, duration_ms, ended_at)
                 VALUES ('r0', 0, 'pl_1', 'a', 'command', 'success', 3, 70, 86400000),
                        ('r0', 1, 'pl_1', 'b', 'script', 'skipped', 0, 0, 86400001),
                        ('r0', 2, 'pl_2', 'a', 'script', 'failed', 1, 9, 86400000)",
            )
            .await;
        let statistics = world.store.statistics();
        let mut steps = statistics.steps("pl_1", 0).await.unwrap();
        steps.sort_by_key(|step| step.place);
        let shown: Vec<String> = steps
            .iter()
            .map(|step| {
                format!("{} {} {} {} {} {}", step.name, step.kind, step.status, step.day, step.steps, step.attempts)
            })
            .collect();
        assert_eq!(shown, ["a command success 1 1 3", "b script skipped 1 1 0"]);
        let took = statistics.step_durations("pl_1", 0).await.unwrap();
        assert_eq!((took.len(), took[0].duration_ms), (1, 70));
    });
}

/// Ten pipelines, and one of them has most of the runs.
#[test]
fn statistics_of_a_hundred_thousand_runs_measured() {
    each_server_database(|world| async move {
        world.tamper(PIPELINES).await;
        let digits = "(VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))";
        let numbers = format!(
            "SELECT a.column1 + 10 * b.column1 + 100 * c.column1 + 1000 * d.column1 + 10000 * e.column1 AS n
             FROM {digits} AS a, {digits} AS b, {digits} AS c, {digits} AS d, {digits} AS e"
        );
        world
            .tell(format!(
                "INSERT INTO run (id, pipeline, number, status, seq, created_at, updated_at)
                 SELECT 'run_' || n, CASE WHEN n % 10 < 8 THEN 'pl_1' ELSE 'pl_2' END, n,
                        CASE WHEN n % 7 < 5 THEN 'success' WHEN n % 7 = 5 THEN 'failed' ELSE 'cancelled' END,
                        1, n * 20000, n * 20000 + 9000 FROM ({numbers}) AS numbers"
            ))
            .await;
        world
            .tamper(
                "INSERT INTO run_detail (run, name, version, cause, started_by, branch, commit_id, retry_of, request_key,
                                         started_at, ended_at)
                 SELECT id, 'x', 1, 'manual', 'mona', '', '', '', '', created_at + 10, updated_at FROM run",
            )
            .await;
        world
            .tamper(
                "INSERT INTO step_result (run, step, pipeline, name, kind, status, attempts, duration_ms, ended_at)
                 SELECT run.id, s.column1, run.pipeline, 'step ' || s.column1, 'command', run.status, 1, 5, run.updated_at
                 FROM run, (VALUES (0), (1), (2)) AS s"
            )
            .await;
        let (pipelines, statistics) = (world.store.pipelines(), world.store.statistics());
        let mut times = Vec::new();
        let mut began = Instant::now();
        let mut lap = |what: &'static str| {
            times.push((what, began.elapsed()));
            began = Instant::now();
        };
        statistics.runs(None, 0).await.unwrap();
        lap("all runs");
        statistics.runs(Some("pl_1"), 0).await.unwrap();
        lap("runs of one");
        assert_eq!(statistics.durations(None, "success", 0).await.unwrap().len(), 10_000);
        lap("all durations");
        assert_eq!(statistics.durations(Some("pl_1"), "failed", 0).await.unwrap().len(), 10_000);
        lap("durations of one");
        statistics.failing(20).await.unwrap();
        lap("failing");
        statistics.steps("pl_1", 0).await.unwrap();
        lap("steps");
        statistics.step_durations("pl_1", 0).await.unwrap();
        lap("durations of steps");
        pipelines.recent_runs(&["pl_1", "pl_2"], 10).await.unwrap();
        lap("recent runs");
        pipelines.unfinished_runs().await.unwrap();
        lap("unfinished runs");
        pipelines.list(None, ansflow_store::pipelines::Sort::LastRun, None, 50).await.unwrap();
        lap("list");
        eprintln!("{times:?}");
        let slow: Vec<_> = times.iter().filter(|(_, took)| *took > Duration::from_secs(3)).collect();
        assert!(slow.is_empty(), "{slow:?}");
    });
}
