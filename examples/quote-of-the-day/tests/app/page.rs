//! The page.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::http::{Response, get};
use crate::program::App;

fn page(app: &App) -> Response {
    let page = get(app.address, "/");
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    page
}

/// Makes every day's quotation this one.
fn replace_quotation(app: &App, text: &str, author: &str, year: Option<i32>) {
    let database = app.connect();
    database.execute("DELETE FROM quotes WHERE turn <> 0", []).unwrap();
    let change = "UPDATE quotes SET text = ?1, author = ?2, year = ?3 WHERE turn = 0";
    assert_eq!(database.execute(change, (text, author, year)).unwrap(), 1);
}

#[test]
fn the_page_shows_the_quotation_of_the_day() {
    let app = App::start();
    replace_quotation(&app, "Carpe diem — 千里之行", "Horace", Some(-23));
    let body = page(&app).body;
    assert!(body.contains("<p>Carpe diem — 千里之行</p>"), "{body}");
    assert!(body.contains("<b>Horace</b>, 23 BC<"), "{body}");
    let date = get(app.address, "/quote").json()["date"].as_str().unwrap().to_owned();
    assert!(body.contains(&format!("<time datetime=\"{date}\">")), "{body}");
    assert!(!body.contains("{{") && !body.contains("}}"));

    replace_quotation(&app, "x", "y", Some(1637));
    assert!(page(&app).body.contains("<b>y</b>, 1637<"));
    replace_quotation(&app, "x", "y", None);
    assert!(page(&app).body.contains("<b>y</b><"));
}

#[test]
fn a_quotation_cannot_become_markup_or_template() {
    let app = App::start();
    let plain = page(&app).body.matches('<').count();
    replace_quotation(&app, "<script>alert('1')</script> \" & {{author}}", "\"><b>{{id}}</b>", None);
    let body = page(&app).body;
    assert!(
        body.contains("<p>&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &quot; &amp; {{author}}</p>"),
        "{body}"
    );
    assert!(body.contains("<b>&quot;&gt;&lt;b&gt;{{id}}&lt;/b&gt;</b>"), "{body}");
    assert_eq!(body.matches('<').count(), plain);
}

#[test]
fn the_page_has_no_outside_asset_and_its_policy_allows_none() {
    let app = App::start();
    let page = page(&app);
    for outside in ["http:", "https:", "src=", "url(", "@import", "<script", "style=", "href=\"//"] {
        assert!(!page.body.contains(outside), "{outside}");
    }
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"), "{policy}");
}

#[test]
fn the_policy_names_the_hash_of_the_style() {
    let app = App::start();
    let page = page(&app);
    let (_, style) = page.body.split_once("<style>").unwrap();
    let (style, _) = style.split_once("</style>").unwrap();
    let source = format!("style-src 'sha256-{}';", BASE64_STANDARD.encode(Sha256::digest(style)));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains(&source), "page.html's style has changed; the policy in page.rs needs {source}");
}
