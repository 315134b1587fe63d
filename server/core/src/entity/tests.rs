//! Parsing of URIs and paths.

use super::*;

#[track_caller]
fn check(uri: &str, expected: &str) {
    let shown = match Entity::from_uri(uri, Some("file:///home/jane/work/")) {
        Entity::Path(path) => format!("path {path}"),
        Entity::Url(url) => format!("url {url}"),
        other => other.to_string(),
    };
    assert_eq!(shown, expected, "{uri}");
}

#[test]
fn file_uris_become_paths() {
    check("file:///home/jane/a.rs", "path /home/jane/a.rs");
    check("file:///home/jane/a%20b%C3%A9.rs", "path /home/jane/a bé.rs");
    check("file:///home/jane/100%.rs", "path /home/jane/100%.rs");
    check("file:///c%3A/src/a.rs", "path C:/src/a.rs");
    check("file:///C:/src/a.rs", "path C:/src/a.rs");
    check("c:\\src\\..\\a.rs", "path C:/a.rs");
    check("/home/jane/./x/../a.rs", "path /home/jane/a.rs");
    // Two backslashes without a server, and a server of WSL without a distribution.
    check("\\\\", "path /");
    check("\\\\\\a.rs", "path /a.rs");
    check("\\\\wsl$\\", "path //wsl$/");
}

#[test]
fn virtual_uris_map_by_their_path() {
    check("git:/home/jane/a.rs?%7B%22ref%22%7D", "path /home/jane/a.rs");
    check("oil:///home/jane/", "path /home/jane");
    check("vscode-notebook-cell:/n.ipynb#W0", "path /n.ipynb");
    check("gitlens://7b22726566223a2231227d/w/a.rs?1", "path /w/a.rs");
}

#[test]
fn what_has_no_path_is_unnamed_under_its_root() {
    check("untitled:Untitled-1", "/home/jane/work (no file)");
    check("", "/home/jane/work (no file)");
    check("relative/a.rs", "/home/jane/work (no file)");
    check("file://", "/home/jane/work (no file)");
}

#[test]
fn urls_lose_query_fragment_credentials_and_the_usual_port() {
    check(
        "https://me:secret@GitHub.com:443/acme/api?token=1#x",
        "url https://github.com/acme/api",
    );
    check("http://localhost:8080", "url http://localhost:8080/");
    check("https://?q", "/home/jane/work (no file)");
    check("https://B\u{fc}cher.example:443", "url https://xn--bcher-kva.example/");
    check("HTTP://[::1]:80/a/../b c", "url http://[::1]/b%20c");
    check("https://host:99999/", "/home/jane/work (no file)");
}

/// Writes a text in hexadecimal digits, as VS Code does in an authority.
fn hex(text: &str) -> String {
    text.bytes()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[track_caller]
fn all(uris: &[&str], expected: &str) {
    for uri in uris {
        check(uri, &format!("path {expected}"));
    }
}

#[test]
fn a_file_on_a_host_has_one_name_however_the_editor_writes_it() {
    let named = hex(r#"{"hostName":"Beta","user":"jane","port":2222}"#);
    let named = format!("vscode-remote://ssh-remote%2B{named}/srv/app/a.rs");
    let uris = [
        "ssh://beta/srv/app/a.rs",
        "vscode-remote://ssh-remote%2Bbeta/srv/app/a.rs",
        "vscode-remote://ssh-remote+jane@Beta:22/srv/app/a.rs",
        "vscode-notebook-cell://ssh-remote%2Bbeta/srv/app/a.rs#W1",
        "scp://beta//srv/app/a.rs",
        "scp://jane@beta:22//srv/app/a.rs",
        "sftp://beta/srv/app/../app/a.rs",
        "oil-ssh://jane@beta:22//srv/app/a.rs",
        "/ssh:beta:/srv/app/a.rs",
        "/ssh:jane@beta#22:/srv/app/a.rs",
        "/ssh:gate|scp:beta:/srv/app/a.rs",
        "file:///ssh:beta:/srv/app/a.rs",
    ];
    all(&uris, "ssh://beta/srv/app/a.rs");
    check(&named, "path ssh://beta/srv/app/a.rs");
    all(&["ssh://[::1]:22/a.rs", "/ssh:[::1]:/a.rs"], "ssh://[::1]/a.rs");
    all(&["/sudo::/etc/hosts", "/sudo:root@localhost:/etc/hosts"], "/etc/hosts");
}

#[test]
fn a_distribution_of_wsl_has_one_name() {
    let uris = [
        "wsl://ubuntu/home/jane/a.rs",
        "vscode-remote://wsl%2BUbuntu/home/jane/a.rs",
        "file://wsl.localhost/Ubuntu/home/jane/a.rs",
        "file://wsl%24/Ubuntu/home/jane/a.rs",
        "\\\\wsl.localhost\\Ubuntu\\home\\jane\\a.rs",
        "//wsl$/Ubuntu/home/jane/a.rs",
    ];
    all(&uris, "wsl://ubuntu/home/jane/a.rs");
}

#[test]
fn a_share_keeps_its_server() {
    let uris = [
        "file://Server/share/acme/a.rs",
        "file:////server/share/acme/a.rs",
        "//server/share/acme/a.rs",
        "\\\\server\\share\\acme\\a.rs",
        "\\\\?\\UNC\\server\\share\\acme\\a.rs",
    ];
    all(&uris, "//server/share/acme/a.rs");
    all(&["file://localhost/w/a.rs", "file:///w//a.rs"], "/w/a.rs");
    check("\\\\?\\C:\\src\\a.rs", "path C:/src/a.rs");
    check("/w/a:b/c.rs", "path /w/a:b/c.rs");
    check("/a:b/c.rs", "path /a:b/c.rs");
}

#[test]
fn a_container_that_was_attached_to_is_a_host() {
    for name in [
        hex("/eager_Cori"),
        hex(r#"{"containerName":"/eager_cori","settings":{}}"#),
    ] {
        let uri = format!("vscode-remote://attached-container%2B{name}/app/a.rs");
        check(&uri, "path container://eager_cori/app/a.rs");
    }
    all(&["/docker:eager_cori:/app/a.rs"], "container://eager_cori/app/a.rs");
    check("vscode-remote://tunnel%2Bbox/srv/a.rs", "path tunnel://box/srv/a.rs");
    check(
        "vscode-vfs://github%2B7b7d/acme/api/a.rs",
        "path vscode-vfs://github/acme/api/a.rs",
    );
}

#[test]
fn a_dev_container_is_the_folder_that_it_was_made_for() {
    #[track_caller]
    fn check(authority: &str, uri: &str, cwd: &str, expected: &str) {
        let of = |path: &str| format!("vscode-remote://{}/{path}", authority.replace('+', "%2B"));
        let (uri, cwd) = (of(uri), of(cwd));
        let root = of("workspaces/app");
        let uri = (!uri.ends_with('/')).then_some(&*uri);
        let cwd = (!cwd.ends_with('/')).then_some(&*cwd);
        assert_eq!(Entity::seen(uri, cwd, Some(&root)).to_string(), expected, "{uri:?}");
    }
    let plain = format!("dev-container+{}", hex("/home/jane/app"));
    let told = hex(r#"{"hostPath":"/home/jane/app","localDocker":false}"#);
    let nested = format!("dev-container+{told}@ssh-remote+beta");
    let told = format!("dev-container+{told}");
    for authority in [&plain, &told] {
        check(authority, "workspaces/app/src/a.rs", "", "/home/jane/app/src/a.rs");
        check(
            authority,
            "workspaces/app/../../etc/hosts",
            "",
            "/home/jane/app (no file)",
        );
        check(authority, "workspaces/apple/a.rs", "", "/home/jane/app (no file)");
        check(authority, "etc/hosts", "", "/home/jane/app (no file)");
        check(authority, "", "workspaces/app/sub", "/home/jane/app/sub (no file)");
        check(authority, "", "tmp", "/home/jane/app (no file)");
        check(authority, "", "", "/home/jane/app (no file)");
    }
    check(&nested, "workspaces/app/a.rs", "", "ssh://beta/home/jane/app/a.rs");
    let drive = format!("dev-container+{}", hex("c:\\Users\\jane\\app"));
    check(&drive, "workspaces/app/a.rs", "", "C:/Users/jane/app/a.rs");
    let wsl = format!("dev-container+{}", hex("\\\\wsl.localhost\\Ubuntu\\home\\jane\\app"));
    check(&wsl, "workspaces/app/a.rs", "", "wsl://ubuntu/home/jane/app/a.rs");
}

#[test]
fn work_without_a_file_belongs_to_its_own_folder_before_the_root() {
    let seen = |uri, cwd, root| Entity::seen(uri, cwd, root).to_string();
    let root = Some("file:///w/api");
    assert_eq!(seen(None, Some("file:///w/web/"), root), "/w/web (no file)");
    assert_eq!(seen(None, None, root), "/w/api (no file)");
    assert_eq!(
        seen(Some("untitled:Untitled-1"), Some("/w/web"), root),
        "/w/web (no file)"
    );
    assert_eq!(seen(Some("file:///w/a.rs"), Some("/w/web"), root), "/w/a.rs");
    assert_eq!(seen(None, Some("relative"), root), "/w/api (no file)");
    assert_eq!(
        seen(None, Some("vscode-remote://ssh-remote%2Bbeta/"), root),
        "ssh://beta/ (no file)"
    );
    assert_eq!(seen(None, None, None), "(no file)");
}
