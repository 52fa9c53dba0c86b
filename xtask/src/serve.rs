//! A static web server for `dist/`, for this machine alone or for a network.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tower_http::services::ServeFile;

use crate::page;
use crate::process::{Result, TaskError, print_line};
use crate::workspace::Workspace;

/// The default port, which `trunk serve` uses too.
pub(crate) const PORT: u16 = 8080;

/// The loopback address: this machine alone.
pub(crate) const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Builds the stage and serves it until the program ends. The other pages are built meanwhile.
pub(crate) fn build_and_serve(ws: &Workspace, address: IpAddr, port: u16) -> Result<()> {
    page::build_stage(ws)?;
    let unbuilt = Unbuilt::default();
    unbuilt.set(page::other_folders().map(str::to_owned).collect());
    let others = {
        let (ws, unbuilt) = (ws.clone(), unbuilt.clone());
        move || {
            let built = page::build_others(&ws);
            unbuilt.set(Vec::new());
            if let Err(error) = built {
                print_line(&format!("error: the pages beside the stage cannot be built: {error}"));
            }
        }
    };
    let server = Server::start_with(ws.dist(), SocketAddr::new(address, port), false, unbuilt)?;
    thread::spawn(others);
    wait(server, address)
}

/// Serves the built page until the program ends.
pub(crate) fn serve_forever(ws: &Workspace, address: IpAddr, port: u16) -> Result<()> {
    wait(Server::start(ws.dist(), SocketAddr::new(address, port), false)?, address)
}

/// Says where the page is, and serves it until the program ends. `0.0.0.0` and `::` stand for all addresses of this
/// machine.
fn wait(server: Server, address: IpAddr) -> Result<()> {
    let places =
        addresses(address).into_iter().map(|address| format!("http://{}", SocketAddr::new(address, server.port)));
    print_line(&format!("Layerscope is at {} (Ctrl+C ends it)", places.collect::<Vec<_>>().join(" and ")));
    match server.runtime.block_on(server.serving) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(source)) => Err(TaskError::Other(format!("the server has stopped ({source}): start it again"))),
        Err(panic) => Err(TaskError::Other(format!("the server has stopped ({panic}): start it again"))),
    }
}

/// Returns the addresses that reach a page served at `address`: the loopback address first, then those for other
/// machines.
fn addresses(address: IpAddr) -> Vec<IpAddr> {
    if !address.is_unspecified() {
        return vec![address];
    }
    // If the system does not list its interfaces, only the loopback address is left.
    let others = if_addrs::get_if_addrs().unwrap_or_default().into_iter().map(|interface| interface.ip());
    let others = others.filter(|other| !other.is_loopback() && other.is_ipv4() == address.is_ipv4());
    // Link-local addresses need the name of an interface, so they are of no use in a URL.
    let others = others.filter(|other| !matches!(other, IpAddr::V6(other) if other.is_unicast_link_local()));
    std::iter::once(LOCAL).chain(others).collect()
}

/// The folders of the pages that are still being built. Clones share one list.
#[derive(Clone, Default)]
struct Unbuilt(Arc<Mutex<Vec<String>>>);

impl Unbuilt {
    fn set(&self, folders: Vec<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = folders;
    }

    /// Returns whether the path of a URL belongs to one of the pages.
    fn has(&self, path: &str) -> bool {
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|folder| folder == first)
    }
}

/// The page in the place of one that is still being built. It loads again by itself.
const UNBUILT_PAGE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
    <meta http-equiv=\"refresh\" content=\"3\"><meta name=\"color-scheme\" content=\"light dark\">\
    <title>Layerscope</title><p>This page is still being built. It opens as soon as it is ready.</p>";

/// A running server. It stops when this value is dropped.
pub(crate) struct Server {
    /// The port that the server listens on.
    pub(crate) port: u16,
    serving: JoinHandle<std::io::Result<()>>,
    runtime: Runtime,
}

impl Server {
    /// Starts to serve a folder at an address; port 0 takes a free port.
    ///
    /// `isolated` requests cross-origin isolation, which gives a page finer clocks and a measure of its memory. It is
    /// off for real visitors, as on a plain static host.
    pub(crate) fn start(root: PathBuf, address: SocketAddr, isolated: bool) -> Result<Self> {
        Self::start_with(root, address, isolated, Unbuilt::default())
    }

    fn start_with(root: PathBuf, address: SocketAddr, isolated: bool, unbuilt: Unbuilt) -> Result<Self> {
        if !root.join("index.html").is_file() {
            return Err(TaskError::Other(format!("there is no page in {}: build it first", root.display())));
        }
        let unavailable =
            |source| TaskError::Other(format!("{address} cannot be used ({source}): try another --port or --address"));
        let unstarted = |source| TaskError::Other(format!("the server cannot be started: {source}"));
        let listener = TcpListener::bind(address).map_err(unavailable)?;
        listener.set_nonblocking(true).map_err(unavailable)?;
        let port = listener.local_addr().map_err(unavailable)?.port();
        let runtime = Runtime::new().map_err(unstarted)?;
        let root = Arc::<Path>::from(root);
        let router = Router::new().fallback(move |request| {
            let (root, unbuilt) = (Arc::clone(&root), unbuilt.clone());
            async move { respond(request, &root, isolated, &unbuilt).await }
        });
        let serving = {
            let _inside = runtime.enter();
            let listener = tokio::net::TcpListener::from_std(listener).map_err(unstarted)?;
            runtime.spawn(async move { axum::serve(listener, router).await })
        };
        Ok(Self { port, serving, runtime })
    }
}

async fn respond(request: Request, root: &Path, isolated: bool, unbuilt: &Unbuilt) -> Response {
    let mut response = match find(request.method(), request.uri().path(), root) {
        Ok(_) if unbuilt.has(request.uri().path()) => {
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "3")], Html(UNBUILT_PAGE)).into_response()
        }
        // A compressed copy lies next to each file that compresses well (`page::build`).
        Ok(path) => match ServeFile::new(path).precompressed_br().try_call(request).await {
            Ok(response) => response.into_response(),
            Err(_) => error_response(StatusCode::NOT_FOUND),
        },
        Err(status) => error_response(status),
    };
    let headers = response.headers_mut();
    // A rebuilt page must be visible at once.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if isolated {
        headers.insert("Cross-Origin-Opener-Policy", HeaderValue::from_static("same-origin"));
        headers.insert("Cross-Origin-Embedder-Policy", HeaderValue::from_static("require-corp"));
    }
    response
}

fn error_response(status: StatusCode) -> Response {
    (status, format!("{status}\n")).into_response()
}

fn find(method: &Method, path: &str, root: &Path) -> std::result::Result<PathBuf, StatusCode> {
    if [Method::GET, Method::HEAD].contains(method) { resolve(root, path) } else { Err(StatusCode::METHOD_NOT_ALLOWED) }
}

/// Returns the file that the path of a URL names, or the HTTP status that refuses it.
fn resolve(root: &Path, path: &str) -> std::result::Result<PathBuf, StatusCode> {
    let path = decode(path).ok_or(StatusCode::BAD_REQUEST)?;
    let mut file = root.to_path_buf();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        // A colon or a backslash could name a drive or a parent folder on Windows.
        if part == ".." || part.contains(['\\', ':', '\0']) {
            return Err(StatusCode::FORBIDDEN);
        }
        file.push(part);
    }
    if file.is_dir() {
        file.push("index.html");
    }
    if file.is_file() {
        // A symbolic link must not lead out of the folder.
        let inside = match (file.canonicalize(), root.canonicalize()) {
            (Ok(file), Ok(root)) => file.starts_with(root),
            _ => false,
        };
        return if inside { Ok(file) } else { Err(StatusCode::FORBIDDEN) };
    }
    // Any other address is a view of the page in the nearest folder above. A path with an extension names a file, and a
    // missing file must not look like a page to the code that requests it.
    if file.extension().is_some() {
        return Err(StatusCode::NOT_FOUND);
    }
    let above = file.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
    let page = above.map(|folder| folder.join("index.html")).find(|page| page.is_file());
    Ok(page.unwrap_or_else(|| root.join("index.html")))
}

/// Decodes percent-encoding. Returns `None` if it is malformed or not UTF-8.
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;
    use std::time::Duration;

    fn folder(name: &str) -> PathBuf {
        let root = std::env::temp_dir().join(format!("layerscope-serve-{name}-{}", std::process::id()));
        fs::create_dir_all(root.join("weights")).expect("should create the temporary folder");
        fs::write(root.join("index.html"), "<p>page</p>").expect("should write the page");
        fs::write(root.join("page_bg.wasm"), b"\0asm").expect("should write the module");
        root
    }

    fn request(server: &Server, method: &str, path: &str, headers: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("should connect to the server");
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n")
            .expect("should be accepted");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("should answer");
        text
    }

    #[test]
    fn a_page_that_is_being_built_says_so() {
        let root = folder("unbuilt");
        let unbuilt = Unbuilt::default();
        unbuilt.set(vec!["learn".to_owned()]);
        let server = Server::start_with(root.clone(), (LOCAL, 0).into(), false, unbuilt.clone()).expect("should start");
        let learn = request(&server, "GET", "/learn/relu", "");
        assert!(learn.starts_with("HTTP/1.1 503") && learn.contains("still being built"), "{learn}");
        assert!(request(&server, "GET", "/lenet5", "").starts_with("HTTP/1.1 200"));
        unbuilt.set(Vec::new());
        assert!(request(&server, "GET", "/learn/relu", "").starts_with("HTTP/1.1 200"));
        fs::remove_dir_all(&root).expect("should remove the temporary folder");
    }

    #[test]
    fn files_views_and_missing_files() {
        let root = folder("resolve");
        assert_eq!(resolve(&root, "/"), Ok(root.join("index.html")));
        assert_eq!(resolve(&root, "/page_bg.wasm"), Ok(root.join("page_bg.wasm")));
        assert_eq!(resolve(&root, "/lenet5"), Ok(root.join("index.html")));
        fs::create_dir_all(root.join("learn")).expect("should create the folder");
        fs::write(root.join("learn/index.html"), "<p>lessons</p>").expect("should write the page");
        assert_eq!(resolve(&root, "/learn"), Ok(root.join("learn/index.html")));
        assert_eq!(resolve(&root, "/learn/relu"), Ok(root.join("learn/index.html")));
        assert_eq!(resolve(&root, "/weights/none"), Ok(root.join("index.html")));
        assert_eq!(resolve(&root, "/weights/none.safetensors"), Err(StatusCode::NOT_FOUND));
        assert_eq!(resolve(&root, "/%zz"), Err(StatusCode::BAD_REQUEST));
        fs::remove_dir_all(&root).expect("should remove the temporary folder");
    }

    #[test]
    fn nothing_outside_the_folder_is_served() {
        let root = folder("outside");
        for url in ["/../secret", "/%2e%2e/secret", "/weights/..%2f..%2fsecret", "/..%5csecret", "/c:/secret"] {
            assert_eq!(resolve(&root, url), Err(StatusCode::FORBIDDEN), "{url}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("/etc/hostname", root.join("link.txt")).expect("should create the link");
            assert_eq!(resolve(&root, "/link.txt"), Err(StatusCode::FORBIDDEN));
        }
        fs::remove_dir_all(&root).expect("should remove the temporary folder");
    }

    #[test]
    fn a_browser_gets_the_right_type() {
        let root = folder("http");
        let server = Server::start(root.clone(), (LOCAL, 0).into(), true).expect("should find a free port");
        let wasm = request(&server, "GET", "/page_bg.wasm?x=1", "");
        assert!(wasm.starts_with("HTTP/1.1 200"), "{wasm}");
        assert!(wasm.contains("content-type: application/wasm"), "{wasm}");
        assert!(wasm.contains("cross-origin-embedder-policy: require-corp"), "{wasm}");
        assert!(wasm.ends_with("\r\n\r\n\0asm"), "{wasm}");
        let view = request(&server, "GET", "/lenet5?layer=C3", "");
        assert!(view.contains("content-type: text/html") && view.ends_with("<p>page</p>"), "{view}");
        assert!(request(&server, "GET", "/../../etc/passwd", "").starts_with("HTTP/1.1 403"));
        assert!(request(&server, "POST", "/", "").starts_with("HTTP/1.1 405"));
        fs::remove_dir_all(&root).expect("should remove the temporary folder");
    }

    #[test]
    fn compressed_copies_are_sent_to_clients_that_accept_brotli() {
        let root = folder("packed");
        fs::write(root.join("page_bg.wasm.br"), "packed").expect("should write the compressed module");
        let server = Server::start(root.clone(), (LOCAL, 0).into(), false).expect("should find a free port");
        let packed = request(&server, "GET", "/page_bg.wasm", "Accept-Encoding: gzip, br\r\n");
        assert!(packed.contains("content-encoding: br") && packed.ends_with("\r\n\r\npacked"), "{packed}");
        assert!(packed.contains("content-type: application/wasm"), "{packed}");
        let plain = request(&server, "GET", "/page_bg.wasm", "");
        assert!(!plain.contains("content-encoding") && plain.ends_with("\0asm"), "{plain}");
        fs::remove_dir_all(&root).expect("should remove the temporary folder");
    }

    #[test]
    fn all_addresses_are_served_and_printed() {
        assert_eq!(addresses(LOCAL), [LOCAL]);
        let said = addresses(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        assert_eq!(said[0], LOCAL);
        assert!(said[1..].iter().all(|address| address.is_ipv4() && !address.is_loopback()), "{said:?}");
        let root = folder("all");
        let server =
            Server::start(root.clone(), (Ipv4Addr::UNSPECIFIED, 0).into(), false).expect("should find a free port");
        for address in said {
            TcpStream::connect((address, server.port)).expect("should answer at every printed address");
        }
        drop(server);
        fs::remove_dir_all(&root).expect("should remove the temporary folder");
    }

    /// Browsers open several connections at once and keep them open. No connection may wait for another to close.
    #[test]
    fn open_connections_do_not_block_others() {
        let root = folder("open");
        let mut kept = Vec::new();
        for _ in 0..20 {
            let server = Server::start(root.clone(), (LOCAL, 0).into(), false).expect("should find a free port");
            let mut streams: Vec<_> = (0..12)
                .map(|_| TcpStream::connect(("127.0.0.1", server.port)).expect("should connect to the server"))
                .collect();
            for stream in &mut streams {
                stream.set_read_timeout(Some(Duration::from_secs(5))).expect("should set a time limit");
                write!(stream, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").expect("should be accepted");
            }
            for (at, stream) in streams.iter_mut().enumerate() {
                let mut start = [0; 12];
                stream.read_exact(&mut start).unwrap_or_else(|error| panic!("connection {at}: {error}"));
                assert_eq!(&start, b"HTTP/1.1 200", "connection {at}");
            }
            kept.push((server, streams));
        }
        fs::remove_dir_all(&root).expect("should remove the temporary folder");
    }
}
