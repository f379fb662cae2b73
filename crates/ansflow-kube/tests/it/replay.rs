//! Recordings of a real cluster, each judged as a live step would be.
use ansflow_kube::replay::{Expected, Recording, Score, Scored, folders, replay};

#[test]
fn score() {
    let dir = std::env::var("ROLLOUTS").unwrap();
    let mut score = Score::default();
    for path in folders(dir.as_ref()).unwrap() {
        let recording = Recording::read(&path).unwrap();
        let expected = Expected::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let outcome = replay(&recording);
        if expected.as_ref().is_some_and(|e| !e.is_object(&outcome)) { println!("OBJ {name}"); }
        println!("   {}", outcome.verdict.summary);
        score.scored.push(Scored { name, outcome, expected });
    }
    println!("{score}");
}
