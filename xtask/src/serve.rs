//! A static web server for `dist/` on this machine alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use tiny_http::{Header, Method, Request, Response, Server};

use crate::sh::{Error, Result, say};
use crate::workspace::Workspace;

/// The port that people and `trunk serve` use.
pub(crate) const PORT: u16 = 8080;

/// Browsers open up to six connections to one host.
const WORKERS: usize = 6;

/// Serves the built page until the program is ended.
pub(crate) fn forever(ws: &Workspace, port: u16) -> Result<()> {
    let site = Site::start(ws.dist(), port, false)?;
    say(&format!("Layerscope is at http://127.0.0.1:{} (Ctrl+C ends it)", site.port));
    for worker in site.workers {
        // A worker only ends with the program, or with a panic that has been printed already.
        let _ = worker.join();
    }
    Ok(())
}

/// A running server.
pub(crate) struct Site {
    /// The port it listens on.
    pub(crate) port: u16,
    workers: Vec<thread::JoinHandle<()>>,
}

impl Site {
    /// Starts to serve a folder; port 0 takes a free one. `isolated` asks for cross-origin isolation, which gives
    /// a page finer clocks and a measure of its memory; it is off where people are served, as on a plain host.
    pub(crate) fn start(root: PathBuf, port: u16, isolated: bool) -> Result<Self> {
        if !root.join("index.html").is_file() {
            return Err(Error::Other(format!("there is no page in {}: build it first", root.display())));
        }
        let server = Server::http(("127.0.0.1", port)).map_err(|source| {
            Error::Other(format!("port {port} on 127.0.0.1 is not to be had ({source}): try --port with another"))
        })?;
        let port = server.server_addr().to_ip().map_or(port, |address| address.port());
        let server = Arc::new(server);
        let root = Arc::new(root);
        let workers = (0..WORKERS)
            .map(|_| {
                let (server, root) = (Arc::clone(&server), Arc::clone(&root));
                thread::spawn(move || {
                    while let Ok(request) = server.recv() {
                        answer(request, &root, isolated);
                    }
                })
            })
            .collect();
        Ok(Self { port, workers })
    }
}

fn answer(request: Request, root: &Path, isolated: bool) {
    let found = match request.method() {
        Method::Get | Method::Head => resolve(root, request.url()),
        _ => Err(405),
    };
    let read = found.and_then(|path| fs::read(&path).map(|bytes| (bytes, mime(&path))).map_err(|_| 404));
    let (status, bytes, mime) = match read {
        Ok((bytes, mime)) => (200, bytes, mime),
        Err(status) => (status, format!("{status}\n").into_bytes(), "text/plain; charset=utf-8"),
    };
    let mut response = Response::from_data(bytes).with_status_code(status);
    // A page that was built anew must be seen at once.
    let mut headers =
        vec![("Content-Type", mime), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")];
    if isolated {
        headers.push(("Cross-Origin-Opener-Policy", "same-origin"));
        headers.push(("Cross-Origin-Embedder-Policy", "require-corp"));
    }
    for (name, value) in headers {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    // The browser may have gone away; there is nobody left to tell.
    let _ = request.respond(response);
}

/// The file that a URL asks for, or the HTTP status that refuses it.
fn resolve(root: &Path, url: &str) -> std::result::Result<PathBuf, u16> {
    let path = decode(url.split(['?', '#']).next().unwrap_or_default()).ok_or(400_u16)?;
    let mut file = root.to_path_buf();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        // A colon or a backslash would name a drive or a parent on Windows.
        if part == ".." || part.contains(['\\', ':', '\0']) {
            return Err(403);
        }
        file.push(part);
    }
    if file.is_dir() {
        file.push("index.html");
    }
    if file.is_file() {
        // A link inside the folder must not lead out of it.
        let inside = match (file.canonicalize(), root.canonicalize()) {
            (Ok(file), Ok(root)) => file.starts_with(root),
            _ => false,
        };
        return if inside { Ok(file) } else { Err(403) };
    }
    // Any other address is a view of the page. What has an extension is a file, and a missing file must not look
    // like a page to the code that asked for it.
    if file.extension().is_none() { Ok(root.join("index.html")) } else { Err(404) }
}

/// Percent-decoding; nothing where it is malformed or not UTF-8.
fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn mime(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;

    fn folder(name: &str) -> PathBuf {
        let root = std::env::temp_dir().join(format!("layerscope-serve-{name}-{}", std::process::id()));
        fs::create_dir_all(root.join("weights")).expect("the temporary folder should be writable");
        fs::write(root.join("index.html"), "<p>page</p>").expect("the page should be written");
        fs::write(root.join("page_bg.wasm"), b"\0asm").expect("the module should be written");
        root
    }

    #[test]
    fn files_views_and_missing_files() {
        let root = folder("resolve");
        assert_eq!(resolve(&root, "/"), Ok(root.join("index.html")));
        assert_eq!(resolve(&root, "/page_bg.wasm?x=1"), Ok(root.join("page_bg.wasm")));
        assert_eq!(resolve(&root, "/lenet5?layer=C3"), Ok(root.join("index.html")));
        assert_eq!(resolve(&root, "/weights/none.safetensors"), Err(404));
        assert_eq!(resolve(&root, "/%zz"), Err(400));
        fs::remove_dir_all(&root).expect("the temporary folder should go");
    }

    #[test]
    fn nothing_outside_the_folder_is_served() {
        let root = folder("outside");
        for url in ["/../secret", "/%2e%2e/secret", "/weights/..%2f..%2fsecret", "/..%5csecret", "/c:/secret"] {
            assert_eq!(resolve(&root, url), Err(403), "{url}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("/etc/hostname", root.join("link.txt")).expect("the link should be made");
            assert_eq!(resolve(&root, "/link.txt"), Err(403));
        }
        fs::remove_dir_all(&root).expect("the temporary folder should go");
    }

    #[test]
    fn a_browser_gets_the_right_type() {
        let root = folder("http");
        let site = Site::start(root.clone(), 0, true).expect("a free port should be found");
        let get = |path: &str| {
            let mut stream = TcpStream::connect(("127.0.0.1", site.port)).expect("the server should listen");
            write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").expect("it should read");
            let mut text = String::new();
            stream.read_to_string(&mut text).expect("it should answer");
            text
        };
        let wasm = get("/page_bg.wasm");
        assert!(wasm.starts_with("HTTP/1.1 200"), "{wasm}");
        assert!(wasm.contains("Content-Type: application/wasm"), "{wasm}");
        assert!(wasm.contains("Cross-Origin-Embedder-Policy: require-corp"), "{wasm}");
        assert!(get("/../../etc/passwd").starts_with("HTTP/1.1 403"));
        fs::remove_dir_all(&root).expect("the temporary folder should go");
    }
}
