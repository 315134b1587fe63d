use super::*;

#[test]
fn signs_tell_names_apart_and_case_and_spaces_do_not() {
    for (one, two) in [("Acme Co", "acme  co"), ("C++", "c++"), ("\u{2665}", "\u{2665}")] {
        assert!(is_same(one, two) && is_alike(one, two), "{one} {two}");
    }
    for (one, two) in [
        ("C", "C++"),
        ("C#", "C++"),
        ("A&B", "A+B"),
        ("\u{2665}", "\u{2602}"),
        ("Acme-Web", "Acme Web"),
        ("C", "c."),
    ] {
        assert!(!is_same(one, two) && !is_alike(one, two), "{one} {two}");
    }
    // A client known by its id may be written in short.
    assert!(!is_same("Acme", "Acme Ltd") && is_alike("Acme", "Acme Ltd"));
}
