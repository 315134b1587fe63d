//! `verify` compares the files and the chain's head with the stored ones.

use super::*;

/// Returns all that `verify` names.
fn problems(engine: &mut Engine) -> Vec<String> {
    engine
        .verify(None, None)
        .unwrap()
        .problems
        .iter()
        .map(|problem| problem.problem.clone())
        .collect()
}

#[test]
fn verify_writes_files_that_are_missing_and_names_those_that_were_changed() {
    let folder = home();
    let mut engine = open(&folder);
    week(&mut engine);
    let invoice = ask(&mut engine, issue("acme", day(0))).unwrap();
    let path = std::path::PathBuf::from(invoice["files"][0].as_str().unwrap());
    let bytes = fs::read(&path).unwrap();
    let found = engine.verify(None, None).unwrap();
    assert!(found.holds(), "{found}");
    assert_eq!((found.files.intact, found.files.written.len()), (1, 0));
    fs::remove_file(&path).unwrap();
    let found = engine.verify(None, None).unwrap();
    assert_eq!((found.holds(), found.files.written), (true, vec![path.clone()]));
    assert_eq!(fs::read(&path).unwrap(), bytes);
    fs::write(&path, "another").unwrap();
    let found = problems(&mut engine);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains(path.to_str().unwrap()), "{found:?}");
    // The file is left alone until the user renders the invoice again.
    assert_eq!(fs::read(&path).unwrap(), b"another");
}

/// A crash after the commit leaves an invoice without its documents.
#[test]
fn verify_renders_documents_that_are_missing_and_names_those_that_it_cannot_make() {
    let folder = home();
    let mut engine = open(&folder);
    week(&mut engine);
    ask(&mut engine, issue("acme", day(0))).unwrap();
    let config = fs::read_to_string(folder.path().join("keeptab.toml")).unwrap();
    let formats = config.replace(
        "[client.acme]\n",
        "[client.acme]\nformats = [\"html\", \"xrechnung\"]\n",
    );
    assert_ne!(config, formats);
    fs::write(folder.path().join("keeptab.toml"), formats).unwrap();
    engine.reload(at(NOW)).unwrap();
    let found = engine.verify(None, None).unwrap();
    assert_eq!((found.holds(), found.documents), (true, 1), "{found}");
    let made: Vec<_> = found.files.rendered.iter().map(|path| path.extension()).collect();
    assert_eq!(made, [Some("html".as_ref())], "{found}");
    assert_eq!(found.files.trouble.len(), 1, "{found}");
    assert!(!found.to_string().contains("all agrees"), "{found}");
    let found = engine.verify(None, None).unwrap();
    assert_eq!(
        (found.documents, found.files.intact, found.files.rendered.len()),
        (2, 2, 0),
        "{found}"
    );
}

#[test]
fn verify_compares_with_a_head_that_was_noted() {
    let folder = home();
    let mut engine = open(&folder);
    week(&mut engine);
    ask(&mut engine, issue("acme", day(0))).unwrap();
    let verify = |head: Option<&str>| {
        let head = head.map(|head| head.parse().unwrap());
        move |engine: &mut Engine, _: Instant| engine.verify(None, head)
    };
    let found = ask(&mut engine, verify(None)).unwrap();
    let head = found["chain"]["head"].as_str().unwrap().to_owned();
    ask(&mut engine, cancel("JDS-202611-0001", None, false)).unwrap();
    let later = ask(&mut engine, verify(Some(&head))).unwrap();
    assert_eq!(later["chain"]["noted"], found["chain"]["links"]);
    assert_eq!(later["problems"], serde_json::json!([]));
    let other = ask(&mut engine, verify(Some(&"ab".repeat(32)))).unwrap();
    assert_eq!(other["problems"].as_array().unwrap().len(), 1);
}
