//! `concord serve` beside a bare axum service that takes and gives the same bytes and does nothing in between: requests a second and how long they took, in one run.
//!
//! `cargo bench -p concord-benches --bench serve`, for `SECONDS` each (10 unless said), on `CONNECTIONS` (64) that stay open. Each service is a process of
//! its own; callers and services share the machine, so that the ratio counts and not the figures.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a bench may stop, and measures time"
)]

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const CASE: &str = r#"{"age":71,"pregnant":false,"respiration_rate":25,"spo2":91,"scale":"scale_1","on_oxygen":true,"systolic":90,"pulse":131,"consciousness":"voice"}"#;
const PATH: &str = "/evaluate?package=clinical.news2";
const SERVICE: &str = "127.0.0.1:18733";
const BARE: &str = "127.0.0.1:18734";
/// Says that this process is the bare service, and what it answers.
const ECHO: &str = "CONCORD_BENCH_ECHO";

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if let Ok(record) = std::env::var(ECHO) {
        return runtime.block_on(echo(Bytes::from(record)));
    }
    let number =
        |name: &str, unless: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(unless);
    let (seconds, connections) = (Duration::from_secs(number("SECONDS", 10)), number("CONNECTIONS", 64));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let concord = root.join("target/release/concord");
    let module = std::env::temp_dir().join(format!("concord-bench-{}.wasm", std::process::id()));
    let built =
        Command::new(&concord).arg("build").arg(root.join("rules/clinical/news2")).arg("-o").arg(&module).output();
    assert!(built.unwrap().status.success(), "build the program first: cargo build --release");
    let service = Command::new(&concord)
        .args(["--quiet", "serve", "--allow-draft", "--listen", SERVICE])
        .arg(&module)
        .stderr(Stdio::null())
        .spawn();
    let service = Stopped(service.unwrap());
    runtime.block_on(async {
        let (ours, bare): (SocketAddr, SocketAddr) = (SERVICE.parse().unwrap(), BARE.parse().unwrap());
        let record = first(ours).await;
        println!("{} bytes in, {} bytes out, {connections} connections, {seconds:?} each", CASE.len(), record.len());
        let text = String::from_utf8(record.to_vec()).unwrap();
        let echo = Command::new(std::env::current_exe().unwrap()).env(ECHO, text).spawn();
        let _echo = Stopped(echo.unwrap());
        assert_eq!(first(bare).await, record, "both answer the same bytes");
        let mut each_second = Vec::new();
        for (name, address) in
            [("bare axum", bare), ("concord serve", ours), ("bare axum", bare), ("concord serve", ours)]
        {
            let mut took = load(address, connections, seconds).await;
            took.sort_unstable();
            let at = |share: usize| took.get(took.len() * share / 1000).copied().unwrap_or_default();
            let each = took.len() as u64 / seconds.as_secs().max(1);
            each_second.push(each as f64);
            println!(
                "{name:<14} {each:>8} requests/s   p50 {:>6} µs   p99 {:>6} µs   p99.9 {:>6} µs",
                at(500),
                at(990),
                at(999)
            );
        }
        let [bare, ours, bare_again, ours_again] = each_second[..] else { return };
        println!("concord serve answers {:.2} times as many as bare axum", (ours + ours_again) / (bare + bare_again));
    });
    drop(service);
    let _ = std::fs::remove_file(module);
}

/// A process that ends with this.
struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What the service answers, once it does.
async fn first(address: SocketAddr) -> Bytes {
    for _ in 0..200 {
        if let Ok(mut stream) = TcpStream::connect(address).await {
            let mut room = Vec::new();
            ask(&mut stream, &mut room).await;
            let body = room.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
            return Bytes::copy_from_slice(room.get(body..).unwrap());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the service does not answer at {address}");
}

/// A service that reads a body and answers with these bytes.
async fn echo(record: Bytes) {
    let listener = TcpListener::bind(BARE).await.unwrap();
    let router = Router::new().route(
        "/evaluate",
        post(move |_body: Bytes| {
            let record = record.clone();
            async move { record }
        }),
    );
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

/// How many microseconds each request took, on so many connections for so long.
async fn load(address: SocketAddr, connections: u64, seconds: Duration) -> Vec<u64> {
    let end = Arc::new(Instant::now() + seconds);
    let callers: Vec<_> = (0..connections)
        .map(|_| {
            let end = Arc::clone(&end);
            tokio::spawn(async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                let _ = stream.set_nodelay(true);
                let (mut took, mut room) = (Vec::new(), Vec::new());
                while Instant::now() < *end {
                    let began = Instant::now();
                    ask(&mut stream, &mut room).await;
                    took.push(u64::try_from(began.elapsed().as_micros()).unwrap());
                }
                took
            })
        })
        .collect();
    let mut all = Vec::new();
    for caller in callers {
        all.extend(caller.await.unwrap());
    }
    all
}

/// One request and its whole answer.
async fn ask(stream: &mut TcpStream, room: &mut Vec<u8>) {
    let request = format!(
        "POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{CASE}",
        CASE.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    room.clear();
    loop {
        assert!(stream.read_buf(room).await.unwrap() > 0, "the connection broke off");
        let Some(end) = room.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(room.get(..end).unwrap()).to_lowercase();
        assert!(head.starts_with("http/1.1 200"), "{head}");
        let length: usize =
            head.split("content-length: ").nth(1).unwrap().lines().next().unwrap().trim().parse().unwrap();
        if room.len() >= end + 4 + length {
            return;
        }
    }
}
