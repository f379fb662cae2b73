use super::nearest;

const KNOWN: [&str; 9] =
    ["name", "type", "command", "docker_build", "docker_push", "working_directory", "构建镜像", "部署", "needs"];

fn check(word: &str, expected: Option<&str>) {
    assert_eq!(nearest(word, KNOWN), expected, "for `{word}`");
}

#[test]
fn slips_of_the_finger_are_understood() {
    check("tpye", Some("type"));
    check("comand", Some("command"));
    check("docker_bulid", Some("docker_build"));
    check("need", Some("needs"));
}

#[test]
fn case_and_separators_do_not_count() {
    check("Docker-Push", Some("docker_push"));
    check("WORKING DIRECTORY", Some("working_directory"));
}

#[test]
fn chinese_words_have_neighbours_too() {
    check("构建景像", Some("构建镜像"));
    check("布署", Some("部署"));
    check("测试", None);
}

#[test]
fn a_wild_guess_is_not_made() {
    check("xyz", None);
    check("", None);
    check("kubernetes", None);
    check(&"n".repeat(1_000_000), None);
}

#[test]
fn of_equally_near_words_the_first_is_taken() {
    assert_eq!(nearest("cat", ["bat", "car", "cat2"]), Some("bat"));
}
